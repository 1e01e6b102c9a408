// Package store keeps frames for ever and derives from them what is read.
//
// It is for durable, atomic, idempotent appends of opaque frames and for
// ordered rows derived from them. It knows bytes and keys, not operations or
// cases: what rows a frame gives is told by an Applier of the layer above. It
// may import nothing of sync or app. Main invariant: the packs hold every
// frame ever acknowledged, and every derived row is a function of the frames
// in the order of their sequence and of the Applier (DESIGN P1, P5).
package store

import (
	"context"
	"errors"
	"fmt"
)

// ID names a frame: an operation's or a wrap's hash.
type ID [32]byte

// FrameKind says what a frame's bytes are, for the Applier.
type FrameKind uint8

// The kinds of frames that lie in packs. Numbers are for ever.
const (
	KindOperation FrameKind = 1
	KindWrap      FrameKind = 2
)

// Limits of one frame and of one append, checked before anything is written.
const (
	// MaxFrame bounds one frame's bytes: a story of 20,000 characters and 500
	// parties fit in 1 MiB; what is larger is an attack or a defect.
	MaxFrame = 1 << 20
	// MaxAppend bounds the frames of one append, so that one caller can't hold
	// the group commit for long.
	MaxAppend = 4096
)

// Local are the fields of a frame that never leave this node.
type Local struct {
	Arrived int64    // milliseconds since 1970 by this machine's clock, a hint
	Sender  ID       // the machine seat it came from; zero: made here
	Token   [16]byte // the client token (UUIDv7) of the save that made it; zero: none
	Asked   [32]byte // a hash of what that save asked for; zero: not known
}

// Frame is one stored frame. Bytes are exactly what was signed and never change.
type Frame struct {
	ID    ID
	Kind  FrameKind
	Bytes []byte
	Local Local
	// Seq is the frame's place in this node's order of arrival, from 1. Append
	// sets it; what the caller put there is ignored.
	Seq uint64
}

// EntryKey is a place in the ordered set: class(1) ‖ audience path(16) ‖ owner
// path(16) ‖ clock(8) ‖ frame id(32), see FORMAT.md 8.
type EntryKey [73]byte

// Fingerprint sums up a range of the ordered set: how many entries, and the
// sum of their frame ids modulo 2^256 (big-endian). Ranges add.
type Fingerprint struct {
	Count uint64
	Sum   [32]byte
}

// Reader sees one consistent state of the derived rows and of the frames they
// were derived from. Slices handed to callbacks are valid only inside them;
// slices returned are the caller's.
type Reader interface {
	// Frame returns the frame with this id, or ErrNotFound. One whose bytes can't
	// be read back gives an error that wraps ErrDamaged.
	Frame(id ID) (Frame, error)
	// Has reports whether the frame is held; false for one that is known to be
	// lost, so that it is taken anew. Its rows stay as they were derived.
	Has(id ID) (bool, error)
	// Frames visits frames in order of Seq, from seq on; fn returns false to stop.
	// What can't be read is passed over and found in Missing from then on.
	Frames(seq uint64, fn func(Frame) (bool, error)) error
	// Missing visits what is known to have been held and can't be read now, frames
	// that are known by id first; fn returns false to stop. It is as complete as
	// what was read so far: after Scrub it is complete. The list outlives Close,
	// the loss of every derived row, and Rebuild. It tells of the present moment,
	// whatever state the other calls see.
	Missing(fn func(Loss) (bool, error)) error
	// Get returns the row's value, or ErrNotFound.
	Get(key []byte) ([]byte, error)
	// Scan visits rows whose key begins with prefix, ascending from `from`
	// (descending, from the last at or before `from`, if reverse; from nil: the
	// end it begins at). fn returns false to stop.
	Scan(prefix, from []byte, reverse bool, fn func(key, value []byte) (bool, error)) error
	// Fingerprint sums the entries with lo <= key < hi (hi zero: no end).
	Fingerprint(lo, hi EntryKey) (Fingerprint, error)
	// Entries visits entries with lo <= key < hi ascending; fn returns false to stop.
	Entries(lo, hi EntryKey, fn func(EntryKey) (bool, error)) error
	// EntryAt returns the n-th entry (from 0) of lo <= key < hi, or ErrNotFound.
	EntryAt(lo, hi EntryKey, n uint64) (EntryKey, error)
}

