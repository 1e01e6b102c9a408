package replica

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"hejie/store"
	"hejie/sync/dcbor"
	"hejie/sync/exchange"
	"hejie/sync/oplog"
	"hejie/sync/seal"
)

// incoming is a frame on its way in.
type incoming struct {
	frame   store.Frame
	op      *oplog.Operation
	wrap    *oplog.SealedWrap
	verdict exchange.Verdict
	cargo   bool // of a newer program: this one can't check it
	bare    bool // an operation or wrap whose body was taken away
}

// Take implements exchange.Replica: checks each frame by its own bytes, finds
// whether this node can place it, stores what it keeps durably.
func (r *Replica) Take(ctx context.Context, from exchange.Peer, frames []exchange.Wire) ([]exchange.Verdict, error) {
	in := make([]incoming, len(frames))
	now := r.now() // once: the clock is no business of the goroutines below
	var g errgroup.Group
	g.SetLimit(runtime.NumCPU())
	for i := range frames {
		g.Go(func() error {
			in[i] = r.check(frames[i], from, now)
			return nil
		})
	}
	_ = g.Wait() // check never fails, it judges
	due, err := r.keep(ctx, from, in)
	if err != nil {
		return nil, err
	}
	r.judgeTaken(ctx, due)
	verdicts := make([]exchange.Verdict, len(in))
	for i := range in {
		verdicts[i] = in[i].verdict
	}
	return verdicts, nil
}

// Kinds of frames whose place is settled and that no set of this program holds
// yet (FORMAT.md 2): an operation without its body, and what is asked for by what
// names it and never pushed.
const (
	kindBodyless store.FrameKind = 3
	kindChunk    store.FrameKind = 4
	kindProof    store.FrameKind = 5
)

// check is question 1 of DESIGN 2: a function of the frame's bytes alone.
func (r *Replica) check(w exchange.Wire, from exchange.Peer, now int64) incoming {
	in := incoming{frame: store.Frame{Kind: w.Kind, Bytes: w.Bytes, Local: store.Local{Arrived: now, Sender: from.Machine}}}
	var err error
	tree := r.self.Tree
	switch w.Kind {
	case store.KindOperation:
		if in.op, err = oplog.Parse(w.Bytes); err == nil {
			in.frame.ID, tree = in.op.ID, in.op.Header.Tree
		}
	case store.KindWrap:
		in.wrap, err = oplog.ParseWrap(w.Bytes)
		if errors.Is(err, oplog.ErrNoBody) {
			in.bare = true
			in.wrap, err = oplog.ParseBareWrap(w.Bytes)
		}
		if err == nil {
			in.frame.ID, tree = in.wrap.ID, in.wrap.Wrap.Tree
		}
	case kindBodyless:
		var op *oplog.Operation
		if op, err = oplog.ParseBare(w.Bytes); err == nil {
			in.bare, in.frame.ID, tree = true, op.ID, op.Header.Tree
		}
	case kindChunk, kindProof:
		in.refuse(exchange.ReasonUnknown, "chunks and proofs are asked for, and this program asks for none yet")
		return in
	default:
		err = oplog.ErrNewer
	}
	switch {
	case errors.Is(err, oplog.ErrNewer):
		in.cargo, in.frame.ID = true, exchange.CargoID(w)
	case err != nil:
		in.frame.ID = seal.Hash("hejie refused v1", w.Bytes)
		in.refuse(reasonOf(err), err.Error())
	case tree != r.self.Tree:
		in.refuse(exchange.ReasonTree, fmt.Sprintf("it belongs to the tree %x, this station to %x", tree[:4], r.self.Tree[:4]))
	}
	return in
}

func reasonOf(err error) exchange.Reason {
	switch {
	case errors.Is(err, oplog.ErrSignature):
		return exchange.ReasonSignature
	case errors.Is(err, oplog.ErrBody), errors.Is(err, oplog.ErrNoBody):
		return exchange.ReasonBody
	}
	return exchange.ReasonMalformed
}

func (in *incoming) refuse(reason exchange.Reason, sentence string) {
	if len(sentence) > exchange.MaxSentence {
		sentence = strings.ToValidUTF8(sentence[:exchange.MaxSentence], "")
	}
	in.verdict = exchange.Verdict{ID: in.frame.ID, Outcome: exchange.Refused, Reason: reason, Sentence: sentence}
}

