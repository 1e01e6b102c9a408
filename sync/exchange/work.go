package exchange

import (
	"context"
	"errors"
	"fmt"

	"hejie/store"
	"hejie/sync/reconcile"
)

// work answers a message of kind work: what was brought is taken first, so
// that all the rest of the answer is about the state after it.
func (s *Server) work(ctx context.Context, peer Peer, r *request) (*response, error) {
	theirs, err := nonceOf(r.Nonce)
	if err != nil {
		return nil, err
	}
	own := s.nonce(peer.Machine, theirs)
	if string(r.Theirs) != string(own[:]) {
		return nil, codeError(codeRestart)
	}
	salt := saltOf(theirs, own)
	out := &response{}
	if err := s.takeBatch(ctx, peer, r, out); err != nil {
		return nil, err
	}
	if err := s.cargo(ctx, peer, salt, r, out); err != nil {
		return nil, err
	}
	var st state
	if r.AskHeld || r.Tell {
		if err := s.receipts(ctx, peer, salt, r, out, &st); err != nil {
			return nil, err
		}
	}
	err = s.replica.Shared(ctx, peer.Unit, func(set Shared) error {
		if err := s.compare(set, salt, r, out); err != nil {
			return err
		}
		if !r.Tell {
			return nil
		}
		if err := st.read(set); err != nil {
			return err
		}
		logs, data, receipts := st.marks(salt)
		out.Marks = append(append(append(out.Marks, logs[:]...), data[:]...), receipts[:]...)
		return nil
	})
	return out, err
}

func (s *Server) takeBatch(ctx context.Context, peer Peer, r *request, out *response) error {
	frames, err := parseBatch(r.Batch)
	if err != nil || len(frames) == 0 {
		return err
	}
	verdicts, err := s.replica.Take(ctx, peer, frames)
	if err != nil {
		return err
	}
	if len(verdicts) != len(frames) {
		return fmt.Errorf("the replica gave %d verdicts for %d frames", len(verdicts), len(frames))
	}
	bad := 0
	out.Outcomes = make([]byte, len(verdicts))
	for i, v := range verdicts {
		out.Outcomes[i] = byte(v.Outcome)
		if v.Outcome == Refused {
			if v.Reason != ReasonUnknown && v.Reason != ReasonQuota { // what is newer is nobody's fault
				bad++
			}
			if len(out.Refusals) < MaxRefusedListed {
				out.Refusals = append(out.Refusals, refusal{Index: uint(i), Reason: v.Reason, Sentence: cut(v.Sentence)})
			}
		}
	}
	// The good frames of the batch are kept; the sender learns what was wrong
	// only while its budget for bad ones lasts.
	if bad > 0 && !s.budgets.bad(peer.Machine, float64(bad)) {
		return ErrFlood
	}
	return nil
}

// cut bounds a sentence without breaking a character.
func cut(sentence string) string {
	if len(sentence) <= MaxSentence {
		return sentence
	}
	end := MaxSentence
	for end > 0 && sentence[end]&0xc0 == 0x80 {
		end--
	}
	return sentence[:end]
}

func (s *Server) compare(set Shared, salt reconcile.Salt, r *request, out *response) (err error) {
	if len(r.Reconcile)+len(r.Wants) > 0 && r.Phase != phaseLogs && r.Phase != phaseData {
		return fmt.Errorf("%w: phase %d", ErrMalformed, r.Phase)
	}
	if len(r.Reconcile) > 0 {
		lo, hi := r.Phase.span()
		if out.Reconcile, err = reconcile.Respond(set, salt, lo, hi, r.Reconcile, MaxReconcile); err != nil {
			return err
		}
	}
	if len(r.Wants) > 0 {
		if err := give(set, salt, r, out); err != nil {
			return err
		}
	}
	if r.Audit != nil {
		return auditOf(set, r.Audit, out)
	}
	return nil
}

