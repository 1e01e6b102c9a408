package replica

import (
	"bytes"
	"cmp"
	"crypto/ed25519"
	"fmt"
	"slices"

	"hejie/sync/dcbor"
	"hejie/sync/oplog"
	"hejie/sync/seal"
)

// Receipt says what one machine durably holds of one owner's lanes (FORMAT.md 11).
type Receipt struct {
	Tree    oplog.ID      `cbor:"1,keyasint"`
	Machine oplog.Seat    `cbor:"2,keyasint"`
	Unit    oplog.ID      `cbor:"3,keyasint"`
	Counter uint64        `cbor:"4,keyasint"` // 1 to maxCounter
	Lanes   []ReceiptLane `cbor:"5,keyasint"`
	Refused []oplog.ID    `cbor:"6,keyasint,omitempty"`
	Owner   oplog.ID      `cbor:"7,keyasint"`
	// Part is where the lanes don't fit into one receipt; each counts for what it says.
	Part *ReceiptPart `cbor:"8,keyasint,omitempty"`
	// For is the unit to which this receipt goes where it is not for the owner: to
	// whom a case of the owner was granted and who wrote in it. It lists the lanes
	// of that unit's people alone, so that nobody learns of the owner's others.
	For *oplog.ID `cbor:"9,keyasint,omitempty"`
	// Erased are carry-outs of erasures that were done here, Whole the lists of
	// attachments held whole. Both are built later and kept until then.
	Erased []oplog.ID `cbor:"10,keyasint,omitempty"`
	Whole  []oplog.ID `cbor:"11,keyasint,omitempty"`
	// Lacks are the commitments of keys that this machine's unit should have.
	Lacks []oplog.ID `cbor:"12,keyasint,omitempty"`
	// newer: it has keys that this program would have to understand. It is held,
	// handed on and counts for nothing.
	newer bool
}

// ReceiptPart numbers the parts of a receipt: I of N, from 1.
type ReceiptPart struct {
	_    struct{} `cbor:",toarray"`
	I, N uint64
}

// ReceiptLane tells what is held of one lane of the receipt's owner.
type ReceiptLane struct {
	_     struct{} `cbor:",toarray"`
	Seat  oplog.Seat
	Epoch oplog.Epoch
	Class oplog.Class
	Runs  []ReceiptRun
}

// ReceiptRun is a chain of operations of which each names the one before it.
type ReceiptRun struct {
	_        struct{} `cbor:",toarray"`
	From, To uint64
	Last     oplog.ID // the operation at To: the chain says the rest
}

// Limits of a receipt, checked where one is made and where one arrives.
const (
	// maxReceipt bounds the bytes of one part: some 540 lanes of one run.
	maxReceipt = 64 << 10
	// maxParts bounds its parts: a lane for each of thousands of restores fits.
	maxParts = 16
	// maxCounter leaves nobody a last word: what is greater is refused by all.
	maxCounter = oplog.MaxNumber
	// maxLacks bounds the keys that are told as missing; the next receipt names others.
	maxLacks = 256
	// maxSides bounds the runs of one lane: a seat that forks more often is flagged
	// everywhere, and what is left out counts as not received.
	maxSides = 64
)

const (
	receiptFact = "receipt/"
	// receiptAt stands before a receipt's key: when it came, by this machine's
	// clock. Receipts themselves bear no time.
	receiptAt = "came/"
)

// key is the receipt's name among the facts.
func (rc *Receipt) key() string {
	key := fmt.Sprintf("%s%x/%x", receiptFact, rc.Owner[:], rc.Machine[:])
	if rc.For != nil {
		key += fmt.Sprintf("/%x", rc.For[:])
	}
	if rc.Part != nil && rc.Part.I > 1 { // the first takes the place of one without parts
		key += fmt.Sprintf("/part%d", rc.Part.I)
	}
	return key
}

func receiptBytes(m []byte) []byte {
	digest := seal.Hash("hejie receipt v1", m)
	return digest[:]
}

func parseReceipt(b []byte) (*Receipt, error) {
	n := len(b) - ed25519.SignatureSize
	if n < 1 || len(b) > maxReceipt {
		return nil, fmt.Errorf("a receipt of %d bytes", len(b))
	}
	var rc Receipt
	unknown, err := dcbor.UnmarshalKnown(b[:n], &rc)
	if err != nil {
		return nil, fmt.Errorf("receipt: %w", err)
	}
	rc.newer = len(unknown) > 0
	if why := rc.malformed(); why != "" {
		return nil, fmt.Errorf("receipt: %s", why)
	}
	if !seal.Verify(rc.Machine[:], receiptBytes(b[:n]), b[n:]) {
		return nil, fmt.Errorf("receipt of %x: %w", rc.Machine[:4], oplog.ErrSignature)
	}
	return &rc, nil
}

// malformed tells what breaks the form of a receipt: all programs keep the same
// ones, or their hashes over receipts differ.
func (rc *Receipt) malformed() string {
	for _, list := range [][]oplog.ID{rc.Refused, rc.Erased, rc.Whole, rc.Lacks} {
		if !slices.IsSortedFunc(list, compareIDs) || len(slices.Compact(slices.Clone(list))) != len(list) {
			return "ids are not sorted"
		}
	}
	switch {
	case seal.CheckPublicKey(rc.Machine[:]) != nil:
		return "its machine has no signing key"
	case rc.Counter == 0 || rc.Counter > maxCounter:
		return "its counter is out of range"
	case rc.Part != nil && (rc.Part.N < 2 || rc.Part.N > maxParts || rc.Part.I == 0 || rc.Part.I > rc.Part.N):
		return "it is no part that there can be"
	case len(rc.Lacks) > maxLacks:
		return "too many keys"
	}
	for i := range rc.Lanes {
		if why := rc.Lanes[i].malformed(); why != "" {
			return why
		}
		if i > 0 && compareLanes(&rc.Lanes[i-1], &rc.Lanes[i]) >= 0 {
			return "its lanes are not sorted"
		}
	}
	return ""
}

func (l *ReceiptLane) malformed() string {
	if l.Class < oplog.ClassDigest || l.Class > oplog.LastClass {
		return "a lane of a class that receipts don't tell of"
	}
	if len(l.Runs) == 0 || len(l.Runs) > maxSides {
		return "a lane without runs, or with too many"
	}
	for i, run := range l.Runs {
		if run.From == 0 || run.From > run.To || run.To > maxCounter {
			return "a run out of range"
		}
		if i > 0 && compareRuns(l.Runs[i-1], run) >= 0 {
			return "its runs are not sorted"
		}
	}
	return ""
}

func compareLanes(x, y *ReceiptLane) int {
	return cmp.Or(cmp.Compare(x.Class, y.Class), compareIDs(x.Seat, y.Seat), bytes.Compare(x.Epoch[:], y.Epoch[:]))
}

func compareRuns(x, y ReceiptRun) int {
	return cmp.Or(cmp.Compare(x.From, y.From), cmp.Compare(x.To, y.To), compareIDs(x.Last, y.Last))
}
