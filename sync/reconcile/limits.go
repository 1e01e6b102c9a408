package reconcile

import "errors"

// Limits and sizes. Those marked "bytes" are part of the format.
const (
	// ShortSize is the length of a salted short id (bytes). Within a listed
	// range of 20,000 entries a false match has a chance of 2^-34 an entry; it
	// hides a difference for this salt only.
	ShortSize = 6
	// PrintSize is the length of a fingerprint inside a reconcile message
	// (bytes); what it hides shows in the whole set's 16 bytes.
	PrintSize = 6
	// MaxParts bounds the parts of one split (bytes).
	MaxParts = 64
	// MaxListed bounds the entries that this program lists for one range: beyond
	// it, splitting first costs less than a list that mostly agrees.
	MaxListed = 16384
	// MaxExtra bounds what a responder names beyond a list it got; a range with
	// more is split instead, so that the other side may ask for parts whole.
	MaxExtra = 4096
	// MaxScan bounds the entries that one request makes a responder visit one by
	// one: some tens of milliseconds.
	MaxScan = 1 << 18
	// MaxRounds bounds the messages of one reconciliation. Honest sets of 2^40
	// entries need fewer than 16 levels; a message that does not fit is
	// continued, which MaxRounds leaves room for.
	MaxRounds = 4096
	// maxIdle bounds the messages in a row that settle nothing and split nothing
	// into less: two, since one may be lost to a set that changed between.
	maxIdle = 3
	// MaxDifferences bounds what an initiator gathers before the caller must
	// take it away: 64 Ki keys of 73 bytes.
	MaxDifferences = 1 << 16
	// MaxAudited bounds the entries of one audited range.
	MaxAudited = 1024
)

var (
	// ErrMalformed is returned for a message that is not one of this protocol, or
	// that answers what was not asked.
	ErrMalformed = errors.New("a malformed reconcile message")
	// ErrNoEnd is returned when the other side keeps a reconciliation from
	// ending: more messages than any honest set needs.
	ErrNoEnd = errors.New("the other side never comes to an end with comparing")
)
