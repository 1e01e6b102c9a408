package exchangetest

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"hejie/store"
	"hejie/sync/exchange"
)

// Self implements exchange.Replica.
func (n *Node) Self() exchange.Self {
	return exchange.Self{Tree: n.tree, Unit: n.unit, Seat: n.Machine()}
}

// Introduction implements exchange.Replica.
func (n *Node) Introduction() [][]byte { return n.intro }

// Introduce implements exchange.Replica.
func (n *Node) Introduce(_ context.Context, frames [][]byte) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, f := range frames {
		if len(f) == 96 && store.ID(f[:32]) == n.tree {
			n.members[store.ID(f[32:64])] = store.ID(f[64:])
		}
	}
	return nil
}

// Member implements exchange.Replica.
func (n *Node) Member(machine store.ID) (store.ID, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	unit, ok := n.members[machine]
	return unit, ok
}

// Take implements exchange.Replica.
func (n *Node) Take(ctx context.Context, from exchange.Peer, frames []exchange.Wire) ([]exchange.Verdict, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.failTake != nil {
		return nil, n.failTake
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	out := make([]exchange.Verdict, len(frames))
	for i, w := range frames {
		out[i] = n.take(from, w.Bytes)
	}
	return out, nil
}

// LaterClass is a class of frames that this replica does not know: cargo.
const LaterClass = 9

// carried is a frame of cargo and the units with which it is settled.
type carried struct {
	wire exchange.Wire
	with map[store.ID]bool
}

func (n *Node) carry(from exchange.Peer, b []byte) exchange.Verdict {
	w := exchange.Wire{Kind: store.KindOperation, Bytes: slices.Clone(b)}
	id := exchange.CargoID(w)
	for _, c := range n.cargo {
		if exchange.CargoID(c.wire) == id {
			c.with[from.Unit] = true
			return exchange.Verdict{ID: id, Outcome: exchange.AsCargo}
		}
	}
	n.cargo = append(n.cargo, &carried{w, map[store.ID]bool{from.Unit: true}})
	return exchange.Verdict{ID: id, Outcome: exchange.AsCargo}
}

// Cargo implements exchange.Carrier.
func (n *Node) Cargo(_ context.Context, unit store.ID) (out []exchange.Wire, _ error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, c := range n.cargo {
		if !c.with[unit] {
			out = append(out, c.wire)
		}
	}
	return out, nil
}

// Settled implements exchange.Carrier.
func (n *Node) Settled(_ context.Context, unit store.ID, ids []store.ID) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, c := range n.cargo {
		if slices.Contains(ids, exchange.CargoID(c.wire)) {
			c.with[unit] = true
		}
	}
	return nil
}

func (n *Node) take(from exchange.Peer, b []byte) exchange.Verdict {
	if len(b) >= 42 && b[0] == LaterClass {
		return n.carry(from, b)
	}
	if len(b) < 42 || b[0] < 1 || b[0] > 4 {
		return exchange.Verdict{Outcome: exchange.Refused, Reason: exchange.ReasonMalformed, Sentence: "not a frame"}
	}
	id := idOf(b)
	if _, ok := n.frames[id]; ok {
		return exchange.Verdict{ID: id, Outcome: exchange.Duplicate}
	}
	if !bytes.Equal(b[len(b)-32:], id[:]) {
		if !slices.Contains(n.refused[from.Machine], id) {
			n.refused[from.Machine] = append(n.refused[from.Machine], id)
		}
		return exchange.Verdict{ID: id, Outcome: exchange.Refused, Reason: exchange.ReasonSignature, Sentence: "the signature does not fit"}
	}
	n.add(slices.Clone(b))
	return exchange.Verdict{ID: id, Outcome: exchange.Taken}
}

// Refused implements exchange.Replica.
func (n *Node) Refused(_ context.Context, from exchange.Peer) ([]store.ID, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.refused[from.Machine]), nil
}

// A receipt of the test's replica: machine, unit, counter, hash of all ids
// held, signature.
const (
	receiptBody = 32 + 32 + 8 + 32
	receiptSize = receiptBody + ed25519.SignatureSize
)

// Receipts implements exchange.Replica: all that are held, by machine.
func (n *Node) Receipts(context.Context, store.ID) ([][]byte, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	list := make([][]byte, 0, len(n.receipts))
	for _, r := range n.receipts {
		list = append(list, r)
	}
	slices.SortFunc(list, bytes.Compare)
	return list, nil
}

// OwnReceipt implements exchange.Replica.
func (n *Node) OwnReceipt(context.Context, store.ID) ([]byte, error) {
	h := sha256.New()
	for _, id := range n.IDs() {
		h.Write(id[:])
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	self := n.Machine()
	old := n.receipts[self]
	counter := uint64(1)
	if old != nil {
		if bytes.Equal(old[72:receiptBody], h.Sum(nil)) {
			return old, nil
		}
		counter = binary.BigEndian.Uint64(old[64:]) + 1
	}
	r := slices.Concat(self[:], n.unit[:])
	r = h.Sum(binary.BigEndian.AppendUint64(r, counter))
	r = append(r, ed25519.Sign(n.Key, r)...)
	n.receipts[self] = r
	return r, nil
}

// TakeReceipts implements exchange.Replica.
func (n *Node) TakeReceipts(_ context.Context, _ exchange.Peer, receipts [][]byte) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, r := range receipts {
		if len(r) != receiptSize || !ed25519.Verify(r[:32], r[:receiptBody], r[receiptBody:]) {
			continue
		}
		machine := store.ID(r[:32])
		old := n.receipts[machine]
		if machine != n.Machine() && (old == nil || bytes.Compare(old[64:72], r[64:72]) < 0) {
			n.receipts[machine] = slices.Clone(r)
		}
	}
	return nil
}

// Met implements exchange.Replica.
func (n *Node) Met(_ context.Context, _ exchange.Peer, report exchange.Report) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.meetings = append(n.meetings, report)
}
