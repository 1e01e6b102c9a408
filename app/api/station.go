package api

import (
	"context"
	"encoding/json"
)

// Station is what the API needs of a node before anybody signed in. All
// methods may be called by many goroutines at once. Errors that a person can
// act on implement Coder (and, where it helps, the other interfaces beside
// it); any other error is answered as 500 without its text.
type Station interface {
	Setup
	SignIn
	Reference
	Events
}

// Setup makes an empty data folder into a working station.
type Setup interface {
	// SetupState tells how far the folder is.
	SetupState(ctx context.Context) (SetupState, error)
	// InitRoot makes the first unit of a tree, its own authority. A folder that
	// is not empty answers code already_set_up.
	InitRoot(ctx context.Context, r RootRequest) (SetupDone, error)
	// RequestEnrolment makes keys here and returns the request for the parent.
	// Called again while awaiting a certificate, it discards the earlier request
	// only if Replace is set; otherwise code already_set_up.
	RequestEnrolment(ctx context.Context, r EnrolmentRequest) (RequestFile, error)
	// PreviewJoin checks a certificate file and returns what a person compares.
	// Nothing is changed.
	PreviewJoin(ctx context.Context, r JoinRequest) (JoinPreview, error)
	// Join takes the certificate file; the station can work then.
	Join(ctx context.Context, r JoinRequest) (SetupDone, error)
	// Recover opens the folder by its recovery sheet for a new seat.
	Recover(ctx context.Context, r RecoverRequest) (RequestFile, error)
}

// SignIn opens seats of this folder.
type SignIn interface {
	// SeatsHere lists the seats that have a secret on this folder, by name.
	SeatsHere(ctx context.Context) ([]SeatHere, error)
	// SignIn opens a seat (by id) with its secret. A wrong secret answers code
	// wrong_secret; too many of them too_many_attempts with RetryAfter.
	SignIn(ctx context.Context, seat, secret string) (Session, error)
}

// Reference answers what is the same for everybody.
type Reference interface {
	// Codes lists every code with its words.
	Codes(ctx context.Context) (Codes, error)
	// Divisions lists the divisions directly under a code ("" for provinces).
	Divisions(ctx context.Context, under string) ([]Division, error)
	// CheckUnitCode reads a unit code. A wrong form answers a field error; an
	// unknown division or body only says so in the answer.
	CheckUnitCode(ctx context.Context, code string) (UnitCode, error)
}

// Events gives hints that something changed.
type Events interface {
	// Subscribe returns a channel of hints and a function that ends it. The
	// station never waits for a subscriber: one that is behind gets a hint of
	// kind HintResync in place of what it missed. The channel is closed by
	// cancel and when the station closes.
	Subscribe() (hints <-chan Hint, cancel func())
}

// Session is one seat, opened with its secret: everything a signed-in person
// can do, signed by that seat only. After Close every method answers an error
// of code locked; calls under way at Close may finish or answer it.
type Session interface {
	// Person tells who signed in and what this person may do.
	Person(ctx context.Context) (Person, error)
	CaseReader
	CaseWriter
	Settler
	Notes
	Transfer
	Drafts
	Sync
	Directory
	Tables
	Flow
	Lates
	Docketing
	Registers
	Admin
	// Close forgets the seat's keys.
	Close() error
}

// CaseReader reads cases as this unit may see them.
type CaseReader interface {
	// ListCases lists newest received first, then by id.
	ListCases(ctx context.Context, q CaseQuery) (CaseList, error)
	// Case returns one case. Two nodes that hold the same operations and keys
	// return equal values.
	Case(ctx context.Context, id string) (CaseView, error)
	// Steps lists every step of the lifecycle, the likely next first.
	Steps(ctx context.Context, id string) ([]Step, error)
	// History lists who changed what, oldest first.
	History(ctx context.Context, id string) ([]Change, error)
	// Holders tells which units hold the case, as far as receipts say.
	Holders(ctx context.Context, id string) ([]Holder, error)
	// Repeats lists the cases here, whole or as digests, that look like the same
	// dispute: whole disputes first, then newest received.
	Repeats(ctx context.Context, id string) (RepeatList, error)
	// Sheet lays the case out for print in a language (zh or en).
	Sheet(ctx context.Context, id, lang string) (Sheet, error)
	// Form renders a form of the case as PDF ("sheet" is the plain summary).
	Form(ctx context.Context, id, form, lang string) (FormFile, error)
}

