package pack

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"

	"hejie/store"
	"hejie/store/host"
)

// Options are what a Log and Facts are opened with.
type Options struct {
	FS     host.FS
	Dir    string // the folder of the files
	Key    [32]byte
	Random host.Random
	// FileSize and Reserve replace the constants of the same name if positive
	// (FileSize) or not negative (Reserve); tests and small disks set them.
	FileSize int64
	Reserve  int64
	// ReadOnly: nothing is written or removed; Stage and Put answer ErrReadOnly.
	ReadOnly bool
}

func (o *Options) defaults() {
	if o.FileSize <= 0 {
		o.FileSize = FileSize
	}
	if o.Reserve < 0 {
		o.Reserve = Reserve
	}
}

// makeDir makes the folder, and its name durable even if a killed program made it.
func (o *Options) makeDir() error {
	if o.ReadOnly {
		return nil
	}
	if err := o.FS.MkdirAll(o.Dir); err != nil {
		return fmt.Errorf("make %s: %w", o.Dir, err)
	}
	if err := o.FS.SyncDir(filepath.Dir(o.Dir)); err != nil {
		return fmt.Errorf("make %s: %w", o.Dir, err)
	}
	return nil
}

// room refuses a write of n bytes that would leave less than the reserve.
func (o *Options) room(n int) error {
	if free := o.FS.Free(o.Dir); free >= 0 && free-int64(n) < o.Reserve {
		return store.ErrDiskFull
	}
	return nil
}

// Loc is where a frame's record lies.
type Loc struct {
	File   uint32
	Offset uint32 // a file is FileSize and one commit long at most
	Length uint32
}

// Entry is a frame and its place.
type Entry struct {
	Frame store.Frame
	Loc   Loc
}

// Position is how far something derived from the log has come: all commits up
// to and with the one that ends there. The zero Position is before the first.
type Position struct {
	File   uint32
	Offset int64  // where the commit ends
	Seq    uint64 // of its last frame
	Last   Loc    // of its last frame
}

// Log keeps frames. One caller at a time may call Recover, Stage, Flush, Replay
// and Check; Read and the sizes may be used by many meanwhile.
type Log struct {
	opts    Options
	storeID [16]byte
	bytes   atomic.Int64
	proof   Evidence

	// mu guards the slice; files are added at its end and never taken out.
	mu    sync.RWMutex
	files []*file // by number

	// The writer alone uses what follows.
	next    uint64 // the seq of the next frame
	end     Position
	staged  Position // what end becomes by Flush
	buf     []byte
	failed  bool
	damaged []Damage
}

