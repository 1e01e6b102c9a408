package station

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"hejie/app/api"
	"hejie/app/casework"
	"hejie/app/casework/data"
	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/oplog"
	"hejie/sync/replica"
)

// maxLateShown bounds the changes of a late operation that are told: it may hold
// ten thousand, which is why it is late.
const maxLateShown = 20

// adoptionWeight is more than an adoption weighs besides what it takes in.
const adoptionWeight = 100

// Late implements api.Lates.
func (ss *Session) Late(ctx context.Context) (api.LateList, error) {
	out := api.LateList{Items: []api.LateOperation{}}
	err := ss.view(ctx, func(rd store.Reader) error {
		list, err := ss.open.replica.LateOf(rd, store.ID{})
		if err != nil {
			return err
		}
		states := map[store.ID]*crdt.State{} // a record is read once, however much of it is late
		for _, l := range list {
			item, err := ss.showLate(rd, l, states)
			if err != nil {
				return err
			}
			out.Items = append(out.Items, item)
		}
		return nil
	})
	return out, err
}

func (ss *Session) showLate(rd store.Reader, l replica.Late, states map[store.ID]*crdt.State) (api.LateOperation, error) {
	h := &l.Op.Header
	item := api.LateOperation{
		ID: hexID(l.Op.ID), Record: hexID(l.Record.ID), Kind: kindName(l.Record.Kind), Begins: h.Record == nil,
		By: ss.by(hexID(h.Seat), hexID(l.Author.Unit), instant(int64(h.Stamp>>16))), Why: whyLate(l), Changes: len(l.Body.Changes),
	}
	if l.Record.Kind != oplog.KindRegister {
		item.Case = hexID(l.Record.Case)
		var row caseRow
		for _, prefix := range [][]byte{rowCasePrefix, rowDigestPrefix} {
			b, found, err := replica.AppRow(rd, rowOf(prefix, l.Record.Case[:]))
			if err != nil {
				return item, err
			}
			if found && json.Unmarshal(b, &row) == nil {
				item.Title = row.Title
				break
			}
		}
	}
	if refusal := ss.mayAdopt(l); refusal != nil {
		item.WhyNot = refusal
		return item, nil
	}
	item.Adopts = true
	what, err := ss.whatIsLate(rd, l, states)
	item.What, item.Remark = what, l.Body.Remark
	return item, err
}

// mayAdopt says why the person may not take in an operation; nil: he may.
func (ss *Session) mayAdopt(l replica.Late) *api.Reason {
	switch {
	case !l.Placed:
		return &say(CodeNotAllowed, "late.enter_again").Reason
	case !l.Readable && l.Op.Header.Key != nil && !l.Record.Readable:
		return &say(CodeNotReadable, "late.case_first").Reason
	}
	if r := casework.MayAdopt(ss.actor(l.Record.Owner, l.Record.Grants)); r != nil {
		return reasonOf(r)
	}
	return nil
}

// whyLate says it in both languages. What the policy said is asked again, since an
// operation keeps one sentence alone.
func whyLate(l replica.Late) api.Reason {
	for why, key := range map[string]string{
		replica.WhyDear: "too_dear", replica.WhyUnknownSeat: "unknown_seat", replica.WhyOutside: "outside", replica.WhyForeign: "foreign",
	} {
		if l.Why == why {
			return say(key, "late."+key).Reason
		}
	}
	zh, en := l.Why, l.Why
	var r *casework.Refusal
	switch l.Record.Kind {
	case oplog.KindCase, oplog.KindDigest, oplog.KindDocument:
		r = casework.Judge(l.Body.Changes, actorOf(l.Author), l.Op.Header.Granting())
	case oplog.KindNotes:
		r = casework.JudgeNotes(l.Body.Changes, actorOf(l.Author))
	}
	if r == nil && len(l.Op.Header.Adopts) > 0 {
		r = casework.MayAdopt(actorOf(l.Author))
	}
	if r != nil {
		zh, en = r.Text(data.Chinese), r.Text(data.English)
	}
	e := say("not_entitled", "late.not_entitled", "why", en).Reason
	e.Texts.ZH = data.Text(data.Chinese, "late.not_entitled", map[string]string{"why": zh})
	return e
}