// give answers wants with one batch and, if it did not hold all, the key from
// which to go on.
func give(set Shared, salt reconcile.Salt, r *request, out *response) error {
	wants, err := reconcile.ParseWants(r.Wants)
	if err != nil {
		return err
	}
	var b batch
	given := make(map[store.ID]bool)
	lo, hi := r.Phase.span()
	inPhase := bounded{set, lo, hi}
	next, done, err := reconcile.Collect(inPhase, salt, wants, func(key store.EntryKey) (bool, error) {
		return pack(set, &b, given, key)
	})
	if err != nil {
		return err
	}
	if out.Batch = b.encode(); !done {
		out.Next = next[:]
	}
	return nil
}

// pack puts an entry's frame into the batch; false if it has no room. A frame
// that is damaged here is left out: it is found lacking again.
func pack(set Shared, b *batch, given map[store.ID]bool, key store.EntryKey) (bool, error) {
	id := reconcile.IDOf(key)
	if given[id] {
		return true, nil
	}
	f, err := set.Frame(id)
	if errors.Is(err, store.ErrNotFound) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	if !b.add(id, Wire{Kind: f.Kind, Bytes: f.Bytes}) {
		return false, nil
	}
	given[id] = true
	return true, nil
}

// bounded is a set cut to a phase, whatever a want asks for.
type bounded struct {
	reconcile.Set
	lo, hi store.EntryKey
}

func (b bounded) Entries(lo, hi store.EntryKey, fn func(store.EntryKey) (bool, error)) error {
	if string(lo[:]) < string(b.lo[:]) {
		lo = b.lo
	}
	if hi == (store.EntryKey{}) || string(hi[:]) > string(b.hi[:]) {
		hi = b.hi
	}
	if string(lo[:]) >= string(hi[:]) {
		return nil
	}
	return b.Set.Entries(lo, hi, fn)
}

func auditOf(set Shared, a *audit, out *response) error {
	nonce, err := nonceOf(a.Nonce)
	var lo, hi store.EntryKey
	if err != nil || len(a.Lo) != len(lo) || len(a.Hi) != len(hi) {
		return fmt.Errorf("%w: an audit of no range", ErrMalformed)
	}
	copy(lo[:], a.Lo)
	copy(hi[:], a.Hi)
	from, to := phaseData.span()
	sum, err := reconcile.Audit(bounded{set, from, to}, nonce, lo, hi)
	out.Audit = sum[:]
	return err
}

// receipts takes what came, brings this node's own up to date, and gives what
// the caller has not.
func (s *Server) receipts(ctx context.Context, peer Peer, salt reconcile.Salt, r *request, out *response, st *state) (err error) {
	if len(r.New) > 0 {
		if err := s.replica.TakeReceipts(ctx, peer, r.New); err != nil {
			return err
		}
	}
	if r.AskHeld {
		if _, err := s.replica.OwnReceipt(ctx, peer.Unit); err != nil {
			return err
		}
	}
	if st.receipts, err = receiptsOf(ctx, s.replica, peer.Unit); err != nil || !r.AskHeld {
		return err
	}
	out.New, out.Lacks = exchangeReceipts(st.receipts, r.Held, salt)
	return nil
}

// exchangeReceipts compares the receipts held here with the short names of
// those held there: which the other side lacks (as many as a message takes),
// and the names of those lacking here.
func exchangeReceipts(own []receipt, theirs []byte, salt reconcile.Salt) (give [][]byte, lacks []byte) {
	held := make(map[[shortReceipt]byte]bool, len(theirs)/shortReceipt)
	for i := 0; i+shortReceipt <= len(theirs); i += shortReceipt {
		held[[shortReceipt]byte(theirs[i:])] = true
	}
	room := MaxReceipts
	mine := make(map[[shortReceipt]byte]bool, len(own))
	for _, rc := range own {
		short := rc.short(salt)
		mine[short] = true
		if !held[short] && room >= len(rc.bytes) {
			give = append(give, rc.bytes)
			room -= len(rc.bytes)
		}
	}
	for i := 0; i+shortReceipt <= len(theirs); i += shortReceipt {
		if short := [shortReceipt]byte(theirs[i:]); !mine[short] {
			lacks = append(lacks, short[:]...)
		}
	}
	return give, lacks
}