// keep stores what can be placed. Logs and first operations of records may
// come in any order within a batch: the batch is gone through until nothing
// more finds its place; the rest is refused for now and offered again later.
// It returns the records of which something is to be judged outside of the lock.
func (r *Replica) keep(ctx context.Context, from exchange.Peer, in []incoming) (due map[store.ID]bool, err error) {
	r.writeMu.Lock()
	defer r.writeMu.Unlock()
	err = r.keepLocked(ctx, from, in)
	return r.due.fresh(), err
}

func (r *Replica) keepLocked(ctx context.Context, from exchange.Peer, in []incoming) error {
	open := make([]int, 0, len(in))
	for i := range in {
		switch {
		case in[i].cargo:
			if err := r.keepCargo(ctx, from, &in[i]); err != nil {
				return err
			}
		case in[i].bare && in[i].verdict.Outcome == 0:
			if err := r.keepBare(ctx, &in[i]); err != nil {
				return err
			}
		case in[i].verdict.Outcome == 0:
			open = append(open, i)
		}
	}
	if err := r.noteRefused(ctx, from, in); err != nil {
		return err
	}
	// Logs first, by themselves, since paths and authors hang on them.
	for _, logs := range []bool{true, false} {
		for len(open) > 0 {
			now, rest, err := r.placeable(ctx, from, in, open, logs)
			if err != nil {
				return err
			}
			if len(now) == 0 {
				open = rest
				break
			}
			if err := r.appendIncoming(ctx, in, now); err != nil {
				return err
			}
			open = rest
		}
	}
	for _, i := range open {
		if r.newerAdmission(in[i].op) {
			in[i].frame.ID = exchange.CargoID(exchange.Wire{Kind: in[i].frame.Kind, Bytes: in[i].frame.Bytes})
			if err := r.keepCargo(ctx, from, &in[i]); err != nil {
				return err
			}
			continue
		}
		in[i].refuse(exchange.ReasonNotYet, "what it hangs on is not here yet; it will be asked for again")
	}
	return nil
}

// keepBare answers for an operation without its body, or a wrap without its sealed
// bytes: anybody can strip one, so that it takes nothing away from who holds the
// whole, and is kept only where a carried-out erasure covers it. This program
// carries out none.
func (r *Replica) keepBare(ctx context.Context, x *incoming) error {
	return r.store.View(ctx, func(rd store.Reader) error {
		held, err := rd.Has(x.frame.ID)
		if held {
			x.verdict = exchange.Verdict{ID: x.frame.ID, Outcome: exchange.Duplicate}
		} else {
			x.refuse(exchange.ReasonNotYet, "what comes without its body is kept only where a carried-out erasure covers it")
		}
		return err
	})
}

// placeable splits the open frames into those that can be stored now and the rest.
func (r *Replica) placeable(ctx context.Context, from exchange.Peer, in []incoming, open []int, logs bool) (now, rest []int, err error) {
	firsts := map[store.ID]recordRow{} // records whose first operation is in `now`
	err = r.store.View(ctx, func(rd store.Reader) error {
		waits, err := r.waitsOf(rd, from.Machine, in)
		if err != nil {
			return err
		}
		for _, i := range open {
			x := &in[i]
			isLog := x.op != nil && x.op.Header.Class == oplog.ClassTree
			if isLog != logs {
				rest = append(rest, i)
				continue
			}
			held, err := rd.Has(x.frame.ID)
			if err != nil {
				return err
			}
			if held {
				x.verdict = exchange.Verdict{ID: x.frame.ID, Outcome: exchange.Duplicate}
				continue
			}
			ok, why, err := r.place(rd, x, firsts, from.Unit)
			if err != nil {
				return err
			}
			switch {
			case why != "":
				x.refuse(exchange.ReasonNotForUs, why)
			case ok && waits.over(rd, x):
				rest = append(rest, i)
			case ok:
				if x.op != nil && x.op.Header.Record == nil {
					firsts[x.op.ID] = r.beginRow(&x.op.Header)
				}
				now = append(now, i)
			default:
				rest = append(rest, i)
			}
		}
		return nil
	})
	return now, rest, err
}

