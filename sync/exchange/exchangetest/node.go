// Package exchangetest holds what tests of the exchange share: a small honest
// replica in memory, and one suite that every road passes.
//
// It is for tests only and may not be imported by anything else. Invariant:
// its replica keeps the contract of exchange.Replica to the letter, so that
// what passes here fails over a real store only by the store's fault.
package exchangetest

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"math/bits"
	"math/rand/v2"
	"slices"
	"sort"
	"sync"
	"time"

	"hejie/store"
	"hejie/sync/exchange"
)

// Node is a replica in memory with the server that answers for it.
type Node struct {
	Key    ed25519.PrivateKey
	Server *exchange.Server
	Random *Random
	Clock  *Clock

	tree, unit store.ID

	mu       sync.Mutex // guards everything that follows
	frames   map[store.ID]store.Frame
	keys     []store.EntryKey // ascending
	views    map[store.ID]*view
	members  map[store.ID]store.ID // machine -> unit
	intro    [][]byte
	refused  map[store.ID][]store.ID // machine -> ids refused from it
	receipts map[store.ID][]byte     // machine -> its newest
	cargo    []*carried              // in the order in which it came
	meetings []exchange.Report
	failTake error
}

// Random is a seeded random source that several sessions may read at once.
type Random struct {
	mu     sync.Mutex
	source *rand.ChaCha8
}

// Read implements host.Random.
func (r *Random) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.source.Read(p)
}

// Clock is a test's clock; it stands until it is moved.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now implements host.Clock.
func (c *Clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }

// Advance moves the clock.
func (c *Clock) Advance(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.now = c.now.Add(d) }

// Tree is the tree of every node that NewNode makes.
var Tree = store.ID(sha256.Sum256([]byte("tree")))

// NewNode makes an empty node whose key and randomness follow from seed. It
// knows only itself; its introduction admits it wherever it is shown.
func NewNode(seed uint64) *Node {
	var s [32]byte
	binary.BigEndian.PutUint64(s[:], seed+1)
	n := &Node{
		Key: ed25519.NewKeyFromSeed(s[:]), Random: &Random{source: rand.NewChaCha8(s)}, Clock: &Clock{now: time.Unix(0, 0)},
		tree: Tree, unit: store.ID(sha256.Sum256(s[:])),
		frames: make(map[store.ID]store.Frame), views: make(map[store.ID]*view),
		members: make(map[store.ID]store.ID), refused: make(map[store.ID][]store.ID), receipts: make(map[store.ID][]byte),
	}
	n.members[n.Machine()] = n.unit
	n.intro = [][]byte{slices.Concat(n.tree[:], n.Key.Public().(ed25519.PublicKey), n.unit[:])}
	server, err := exchange.NewServer(n, n.Clock, n.Random)
	if err != nil {
		panic(err) // a test's random source does not fail
	}
	n.Server = server
	return n
}

// Machine is the machine seat's name.
func (n *Node) Machine() store.ID { return store.ID(n.Key.Public().(ed25519.PublicKey)) }

// Unit is the node's unit.
func (n *Node) Unit() store.ID { return n.unit }

// Knows makes the nodes known to this one.
func (n *Node) Knows(others ...*Node) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, o := range others {
		n.members[o.Machine()] = o.unit
	}
}

// Forgets makes a machine unknown again, as a revocation does.
func (n *Node) Forgets(machine store.ID) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.members, machine)
}

// MoveTo puts the node into another tree.
func (n *Node) MoveTo(tree store.ID) { n.tree = tree }

// HideIntroduction leaves the node without entries that admit it.
func (n *Node) HideIntroduction() { n.intro = nil }

// FailTake makes every Take fail with err, as a full disk does; nil ends it.
func (n *Node) FailTake(err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.failTake = err
}

// ForgetRefusals judges everything anew, as an update of the program does.
func (n *Node) ForgetRefusals() {
	n.mu.Lock()
	defer n.mu.Unlock()
	clear(n.refused)
}

// Meetings are the reports that Met was called with.
func (n *Node) Meetings() []exchange.Report {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.meetings)
}

// Carries are the ids of the cargo held.
func (n *Node) Carries() (ids []store.ID) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, c := range n.cargo {
		ids = append(ids, exchange.CargoID(c.wire))
	}
	return ids
}

// Frame makes a frame's bytes: its class, whom it is shared with (0: everyone;
// otherwise only nodes whose unit's first byte is congruent to it modulo 3),
// its stamp, content, and a checksum that stands for a signature.
func Frame(class, scope byte, stamp uint64, content []byte) []byte {
	b := binary.BigEndian.AppendUint64([]byte{class, scope}, stamp)
	b = append(b, content...)
	sum := sha256.Sum256(b)
	return append(b, sum[:]...)
}

// Add puts frames into the node, as if they were made here.
func (n *Node) Add(frames ...[]byte) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, b := range frames {
		n.add(b)
	}
}

// AddBroken holds a frame whose checksum is wrong: every other node refuses it.
func (n *Node) AddBroken(frame []byte) store.ID {
	b := slices.Clone(frame)
	b[len(b)-1] ^= 1
	n.Add(b)
	return idOf(b)
}

