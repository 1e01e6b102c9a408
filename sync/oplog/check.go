package oplog

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"hejie/sync/dcbor"
	"hejie/sync/seal"
)

// ErrHeader is returned for a header whose fields contradict each other or FORMAT.md 3.
var ErrHeader = errors.New("malformed header")

// ErrNewer is returned for a frame of which this program lacks a number.
var ErrNewer = seal.ErrNewer

// decodeHeader reads a header and tells the keys that it would have to
// understand. A number beyond what fits its field here is a newer program's.
func decodeHeader(data []byte, h *Header) ([]uint64, error) {
	unknown, err := dcbor.UnmarshalKnown(data, h)
	if err == nil {
		return slices.DeleteFunc(unknown, laterKnows), nil
	}
	if tooLarge(data, 5, 9, 16, 24) { // class, kind, audience, branch
		return nil, fmt.Errorf("a number beyond 255: %w", ErrNewer)
	}
	return nil, err
}

// checkSize holds the header of a case's beginning to what its digest can bear.
func (h *Header) checkSize(n int) error {
	if h.Class == ClassCase && h.Kind == KindCase && h.Record == nil && n >= MaxCaseHeader {
		return fmt.Errorf("%w: %d bytes at a case's beginning, at most %d", ErrHeader, n, MaxCaseHeader-1)
	}
	return nil
}

// tooLarge reports whether a well-formed map has a number beyond a byte under
// one of the keys, which are bytes here.
func tooLarge(data []byte, keys ...uint64) bool {
	var have dcbor.Keys
	if dcbor.Check(data) != nil || dcbor.Unmarshal(data, &have) != nil {
		return false
	}
	for _, key := range keys {
		var n uint64
		if raw, ok := have[key]; ok && dcbor.Unmarshal(raw, &n) == nil && n > 255 {
			return true
		}
	}
	return false
}

// rule is one condition on a header.
type rule struct {
	broken bool
	why    string
}

func firstBroken(rules []rule) error {
	for _, r := range rules {
		if r.broken {
			return fmt.Errorf("%w: %s", ErrHeader, r.why)
		}
	}
	return nil
}

// Check tells whether the header's fields are well formed; it looks at nothing
// else. What is only newer than this program is ErrNewer.
func (h *Header) Check() error {
	if h.Class > LastClass || h.Class.Later() && len(h.Route) == 0 {
		return fmt.Errorf("class %d: %w", h.Class, ErrNewer)
	}
	if h.Audience > AudienceBody && !h.Class.Later() {
		return fmt.Errorf("audience %d: %w", h.Audience, ErrNewer)
	}
	if h.Branch > BranchParent && !h.Class.Later() {
		return fmt.Errorf("branch %d: %w", h.Branch, ErrNewer)
	}
	if err := h.checkPlace(); err != nil || h.Class.Later() {
		return err // what else a later class says, a newer program judges
	}
	if h.Erasure != nil && h.Erasure.Act > EraseWithdraw {
		return fmt.Errorf("act %d of an erasure: %w", h.Erasure.Act, ErrNewer)
	}
	if err := h.checkKind(); err != nil {
		return err
	}
	if err := h.checkExtent(); err != nil {
		return err
	}
	return h.checkCaseHeader()
}

// checkPlace asks for what every operation has: its place in lane and record.
func (h *Header) checkPlace() error {
	first := h.Record == nil
	return firstBroken([]rule{
		{h.Class == 0, "no class"},
		{seal.CheckPublicKey(h.Seat[:]) != nil, "the seat is no signing key"},
		{h.Kind == 0, "no kind of record"},
		{h.Number == 0 || h.Number > MaxNumber, "number out of range"},
		{(h.Number == 1) != (h.Previous == nil), "previous must be absent exactly at number 1"},
		{first != (len(h.Heads) == 0), "heads must be absent exactly in a record's first operation"},
		{len(h.Heads) > MaxHeads, "too many heads"},
		{len(h.OwnerLog) > 2 || len(h.AuthorLog) > 2, "too many log heads"},
		{len(h.OwnerLog) == 0 && (h.Class != ClassTree || !first), "heads of the owner's log are missing"},
		{first != (h.Audience != 0), "audience must stand exactly in a record's first operation"},
		{h.Class.Later() != (len(h.Route) > 0), "a route must stand exactly in later classes"},
		{len(h.Route) > MaxRoute, "routed to too many units"},
		{!sortedIDs(h.Heads) || !sortedIDs(h.OwnerLog) || !sortedIDs(h.AuthorLog) || !sortedIDs(h.Grants) || !sortedIDs(h.Withdrawals) || !sortedIDs(h.Adopts) || !sortedIDs(h.CaseGrants) || !sortedIDs(h.Route), "ids are not sorted"},
	})
}

