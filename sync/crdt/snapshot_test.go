package crdt_test

import (
	"bytes"
	"errors"
	"testing"

	"hejie/sync/crdt"
)

// sampleState has every kind of field in it.
func sampleState(tb failer) (*crdt.State, []sent) {
	w := newWorld(tb, seeded(11), true)
	w.run(60)
	s := crdt.New(caseSchema)
	for _, op := range w.all {
		if err := s.Apply(op.meta, op.body); err != nil {
			tb.Fatal(err)
		}
	}
	return s, w.all
}

// TestSnapshotThenMore encodes after every operation and goes on with what was
// decoded.
func TestSnapshotThenMore(t *testing.T) {
	want, all := sampleState(t)
	s := crdt.New(caseSchema)
	for _, op := range all {
		again, err := crdt.Decode(caseSchema, s.Encode())
		if err != nil {
			t.Fatal(err)
		}
		same(t, "decoded", s, again)
		s = again
		if err := s.Apply(op.meta, op.body); err != nil {
			t.Fatal(err)
		}
	}
	same(t, "in pieces", want, s)
}

// TestSnapshotRefusesDamage flips every bit and cuts at every length.
func TestSnapshotRefusesDamage(t *testing.T) {
	r := newReplica(t, 1)
	r.write(append(r.state.TextSplice(f("story"), 0, 0, "某日"), crdtAssign(r)...)...)
	raw := r.state.Encode()
	for i := range raw {
		if _, err := crdt.Decode(caseSchema, raw[:i]); err == nil {
			t.Fatalf("a snapshot cut at %d was taken", i)
		}
		for bit := range 8 {
			bad := bytes.Clone(raw)
			bad[i] ^= 1 << bit
			s, err := crdt.Decode(caseSchema, bad)
			if err == nil && !bytes.Equal(s.Encode(), bad) {
				t.Fatalf("byte %d bit %d: taken, and encoded otherwise", i, bit)
			}
		}
	}
	if _, err := crdt.Decode(caseSchema, append(raw, 0)); err == nil {
		t.Fatal("a snapshot with a tail was taken")
	}
}

func crdtAssign(r *replica) []crdt.Change {
	return []crdt.Change{r.state.AssignChange(f("title"), "借款")}
}

func TestSnapshotOtherSchema(t *testing.T) {
	s, _ := sampleState(t)
	other := crdt.Schema{"title": {Kind: crdt.Register, Legal: true}}
	if _, err := crdt.Decode(other, s.Encode()); !errors.Is(err, crdt.ErrOtherSchema) {
		t.Fatalf("got %v, want ErrOtherSchema", err)
	}
	var bad *crdt.SnapshotError
	if _, err := crdt.Decode(caseSchema, []byte{0x80}); !errors.As(err, &bad) {
		t.Fatalf("got %v, want a SnapshotError", err)
	}
}

func TestEmptySnapshot(t *testing.T) {
	s, err := crdt.Decode(caseSchema, crdt.New(caseSchema).Encode())
	if err != nil || s.Len() != 0 || s.Depth() != 0 || s.Heads() != nil {
		t.Fatalf("the empty state came back as %v (%v)", s, err)
	}
}

// FuzzDecodeSnapshot: no bytes panic, and what is taken has one encoding.
func FuzzDecodeSnapshot(f *testing.F) {
	s, _ := sampleState(f)
	f.Add(s.Encode())
	f.Add(crdt.New(caseSchema).Encode())
	r := newReplica(f, 1)
	r.write(crdtAssign(r)...)
	f.Add(r.state.Encode())
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := crdt.Decode(caseSchema, data)
		if err != nil {
			return
		}
		if !bytes.Equal(s.Encode(), data) {
			t.Fatal("a snapshot was taken that is encoded otherwise")
		}
		s.Shown()
	})
}
