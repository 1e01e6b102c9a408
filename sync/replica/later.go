package replica

import (
	"hejie/store"
	"hejie/sync/oplog"
)

// An operation of a later class is held, entered and handed on by its header
// alone, so that old and new programs have one set: it goes to the units of its
// route. It belongs to no record here and is judged by nobody.

// routedTo are the places of an operation of a later class.
func (r *Replica) routedTo(h *oplog.Header) []group {
	owner, known := r.path(h.Owner)
	if !known {
		return nil
	}
	audience := []Path{}
	for _, unit := range h.Route {
		if p, ok := r.path(unit); ok {
			audience = append(audience, p)
		}
	}
	return ends(entryLater, owner, audience)
}

// later derives what follows from holding such an operation.
func (a *apply) later(op *oplog.Operation) error {
	if err := a.lane(op); err != nil {
		return err
	}
	if err := a.tx.Put(rowKey(rowLater, op.ID[:]), nil); err != nil {
		return err
	}
	for _, unit := range op.Header.Route {
		if err := a.tx.Put(rowKey(rowRouted, unit[:], op.ID[:]), nil); err != nil {
			return err
		}
	}
	a.queue = append(a.queue, op.ID)
	return a.putAll(a.routedTo(&op.Header), op.Header.Stamp, op.ID)
}

// laterTo enters what goes to units whose paths were not known here before.
func (a *apply) laterTo(placed []store.ID) error {
	for _, unit := range placed {
		list, err := ids(a.tx, rowKey(rowRouted, unit[:]))
		if err != nil {
			return err
		}
		for _, id := range list {
			op, err := heldOperation(a.tx, id)
			if err != nil {
				return err
			}
			if op == nil {
				continue
			}
			// Places that were ends of the way before may lie on it now: they are told anew.
			for _, g := range a.laterBefore(&op.Header, placed) {
				if err := a.tx.Leave(entryKey(g, op.Header.Stamp, op.ID)); err != nil {
					return err
				}
			}
			if err := a.putAll(a.routedTo(&op.Header), op.Header.Stamp, op.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// laterBefore are its places as they were while some units had none.
func (a *apply) laterBefore(h *oplog.Header, placed []store.ID) []group {
	before := *h
	before.Route = without(h.Route, placed)
	return a.routedTo(&before)
}