// Open opens the folder's packs, or makes the first one of a new folder.
// Nothing but a file that was never finished is changed; Recover must come next.
// Where the evidence says that packs are gone, none is made before Stage.
func Open(o Options, proof Evidence) (*Log, error) {
	o.defaults()
	l := &Log{opts: o, proof: proof, next: 1}
	if err := o.makeDir(); err != nil {
		return nil, err
	}
	if err := l.openFiles(); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	if len(l.files) == 0 && !proof.Made && !o.ReadOnly {
		if err := l.begin(1, 0); err != nil {
			return nil, err
		}
	}
	for _, f := range l.files {
		l.bytes.Add(f.size)
	}
	if err := l.identify(); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

func (l *Log) openFiles() error {
	names, err := l.opts.FS.ReadDir(l.opts.Dir)
	if errors.Is(err, fs.ErrNotExist) && l.opts.ReadOnly {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", l.opts.Dir, err)
	}
	// Whoever put other files there may need them.
	names = slices.DeleteFunc(names, func(name string) bool { _, _, ok := kindPack.parseName(name); return !ok })
	for i, name := range names {
		f, err := kindPack.open(&l.opts, name)
		if err != nil {
			return err
		}
		if f.headerErr != nil && f.size <= headerSize && i+1 == len(names) && !l.opts.ReadOnly &&
			f.header.number > l.proof.At.File && (f.header.number > 1 || !l.proof.Made) {
			// A crash came while it was made: no frame was ever in it.
			if err := errors.Join(f.Close(), l.opts.FS.Remove(f.path)); err != nil {
				return fmt.Errorf("remove the unfinished %s: %w", f.path, err)
			}
			continue
		}
		if n := len(l.files); n > 0 && l.files[n-1].header.number == f.header.number {
			return errors.Join(fmt.Errorf("%s and %s have one number: one of them was copied here; move it away",
				l.files[n-1].path, f.path), f.Close())
		}
		l.files = append(l.files, f)
	}
	return nil
}

// identify finds the store's id in the headers and that all belong together.
func (l *Log) identify() error {
	known := l.proof.StoreID != [16]byte{}
	l.storeID = l.proof.StoreID
	before := uint32(0)
	for _, f := range l.files {
		if n := f.header.number; n != before+1 && !(before == 0 && n == afterLost) {
			l.damaged = append(l.damaged, Damage{File: f.path, What: "a pack before this one is missing"})
		}
		before = f.header.number
		switch {
		case f.headerErr != nil:
			l.damaged = append(l.damaged, headerDamage(f))
		case known && f.header.storeID != l.storeID:
			return fmt.Errorf("%s belongs to another data folder", f.path)
		default:
			l.storeID, known = f.header.storeID, true
		}
	}
	if at := l.proof.At.File; before < at {
		l.damaged = append(l.damaged, Damage{File: l.opts.Dir, What: fmt.Sprintf("pack %d, the last one, is missing", at)})
	}
	switch {
	case known:
	case len(l.files) > 0:
		l.storeID = l.files[0].header.id
	default:
		if _, err := io.ReadFull(l.opts.Random, l.storeID[:]); err != nil {
			return fmt.Errorf("random bytes for a store's id: %w", err)
		}
	}
	if len(l.files) == 0 && l.proof.Made && l.proof.At.File == 0 {
		l.damaged = append(l.damaged, Damage{File: l.opts.Dir, What: "all packs are missing"})
	}
	return nil
}

// StoreID names the store; a copied folder has the same.
func (l *Log) StoreID() [16]byte { return l.storeID }

// Bytes is the length of all files.
func (l *Log) Bytes() int64 { return l.bytes.Load() }

// After is the length of what lies after a position.
func (l *Log) After(p Position) int64 {
	n := int64(0)
	for _, f := range l.files {
		switch {
		case f.header.number > p.File:
			n += f.size
		case f.header.number == p.File:
			n += max(0, f.size-p.Offset)
		}
	}
	return n
}

// Free is the space left on the disk, -1 if unknown.
func (l *Log) Free() int64 { return l.opts.FS.Free(l.opts.Dir) }

// Damage tells what Open and Recover found.
func (l *Log) Damage() []Damage { return slices.Clone(l.damaged) }

// End is the position after the last commit.
func (l *Log) End() Position { return l.end }

// begin makes the next file the writer's.
func (l *Log) begin(number uint32, before int64) error {
	h := header{number: number, storeID: l.storeID, first: l.next, before: before}
	if _, err := io.ReadFull(l.opts.Random, h.id[:]); err != nil {
		return fmt.Errorf("random bytes for a file: %w", err)
	}
	if number == 1 {
		h.storeID = h.id
	}
	name := kindPack.name(number, h.id)
	f, err := kindPack.create(&l.opts, name, h)
	if err != nil {
		return err
	}
	l.mu.Lock()
	l.files = append(l.files, f)
	l.mu.Unlock()
	return nil
}

// writer is the file that is written now, nil if there is none.
func (l *Log) writer() *file {
	if len(l.files) == 0 {
		return nil
	}
	return l.files[len(l.files)-1]
}

// full tells whether a commit of a size must begin a new file: there is none,
// its header is damaged, it is long enough, or it lacks what it once held, so
// that a good copy put back in its place overwrites nothing that came later.
func (l *Log) full(size int) bool {
	w, at := l.writer(), l.proof.At
	return w == nil || w.headerErr != nil || w.header.number < at.File ||
		(w.header.number == at.File && w.size < at.Offset) ||
		(w.size > headerSize && w.size+int64(size) > l.opts.FileSize)
}

// Read returns the frame at a place. The error wraps store.ErrDamaged if it can't be
// read there any more.
func (l *Log) Read(loc Loc) (store.Frame, error) {
	f := l.file(loc.File)
	if f == nil {
		return store.Frame{}, fmt.Errorf("pack %d: %w: the file is missing", loc.File, store.ErrDamaged)
	}
	if loc.Length < recordHeader+tagSize || loc.Length > maxPayload+recordHeader+tagSize {
		return store.Frame{}, fmt.Errorf("%s: %w: a record of %d bytes", f.path, store.ErrDamaged, loc.Length)
	}
	r, err := f.read(int64(loc.Offset), int(loc.Length))
	if err != nil {
		return store.Frame{}, err
	}
	frame, err := decodeFrame(r.payload)
	if err != nil {
		return store.Frame{}, fmt.Errorf("%s at %d: %w: %w", f.path, loc.Offset, store.ErrDamaged, err)
	}
	frame.Seq = r.seq
	return frame, nil
}

// Where names a place for a person.
func (l *Log) Where(loc Loc) string {
	if f := l.file(loc.File); f != nil {
		return Damage{File: f.path, From: int64(loc.Offset)}.Where()
	}
	return fmt.Sprintf("pack %d at %d", loc.File, loc.Offset)
}

func (l *Log) file(number uint32) *file {
	l.mu.RLock()
	defer l.mu.RUnlock()
	i, ok := slices.BinarySearchFunc(l.files, number, func(f *file, n uint32) int {
		return int(int64(f.header.number) - int64(n))
	})
	if !ok {
		return nil
	}
	return l.files[i]
}

// Close closes the files.
func (l *Log) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var errs []error
	for _, f := range l.files {
		if err := f.Close(); err != nil && !errors.Is(err, fs.ErrClosed) {
			errs = append(errs, err)
		}
	}
	l.files = nil
	return errors.Join(errs...)
}