// AddAs holds a frame under an id that is not its own, as a forger of sums does.
func (n *Node) AddAs(id store.ID, frame []byte) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.addAs(id, frame)
}

// IDs are the ids of all frames held, ascending.
func (n *Node) IDs() []store.ID {
	n.mu.Lock()
	defer n.mu.Unlock()
	ids := make([]store.ID, 0, len(n.frames))
	for id := range n.frames {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b store.ID) int { return bytes.Compare(a[:], b[:]) })
	return ids
}

// SharedIDs are those of them that this node shares with the other.
func (n *Node) SharedIDs(with *Node) []store.ID {
	var ids []store.ID
	for _, id := range n.IDs() {
		f := n.frames[id]
		if shared(f.Bytes[1], n.unit, with.unit) {
			ids = append(ids, id)
		}
	}
	return ids
}

func idOf(frame []byte) store.ID { return sha256.Sum256(frame[:len(frame)-32]) }

func shared(scope byte, a, b store.ID) bool {
	return scope == 0 || a[0]%3 == scope%3 && b[0]%3 == scope%3
}

func (n *Node) add(b []byte) { n.addAs(idOf(b), b) }

func (n *Node) addAs(id store.ID, b []byte) {
	k := store.KindOperation
	if b[0] == 2 {
		k = store.KindWrap
	}
	n.frames[id] = store.Frame{ID: id, Kind: k, Bytes: b}
	var key store.EntryKey
	key[0], key[1], key[2], key[18] = b[0], 1, b[1], b[1]
	copy(key[33:], b[2:10])
	copy(key[41:], id[:])
	at := sort.Search(len(n.keys), func(i int) bool { return bytes.Compare(n.keys[i][:], key[:]) >= 0 })
	n.keys = slices.Insert(n.keys, at, key)
	clear(n.views)
}

// view is a consistent state of what is shared with one unit.
type view struct {
	keys   []store.EntryKey
	sums   [][4]uint64
	frames map[store.ID]store.Frame
}

func (n *Node) viewFor(unit store.ID) *view {
	n.mu.Lock()
	defer n.mu.Unlock()
	if v := n.views[unit]; v != nil {
		return v
	}
	v := &view{frames: make(map[store.ID]store.Frame), sums: make([][4]uint64, 1)}
	for _, k := range n.keys {
		if !shared(k[2], n.unit, unit) {
			continue
		}
		id := store.ID(k[41:])
		v.keys, v.frames[id] = append(v.keys, k), n.frames[id]
		sum := v.sums[len(v.sums)-1]
		var carry uint64
		for w := 3; w >= 0; w-- {
			sum[w], carry = bits.Add64(sum[w], binary.BigEndian.Uint64(id[8*w:]), carry)
		}
		v.sums = append(v.sums, sum)
	}
	n.views[unit] = v
	return v
}

func (v *view) span(lo, hi store.EntryKey) (int, int) {
	rank := func(k store.EntryKey) int {
		return sort.Search(len(v.keys), func(i int) bool { return bytes.Compare(v.keys[i][:], k[:]) >= 0 })
	}
	from, to := rank(lo), len(v.keys)
	if hi != (store.EntryKey{}) {
		to = max(from, rank(hi))
	}
	return from, to
}

// Fingerprint implements reconcile.Set.
func (v *view) Fingerprint(lo, hi store.EntryKey) (store.Fingerprint, error) {
	from, to := v.span(lo, hi)
	fp := store.Fingerprint{Count: uint64(to - from)}
	var borrow, d uint64
	for w := 3; w >= 0; w-- {
		d, borrow = bits.Sub64(v.sums[to][w], v.sums[from][w], borrow)
		binary.BigEndian.PutUint64(fp.Sum[8*w:], d)
	}
	return fp, nil
}

// Entries implements reconcile.Set.
func (v *view) Entries(lo, hi store.EntryKey, fn func(store.EntryKey) (bool, error)) error {
	from, to := v.span(lo, hi)
	for _, k := range v.keys[from:to] {
		if ok, err := fn(k); err != nil || !ok {
			return err
		}
	}
	return nil
}

// EntryAt implements reconcile.Set.
func (v *view) EntryAt(lo, hi store.EntryKey, i uint64) (store.EntryKey, error) {
	from, to := v.span(lo, hi)
	if i >= uint64(to-from) {
		return store.EntryKey{}, store.ErrNotFound
	}
	return v.keys[from+int(i)], nil
}

// Frame implements exchange.Shared.
func (v *view) Frame(id store.ID) (store.Frame, error) {
	f, ok := v.frames[id]
	if !ok {
		return f, store.ErrNotFound
	}
	return f, nil
}

var (
	_ exchange.Replica = (*Node)(nil)
	_ exchange.Shared  = (*view)(nil)
)

// Shared implements exchange.Replica.
func (n *Node) Shared(ctx context.Context, unit store.ID, fn func(exchange.Shared) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return fn(n.viewFor(unit))
}