// whatIsLate tells the first of what an operation would change, from what stands.
func (ss *Session) whatIsLate(rd store.Reader, l replica.Late, states map[store.ID]*crdt.State) ([]api.Change, error) {
	if !l.Readable || l.Record.Kind == oplog.KindRegister {
		return nil, nil
	}
	s, read := states[l.Record.ID]
	switch {
	case read:
	case l.Why == replica.WhyDear:
		// A record so full that this is late takes seconds to be read for each value:
		// what would be written is told, and not from what.
		s = crdt.New(casework.CaseSchema())
	default:
		var err error
		if _, s, err = ss.open.replica.State(rd, l.Record.ID); err != nil {
			return nil, err
		}
		states[l.Record.ID] = s
	}
	changes := l.Body.Changes[:min(len(l.Body.Changes), maxLateShown)]
	meta := crdt.Meta{ID: l.Op.ID, Name: l.Op.Name(), Stamp: l.Op.Header.Stamp, Seat: l.Op.Header.Seat, Unit: l.Author.Unit}
	// The state after it is not made: what is told of a text is the text that stands.
	var out []api.Change
	for _, line := range casework.History(meta, changes, s, s, plainNames) {
		out = append(out, ss.showLine(line))
	}
	return out, nil
}

func kindName(k oplog.Kind) string {
	switch k {
	case oplog.KindCase:
		return "case"
	case oplog.KindNotes:
		return "notes"
	case oplog.KindDigest:
		return "digest"
	case oplog.KindDocument:
		return "document"
	case oplog.KindRegister:
		return "register"
	}
	return "other"
}

// Adopt implements api.Lates.
func (ss *Session) Adopt(ctx context.Context, token, id string) (api.Adopted, error) {
	if err := ss.live(); err != nil {
		return api.Adopted{}, err
	}
	save, err := ss.save(asking{token: token, what: "adopt", of: id})
	if err != nil {
		return api.Adopted{}, err
	}
	_, err = ss.open.replica.Write(ctx, ss.signer(), save, func(w *replica.Writer) error {
		list, err := ss.open.replica.LateOf(w.Reader(), store.ID{})
		if err != nil {
			return err
		}
		var found []replica.Late
		for _, l := range list {
			if len(id) >= 8 && strings.HasPrefix(hexID(l.Op.ID), id) {
				found = append(found, l)
			}
		}
		if len(found) != 1 {
			return say(CodeNotLate, "late.not_here", "id", shorten(id))
		}
		if why := ss.mayAdopt(found[0]); why != nil {
			return &api.Error{Reason: *why}
		}
		// It would weigh on this person's account, and be late itself.
		if room, err := w.Room(found[0].Record.ID); err != nil || room < found[0].Weight+adoptionWeight {
			return errors.Join(err, say(CodeNotAllowed, "late.too_much"))
		}
		return ss.adopt(w, found[0], list)
	})
	if err != nil {
		return api.Adopted{}, caseError(err)
	}
	return api.Adopted{Adopted: 1}, nil
}

// adopt takes in an operation and, of one of a case, what its author's program made
// of it in the digest. What that left out is made here, so that whoever holds the
// digest alone sees the same.
func (ss *Session) adopt(w *replica.Writer, l replica.Late, all []replica.Late) error {
	switch l.Record.Kind {
	case oplog.KindDigest:
		by, err := w.Append(l.Record.Case, nil, crdt.Body{}, nil)
		if err == nil {
			_, err = w.Adopt(l.Record.ID, []store.ID{l.Op.ID}, &by.ID)
		}
		return err
	case oplog.KindCase:
	default:
		_, err := w.Adopt(l.Record.ID, []store.ID{l.Op.ID}, nil)
		return err
	}
	by, err := w.Adopt(l.Record.ID, []store.ID{l.Op.ID}, nil)
	if err != nil {
		return err
	}
	shown := false
	for _, d := range all {
		if p := d.Op.Header.Projects; p == nil || *p != l.Op.ID || !d.Placed {
			continue
		}
		shown = true
		if _, err := w.Adopt(d.Record.ID, []store.ID{d.Op.ID}, &by.ID); err != nil {
			return err
		}
	}
	digests, err := ss.open.replica.RecordsOf(w.Reader(), l.Record.ID, oplog.KindDigest)
	if err != nil || shown || len(digests) == 0 {
		return err
	}
	changes := projected(l.Body.Changes)
	if !casework.Touches(changes) {
		return nil
	}
	if room, err := w.Room(digests[0]); err != nil || room < l.Weight {
		return err // the figures lack it, and status says so
	}
	_, err = w.Append(digests[0], nil, crdt.Body{Changes: changes}, &l.Op.ID)
	return err
}