// place tells whether a frame can be stored now; why: it never should be here.
func (r *Replica) place(rd store.Reader, x *incoming, firsts map[store.ID]recordRow, from store.ID) (ok bool, why string, err error) {
	mine, _ := r.path(r.self.Unit)
	if x.wrap != nil {
		w := &x.wrap.Wrap
		groups := r.wrapGroups(w)
		if len(groups) > 0 && !slices.ContainsFunc(groups, func(g group) bool { return g.goesTo(mine) }) {
			return false, "this station is not on the way between the wrap's units", nil
		}
		return len(groups) > 0, "", nil
	}
	h := &x.op.Header
	if h.Class == oplog.ClassTree {
		return r.placeLog(x.op) && r.logAuthor(x.op), "", nil
	}
	if _, known := r.seatUnit(h.Seat); !known {
		return false, "", nil
	}
	if _, known := r.path(h.Owner); !known {
		return false, "", nil
	}
	if h.Class.Later() {
		return r.laterForUs(h, mine)
	}
	if h.Record == nil {
		return r.forUs(rd, r.beginRow(h), h.Class, mine, from)
	}
	row, found := firsts[*h.Record]
	if !found {
		// A record of which only later operations are held has no owner yet.
		found, err = load(rd, rowKey(rowRecord, h.Record[:]), &row)
	}
	if err != nil || !found {
		return false, "", err
	}
	if row.Kind != h.Kind || row.Owner != h.Owner {
		return false, "it names a record of another kind or owner", nil
	}
	return r.forUs(rd, row, h.Class, mine, from)
}

// laterForUs tells the same of a later class.
func (r *Replica) laterForUs(h *oplog.Header, mine Path) (bool, string, error) {
	for _, g := range r.routedTo(h) {
		if g.goesTo(mine) {
			return true, "", nil
		}
	}
	for _, unit := range h.Route {
		if _, known := r.path(unit); !known {
			return false, "", nil
		}
	}
	return false, "this station is not on the way to the units that it is routed to", nil
}

// beginRow is what a record's first operation says of it.
func (r *Replica) beginRow(h *oplog.Header) recordRow {
	row := recordRow{Kind: h.Kind, Owner: h.Owner, Case: h.Case, Audience: h.Audience, Grants: h.Grants}
	if u, err := r.registry.Routed(h.OwnerLog); err == nil && u.ID == h.Owner {
		row.Routes = routesOf(row, &u)
	}
	return row
}

// forUs tells whether an operation's way leads here. Where nothing that is held
// says so, a later operation may, by a grant or by newer log heads: operations
// come in the order of their stamps, and that one lies behind the record's
// beginning. Then it is enough that the sender lies on the way that it would
// give. Until it comes, what was taken so stands in no range that this node
// shares. Notes are never granted: they go to stations alone.
func (r *Replica) forUs(rd store.Reader, row recordRow, class oplog.Class, mine Path, from store.ID) (bool, string, error) {
	if class == oplog.ClassErasure {
		groups, err := r.covers(readerOf(rd), *row.Case)
		ok := slices.ContainsFunc(groups, func(g group) bool { return g.goesTo(mine) })
		return ok, "", err // a record of the case may come yet
	}
	for _, g := range r.groups(row, class) {
		if g.goesTo(mine) {
			return true, "", nil
		}
	}
	sender, ok1 := r.path(from)
	owner, ok2 := r.path(row.Owner)
	may := row.Kind != oplog.KindNotes || slices.Contains(r.stations(row.Owner), r.self.Unit)
	if ok1 && ok2 && may && (onWay(sender, owner, mine) || onWay(mine, owner, sender)) {
		return true, "", nil
	}
	return false, "this station is not on the way between the record's units", nil
}

// chunk bounds one append of incoming frames.
const chunk = 1000

func (r *Replica) appendIncoming(ctx context.Context, in []incoming, now []int) error {
	for len(now) > 0 {
		n := min(chunk, len(now))
		frames := make([]store.Frame, n)
		for j, i := range now[:n] {
			frames[j] = in[i].frame
		}
		done, err := r.store.Append(ctx, frames)
		if err != nil {
			return err
		}
		for j, i := range now[:n] {
			outcome := exchange.Duplicate
			if done[j].Healed {
				outcome = exchange.Taken
			}
			if done[j].New {
				outcome = exchange.Taken
				if in[i].op != nil {
					r.clock.See(in[i].op.Header.Stamp)
					r.ownLaneCame(in[i].op)
				}
			}
			in[i].verdict = exchange.Verdict{ID: in[i].frame.ID, Outcome: outcome}
		}
		now = now[n:]
	}
	r.publish()
	return nil
}

