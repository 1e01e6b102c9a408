package register

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"hejie/app/casework"
	"hejie/sync/crdt"
)

// record is a register record that operations are written to, as replicas do.
type record struct {
	id  crdt.ID
	ops []written
}

type written struct {
	meta    crdt.Meta
	changes []crdt.Change
}

// opCount names operations: each differently, the same in every run.
var opCount uint32

// write makes one operation of changes upon the states that the author saw.
func (r *record) write(t *testing.T, seat byte, heads []crdt.ID, changes []crdt.Change) {
	t.Helper()
	opCount++
	var id crdt.ID
	binary.LittleEndian.PutUint32(id[:], opCount*2654435761) // scattered, so that ids are not in the order of writing
	meta := crdt.Meta{ID: id, Name: id, Heads: heads, Stamp: uint64(len(r.ops)+1) << 16, Seat: [32]byte{seat}}
	r.ops = append(r.ops, written{meta, changes})
	if r.id == (crdt.ID{}) {
		r.id = id
	}
}

// state applies the operations in a given order (parents first is the
// replica's work: here an order that does not fit is made one).
func (r *record) state(t *testing.T, order []int) *crdt.State {
	t.Helper()
	s := crdt.New(Schema())
	left := append([]int(nil), order...)
	for len(left) > 0 {
		before := len(left)
		var again []int
		for _, i := range left {
			ready := true
			for _, h := range r.ops[i].meta.Heads {
				ready = ready && s.Has(h)
			}
			if !ready {
				again = append(again, i)
				continue
			}
			if err := s.Apply(r.ops[i].meta, crdt.Body{Changes: r.ops[i].changes}); err != nil {
				t.Fatal(err)
			}
		}
		if left = again; len(left) == before {
			t.Fatal("operations wait for ever")
		}
	}
	return s
}

func (r *record) all(t *testing.T) *crdt.State {
	order := make([]int, len(r.ops))
	for i := range order {
		order[i] = i
	}
	return r.state(t, order)
}

func patch(t testing.TB, raw string) Patch {
	t.Helper()
	p, err := ParsePatch([]byte(raw))
	if err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return p
}

// unit is a register of one record on one desk.
type unit struct {
	t   *testing.T
	rec record
}

func (u *unit) parts() []Part { return []Part{{u.rec.id, u.rec.all(u.t)}} }

func (u *unit) show() Register {
	if len(u.rec.ops) == 0 {
		return Show("unit", nil)
	}
	return Show("unit", u.parts())
}

func (u *unit) set(raw string) Register {
	u.t.Helper()
	s := u.rec.all(u.t)
	e, err := Edit([]Part{{u.rec.id, s}}, patch(u.t, raw))
	if err != nil {
		u.t.Fatalf("%s: %v", raw, err)
	}
	if !e.None() {
		u.rec.write(u.t, 1, s.Heads(), e.Changes[0])
	}
	return u.show()
}

func (u *unit) refused(raw, code, path string) {
	u.t.Helper()
	s := crdt.New(Schema())
	if len(u.rec.ops) > 0 {
		s = u.rec.all(u.t)
	}
	p, err := ParsePatch([]byte(raw))
	if err == nil {
		_, err = Edit([]Part{{u.rec.id, s}}, p)
	}
	var problems casework.Problems
	if !errors.As(err, &problems) {
		u.t.Errorf("%s: %v, want %s", raw, err, code)
		return
	}
	if problems[0].Code != code || path != "" && problems[0].Path != path {
		u.t.Errorf("%s: %s at %q (%v), want %s at %q", raw, problems[0].Code, problems[0].Path, err, code, path)
	}
	for _, p := range problems {
		if p.Why("zh") == "" || p.Why("en") == "" || strings.Contains(p.Error(), "{") && !strings.Contains(p.Error(), "{…}") {
			u.t.Errorf("%s has no sentence: %q", p.Code, p.Error())
		}
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func seatID(n int) string { return fmt.Sprintf("%064x", n) }
