package replica

import (
	"errors"
	"fmt"
	"slices"

	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/oplog"
	"hejie/sync/seal"
)

// Written is one operation of a record with its content, for histories.
type Written struct {
	Op       *oplog.Operation
	Meta     crdt.Meta
	Body     crdt.Body
	Readable bool
	Late     string // why it has no effect until adopted; empty otherwise
	// Why is why it has no effect here at all: a newer program's, or a body that
	// is none; 0 otherwise.
	Why crdt.Reason
}

// Apply brings the operation into a state as the record's own has it.
func (w *Written) Apply(s *crdt.State) error {
	switch {
	case w.Why == 0:
		return s.Apply(w.Meta, w.Body)
	case w.Readable:
		return s.Hold(w.Meta, w.Why, &w.Body)
	}
	return s.Hold(w.Meta, w.Why, nil)
}

// Operations reads a record's operations in the order of arrival.
func (r *Replica) Operations(rd store.Reader, record store.ID, fn func(Written) error) error {
	return members(rd, record, func(op *oplog.Operation) error {
		w := Written{Op: op}
		unit := r.authorUnit(op)
		w.Meta = metaOf(op, unit)
		var tr troubleRow
		if found, err := load(rd, rowKey(rowTrouble, op.ID[:]), &tr); err != nil {
			return err
		} else if found && tr.What == troubleLate {
			w.Late = tr.Reason
		} else if found && tr.What == troubleNewer {
			w.Why = crdt.NewerOperation
		}
		if op.Header.Key != nil {
			key, ok, err := r.keys.resolve(rd, *op.Header.Key)
			if err != nil {
				return err
			}
			if ok {
				content, err := op.Content(key)
				broken := errors.Is(err, seal.ErrContent)
				if err == nil {
					w.Body, err = crdt.DecodeBody(content)
					broken = err != nil
				}
				if broken && w.Why == 0 {
					w.Why = crdt.BrokenBody
				}
				w.Readable = err == nil
			}
		}
		return fn(w)
	})
}

// Past is a record's operations as read once, to look back from any of them.
type Past struct {
	schema crdt.Schema
	all    map[store.ID]Written
	// lost are operations whose bytes are lost, as the record's state has them.
	lost *crdt.State
}

// Past reads a record's operations. A late one is in its place without changes.
func (r *Replica) Past(rd store.Reader, record store.ID) (*Past, error) {
	var row recordRow
	found, err := load(rd, rowKey(rowRecord, record[:]), &row)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, fmt.Errorf("record %x: %w", record[:4], store.ErrNotFound)
	}
	p := &Past{schema: r.policy.Schema(row.Kind), all: map[store.ID]Written{}}
	if err := r.Operations(rd, record, func(w Written) error {
		p.all[w.Op.ID] = w
		return nil
	}); err != nil {
		return nil, err
	}
	if lost, err := lostNow(rd); err != nil {
		return nil, err
	} else if len(lost) > 0 {
		if p.lost, err = r.sharedState(rd, &row, record); err != nil {
			return nil, err
		}
	}
	for id, w := range p.all {
		if w.Late != "" {
			w.Body, w.Readable, w.Why = crdt.Body{}, true, 0
			w.Meta.Heads = slices.DeleteFunc(slices.Clone(w.Meta.Heads), func(h store.ID) bool { _, held := p.all[h]; return !held })
			p.all[id] = w
		}
	}
	return p, nil
}

// Written is one of the operations; false if it is not here or not readable.
func (p *Past) Written(id store.ID) (Written, bool) {
	w, ok := p.all[id]
	return w, ok && (w.Readable || w.Why != 0)
}

// Empty is the state before the record's first operation.
func (p *Past) Empty() *crdt.State { return crdt.New(p.schema) }

// At is the record's state as the author of these heads saw it.
func (p *Past) At(heads []store.ID) (*crdt.State, error) {
	s := p.Empty()
	var visit func(id store.ID) error
	visit = func(id store.ID) error {
		if s.Has(id) {
			return nil
		}
		w, ok := p.Written(id)
		if !ok && p.lost != nil {
			w, ok = p.fromState(id)
		}
		if !ok {
			return fmt.Errorf("operation %x, which these heads name, is not here: leave out the heads or synchronise first", id[:4])
		}
		for _, h := range w.Meta.Heads {
			if err := visit(h); err != nil {
				return err
			}
		}
		return w.Apply(s)
	}
	for _, h := range heads {
		if err := visit(h); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// fromState is an operation whose bytes are lost; only what it wrote is known.
func (p *Past) fromState(id store.ID) (Written, bool) {
	meta, body, ok := p.lost.Op(id)
	return Written{Meta: meta, Body: body, Readable: true}, ok
}

// StateAt is a record's state as the author of these heads saw it.
func (r *Replica) StateAt(rd store.Reader, record store.ID, heads []store.ID) (*crdt.State, error) {
	p, err := r.Past(rd, record)
	if err != nil {
		return nil, err
	}
	return p.At(heads)
}
