package station

import (
	"bytes"
	"cmp"
	"context"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"

	"hejie/app/api"
	"hejie/app/casework"
	"hejie/app/casework/data"
	"hejie/store"
	"hejie/sync/replica"
)

// Bounds of one look, so that neither a name that everybody bears nor what a
// modified program wrote makes it long. Where one is met the answer says more.
const (
	maxFoundByOne = 2000 // cases that one number, name or mark leads to
	maxCompared   = 300  // cases that are opened and compared
	maxRepeats    = 100  // cases in the answer
)

// subject is the case for which others are looked.
type subject struct {
	*document
	category, received string
	people             []casework.Someone
}

// Repeats implements api.CaseReader.
func (ss *Session) Repeats(ctx context.Context, id string) (api.RepeatList, error) {
	out := api.RepeatList{Items: []api.Repeat{}}
	err := ss.view(ctx, func(rd store.Reader) error {
		d, err := ss.document(rd, id)
		if err != nil {
			return err
		}
		out, err = ss.repeats(ctx, rd, d)
		return err
	})
	return out, err
}

func (ss *Session) repeats(ctx context.Context, rd store.Reader, d *document) (api.RepeatList, error) {
	of := subject{document: d}
	if d.found.digest {
		of.category, of.received, of.people = d.digest.Category, d.digest.ReceivedMonth, casework.DigestPeopleOf(d.state)
	} else {
		doc := plain(d)
		of.category, of.received, of.people = doc.Category, casework.BeijingDay(doc.ReceivedAt), casework.PeopleOf(doc, ss.marker(ctx))
	}
	out := api.RepeatList{Items: []api.Repeat{}, Days: ss.Tables(d.rec.Owner).Repeats().Days}
	ids, more, err := of.candidates(rd)
	if err != nil {
		return out, err
	}
	out.More = more
	v := ss.visit(ctx)
	for _, other := range ids {
		err := v.one(hexID(other), func() error {
			item, found, err := ss.compareWith(ctx, rd, &of, other, out.Days)
			if err == nil && found {
				out.Items = append(out.Items, item)
			}
			return err
		})
		if err != nil {
			return out, err
		}
	}
	out.LeftOut = v.left
	slices.SortFunc(out.Items, compareRepeats)
	if len(out.Items) > maxRepeats {
		out.Items, out.More = out.Items[:maxRepeats], true
	}
	return out, nil
}

// plain is a whole case's document as it is: what is shown may be masked.
func plain(d *document) casework.Document {
	return casework.View(d.state, casework.Header{ID: d.id}).Document
}

// compareRepeats puts whole disputes first, then what came in last, then ids.
func compareRepeats(a, b api.Repeat) int {
	return cmp.Or(cmp.Compare(a.Like, b.Like), cmp.Compare(b.ReceivedOn, a.ReceivedOn), cmp.Compare(a.Case, b.Case))
}

// candidates are the cases that share a person, or two parties, with this one by
// the index, those with most in common first.
func (of *subject) candidates(rd store.Reader) (ids []store.ID, more bool, err error) {
	shared := map[store.ID]int{}
	person := map[store.ID]bool{}
	for _, p := range of.people {
		hits := map[store.ID]bool{}
		for _, key := range of.keys(p) {
			cut, err := casesUnder(rd, key, hits)
			if err != nil {
				return nil, false, err
			}
			more = more || cut
		}
		for id := range hits {
			shared[id]++
			person[id] = person[id] || p.Kind == "person"
		}
	}
	delete(shared, of.id)
	maps.DeleteFunc(shared, func(id store.ID, n int) bool { return n < 2 && !person[id] })
	ids = slices.SortedFunc(maps.Keys(shared), func(a, b store.ID) int {
		return cmp.Or(cmp.Compare(shared[b], shared[a]), bytes.Compare(a[:], b[:]))
	})
	if len(ids) > maxCompared {
		ids, more = ids[:maxCompared], true
	}
	return ids, more, nil
}