// refusedFact holds the last refusals of one sender's frames, oldest first, so
// that they are not asked for again. They stand in one fact, so that a flood of
// bad frames costs one write a batch.
type refusedFact struct {
	Frames []refusedFrame `cbor:"1,keyasint"`
}

type refusedFrame struct {
	_      struct{} `cbor:",toarray"`
	ID     store.ID
	At     int64
	Reason exchange.Reason
}

const refusedPrefix = "refused/"

func refusedKey(machine store.ID) string { return fmt.Sprintf("%s%x", refusedPrefix, machine[:]) }

// noteRefused keeps which frames of a batch were refused for their own bytes.
// Of a stranger nothing is kept: nothing is ever asked of one.
func (r *Replica) noteRefused(ctx context.Context, from exchange.Peer, in []incoming) error {
	if from.Machine == (store.ID{}) {
		return nil
	}
	var fact refusedFact
	known := map[store.ID]bool{}
	before := -1
	for i := range in {
		v := in[i].verdict
		if v.Outcome != exchange.Refused || v.Reason == exchange.ReasonUnknown || v.Reason == exchange.ReasonQuota || v.Reason == exchange.ReasonNotYet {
			continue // what is newer or early is nobody's fault
		}
		if before < 0 {
			var err error
			if fact, err = r.refusedOf(refusedKey(from.Machine)); err != nil {
				return err
			}
			before = len(fact.Frames)
			for _, f := range fact.Frames {
				known[f.ID] = true
			}
		}
		if id := in[i].frame.ID; !known[id] {
			known[id] = true
			fact.Frames = append(fact.Frames, refusedFrame{ID: id, At: r.now(), Reason: in[i].verdict.Reason})
		}
	}
	if before < 0 || len(fact.Frames) == before {
		return nil
	}
	if over := len(fact.Frames) - exchange.MaxRefusedKnown; over > 0 {
		fact.Frames = fact.Frames[over:]
	}
	return r.store.PutFact(ctx, refusedKey(from.Machine), dcbor.Must(fact))
}

// judgedBy is the fact that names the program that refused what is noted.
const judgedBy = "judged-by"

// forgetRefused lets everything be offered again after an update of the
// program: it may know what the one before did not.
func (r *Replica) forgetRefused(ctx context.Context) error {
	now := fmt.Sprintf("%s %d", r.program, r.Version())
	before, err := r.store.GetFact(judgedBy)
	if err == nil && string(before) == now {
		return nil
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	var keys []string
	if err := r.store.ScanFacts(refusedPrefix, func(key string, _ []byte) (bool, error) {
		keys = append(keys, key)
		return true, nil
	}); err != nil {
		return err
	}
	for _, key := range keys {
		if err := r.store.DeleteFact(ctx, key); err != nil {
			return err
		}
	}
	return r.store.PutFact(ctx, judgedBy, []byte(now))
}

func (r *Replica) refusedOf(key string) (refusedFact, error) {
	var fact refusedFact
	b, err := r.store.GetFact(key)
	if errors.Is(err, store.ErrNotFound) {
		return fact, nil
	}
	if err != nil {
		return fact, err
	}
	if err := dcbor.Unmarshal(b, &fact); err != nil {
		return refusedFact{}, nil //nolint:nilerr // damaged: what it named is refused again
	}
	return fact, nil
}

// Refused implements exchange.Replica.
func (r *Replica) Refused(_ context.Context, from exchange.Peer) ([]store.ID, error) {
	fact, err := r.refusedOf(refusedKey(from.Machine))
	out := make([]store.ID, 0, len(fact.Frames))
	for i := len(fact.Frames) - 1; i >= 0; i-- {
		out = append(out, fact.Frames[i].ID)
	}
	return out, err
}

// countRefused counts the refusals that are kept, of all senders.
func (r *Replica) countRefused() (n int, err error) {
	err = r.store.ScanFacts(refusedPrefix, func(_ string, v []byte) (bool, error) {
		var fact refusedFact
		if dcbor.Unmarshal(v, &fact) == nil {
			n += len(fact.Frames)
		}
		return true, nil
	})
	return n, err
}
