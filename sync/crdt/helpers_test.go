package crdt_test

import (
	"crypto/sha256"
	"fmt"

	"hejie/sync/crdt"
)

// caseSchema has every kind of field, maps inside maps included.
var caseSchema = crdt.Schema{
	"title":  {Kind: crdt.Register, Type: &crdt.Type{Kind: crdt.TextType, Max: 10}},
	"amount": {Kind: crdt.Register, Legal: true},
	"tags":   {Kind: crdt.Set},
	"story":  {Kind: crdt.Text},
	"agenda": {Kind: crdt.List},
	"track":  {Kind: crdt.Events},
	"parties": {Kind: crdt.Map, Entry: crdt.Schema{
		"name":  {Kind: crdt.Register, Type: &crdt.Type{Kind: crdt.TextType, Min: 1, Max: 30, Required: true}},
		"debt":  {Kind: crdt.Register, Legal: true},
		"roles": {Kind: crdt.Set},
		"note":  {Kind: crdt.Text},
		"steps": {Kind: crdt.List},
		"seen":  {Kind: crdt.Events, Type: &crdt.Type{Kind: crdt.StepType, Tag: "step", Steps: map[string]*crdt.Type{"look": {Kind: crdt.PartsType}}}},
		"phones": {Kind: crdt.Map, Entry: crdt.Schema{
			"number": {Kind: crdt.Register},
		}},
	}},
}

// f builds a path of field names and entries.
func f(parts ...any) crdt.Path {
	var p crdt.Path
	for _, x := range parts {
		switch x := x.(type) {
		case string:
			p = append(p, crdt.Segment{Field: x})
		case crdt.Ref:
			p = append(p, crdt.Segment{Entry: x})
		default:
			panic(fmt.Sprintf("no segment: %T", x))
		}
	}
	return p
}

// failer is what helpers need of a test; testing's and rapid's own have it.
type failer interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// replica is one writer with its own copy of the record.
type replica struct {
	tb    failer
	state *crdt.State
	seat  byte
	count int
	log   []sent
}

// sent is an operation under way.
type sent struct {
	meta crdt.Meta
	body crdt.Body
}

func newReplica(tb failer, seat byte) *replica {
	return &replica{tb: tb, state: crdt.New(caseSchema), seat: seat}
}

// write makes an operation of the changes at the replica's heads and applies it.
func (r *replica) write(changes ...crdt.Change) sent {
	r.tb.Helper()
	return r.send(crdt.Body{Changes: changes})
}

// send makes an operation of a body at the replica's heads and applies it.
func (r *replica) send(body crdt.Body) sent {
	r.tb.Helper()
	r.count++
	op := sent{body: body}
	op.meta.Heads = r.state.Heads()
	op.meta.Stamp = uint64(r.count)
	op.meta.Seat[0] = r.seat
	op.meta.Unit[0] = 0xee
	raw, err := crdt.EncodeBody(op.body)
	if err != nil {
		r.tb.Fatalf("encode: %v", err)
	}
	op.meta.ID = hashID(r.seat, r.count, fmt.Sprint(op.meta.Heads), string(raw))
	op.meta.Name = op.meta.ID
	r.take(op)
	return op
}

func (r *replica) take(op sent) {
	r.tb.Helper()
	if r.state.Has(op.meta.ID) {
		return
	}
	if err := r.state.Apply(op.meta, op.body); err != nil {
		r.tb.Fatalf("apply: %v", err)
	}
	r.log = append(r.log, op)
}

// pull takes everything that another replica holds.
func (r *replica) pull(from *replica) {
	r.tb.Helper()
	for _, op := range from.log {
		r.take(op)
	}
}

func hashID(parts ...any) crdt.ID {
	return crdt.ID(sha256.Sum256([]byte(fmt.Sprintln(parts...))))
}