// CaseWriter changes cases. The token is a UUIDv7 of the client: the same call
// with it again answers as the first did and changes nothing; a call that asks
// for something else fails with token_reused and changes nothing either.
type CaseWriter interface {
	// NewCase takes a case document (case.schema.json) as its exact bytes.
	NewCase(ctx context.Context, token string, document []byte) (Saved, error)
	// NewOral takes an agreement reached on the spot, NewLead what a sweep found.
	NewOral(ctx context.Context, token string, document []byte) (Saved, error)
	NewLead(ctx context.Context, token string, document []byte) (Saved, error)
	// PatchCase sets fields by path.
	PatchCase(ctx context.Context, token, id string, p Patch) (Saved, error)
	// Act takes a step of the lifecycle; fields is a JSON object. base are the
	// heads of the case that the person saw: where something that the step rests
	// on came since, it answers code stale, names it, and changes nothing. Without
	// base it is taken on the case as it is.
	Act(ctx context.Context, token, id, step string, fields json.RawMessage, base ...string) (Saved, error)
	// Preview checks a step as Act does, with the same refusals and warnings, and
	// tells what it would do. It changes nothing.
	Preview(ctx context.Context, id, step string, fields json.RawMessage, base ...string) (StepPreview, error)
}

// Settler shows and settles what waits for a person.
type Settler interface {
	// Conflicts lists what waits, of one case or (id "") of all, in an order
	// that is the same on equal nodes.
	Conflicts(ctx context.Context, id string) (ConflictList, error)
	// Settle decides one of them.
	Settle(ctx context.Context, token, id string, s Settlement) (Saved, error)
}

// Notes keeps the body's own notes of a case (minutes, proposals and what was
// conceded), which never leave it and its station.
type Notes interface {
	Notes(ctx context.Context, id string) (NotesView, error)
	PatchNotes(ctx context.Context, token, id string, p Patch) (Saved, error)
}

// Transfer moves case documents in and out.
type Transfer interface {
	// Import takes lines of case documents, all or nothing per row.
	Import(ctx context.Context, lines []byte) (ImportResult, error)
	// Export returns up to limit cases as lines of case documents, from the
	// cursor on.
	Export(ctx context.Context, after string, limit int) (ExportPage, error)
}

// Drafts keeps what was typed and not yet saved, durably, of this seat only.
type Drafts interface {
	ListDrafts(ctx context.Context) ([]DraftInfo, error)
	// Draft answers code not_found where there is none.
	Draft(ctx context.Context, name string) (Draft, error)
	// PutDraft returns when the draft is durable.
	PutDraft(ctx context.Context, name string, value json.RawMessage) (DraftInfo, error)
	// DeleteDraft of a draft that is not there changes nothing.
	DeleteDraft(ctx context.Context, name string) error
}

// Sync tells of and drives the exchange with other units.
type Sync interface {
	SyncState(ctx context.Context) (SyncState, error)
	// SyncWith exchanges with one peer, both directions, and returns when done.
	SyncWith(ctx context.Context, peer string) (SyncResult, error)
	Peers(ctx context.Context) ([]Peer, error)
	PutPeers(ctx context.Context, peers []Peer) ([]Peer, error)
}

// Directory lists what this node knows of the tree of units.
type Directory interface {
	Units(ctx context.Context) ([]Unit, error)
	Seats(ctx context.Context) ([]Seat, error)
}

// Admin is for the person who looks after the station.
type Admin interface {
	Status(ctx context.Context) (Status, error)
	Verify(ctx context.Context) (VerifyResult, error)
	Rebuild(ctx context.Context) (RebuildResult, error)
	// AcceptLoss takes note that what is lost on this computer now is expected
	// back from nobody, so that it is told no more; for an admin.
	AcceptLoss(ctx context.Context) (LossResult, error)
	// PreviewEnrolment reads a request and returns what a person compares.
	PreviewEnrolment(ctx context.Context, request []byte) (EnrolmentPreview, error)
	// Enrol admits what the request asks for.
	Enrol(ctx context.Context, r EnrolRequest) (Enrolled, error)
	// Relate names the court that guides a unit and the bureau that supervises
	// it: for an admin of the unit or of its parent.
	Relate(ctx context.Context, r RelateRequest) (Related, error)
	// AddSeat makes one more seat on this folder and its request.
	AddSeat(ctx context.Context, r AddSeatRequest) (RequestFile, error)
	// JoinSeat takes the certificate of a seat added here.
	JoinSeat(ctx context.Context, certificate []byte) (SetupDone, error)
	// ChangeSecret replaces the secret of the seat that is signed in; a wrong
	// previous one answers code wrong_secret.
	ChangeSecret(ctx context.Context, previous, next string) error
}
