package packstore

import (
	"errors"

	"hejie/store"
	"hejie/store/host"
	"hejie/store/rows"
)

// rowsRoom is how many bytes of rows, with what an engine needs for a moment
// besides, a byte of frames may become.
const rowsRoom = 4

// unwritable is why the folder can't be written, in a sentence, where an error
// means that, so that it may still be read; else nil.
func unwritable(err error) (reason error) {
	switch {
	case errors.Is(err, host.ErrNoSpace) || errors.Is(err, store.ErrDiskFull):
		return store.ReadOnly("the disk has no room left: free some space, then start the program again", err)
	case errors.Is(err, host.ErrReadOnly):
		return store.ReadOnly("the disk or this user's rights on it don't allow writing: move the folder to a place that can be written, or have the rights given, then start the program again", err)
	}
	return nil
}

// spare gives the engine that keeps rows where the folder has no place for them.
func (s *Store) spare() (rows.Opener, bool) {
	if s.opts.Engine.Folder() == "" {
		return s.opts.Engine, true
	}
	o, ok := s.opts.Engine.(rows.Sparer)
	if !ok {
		return nil, false
	}
	return o.Spare(), true
}

// useSpare makes rows in memory the store's engine for this opening.
func (s *Store) useSpare() bool {
	o, ok := s.spare()
	if ok {
		s.opts.Engine = o
	}
	return ok
}

// roomForRows tells whether there is room for rows of so many bytes of frames.
// Where an engine's files are mapped, a page without room would end the program.
func (s *Store) roomForRows(bytes int64) bool {
	if s.opts.Reserve <= 0 || s.engineDir() == "" {
		return true
	}
	free := s.opts.FS.Free(s.opts.Dir)
	return free < 0 || free >= s.opts.Reserve+rowsRoom*bytes
}
