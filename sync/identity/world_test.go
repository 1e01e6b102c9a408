package identity

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"testing"

	"hejie/store/host"
	"hejie/sync/oplog"
	"hejie/sync/seal"
)

// seeded is a random source whose bytes depend on its name alone.
func seeded(name string) host.Random {
	return rand.NewChaCha8(sha256.Sum256([]byte(name)))
}

// station is one unit's keys, as its data folders hold them.
type station struct {
	w       *world
	name    string
	id      ID
	seat    SeatKeys
	machine SigningKey
	unit    UnitKeys
	request *Request
	first   ID
	issuing *Cert
	sheet   Sheet
	second  Sheet // a root's
}

func (s *station) issuer() Issuer { return Issuer{*s.unit.Issuing, s.issuing} }

// world makes real signed operations of unit logs and remembers them all.
type world struct {
	t       testing.TB
	tree    ID
	root    *station
	entries []Entry
	numbers map[oplog.Lane]*oplog.Operation
	random  io.Reader

	stations int // makes units of one name differ
}

func newWorld(t testing.TB) *world {
	w := &world{t: t, numbers: map[oplog.Lane]*oplog.Operation{}, random: seeded("world " + t.Name())}
	w.root = w.station("根法院", Admin, Judge)
	a := w.admitRoot(w.root)
	w.tree = w.root.id
	w.root.issuing = a.Issuing
	w.root.first = w.write(w.root, entry{by: w.root.seat.Signing, branch: BranchOwn, items: []Item{a}}).ID
	return w
}

// admitRoot is the first entry's item of a root with a second sheet.
func (w *world) admitRoot(s *station) *Admit {
	w.t.Helper()
	var err error
	s.second, err = NewSecondSheet(seeded("second sheet " + s.name))
	w.must(err)
	promise, err := s.second.Promise()
	w.must(err)
	a, err := AdmitRoot(s.request, *s.unit.Issuing, promise)
	w.must(err)
	return a
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// station makes the keys and the request of a unit.
func (w *world) station(name string, roles ...Role) *station {
	w.t.Helper()
	w.stations++
	r := seeded(fmt.Sprint(w.t.Name(), name, w.stations))
	s := &station{w: w, name: name}
	var err error
	s.seat, err = NewSeatKeys(r)
	w.must(err)
	s.machine, err = NewSigningKey(r)
	w.must(err)
	s.unit, err = NewUnitKeys(r, slices.Contains(roles, Admin))
	w.must(err)
	s.sheet, err = NewSheet(r)
	w.must(err)
	escrow, err := SealEscrow(r, s.sheet, s.unit)
	w.must(err)
	s.request, err = NewUnitRequest(NewUnit{
		Code: "990000000000-" + fmt.Sprint(len(name)), Name: name, SeatName: "李大样", Roles: roles,
		Seat: s.seat, Unit: s.unit, Machine: s.machine, Escrow: escrow,
	})
	w.must(err)
	s.id = s.request.Unit
	return s
}

type entry struct {
	by       SigningKey
	branch   Branch
	prev     ID // zero: the first entry of a log
	ownerLog []ID
	author   []ID
	items    []Item
	raw      []byte // instead of items
	tree     ID     // instead of the world's
}

// write signs an entry of s's log and takes it down.
func (w *world) write(s *station, e entry) Entry {
	w.t.Helper()
	content, err := e.raw, error(nil)
	if content == nil {
		content, err = EncodeContent(e.items)
	}
	w.must(err)
	h := oplog.Header{
		Tree: w.tree, Owner: s.id, Class: oplog.ClassTree, Kind: oplog.KindLog, Branch: e.branch,
		Seat: e.by.Public(), Number: 1, AuthorLog: sortIDs(slices.Clone(e.author)), Stamp: uint64(len(w.entries)),
	}
	if (e.prev == ID{}) {
		h.Audience = oplog.AudienceTree
	} else {
		first := s.first
		h.Record, h.Heads = &first, []ID{e.prev}
		h.OwnerLog = sortIDs(slices.Clone(e.ownerLog))
		if len(h.OwnerLog) == 0 {
			h.OwnerLog = []ID{e.prev}
		}
	}
	if e.tree != (ID{}) {
		h.Tree = e.tree
	}
	if last := w.numbers[h.Lane()]; last != nil {
		h.Number, h.Previous = last.Header.Number+1, &last.ID
	}
	op, err := oplog.Make(h, seal.Key{}, content, e.by.Private(), w.random)
	w.must(err)
	w.numbers[h.Lane()] = op
	op, err = oplog.Parse(op.Frame)
	w.must(err)
	got, err := EntryOf(op)
	w.must(err)
	w.entries = append(w.entries, got)
	return got
}

// admit enrols child under parent at parent's heads.
func (w *world) admit(parent, child *station, parentHeads ...ID) Entry {
	w.t.Helper()
	if len(parentHeads) == 0 {
		parentHeads = []ID{parent.first}
	}
	seg := Segment{}
	binary.BigEndian.PutUint16(seg[:], uint16(len(w.entries)))
	a, err := AdmitUnit(child.request, parent.issuer(), seg, true)
	w.must(err)
	child.issuing = a.Issuing
	e := w.write(child, entry{by: parent.seat.Signing, branch: BranchParent, author: parentHeads, items: []Item{a}})
	child.first = e.ID
	return e
}

// person makes a seat's keys and its request.
func (w *world) person(s *station, name string, kind RequestKind, roles ...Role) (SeatKeys, *Request) {
	w.t.Helper()
	k, err := NewSeatKeys(seeded(w.t.Name() + s.name + name))
	w.must(err)
	q, err := NewSeatRequest(NewSeat{Unit: s.id, SeatName: name, Roles: roles, Seat: k, Recovered: kind == RequestRecovered})
	w.must(err)
	return k, q
}

// seatItem enrols a new person, certified by an issuer.
func (w *world) seatItem(s *station, by Issuer, name string, kind RequestKind, roles ...Role) (SeatKeys, *AddSeat) {
	w.t.Helper()
	k, q := w.person(s, name, kind, roles...)
	it, err := AdmitSeat(q, by, s.id, s.name)
	w.must(err)
	return k, it
}

// registry folds entries in the order given.
func (w *world) registry(entries []Entry) *Registry {
	r := NewRegistry(w.tree)
	for _, e := range entries {
		r.Add(e)
	}
	return r
}

// all folds everything that was written.
func (w *world) all() *Registry { return w.registry(w.entries) }

func mustUnit(t testing.TB, r *Registry, s *station) Unit {
	t.Helper()
	u, ok := r.Unit(s.id)
	if !ok {
		t.Fatalf("%s is not known", s.name)
	}
	return u
}

func wantState(t testing.TB, r *Registry, e Entry, want EntryState) {
	t.Helper()
	got, why, missing, ok := r.EntryState(e.ID)
	if !ok || got != want {
		t.Fatalf("entry %x is %v (%s, lacks %d), want %v", e.ID[:4], got, why, len(missing), want)
	}
}
