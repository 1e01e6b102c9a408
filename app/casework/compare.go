package casework

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"reflect"
	"slices"

	"hejie/sync/crdt"
)

// Compared is an operation of a case, or of its digest, as the two are compared.
// Of a digest's operation Name is the case operation that it projects (header
// field 23). Changes are those of its body as it was decoded.
type Compared struct {
	crdt.Meta
	Schema  uint64 // header field 15
	Changes []crdt.Change
}

// Faults of a digest.
const (
	// DigestMissing: an operation of the case shows something, and nothing projects it here yet.
	DigestMissing = "missing"
	// DigestFalse: a projection says another thing than the schema that it names.
	DigestFalse = "false"
)

// DigestFault is what is wrong with a digest, and whose it is: of what is missing
// the author of the case operation, of what is false that of the projection.
type DigestFault struct {
	Fault  string
	Case   crdt.ID // the case operation
	Digest crdt.ID // the projection that is false; zero where it is missing
	Seat   crdt.ID
	Unit   crdt.ID
}

// CompareDigest compares the accepted operations of a case with those of its
// digest, in whatever order they come. It is a function of both sets and reads
// nothing else, so that all who hold them answer alike:
//
//   - what projects an operation that is not held, or by a schema that this
//     program does not know, is not compared and makes nothing missing: a newer
//     program is never accused;
//   - an operation whose projection has not come is missing one, and never false;
//   - who projects an operation again and has seen the earlier projection takes
//     its place: so a fault is mended, by whoever may.
func CompareDigest(whole, digest []Compared) []DigestFault {
	shown := map[crdt.ID][]*Compared{}
	for i := range digest {
		shown[digest[i].Name] = append(shown[digest[i].Name], &digest[i])
	}
	saw := seenIn(digest)
	var out []DigestFault
	for i := range whole {
		op := &whole[i]
		list := shown[op.ID]
		if want, _ := Project(ProjectionSchema, op.Changes); len(list) == 0 && Touches(want) {
			out = append(out, DigestFault{Fault: DigestMissing, Case: op.ID, Seat: op.Seat, Unit: op.Unit})
		}
		for _, d := range list {
			mended := slices.ContainsFunc(list, func(o *Compared) bool { return saw(o.ID, d.ID) })
			if want, known := Project(d.Schema, op.Changes); known && !mended && !shows(d.Changes, want) {
				out = append(out, DigestFault{Fault: DigestFalse, Case: op.ID, Digest: d.ID, Seat: d.Seat, Unit: d.Unit})
			}
		}
	}
	slices.SortFunc(out, func(a, b DigestFault) int {
		return cmp.Or(bytes.Compare(a.Case[:], b.Case[:]), bytes.Compare(a.Digest[:], b.Digest[:]))
	})
	return out
}

// Asked is the hash of what a case asks of its digest, Told of what a digest says:
// equal where the digest is whole and true, and else CompareDigest tells whether
// anybody is at fault. Marks are left out.
func Asked(whole *crdt.State) [sha256.Size]byte {
	var said [][]byte
	for _, op := range whole.Ops() {
		_, body, _ := whole.Op(op.ID)
		if want, _ := Project(ProjectionSchema, body.Changes); Touches(want) {
			said = append(said, saying(op.ID, want))
		}
	}
	return hashOf(said)
}

// Told is Asked's other half.
func Told(digest *crdt.State) [sha256.Size]byte {
	var said [][]byte
	for _, op := range digest.Ops() {
		_, body, _ := digest.Op(op.ID)
		changes := body.Changes
		for len(changes) > 0 && ofMarks(changes[len(changes)-1]) {
			changes = changes[:len(changes)-1]
		}
		if Touches(changes) && !digest.Overtaken(op.ID) {
			said = append(said, saying(op.Name, changes))
		}
	}
	return hashOf(said)
}

// saying is what one operation says under its name; voids at the end say nothing.
func saying(name crdt.ID, changes []crdt.Change) []byte {
	for len(changes) > 0 && changes[len(changes)-1].Void {
		changes = changes[:len(changes)-1]
	}
	raw, err := crdt.EncodeBody(crdt.Body{Changes: changes})
	if err != nil {
		raw = []byte(err.Error()) // breaks a limit: differs from whatever can be told
	}
	return append(name[:], raw...)
}

func hashOf(said [][]byte) [sha256.Size]byte {
	slices.SortFunc(said, bytes.Compare)
	h := sha256.New()
	for _, b := range slices.CompactFunc(said, bytes.Equal) {
		sum := sha256.Sum256(b)
		h.Write(sum[:])
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// ofMarks reports whether a change stands in no projection: a void, or one of the
// marks that whoever saves next brings up to date.
func ofMarks(c crdt.Change) bool {
	return c.Void || len(c.Path) == 1 && c.Path[0].Field == fieldMarks && (c.Kind == crdt.Add || c.Kind == crdt.Remove)
}

// seenIn tells for two operations whether the first had seen the second.
func seenIn(ops []Compared) func(by, what crdt.ID) bool {
	heads := map[crdt.ID][]crdt.ID{}
	for i := range ops {
		heads[ops[i].ID] = ops[i].Heads
	}
	return func(by, what crdt.ID) bool {
		if by == what {
			return false
		}
		looked, next := map[crdt.ID]bool{by: true}, []crdt.ID{by}
		for len(next) > 0 {
			id := next[len(next)-1]
			next = next[:len(next)-1]
			for _, h := range heads[id] {
				if h == what {
					return true
				}
				if !looked[h] {
					looked[h] = true
					next = append(next, h)
				}
			}
		}
		return false
	}
}

// shows reports whether a digest operation's changes are a projection, with
// nothing but marks behind it.
func shows(changes, want []crdt.Change) bool {
	if len(changes) < len(want) || !sameChanges(changes[:len(want)], want) {
		return false
	}
	for _, c := range changes[len(want):] {
		if !ofMarks(c) {
			return false
		}
	}
	return true
}

// sameChanges compares changes by their encoding; what has none, as a change that
// breaks a limit, by its content.
func sameChanges(a, b []crdt.Change) bool {
	x, errA := crdt.EncodeBody(crdt.Body{Changes: a})
	y, errB := crdt.EncodeBody(crdt.Body{Changes: b})
	if errA != nil || errB != nil {
		return reflect.DeepEqual(a, b)
	}
	return bytes.Equal(x, y)
}