// Tx is a Reader that sees its own writes of derived rows. Keys of rows are
// 1 to 512 bytes, values up to 4 MiB.
type Tx interface {
	Reader
	Put(key, value []byte) error
	Delete(key []byte) error
	// Enter puts a key into the ordered set; entering twice changes nothing.
	Enter(EntryKey) error
	// Leave takes it out; leaving what is not there changes nothing.
	Leave(EntryKey) error
}

// Applier derives rows from frames. Apply must be a deterministic function of
// what it reads through tx, of the frames and of its own unchanging
// configuration, and must be total: a frame that it can't use is still taken
// (its bytes are held) and gives the rows that say so. An error from Apply is a
// defect or a failing disk: the append fails and nothing becomes visible.
type Applier interface {
	Apply(tx Tx, frames []Frame) error
	// Version is raised when the derived rows change shape; the store then
	// rebuilds them from the packs at opening.
	Version() uint32
}

// Appender takes frames durably.
type Appender interface {
	// Append makes the frames durable (synced to disk), applies them and
	// returns when every reader sees them: all of them or none. Frames that are
	// held already (same ID) are left as they are; the answer says which were
	// new. One that is Missing is written anew and keeps the rows that it has
	// (see Healer); where it has none, it is as any new frame. Concurrent appends share one sync (group commit) and are applied in
	// the order of their sequence.
	//
	// The frames of an append together are at most 64 MiB with their overhead
	// (pack.MaxCommit). When ctx ends before the writing began nothing is changed;
	// later than that its outcome is waited for. An error of the Applier comes
	// back wrapped and changes nothing either.
	//
	// Errors: ErrDiskFull, ErrReadOnly and ErrTooLarge change nothing; ErrClosed; any other
	// is a failing disk, after which the store refuses further appends with
	// ErrFailed until it is opened anew.
	Append(ctx context.Context, frames []Frame) ([]Appended, error)
}

// Appended tells of one frame of an Append.
type Appended struct {
	Seq uint64 // its place; of a frame held before, the place it has
	New bool
	// Healed: it was Missing and its rows stood; it can be read again.
	Healed bool
}

// Viewer gives consistent reads.
type Viewer interface {
	View(ctx context.Context, fn func(Reader) error) error
}

// Deriver changes derived rows where no frame came but the Applier's
// configuration did (a key was unlocked). What it writes must be what a
// rebuild under the same configuration would give.
type Deriver interface {
	Derive(ctx context.Context, fn func(Tx) error) error
}

// Facts are small durable values that are not derived (DESIGN P5): peers,
// drafts, receipts, refused bytes, the export ledger. They survive the loss of
// every derived row. Keys are up to 256 bytes, values up to 1 MiB; a put is
// durable when it returns.
type Facts interface {
	GetFact(key string) ([]byte, error) // ErrNotFound
	PutFact(ctx context.Context, key string, value []byte) error
	DeleteFact(ctx context.Context, key string) error
	ScanFacts(prefix string, fn func(key string, value []byte) (bool, error)) error
}