// keys are the rows under which cases with this party are found.
func (of *subject) keys(p casework.Someone) [][]byte {
	var out [][]byte
	for _, m := range p.Marks {
		if b, err := hex.DecodeString(m); err == nil {
			out = append(out, rowOf(rowMarkPrefix, b))
		}
	}
	for _, text := range p.Keys(of.category) {
		out = append(out, rowOf(rowPeoplePrefix, personKey(text)))
	}
	return out
}

func casesUnder(rd store.Reader, prefix []byte, into map[store.ID]bool) (cut bool, err error) {
	n := 0
	err = replica.ScanApp(rd, prefix, nil, false, func(k, _ []byte) (bool, error) {
		if cut = n == maxFoundByOne; cut {
			return false, nil
		}
		n++
		into[store.ID(k[len(prefix):])] = true
		return true, nil
	})
	return cut, err
}

// compareWith looks whether another case may be the same dispute.
func (ss *Session) compareWith(ctx context.Context, rd store.Reader, of *subject, id store.ID, days int) (api.Repeat, bool, error) {
	row, ok, err := rowHere(rd, id)
	if err != nil || !ok || row.Category != of.category || !casework.Near(of.received, row.ReceivedOn, days) {
		return api.Repeat{}, false, err
	}
	other, err := ss.document(rd, hexID(id))
	if err != nil {
		return api.Repeat{}, false, err
	}
	var people []casework.Someone
	if other.found.digest {
		people = casework.DigestPeopleOf(other.state)
	} else {
		people = casework.PeopleOf(plain(other), ss.marker(ctx))
	}
	like, found := casework.Alike(of.people, people)
	if !found {
		return api.Repeat{}, false, nil
	}
	item := api.Repeat{
		Case: hexID(id), Like: like.Like, Ground: like.Ground, GroundLabel: label("repeat_ground", like.Ground), People: like.People,
		Unit: row.Unit, UnitName: ss.unitName(row.Unit), Category: row.Category, ReceivedOn: row.ReceivedOn, State: api.State(row.State),
	}
	if !other.found.digest {
		item.Title = other.whole.Title
		if ss.worksOnCases() { // of a digest no names: whose they are is this case's to say, and not that one's
			item.Names = like.Names
		}
	}
	return item, true, nil
}

// rowHere is the line of a case: of the whole one where it is here.
func rowHere(rd store.Reader, id store.ID) (row caseRow, ok bool, err error) {
	for _, prefix := range [][]byte{rowCasePrefix, rowDigestPrefix} {
		b, ok, err := replica.AppRow(rd, rowOf(prefix, id[:]))
		if err != nil {
			return row, false, err
		}
		if ok {
			return row, true, json.Unmarshal(b, &row)
		}
	}
	return row, false, nil
}

// maxRepeatWarnings bounds what a save says of cases that look the same; the
// case's page has all.
const maxRepeatWarnings = 3

// warnOfRepeats adds to what a save answers which cases look like the same
// dispute. The save is durable already: a look that fails costs the warnings.
func (ss *Session) warnOfRepeats(ctx context.Context, saved api.Saved) api.Saved {
	list, err := ss.Repeats(ctx, saved.ID)
	if err != nil {
		ss.station.o.Log.Warn("repeats of a case that was saved could not be looked for", "error", err)
		return saved
	}
	for i, r := range list.Items {
		if i == maxRepeatWarnings || r.Like != casework.LikeDispute {
			break
		}
		saved.Warnings = append(saved.Warnings, repeatWarning(r))
	}
	return saved
}

func repeatWarning(r api.Repeat) api.Reason {
	params := map[string]string{"case": r.Case[:8], "unit": cmp.Or(r.UnitName, r.Unit[:8]), "on": r.ReceivedOn, "ground": r.Ground}
	say := func(lang data.Lang) string {
		with := maps.Clone(params)
		with["ground"] = data.Name("repeat_ground", r.Ground, lang)
		return data.Text(lang, "repeat.like", with)
	}
	return api.Reason{Code: "warning_repeat", Detail: say(data.English), Texts: &api.Label{ZH: say(data.Chinese), EN: say(data.English)}, Params: params}
}
