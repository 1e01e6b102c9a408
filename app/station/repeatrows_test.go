package station

import (
	"crypto/sha256"
	"slices"
	"strings"
	"testing"

	"hejie/app/casework"
	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/oplog"
	"hejie/sync/replica"
)

// memoryRows are a policy's rows without a store.
type memoryRows map[string][]byte

func (m memoryRows) Get(key []byte) ([]byte, bool, error) {
	v, ok := m[string(key)]
	return v, ok, nil
}

func (m memoryRows) Put(key, value []byte) error {
	m[string(key)] = slices.Clone(value)
	return nil
}

func (m memoryRows) Delete(key []byte) error {
	delete(m, string(key))
	return nil
}

func (m memoryRows) under(prefix []byte) int {
	n := 0
	for k := range m {
		if strings.HasPrefix(k, string(prefix)) {
			n++
		}
	}
	return n
}

// TestRowsOfRepeatsComeAndGo: whatever of a case is shown and hidden, in any
// order, its rows are those of what is shown, and none is left at the end.
func TestRowsOfRepeatsComeAndGo(t *testing.T) {
	id := store.ID(sha256.Sum256([]byte("case")))
	doc, _, err := casework.ParseDocument([]byte(`{"category":"02","source":"application","title":"墙","received_at":"2026-03-09T09:00:00+08:00","facts":"墙","parties":[{"side":"applicant","kind":"person","name":"李大样","id_number":"` + firstNumber + `"},{"side":"respondent","kind":"person","name":"王小例"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	whole, digest := crdt.New(casework.CaseSchema()), crdt.New(casework.DigestSchema())
	changes := casework.NewChanges(doc)
	mark := func(number, _ string) ([8]byte, bool) {
		sum := sha256.Sum256([]byte(number))
		return [8]byte(sum[:8]), true
	}
	if err := whole.Apply(crdt.Meta{ID: id, Name: id}, crdt.Body{Changes: changes}); err != nil {
		t.Fatal(err)
	}
	shown := append(projected(changes), casework.MarkChanges(digest, whole, mark, crdt.MaxChanges)...)
	if err := digest.Apply(crdt.Meta{ID: store.ID{1}, Name: id}, crdt.Body{Changes: shown}); err != nil {
		t.Fatal(err)
	}
	caseRec := replica.Record{ID: id, Case: id, Kind: oplog.KindCase}
	digestRec := replica.Record{ID: store.ID{1}, Case: id, Kind: oplog.KindDigest}
	show := func(rows memoryRows, rec replica.Record, s *crdt.State) func() error {
		return func() error { return policy{}.Rows(rec, s, rows) }
	}
	hide := func(rows memoryRows, rec replica.Record) func() error {
		return func() error { return policy{}.Hide(rec, rows) }
	}
	for name, order := range map[string]string{"digest first": "dcDC", "case first": "cdCD", "digest goes first": "dcDdcDC", "case goes and comes": "dcCcCD", "twice": "ddccDC"} {
		rows := memoryRows{}
		here := map[rune]bool{}
		for _, what := range order {
			do := map[rune]func() error{'c': show(rows, caseRec, whole), 'd': show(rows, digestRec, digest), 'C': hide(rows, caseRec), 'D': hide(rows, digestRec)}[what]
			if err := do(); err != nil {
				t.Fatal(err)
			}
			here[what|0x20] = what >= 'a'
			wantMarks, wantPeople := 0, 0
			if here['d'] {
				wantMarks = 1
			}
			if here['c'] {
				wantPeople = 3 // a number and two names
			}
			if m, p := rows.under(rowMarkPrefix), rows.under(rowPeoplePrefix); m != wantMarks || p != wantPeople {
				t.Errorf("%s, after %c: %d rows of marks, want %d; %d of people, want %d", name, what, m, wantMarks, p, wantPeople)
			}
		}
		if len(rows) != 0 {
			t.Errorf("%s: %d rows are left: %q", name, len(rows), rows)
		}
	}
}
