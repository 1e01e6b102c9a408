package vectors

import (
	"context"
	"fmt"
	"time"

	"hejie/store"
	"hejie/store/host"
	"hejie/store/host/memfs"
	"hejie/store/mem"
	"hejie/store/packstore"
	"hejie/sync/crdt"
	"hejie/sync/exchange"
	"hejie/sync/oplog"
	"hejie/sync/replica"
)

// node is a station's replica without the layer above: its frames are real,
// its cases have no schema.
type node struct {
	place *place
	r     *replica.Replica
	s     *packstore.Store
	clock host.Clock
	rand  host.Random
}

// policy lets everybody write and shows nothing.
type policy struct{}

func (policy) Schema(oplog.Kind) crdt.Schema                                  { return crdt.Schema{"title": {Kind: crdt.Register}} }
func (policy) Judge(oplog.Kind, replica.Author, crdt.Body, []store.ID) string { return "" }
func (policy) Adopts(replica.Author) string                                   { return "" }
func (policy) Rows(replica.Record, *crdt.State, replica.Rows) error           { return nil }
func (policy) Hide(replica.Record, replica.Rows) error                        { return nil }
func (policy) Version() uint32                                                { return 1 }

// ticking goes on by a millisecond a look.
type ticking struct{ at int64 }

func (c *ticking) Now() time.Time { c.at++; return time.UnixMilli(c.at) }

// newNode makes p's node with these frames held.
func newNode(c *county, p *place, label string, frames []store.Frame) (*node, error) {
	n := &node{place: p, clock: &ticking{at: firstStamp>>16 + 100_000}, rand: seeded("node " + label)}
	n.r = replica.Make(replica.Options{Self: exchange.Self{Tree: c.court.id, Unit: p.id, Seat: p.machine.Public()}, Machine: p.machine.Private(), Policy: policy{}, Clock: n.clock, Random: n.rand})
	n.r.Keep(p.unit.Reading...)
	var err error
	n.s, err = mem.Open(context.Background(), packstore.Options{FS: memfs.New(1), Dir: "data", Key: [32]byte{7}, Applier: n.r, Random: n.rand, Reserve: -1})
	if err == nil {
		err = n.r.Open(context.Background(), n.s)
	}
	if err == nil && len(frames) > 0 {
		_, err = n.s.Append(context.Background(), frames)
	}
	return n, err
}

func (n *node) close() { _ = n.s.Close() }

func operations(ops ...*oplog.Operation) (out []store.Frame) {
	for _, op := range ops {
		out = append(out, store.Frame{ID: op.ID, Kind: store.KindOperation, Bytes: op.Frame})
	}
	return out
}

func wraps(list ...*oplog.SealedWrap) (out []store.Frame) {
	for _, w := range list {
		out = append(out, store.Frame{ID: w.ID, Kind: store.KindWrap, Bytes: w.Frame})
	}
	return out
}

// parsed reads frames back from a vector's hexadecimal.
func parsed(operationFrames, wrapFrames []string) ([]store.Frame, error) {
	var out []store.Frame
	for _, text := range operationFrames {
		op, err := oplog.Parse(unhex(text))
		if err != nil {
			return nil, err
		}
		out = append(out, operations(op)...)
	}
	for _, text := range wrapFrames {
		w, err := oplog.ParseWrap(unhex(text))
		if err != nil {
			return nil, err
		}
		out = append(out, wraps(w)...)
	}
	return out, nil
}

// held are all frames of a node in the order in which they came.
func (n *node) held() (ops, wrapFrames []string, err error) {
	ops, wrapFrames = []string{}, []string{}
	err = n.s.View(context.Background(), func(rd store.Reader) error {
		return rd.Frames(1, func(f store.Frame) (bool, error) {
			if f.Kind == store.KindWrap {
				wrapFrames = append(wrapFrames, hexed(f.Bytes))
			} else {
				ops = append(ops, hexed(f.Bytes))
			}
			return true, nil
		})
	})
	return ops, wrapFrames, err
}

// entries are the keys of a node's ordered set, and their fingerprint.
func entriesOf(s store.Store) (keys []string, fp store.Fingerprint, err error) {
	keys = []string{}
	err = s.View(context.Background(), func(rd store.Reader) error {
		if fp, err = rd.Fingerprint(store.EntryKey{}, store.EntryKey{}); err != nil {
			return err
		}
		return rd.Entries(store.EntryKey{}, store.EntryKey{}, func(k store.EntryKey) (bool, error) {
			keys = append(keys, hexed(k[:]))
			return true, nil
		})
	})
	if err == nil && uint64(len(keys)) != fp.Count {
		err = fmt.Errorf("%d keys and a count of %d", len(keys), fp.Count)
	}
	return keys, fp, err
}
