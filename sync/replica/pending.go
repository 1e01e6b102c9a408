package replica

import (
	"bytes"
	"slices"

	"hejie/store"
	"hejie/sync/oplog"
)

// maxPending bounds the operations of one machine that are held here and wait for
// what nobody brought yet. Beyond it such an operation is "not yet" and is offered
// again: an honest queue goes on as what it waits for comes, and whoever names heads
// that there are none of fills his own room alone. A meeting that is cut off leaves
// a batch of some thousand small operations at most.
const maxPending = 4000

// pending notes whether an operation waits, by who brought it.
func (a *apply) pending(id store.ID, waits bool) error {
	f, err := a.tx.Frame(id)
	if unreadable(err) {
		return nil // a log entry that is judged from its copy
	}
	if err != nil {
		return err
	}
	if f.Local.Sender == (store.ID{}) {
		return nil
	}
	key := rowKey(rowPending, f.Local.Sender[:], id[:])
	if waits {
		return a.tx.Put(key, nil)
	}
	return a.tx.Delete(key)
}

// waits counts what a machine's operations wait, in one taking.
type waits struct {
	room  int
	batch map[store.ID]bool // what came with it
}

// waitsOf is how many operations more of a machine may wait here.
func (r *Replica) waitsOf(rd store.Reader, machine store.ID, in []incoming) (*waits, error) {
	w := &waits{room: maxPending, batch: map[store.ID]bool{}}
	for i := range in {
		if in[i].op != nil {
			w.batch[in[i].op.ID] = true
		}
	}
	if machine == (store.ID{}) {
		return w, nil
	}
	err := rd.Scan(rowKey(rowPending, machine[:]), nil, false, func(_, _ []byte) (bool, error) {
		w.room--
		return w.room > 0, nil
	})
	return w, err
}

// over reports whether a frame would wait here and its sender's room is used up.
func (w *waits) over(rd store.Reader, x *incoming) bool {
	if x.op == nil || x.op.Header.Class == oplog.ClassTree || !w.waits(rd, &x.op.Header) {
		return false
	}
	w.room--
	return w.room < 0
}

func (w *waits) waits(rd store.Reader, h *oplog.Header) bool {
	for _, list := range [][]oplog.ID{h.Heads, h.OwnerLog, h.AuthorLog} {
		for _, id := range list {
			if w.batch[id] {
				continue
			}
			if held, err := rd.Has(id); err == nil && !held {
				return true
			}
		}
	}
	return false
}

// Pending is how many operations a machine brought that wait for what nobody brought.
type Pending struct {
	Machine store.ID
	Unit    store.ID // zero where the logs here name none
	Count   int
}

// Pendings lists who brought what waits, the most first.
func (r *Replica) Pendings(rd store.Reader) (out []Pending, err error) {
	if err := rd.Scan([]byte{rowPending}, nil, false, func(k, _ []byte) (bool, error) {
		machine := store.ID(k[1:33])
		if n := len(out); n == 0 || out[n-1].Machine != machine {
			unit, _ := r.seatUnit(machine)
			out = append(out, Pending{Machine: machine, Unit: unit})
		}
		out[len(out)-1].Count++
		return true, nil
	}); err != nil {
		return nil, err
	}
	slices.SortFunc(out, func(x, y Pending) int {
		if x.Count != y.Count {
			return y.Count - x.Count
		}
		return bytes.Compare(x.Machine[:], y.Machine[:])
	})
	return out, nil
}
