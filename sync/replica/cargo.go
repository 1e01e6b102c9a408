package replica

import (
	"bytes"
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"hejie/store"
	"hejie/sync/dcbor"
	"hejie/sync/exchange"
)

// Cargo are frames that a newer program made and this one can't check
// (docs/format-exchange.md 7). They are facts of this machine: no entry, no
// receipt, no row hangs on them.

// Limits of cargo. Nobody can tell what lies in it, so each sender has room of
// his own and nobody's is taken away by another's.
const (
	// maxCargoOf bounds what is kept of one sender: some thousand edits of a
	// program that was updated before this one.
	maxCargoOf = 2 << 20
	// maxCargo bounds all of it: sixteen such senders.
	maxCargo = 32 << 20
	// leastCargo is what a frame costs at least, so that small ones are few too.
	leastCargo = 1 << 10
	// maxSettled bounds the units remembered for one frame; a county's centre
	// meets some hundred. Beyond that it may be given again.
	maxSettled = 1024
)

const (
	cargoPrefix     = "cargo/"    // → the frame's bytes
	cargoMetaPrefix = "cargo-of/" // → cargoFact
)

// cargoFact is what is known of a frame of cargo beside its bytes.
type cargoFact struct {
	Kind    store.FrameKind `cbor:"1,keyasint"`
	Size    uint64          `cbor:"2,keyasint"`
	Machine store.ID        `cbor:"3,keyasint"` // who brought it
	At      int64           `cbor:"4,keyasint"` // milliseconds since 1970, this machine's clock
	Settled []store.ID      `cbor:"5,keyasint"` // units that have it or don't want it, sorted
}

func (c *cargoFact) cost() uint64 { return max(c.Size, leastCargo) }

// hold is the cargo held.
type hold struct {
	mu    sync.Mutex // guards everything that follows
	facts map[store.ID]cargoFact
}

func cargoKey(id store.ID) string     { return cargoPrefix + hex.EncodeToString(id[:]) }
func cargoMetaKey(id store.ID) string { return cargoMetaPrefix + hex.EncodeToString(id[:]) }

// loadCargo reads what is held. A frame whose bytes are gone is forgotten: who
// gave it may give it again.
func (r *Replica) loadCargo() error {
	r.cargo.facts = map[store.ID]cargoFact{}
	return r.store.ScanFacts(cargoMetaPrefix, func(key string, v []byte) (bool, error) {
		var c cargoFact
		id, err := parseID(strings.TrimPrefix(key, cargoMetaPrefix))
		if err == nil && dcbor.Unmarshal(v, &c) == nil {
			r.cargo.facts[id] = c
		}
		return true, nil
	})
}

// keepCargo keeps a frame that this program can't check, or says why not.
func (r *Replica) keepCargo(ctx context.Context, from exchange.Peer, x *incoming) error {
	r.cargo.mu.Lock()
	defer r.cargo.mu.Unlock()
	id := x.frame.ID
	if c, held := r.cargo.facts[id]; held {
		x.verdict = exchange.Verdict{ID: id, Outcome: exchange.AsCargo}
		return r.settle(ctx, id, c, from.Unit)
	}
	c := cargoFact{Kind: x.frame.Kind, Size: uint64(len(x.frame.Bytes)), Machine: from.Machine, At: r.now()}
	if from.Unit != (store.ID{}) {
		c.Settled = []store.ID{from.Unit}
	}
	of, all := c.cost(), c.cost()
	for _, other := range r.cargo.facts {
		all += other.cost()
		if other.Machine == c.Machine {
			of += other.cost()
		}
	}
	if of > maxCargoOf || all > maxCargo || c.Machine == (store.ID{}) {
		x.refuse(exchange.ReasonQuota, "it is of a newer program, and there is no more room here to carry such for its sender: update this station's program")
		return nil
	}
	// The bytes first: what is said to be held is there.
	if err := r.store.PutFact(ctx, cargoKey(id), x.frame.Bytes); err != nil {
		return err
	}
	if err := r.store.PutFact(ctx, cargoMetaKey(id), dcbor.Must(c)); err != nil {
		return err
	}
	r.cargo.facts[id] = c
	x.verdict = exchange.Verdict{ID: id, Outcome: exchange.AsCargo}
	return nil
}

