package replica

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/oplog"
)

// Verified is what Verify found.
type Verified struct {
	Operations int
	Bad        []store.Damage
	// Newer is what newer programs wrote: sound as far as this one can tell, and
	// without effect here until it is updated.
	Newer []store.Damage
}

// Verify checks every frame held: form, signature, body, what the body says
// where it can be read, and that lanes are unbroken where they are held.
func (r *Replica) Verify(ctx context.Context) (Verified, error) {
	var v verifier
	err := r.store.View(ctx, func(rd store.Reader) error {
		v = verifier{Replica: r, rd: rd, at: map[lanePlace]store.ID{}, placeOf: map[store.ID]lanePlace{}}
		err := rd.Frames(1, func(f store.Frame) (bool, error) {
			if ctx.Err() != nil {
				return false, ctx.Err()
			}
			return true, v.frame(f)
		})
		if err == nil {
			v.links()
		}
		return err
	})
	v.out.Newer = append(v.out.Newer, r.carriedDamage()...)
	for _, list := range [][]store.Damage{v.out.Bad, v.out.Newer} {
		slices.SortFunc(list, func(x, y store.Damage) int { return strings.Compare(x.Where, y.Where) })
	}
	return v.out, err
}

type lanePlace struct {
	lane   oplog.Lane
	number uint64
}

// link is what an operation says of the one before it.
type link struct {
	of, previous store.ID
	place        lanePlace // where the one before belongs
}

type verifier struct {
	*Replica
	rd      store.Reader
	out     Verified
	at      map[lanePlace]store.ID
	placeOf map[store.ID]lanePlace
	linked  []link
}

func (v *verifier) bad(id store.ID, where, what string) {
	v.out.Bad = append(v.out.Bad, store.Damage{Where: fmt.Sprintf("%s %x", where, id[:8]), What: what, ID: id})
}

func (v *verifier) frame(f store.Frame) error {
	if f.Kind == store.KindWrap {
		if _, err := oplog.ParseWrap(f.Bytes); err != nil {
			v.bad(f.ID, "wrap", err.Error())
		}
		return nil
	}
	v.out.Operations++
	op, err := oplog.Parse(f.Bytes)
	if err != nil || op.ID != f.ID {
		v.bad(f.ID, "operation", fmt.Sprintf("its bytes are not what was signed: %v", err))
		return nil
	}
	h := &op.Header
	here := lanePlace{h.Lane(), h.Number}
	v.at[here], v.placeOf[op.ID] = op.ID, here
	if h.Previous != nil {
		v.linked = append(v.linked, link{op.ID, *h.Previous, lanePlace{h.Lane(), h.Number - 1}})
	}
	return v.content(op)
}

// content tells what can be said of an operation beyond its bytes.
func (v *verifier) content(op *oplog.Operation) error {
	var tr troubleRow
	found, err := load(v.rd, rowKey(rowTrouble, op.ID[:]), &tr)
	if err != nil {
		return err
	}
	if found && tr.What == troubleNewer {
		v.out.Newer = append(v.out.Newer, store.Damage{Where: fmt.Sprintf("operation %x", op.ID[:8]), What: "a newer program wrote it: update this one", ID: op.ID})
		return nil
	}
	if op.Header.Key == nil {
		return nil
	}
	key, ok, err := v.keys.resolve(v.rd, *op.Header.Key)
	if err != nil || !ok {
		return err
	}
	content, err := op.Content(key)
	if errors.Is(err, oplog.ErrNewer) {
		return nil
	}
	if err == nil {
		_, err = crdt.DecodeBody(content)
	}
	if err != nil {
		v.bad(op.ID, "operation", fmt.Sprintf("its author's program wrote a body that can't be read, and it has no effect: %v", err))
	}
	return nil
}

// links holds every operation to the one before it in its lane.
func (v *verifier) links() {
	for _, l := range v.linked {
		if place, held := v.placeOf[l.previous]; held {
			if place != l.place {
				v.bad(l.of, "operation", fmt.Sprintf("it says that it comes after %x, which is not the one before it in its lane", l.previous[:8]))
			}
			continue
		}
		// The sides of a fork may go to different units: who holds a part of both
		// lacks nothing. Status names the seat that forked.
		if other, held := v.at[l.place]; held && !v.forked(l.place.lane) {
			v.out.Bad = append(v.out.Bad, store.Damage{
				Where: fmt.Sprintf("lane of seat %x at %d", l.place.lane.Seat[:8], l.place.number),
				What:  fmt.Sprintf("the next operation, %x, names another one than the one held here", l.of[:8]), ID: other,
			})
		}
	}
}

// forked tells whether a lane is known to have two ends.
func (v *verifier) forked(lane oplog.Lane) bool {
	var row laneRow
	found, err := load(v.rd, laneKey(lane), &row)
	return err == nil && found && row.Forked
}

// carriedDamage lists the cargo held.
func (r *Replica) carriedDamage() (out []store.Damage) {
	r.cargo.mu.Lock()
	defer r.cargo.mu.Unlock()
	for id, c := range r.cargo.facts {
		out = append(out, store.Damage{Where: fmt.Sprintf("carried frame %x", id[:8]), What: fmt.Sprintf("%d bytes of kind %d that this program can't check: update it", c.Size, c.Kind), ID: id})
	}
	return out
}
