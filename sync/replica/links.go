package replica

import (
	"slices"

	"hejie/store"
	"hejie/sync/oplog"
)

// A log goes to the units above and below its parent. Others need it too: where
// people of units elsewhere in the tree work on a record, each side must know
// who the others are. A link says so. It gives the log an entry among the wraps,
// which goes to the units on the way alone: all of them hold what asked for the
// link, nobody else knows of it, and so all who share such an entry have it.
//
//   - Owner and granted unit know each other: the log of the one and those above
//     it go to the other.
//   - An author's log, and those above it, go to every unit of the record in
//     which he wrote. *Else a court's ruling waits for ever at the committee.*
//   - A unit and its masters know each other, whatever records there are; and so
//     do a master of a unit and all units below that one. *A court sends letters to
//     any village of the county that its township names it for.*

// link notes what a record asks of its units' logs, and enters the logs where
// they now go.
func (a *apply) link(row *recordRow) error {
	if row.Owner == (store.ID{}) {
		return nil // its first operation is not here
	}
	for _, unit := range row.Grants {
		if err := a.linkBoth(row.Owner, unit); err != nil {
			return err
		}
	}
	for _, author := range row.Authors {
		for _, to := range merge(row.reach(), []store.ID{row.Owner}) {
			if err := a.linkLine(author, to); err != nil {
				return err
			}
		}
	}
	return nil
}

// linkMasters lets a unit and those that its log, or the log of a unit above it,
// names as guiding court and supervising bureau know each other.
func (a *apply) linkMasters(unit store.ID) error {
	for _, named := range append(a.ancestors(unit), unit) {
		for _, master := range a.treeNow().masters[named] {
			if err := a.linkBoth(unit, master); err != nil {
				return err
			}
		}
	}
	return nil
}

// linkBelow is linkMasters for a unit and all below it.
func (a *apply) linkBelow(unit store.ID) error {
	for _, u := range a.units() {
		if u != unit && !slices.Contains(a.ancestors(u), unit) {
			continue
		}
		if err := a.linkMasters(u); err != nil {
			return err
		}
	}
	return nil
}

func (a *apply) linkBoth(x, y store.ID) error {
	if err := a.linkLine(x, y); err != nil {
		return err
	}
	return a.linkLine(y, x)
}

// linkLine lets the log of a unit, and those above it, go to another unit,
// unless it has them anyway. Where one of them has no place yet linkAll comes
// again.
func (a *apply) linkLine(of, to store.ID) error {
	p, placed := a.path(to)
	if _, known := a.path(of); !placed || !known || of == to {
		return nil
	}
	for _, log := range append(a.ancestors(of), of) {
		own, known := a.path(log)
		parent, ok := a.parentPath(log)
		if !known || !ok || goes(entryTree, parent, own, p) {
			continue
		}
		if err := a.linkLog(log, to); err != nil {
			return err
		}
	}
	return nil
}

func (a *apply) linkLog(unit, to store.ID) error {
	key := rowKey(rowLink, unit[:], to[:])
	if held, err := has(a.tx, key); err != nil || held {
		return err
	}
	a.noteLink(unit, to)
	if err := a.tx.Put(key, nil); err != nil {
		return err
	}
	return a.enterLog(unit)
}

// enterLog enters what is held of a unit's log where it goes now.
func (a *apply) enterLog(unit store.ID) error {
	row := recordRow{Kind: oplog.KindLog, Owner: unit, Audience: oplog.AudienceTree}
	groups := a.groups(row, oplog.ClassTree)
	for _, first := range a.registry.Logs(unit) {
		err := a.members(first, func(op *oplog.Operation) error {
			for _, g := range groups {
				if err := a.put(g, op.Header.Stamp, op.ID); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// linkAll links what every record that goes elsewhere and every unit asks for, and enters the logs again
// whose links lead to units that have a place only now.
func (a *apply) linkAll() error {
	a.relink = false
	var records []store.ID
	if err := a.tx.Scan([]byte{rowGrant}, nil, false, func(k, _ []byte) (bool, error) {
		records = append(records, lastID(k))
		return true, nil
	}); err != nil {
		return err
	}
	slices.SortFunc(records, compareIDs)
	for _, id := range slices.Compact(records) {
		w, err := a.record(id)
		if err != nil {
			return err
		}
		if err := a.link(&w.row); err != nil {
			return err
		}
	}
	for _, unit := range a.units() {
		if err := a.linkMasters(unit); err != nil {
			return err
		}
	}
	for _, unit := range a.linkedUnits() {
		if err := a.enterLog(unit); err != nil {
			return err
		}
	}
	return nil
}

// unlink forgets all links, to draw them anew after a move in the tree.
func (a *apply) unlink() error {
	for _, unit := range a.linkedUnits() {
		for _, to := range a.linked(unit) {
			if err := a.tx.Delete(rowKey(rowLink, unit[:], to[:])); err != nil {
				return err
			}
		}
	}
	a.linkMu.Lock()
	defer a.linkMu.Unlock()
	a.links = map[store.ID][]store.ID{}
	return nil
}

func (r *Replica) loadLinks(rd store.Reader) error {
	return rd.Scan([]byte{rowLink}, nil, false, func(k, _ []byte) (bool, error) {
		r.noteLink(store.ID(k[1:33]), lastID(k))
		return true, nil
	})
}

func (r *Replica) noteLink(unit, to store.ID) {
	r.linkMu.Lock()
	defer r.linkMu.Unlock()
	at, held := slices.BinarySearchFunc(r.links[unit], to, compareIDs)
	if held {
		return
	}
	if r.links == nil {
		r.links = map[store.ID][]store.ID{}
	}
	// A new slice each time: those handed out are read without the lock.
	r.links[unit] = slices.Insert(slices.Clone(r.links[unit]), at, to)
}

// linked are the units that a unit's log also goes to, sorted.
func (r *Replica) linked(unit store.ID) []store.ID {
	r.linkMu.Lock()
	defer r.linkMu.Unlock()
	return r.links[unit]
}

// linkedUnits are the units whose logs have links, sorted.
func (r *Replica) linkedUnits() []store.ID {
	r.linkMu.Lock()
	defer r.linkMu.Unlock()
	out := make([]store.ID, 0, len(r.links))
	for unit := range r.links {
		out = append(out, unit)
	}
	slices.SortFunc(out, compareIDs)
	return out
}