// settle notes that a unit has a frame; the caller holds the lock.
func (r *Replica) settle(ctx context.Context, id store.ID, c cargoFact, unit store.ID) error {
	at, there := slices.BinarySearchFunc(c.Settled, unit, compareIDs)
	if there || unit == (store.ID{}) || len(c.Settled) == maxSettled {
		return nil
	}
	c.Settled = slices.Insert(slices.Clone(c.Settled), at, unit)
	if err := r.store.PutFact(ctx, cargoMetaKey(id), dcbor.Must(c)); err != nil {
		return err
	}
	r.cargo.facts[id] = c
	return nil
}

// Cargo implements exchange.Carrier: the oldest first.
func (r *Replica) Cargo(_ context.Context, unit store.ID) ([]exchange.Wire, error) {
	r.cargo.mu.Lock()
	defer r.cargo.mu.Unlock()
	var out []exchange.Wire
	size := uint64(0)
	for _, id := range r.cargoIDs() {
		c := r.cargo.facts[id]
		if _, there := slices.BinarySearchFunc(c.Settled, unit, compareIDs); there {
			continue
		}
		if size += c.Size; len(out) == exchange.MaxCargo || len(out) > 0 && size > exchange.MaxBatch {
			break
		}
		b, err := r.store.GetFact(cargoKey(id))
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, exchange.Wire{Kind: c.Kind, Bytes: b})
	}
	return out, nil
}

// cargoIDs are the frames held in the order in which they came; the caller
// holds the lock.
func (r *Replica) cargoIDs() []store.ID {
	ids := make([]store.ID, 0, len(r.cargo.facts))
	for id := range r.cargo.facts {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(x, y store.ID) int {
		return cmp.Or(cmp.Compare(r.cargo.facts[x].At, r.cargo.facts[y].At), bytes.Compare(x[:], y[:]))
	})
	return ids
}

// Settled implements exchange.Carrier.
func (r *Replica) Settled(ctx context.Context, unit store.ID, ids []store.ID) error {
	r.cargo.mu.Lock()
	defer r.cargo.mu.Unlock()
	for _, id := range ids {
		if c, held := r.cargo.facts[id]; held {
			if err := r.settle(ctx, id, c, unit); err != nil {
				return err
			}
		}
	}
	return nil
}

// retryCargo takes what is held as cargo again: an updated program may know it
// now, and then it becomes what it was meant to be.
func (r *Replica) retryCargo(ctx context.Context) error {
	r.cargo.mu.Lock()
	ids := r.cargoIDs()
	r.cargo.mu.Unlock()
	for _, id := range ids {
		r.cargo.mu.Lock()
		c := r.cargo.facts[id]
		r.cargo.mu.Unlock()
		b, err := r.store.GetFact(cargoKey(id))
		if errors.Is(err, store.ErrNotFound) {
			b = nil
		} else if err != nil {
			return err
		}
		unit, _ := r.Member(c.Machine)
		v, err := r.Take(ctx, exchange.Peer{Machine: c.Machine, Unit: unit}, []exchange.Wire{{Kind: c.Kind, Bytes: b}})
		if err != nil {
			return fmt.Errorf("taking what was carried: %w", err)
		}
		if o := v[0]; o.Outcome == exchange.AsCargo || o.Outcome == exchange.Refused && o.Reason == exchange.ReasonNotYet {
			continue
		}
		if err := r.dropCargo(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

func (r *Replica) dropCargo(ctx context.Context, id store.ID) error {
	r.cargo.mu.Lock()
	defer r.cargo.mu.Unlock()
	delete(r.cargo.facts, id)
	if err := r.store.DeleteFact(ctx, cargoMetaKey(id)); err != nil {
		return err
	}
	return r.store.DeleteFact(ctx, cargoKey(id))
}

// carried counts the cargo held.
func (r *Replica) carried() int {
	r.cargo.mu.Lock()
	defer r.cargo.mu.Unlock()
	return len(r.cargo.facts)
}
