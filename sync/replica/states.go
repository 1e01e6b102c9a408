package replica

import (
	"crypto/sha256"
	"slices"
	"sync"

	"hejie/store"
	"hejie/sync/crdt"
)

// Limits of the states kept decoded: a case of thousands of operations takes a
// good part of a second to decode, a usual one a fraction of a millisecond.
const (
	keptStates   = 16
	keptStateMin = 8 << 10 // bytes of the snapshot
	// keptWeight bounds them together: a unit takes some 300 bytes.
	keptWeight = 2 * MaxWeight
)

// stateCache keeps the last large states decoded, by what they were decoded
// from. Its states are read by several at once and never changed; one that nobody
// was given yet may be claimed for changing.
type stateCache struct {
	mu   sync.Mutex
	kept []keptState // the last used at the end
}

type keptState struct {
	record store.ID
	sum    [32]byte // of the snapshot; of a large record stampOf
	state  *crdt.State
	weight uint64
	own    bool // given to nobody
}

func (c *stateCache) keep(record store.ID, snapshot []byte, s *crdt.State) {
	if len(snapshot) >= keptStateMin {
		c.put(keptState{record: record, sum: sha256.Sum256(snapshot), state: s, weight: uint64(len(snapshot)) / weightBytes})
	}
}

func (c *stateCache) put(k keptState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept = slices.DeleteFunc(c.kept, func(x keptState) bool { return x.record == k.record })
	total := k.weight
	for _, x := range c.kept {
		total += x.weight
	}
	for len(c.kept) > 0 && (len(c.kept) >= keptStates || total > keptWeight) {
		total -= c.kept[0].weight
		c.kept = slices.Delete(c.kept, 0, 1)
	}
	c.kept = append(c.kept, k)
}

func (c *stateCache) get(record store.ID, sum [32]byte) *crdt.State {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.IndexFunc(c.kept, func(x keptState) bool { return x.record == record && x.sum == sum })
	if i < 0 {
		return nil
	}
	k := c.kept[i]
	k.own = false
	c.kept = append(slices.Delete(c.kept, i, i+1), k)
	return k.state
}

// claim takes out a state that nobody else has, for changing.
func (c *stateCache) claim(record store.ID, sum [32]byte) *crdt.State {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.IndexFunc(c.kept, func(x keptState) bool { return x.record == record && x.sum == sum && x.own })
	if i < 0 {
		return nil
	}
	k := c.kept[i]
	c.kept = slices.Delete(c.kept, i, i+1)
	return k.state
}

// sharedState is a record's state for reading only.
func (r *Replica) sharedState(rd store.Reader, row *recordRow, record store.ID) (*crdt.State, error) {
	schema := r.policy.Schema(row.Kind)
	if row.Weight > r.due.large {
		sum := stampOf(row)
		if s := r.states.get(record, sum); s != nil {
			return s, nil
		}
		s, err := r.fold(rd, schema, record)
		if err == nil {
			r.states.put(keptState{record: record, sum: sum, state: s, weight: row.Weight})
		}
		return s, err
	}
	b, err := snapshot(rd, record)
	if err != nil {
		return nil, err
	}
	if b == nil {
		return crdt.New(schema), nil
	}
	if len(b) < keptStateMin {
		return crdt.Decode(schema, b)
	}
	sum := sha256.Sum256(b)
	if s := r.states.get(record, sum); s != nil {
		return s, nil
	}
	s, err := crdt.Decode(schema, b)
	if err != nil {
		return nil, err
	}
	r.states.put(keptState{record: record, sum: sum, state: s, weight: row.Weight})
	return s, nil
}
