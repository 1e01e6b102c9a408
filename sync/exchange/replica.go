package exchange

import (
	"context"

	"hejie/store"
	"hejie/sync/reconcile"
)

// Self names this node to others.
type Self struct {
	Tree store.ID // the root unit
	Unit store.ID // the unit whose node this is
	Seat store.ID // the machine seat's Ed25519 public key
}

// Peer is the other side of a session, as the road below proved it.
type Peer struct {
	Machine store.ID // its machine seat's Ed25519 public key
	Unit    store.ID // the unit that enrolled that machine
}

// Wire is a frame on its way: exactly the bytes that were signed.
type Wire struct {
	Kind  store.FrameKind
	Bytes []byte
}

// Outcome says what became of one frame.
type Outcome uint8

// The outcomes of Take.
const (
	Taken     Outcome = 1 // new, and durable
	Duplicate Outcome = 2 // held before
	Refused   Outcome = 3 // not kept; Reason and Sentence say why
	Bodyless  Outcome = 4 // new, and kept without its body, which was lawfully erased
	AsCargo   Outcome = 5 // a newer program's: kept outside the sets, and handed on
)

// Reason is a stable code of a refusal. Numbers are for ever.
type Reason uint8

// The reasons for which a frame is refused. What a program does not know of a
// later program's reasons is shown by its sentence.
const (
	ReasonNone      Reason = 0
	ReasonMalformed Reason = 1 // not a well-formed frame or wrap
	ReasonSignature Reason = 2 // the signature does not fit
	ReasonBody      Reason = 3 // body's length or hash differ from the header's
	ReasonTree      Reason = 4 // of another tree
	ReasonTooLarge  Reason = 5 // over a limit of FORMAT.md 12
	ReasonUnknown   Reason = 6 // of a number that this program does not know; never the sender's fault
	ReasonQuota     Reason = 7 // the sender's room for frames that nobody admitted is used up
	ReasonErased    Reason = 8 // of a record that was lawfully erased
	ReasonNotForUs  Reason = 9 // this station is not on the way between the frame's units
	// ReasonNotYet: what the frame hangs on (an author's log, a record's first
	// operation) is not here yet. Such a refusal is not kept: the frame is asked
	// for again, in this session if others of it were taken meanwhile, otherwise
	// in the next.
	ReasonNotYet Reason = 10
)

// Verdict is the answer to one frame. Sentence holds no personal data.
type Verdict struct {
	ID       store.ID // zero where the bytes give none
	Outcome  Outcome
	Reason   Reason // only when refused
	Sentence string // only when refused: what is wrong with it, at most MaxSentence bytes
}

// Shared is what this node and one unit share, as one consistent state: the
// class byte stands first in the keys, 1 tree, 2 wraps, 3 digest, 4 case, 5 later. Two
// nodes that hold the same frames must draw the same keys for each other,
// whichever of them asks.
type Shared interface {
	reconcile.Set
	// Frame returns an entry's frame, or store.ErrNotFound. An entry that is not
	// shared with the unit is not found. The bytes are the caller's.
	Frame(id store.ID) (store.Frame, error)
}

// Replica is the node under a session. Its methods may be called by several
// sessions at once.
type Replica interface {
	Self() Self
	// Introduction returns the frames of the unit logs that admit this machine,
	// in order of dependence, from the root down; at most MaxIntroduction bytes.
	Introduction() [][]byte
	// Introduce takes the frames with which an unknown caller shows who admitted
	// it. It keeps what lies in a log that hangs on this tree's root and forgets
	// the rest; afterwards Member tells whether it sufficed. An error is a
	// failing disk, not a bad frame.
	Introduce(ctx context.Context, frames [][]byte) error
	// Member returns the unit that enrolled the machine, by the logs held here;
	// false if none did, or if the machine or unit was revoked.
	Member(machine store.ID) (unit store.ID, ok bool)
	// Shared calls fn with one consistent state of what is shared with the unit.
	// fn must not keep it.
	Shared(ctx context.Context, unit store.ID, fn func(Shared) error) error
	// Take keeps frames, in the order given, and answers one verdict each. What
	// it calls Taken or Duplicate is durable when it returns, and in Shared if it
	// is shared with that unit. One bad frame never spoils the others. Refusals
	// are noted, so that Refused knows them after a restart. An error (disk full,
	// context ended) means that nothing is known to be kept.
	Take(ctx context.Context, from Peer, frames []Wire) ([]Verdict, error)
	// Refused returns the ids refused when they came from this peer, so that they
	// are not asked for again; at most MaxRefusedKnown, newest first.
	Refused(ctx context.Context, from Peer) ([]store.ID, error)
	// Receipts returns the receipts held (FORMAT.md 11) that concern what is
	// shared with the unit, in a fixed order. Two nodes that hold the same ones
	// must answer the same bytes for each other.
	Receipts(ctx context.Context, unit store.ID) ([][]byte, error)
	// OwnReceipt brings this machine's own receipt up to date, signs it if what
	// it says has changed, keeps it so that Receipts gives it, and returns it.
	OwnReceipt(ctx context.Context, unit store.ID) ([]byte, error)
	// TakeReceipts keeps those that are well signed and newer than what is held
	// of the same machine, and forgets the rest. An error is a failing disk.
	TakeReceipts(ctx context.Context, from Peer, receipts [][]byte) error
	// Met notes how a session with the peer ended; called once for each session
	// that this node began and that got as far as knowing the peer's unit.
	Met(ctx context.Context, peer Peer, report Report)
}

// Greeter is a Replica that wants to know when a caller was found in step: the
// serving side keeps nothing of a session, and its people want to see the same
// sentence as the caller's.
type Greeter interface {
	// Greeted is called when a hello's marks were equal to what is here; print is
	// what Report.Print would say.
	Greeted(ctx context.Context, peer Peer, print []byte)
}