// Store is all of it.
type Store interface {
	Appender
	Viewer
	Deriver
	Facts
	// Rebuild throws away every derived row and derives it anew. Appends wait
	// meanwhile; Views see the old rows until it is done. It waits for Views that
	// run, so it must not be called inside one.
	Rebuild(ctx context.Context) error
	// Verify checks every frame's storage and every index row against it. Damage
	// is never an error of it.
	Verify(ctx context.Context) (Verified, error)
	// Scrub reads the packs through once an opening and returns when that is
	// done; what it finds is in Missing. The first caller reads, others wait. It
	// blocks neither reads nor appends. Until it returned nil nobody may say that
	// nothing is missing here.
	Scrub(ctx context.Context) error
	// Settle says of losses without an id, as Missing gave them, that whatever
	// could be known of them is here or elsewhere: the layer above has compared
	// with everybody who could hold them. They count as healed from then on. Of
	// losses with an id it says that a person gave them up: they are
	// missing no more, whether they come back or not.
	Settle(ctx context.Context, losses []Loss) error
	// Reach tells what the evidence of loss said when the folder was opened.
	Reach() Reach
	// Stats tells sizes for `status`.
	Stats() Stats
	Close() error
}

// Damage is one thing that Verify, or the opening, found wrong in the packs
// or the rows derived from them.
type Damage struct {
	Where string // a file and offset, or a row's key in hexadecimal
	What  string // a sentence
	ID    ID     // the frame, if known; zero otherwise
}

// Stats are the sizes of a store.
type Stats struct {
	Frames    uint64
	PackBytes int64
	FreeBytes int64 // left on the disk; -1 unknown
	Damaged   []Damage
	// Missing counts the frames that are known to be lost now; a stretch whose
	// number of frames is not known counts as one.
	Missing uint64
	// RowsInMemory: there was no room for the rows, or no right to write them; they
	// are derived anew at each opening.
	RowsInMemory bool
	// ReadOnly is why nothing can be written: it wraps ErrReadOnly. Nil otherwise.
	ReadOnly error
}

// The errors that callers decide on.
var (
	// ErrNotFound is returned when the frame, row or fact is not held.
	ErrNotFound = errors.New("not held here")
	// ErrDamaged is wrapped by the errors of reads of what the disk lost.
	ErrDamaged = errors.New("damaged on the disk")
	// ErrReadOnly is wrapped where the folder can only be read, with the reason.
	ErrReadOnly = errors.New("the data folder can only be read, nothing can be saved in it")
	// ErrClosed is returned after Close.
	ErrClosed = errors.New("the store is closed")
	// ErrDiskFull is returned before anything is written when the disk has less
	// than the reserve left.
	ErrDiskFull = errors.New("the disk is nearly full: free some space, then save again; nothing was changed")
	// ErrTooLarge is returned for a frame over MaxFrame or an append over MaxAppend.
	ErrTooLarge = errors.New("too large to store")
	// ErrFailed is returned after a sync or write failed, until the store is opened anew.
	ErrFailed = errors.New("the disk failed while saving: close the program and open it again")
	// ErrInUse is returned when another program owns the folder.
	ErrInUse = errors.New("the data folder is in use by another program")
	// ErrWrongKey is returned when the store's key does not open the folder.
	ErrWrongKey = errors.New("the key does not open this data folder")
)

// ReadOnly is an ErrReadOnly that says why and what to do, in one sentence; the
// cause is wrapped and not told, since its words are the system's.
func ReadOnly(why string, cause error) error { return &readOnlyError{why, cause} }

type readOnlyError struct {
	why   string
	cause error
}

func (e *readOnlyError) Error() string   { return ErrReadOnly.Error() + ": " + e.why }
func (e *readOnlyError) Unwrap() []error { return []error{ErrReadOnly, e.cause} }

// OldFormatError is returned for a folder that a trial edition made before the
// format was settled. Nothing migrates.
type OldFormatError struct {
	Path string
	Has  uint32
}

func (e *OldFormatError) Error() string {
	return fmt.Sprintf("%s was made by a trial edition of Hejie before the lasting format (data format %d): nothing of it can be opened by this program, and nothing was changed; begin in another folder", e.Path, e.Has)
}

// NewerFormatError is returned for a folder that a newer program wrote.
type NewerFormatError struct {
	Path      string
	Has, Know uint32
}

func (e *NewerFormatError) Error() string {
	return fmt.Sprintf("%s has data format %d and this program knows %d: install the newer program", e.Path, e.Has, e.Know)
}