// checkKind asks whether class, kind, audience and case fit each other. Kinds
// that this program does not know are of class case and bound by nothing more.
func (h *Header) checkKind() error {
	first, tree := h.Record == nil, h.Audience == AudienceTree
	known := h.Kind <= KindErasure || h.Kind.ofUnit()
	ofCase := h.Kind == KindNotes || h.Kind == KindDigest || h.Kind == KindDocument || h.Kind == KindErasure
	return firstBroken([]rule{
		{(h.Class == ClassTree) != (h.Kind == KindLog), "class and kind disagree"},
		{(h.Class == ClassDigest) != (h.Kind == KindDigest), "class and kind disagree"},
		{(h.Class == ClassErasure) != (h.Kind == KindErasure), "class and kind disagree"},
		{known && ofCase != (h.Case != nil), "case must be named exactly by notes, digests, documents and erasures"},
		{first && known && (h.Class != ClassCase || h.Kind.ofUnit()) != tree, "audience does not fit the class"},
		{first && known && (h.Kind == KindNotes) != (h.Audience == AudienceBody), "audience does not fit the kind"},
		{(h.Class == ClassDigest) != (h.Projects != nil), "projects must stand exactly in digests"},
		{(h.Class == ClassTree) != (h.Branch != 0), "branch must stand exactly in logs"},
		{h.Class == ClassTree && len(h.Heads) > 1, "an entry of a log names one earlier entry"},
		{h.Class.sealed() != (h.Key != nil), "a key must be named exactly where the body is sealed"},
		{h.KeyInside > 1 || h.KeyInside == 1 && !h.Class.sealed(), "a key lies only in a sealed body"},
		{(h.Class == ClassErasure) != (h.Erasure != nil), "an erasure must stand exactly in its class"},
		{h.Class == ClassErasure && h.BodyLength != 0, "an erasure has no body"},
		{h.Erasure != nil && !h.Erasure.wellFormed(), "an erasure of another form"},
	})
}

// checkExtent asks for the bounds of what is listed, and where it may stand.
func (h *Header) checkExtent() error {
	known := h.Kind <= KindErasure || h.Kind.ofUnit()
	return firstBroken([]rule{
		{len(h.Grants)+len(h.Withdrawals) > 0 && known && h.Kind != KindCase && h.Kind != KindDocument, "only cases and documents can be granted"},
		{len(h.Grants) > MaxGrants || len(h.CaseGrants) > MaxGrants || len(h.Withdrawals) > MaxWithdrawals, "too many grants"},
		{len(h.CaseGrants) > 0 && h.Class != ClassDigest, "case grants stand in digests alone"},
		{len(h.Attachments) > MaxAttachments || len(h.Attachments) > 0 && h.Class != ClassCase, "attachments of another form"},
		{h.Class != ClassDigest && len(h.CaseHeader) > 0, "a case's header stands in digests alone"},
	})
}

// checkCaseHeader holds a digest's first operation to the case that it says it
// is of: a unit that knows a case's id can begin no digest of it, since the id
// is a hash of the header that names the owner.
func (h *Header) checkCaseHeader() error {
	if h.Class != ClassDigest {
		return nil
	}
	if first := h.Record == nil; first != (len(h.CaseHeader) > 0) || len(h.CaseHeader) > MaxCaseHeader {
		return fmt.Errorf("%w: the case's header must stand exactly in a digest's first operation", ErrHeader)
	} else if !first {
		return nil
	}
	suite, header := h.CaseHeader[0], h.CaseHeader[1:]
	if suite != seal.Suite1 {
		return fmt.Errorf("a case of suite %d: %w", suite, ErrSuite)
	}
	if seal.Hash("hejie operation v1", []byte{suite}, header) != *h.Case {
		return fmt.Errorf("%w: the case's header is of another case", ErrHeader)
	}
	var of Header
	if _, err := decodeHeader(header, &of); err != nil {
		return fmt.Errorf("the case's header: %w", err)
	}
	if err := of.Check(); err != nil {
		return fmt.Errorf("the case's header: %w", err)
	}
	if of.Class != ClassCase || of.Kind != KindCase || of.Record != nil || of.Tree != h.Tree || of.Owner != h.Owner {
		return fmt.Errorf("%w: the case is of another owner or tree", ErrHeader)
	}
	return nil
}

var groundForm = regexp.MustCompile(`^[a-z0-9_]{1,40}$`)

// IsDay reports whether a text is a day of the Gregorian calendar from
// 0001-01-01 to 9999-12-31 in that form (FORMAT.md 1).
func IsDay(s string) bool {
	t, err := time.Parse(time.DateOnly, s)
	return err == nil && t.Year() > 0 && t.Format(time.DateOnly) == s
}

func (e *Erasure) wellFormed() bool {
	return e.Act >= EraseOrder &&
		(e.Ground == "" || groundForm.MatchString(e.Ground)) && (e.Day == "" || IsDay(e.Day)) &&
		len(e.Names) <= MaxHeads && sortedIDs(e.Names)
}

// CaseHeaderOf is header field 28 of the digest of a case: made of the case's
// first operation.
func CaseHeaderOf(first *Operation) []byte {
	return append([]byte{first.Suite}, first.header...)
}
