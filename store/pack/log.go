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

// Open opens the folder's packs, or makes the first one. Nothing but a file
// that was never finished is changed; Recover must come next.
func Open(o Options) (*Log, error) {
	o.defaults()
	l := &Log{opts: o, next: 1}
	if err := o.makeDir(); err != nil {
		return nil, err
	}
	if err := l.openFiles(); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	if len(l.files) == 0 {
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
	if err != nil {
		return fmt.Errorf("read %s: %w", l.opts.Dir, err)
	}
	for _, name := range names {
		if _, _, ok := kindPack.parseName(name); !ok {
			continue // not ours; whoever put it there may need it
		}
		f, err := kindPack.open(l.opts.FS, l.opts.Dir, name, l.opts.Key)
		if err != nil {
			return err
		}
		if f.headerErr != nil && f.size <= headerSize {
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
	known := false
	for i, f := range l.files {
		if i > 0 && f.header.number != l.files[i-1].header.number+1 {
			l.damaged = append(l.damaged, Damage{File: f.path, What: "a pack before this one is missing"})
		}
		switch {
		case f.headerErr != nil:
			l.damaged = append(l.damaged, Damage{File: f.path, From: 0, To: headerSize, What: "the file's header is damaged; its records are read all the same"})
		case known && f.header.storeID != l.storeID:
			return fmt.Errorf("%s belongs to another data folder", f.path)
		default:
			l.storeID, known = f.header.storeID, true
		}
	}
	if !known {
		l.storeID = l.files[0].header.id
	}
	return nil
}

// StoreID names the store; a copied folder has the same.
func (l *Log) StoreID() [16]byte { return l.storeID }

// Bytes is the length of all files.
func (l *Log) Bytes() int64 { return l.bytes.Load() }

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
	f, err := kindPack.create(l.opts.FS, l.opts.Dir, name, l.opts.Key, h)
	if err != nil {
		return err
	}
	l.mu.Lock()
	l.files = append(l.files, f)
	l.mu.Unlock()
	return nil
}

func (l *Log) writer() *file { return l.files[len(l.files)-1] }

// Read returns the frame at a place. The error wraps ErrDamaged if it can't be
// read there any more.
func (l *Log) Read(loc Loc) (store.Frame, error) {
	f := l.file(loc.File)
	if f == nil {
		return store.Frame{}, fmt.Errorf("pack %d: %w: the file is missing", loc.File, ErrDamaged)
	}
	if loc.Length < recordHeader+tagSize || loc.Length > maxPayload+recordHeader+tagSize {
		return store.Frame{}, fmt.Errorf("%s: %w: a record of %d bytes", f.path, ErrDamaged, loc.Length)
	}
	r, err := f.read(int64(loc.Offset), int(loc.Length))
	if err != nil {
		return store.Frame{}, err
	}
	frame, err := decodeFrame(r.payload)
	if err != nil {
		return store.Frame{}, fmt.Errorf("%s at %d: %w: %w", f.path, loc.Offset, ErrDamaged, err)
	}
	frame.Seq = r.seq
	return frame, nil
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
