package docket

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"hejie/app/casework"
	"hejie/app/casework/data"
	"hejie/app/tables"
	"hejie/sync/crdt"
)

// units are those of the invented county.
var units = map[string]Body{
	"court":    {Unit{"990125000000-fy", "青禾县人民法院"}, true},
	"township": {Unit{"990125101000-zz", "清溪镇综治中心"}, false},
	"village":  {Unit{"990125101203-tw", "河湾村人民调解委员会"}, false},
}

func unitID(desk string) crdt.ID { return sha256.Sum256([]byte(desk)) }

func hexOf(id crdt.ID) string { return hex.EncodeToString(id[:]) }

func bodyOf(id string) (Body, bool) {
	for desk, b := range units {
		if hexOf(unitID(desk)) == id {
			return b, true
		}
	}
	return Body{}, false
}

// record is a case made by casework's own steps.
type record struct {
	t     testing.TB
	owner string
	state *crdt.State
	n     uint64
	notes *crdt.State // of whoever mediates, in one
}

type example struct {
	Case  json.RawMessage
	Steps []struct {
		Step   string
		Fields json.RawMessage
	}
}

func readExample(t testing.TB, name string) example {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "casework", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var e example
	if err := json.Unmarshal(raw, &e); err != nil {
		t.Fatal(err)
	}
	return e
}

func newRecord(t testing.TB, owner string, document []byte) *record {
	t.Helper()
	d, _, err := casework.ParseDocument(document)
	if err != nil {
		t.Fatal(err)
	}
	r := &record{t: t, owner: owner, state: crdt.New(casework.CaseSchema()), notes: crdt.New(casework.NotesSchema())}
	r.save(owner, casework.NewChanges(d))
	return r
}

func (r *record) save(desk string, changes []crdt.Change) crdt.ID {
	r.t.Helper()
	raw, err := crdt.EncodeBody(crdt.Body{Changes: changes})
	if err != nil {
		r.t.Fatal(err)
	}
	body, err := crdt.DecodeBody(raw)
	if err != nil {
		r.t.Fatal(err)
	}
	id := sha256.Sum256(fmt.Append(nil, desk, r.n, raw))
	if err := r.state.Apply(crdt.Meta{ID: id, Name: id, Heads: r.state.Heads(), Stamp: r.n << 16, Seat: unitID(desk), Unit: unitID(desk)}, body); err != nil {
		r.t.Fatal(err)
	}
	r.n++
	return id
}

func (r *record) act(desk, step, fields string) {
	r.t.Helper()
	a := casework.Actor{Relation: casework.Granted, Roles: []string{casework.RoleMediator, casework.RoleDirector, casework.RoleJudge, casework.RoleClerk}, Unit: unitID(desk)}
	if desk == r.owner {
		a.Relation = casework.Owner
	}
	made, err := casework.Act(r.state, a, step, []byte(fields), casework.Setting{
		Unit: func(text string) (casework.Body, bool) {
			b, ok := units[text]
			kind := "zz"
			if b.Court {
				kind = "fy"
			}
			return casework.Body{ID: unitID(text), Code: b.Code, Name: b.Name, Kind: kind}, ok
		},
		Reads:    func(id crdt.ID) bool { return id == unitID(r.owner) },
		Rostered: func(crdt.ID, string) bool { return true },
		Notes:    []*crdt.State{r.notes}, Own: r.notes,
	})
	if err == nil {
		err = made.Save(func(c []crdt.Change) (crdt.ID, error) { return r.save(desk, c), nil }, func(c []crdt.Change) (crdt.ID, error) {
			id := crdt.ID(sha256.Sum256(fmt.Append(nil, "notes", r.notes.Len())))
			return id, r.notes.Apply(crdt.Meta{ID: id, Name: id, Heads: r.notes.Heads(), Seat: unitID(desk), Unit: unitID(desk)}, crdt.Body{Changes: c})
		})
	}
	if err != nil {
		r.t.Fatalf("%s %s: %v", step, fields, err)
	}
}

func (r *record) input(kind string, have ...Have) Input {
	r.t.Helper()
	court := func(id crdt.ID) bool { b, _ := bodyOf(hexOf(id)); return b.Court }
	facts, err := casework.DocketOf(r.state, casework.Names{}, kind, court)
	if err != nil {
		r.t.Fatal(err)
	}
	return Input{
		View: casework.View(r.state, casework.Header{ID: unitID("the case"), Unit: units[r.owner].Code}), Facts: facts,
		Clocks: casework.Clocks(r.state, tables.Default(), unitID(r.owner), casework.UnitCode{Division: "990125101000", Body: "zt"}), Tables: tables.Default(), Owner: hexOf(unitID(r.owner)),
		Unit: bodyOf, By: Maker{Unit: units[r.owner].Unit, Seat: hexOf(unitID("seat")), SeatName: "周例计"}, At: "2026-09-18T10:00:00+08:00", Lang: data.Chinese, Have: have,
	}
}

func (r *record) build(kind string, have ...Have) Package {
	r.t.Helper()
	p, err := Build(r.input(kind, have...))
	if err != nil {
		r.t.Fatal(err)
	}
	return p
}
