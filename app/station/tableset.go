package station

import (
	"slices"
	"sync"
	"time"

	"hejie/app/casework"
	"hejie/app/tables"
	"hejie/store"
	"hejie/sync/identity"
)

// maxTableSets bounds how many units' tables are kept at once; a province asks
// for those of more than it has in hand and works them out again.
const maxTableSets = 4096

// tableCache keeps what publications say and the sets that follow from them. The
// sets are a function of the logs held and of a day, so they hold until an
// entry comes; what an entry says holds for ever.
type tableCache struct {
	mu      sync.Mutex
	version uint64 // of the registry from which sets were made
	sets    map[tableSet]*tables.Set
	read    map[*identity.Table]*tables.Published // nil: can't be read here
}

type tableSet struct {
	unit store.ID
	day  string // empty: whatever their first day
}

// tables are the tables as they stand for an owner's cases on a day (ISO, a
// Beijing day): the program's own, overlaid by what the units above the owner
// published, from the root down, by what the court and the bureau that its log
// names did, and then by what it published itself. What was
// published without authority, or where the table is the other master's, with a hole or by a program that writes what
// this one can't read counts for nothing. Of an owner whose log is not here only
// the program's own are known.
func (o *opened) tables(owner store.ID, day string) *tables.Set {
	reg := o.replica.Registry()
	version := reg.Version()
	c := &o.tableCache
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.version != version || len(c.sets) > maxTableSets {
		c.version, c.sets = version, map[tableSet]*tables.Set{}
	}
	set := tables.Default()
	up := reg.AncestorsOf(owner)
	slices.Reverse(up)
	var chain []store.ID
	for _, unit := range append(up, owner) {
		at := tableSet{unit, day}
		next := publishers(reg, chain, unit)
		if c.sets[at] == nil {
			c.sets[at] = c.further(set, reg, chain, next, day)
		}
		set, chain = c.sets[at], next
	}
	return set
}

// further lays what units publish over the set of those that come before them.
// Where a court or a bureau comes in that did not stand over the unit before,
// all is laid anew: what the other said of its tables no longer counts. c.mu is
// held.
func (c *tableCache) further(set *tables.Set, reg *identity.Registry, before, all []store.ID, day string) *tables.Set {
	from := len(before)
	if under := tables.Default().Under(bodiesOf(reg, all)); !slices.Equal(under.Over(), set.Over()) {
		set, from = under, 0
	}
	for _, by := range all[from:] {
		set = c.over(set, reg, by, day)
	}
	return set
}

// bodiesOf are the kinds of bodies of units.
func bodiesOf(reg *identity.Registry, units []store.ID) []string {
	var out []string
	for _, id := range units {
		if u, known := reg.Unit(id); known {
			out = append(out, bodyOf(u))
		}
	}
	return out
}

// tablesAbove are the tables of a unit without what it published itself.
func (o *opened) tablesAbove(u identity.Unit, day string) *tables.Set {
	reg := o.replica.Registry()
	all := publishersOf(reg, u.ID)
	c := &o.tableCache
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.further(tables.Default(), reg, nil, all[:len(all)-1], day)
}

// publishers are the units whose tables hold for a unit, in the order in which
// they are laid: above those that hold for its parent. Then come the court and
// the bureau that its log names, each after those above it, and the unit itself.
func publishers(reg *identity.Registry, above []store.ID, unit store.ID) []store.ID {
	chain := slices.Clone(above)
	u, known := reg.Unit(unit)
	for _, kind := range []identity.RelationKind{identity.RelationGuided, identity.RelationSupervised} {
		master, ok := u.Master(kind)
		if !known || !ok || master == unit {
			continue
		}
		line := append([]store.ID{master}, reg.AncestorsOf(master)...)
		for _, by := range slices.Backward(line) {
			if by != unit && !slices.Contains(chain, by) {
				chain = append(chain, by)
			}
		}
	}
	return append(chain, unit)
}

// publishersOf are those of a unit from the root on.
func publishersOf(reg *identity.Registry, unit store.ID) (chain []store.ID) {
	up := reg.AncestorsOf(unit)
	slices.Reverse(up)
	for _, x := range append(up, unit) {
		chain = publishers(reg, chain, x)
	}
	return chain
}

// over lays what one unit published over the tables as those above it left
// them; c.mu is held.
func (c *tableCache) over(set *tables.Set, reg *identity.Registry, unit store.ID, day string) *tables.Set {
	var laid []tables.Published
	for _, p := range c.published(reg, unit) {
		if p.doc != nil && set.MayPublish(p.doc.Table, p.doc.Body) {
			laid = append(laid, *p.doc)
		}
	}
	if laid = tables.InForce(laid, day); len(laid) == 0 {
		return set
	}
	next, err := set.With(laid)
	if err != nil {
		return set // nothing that With refuses is in the list; whoever breaks that leaves the tables as they were
	}
	return next
}

// publication is a version of a table in a unit's log, with what it says; doc
// is nil where this program can't read it.
type publication struct {
	identity.Published
	doc *tables.Published
}

// published reads what a unit published; c.mu is held.
func (c *tableCache) published(reg *identity.Registry, unit store.ID) []publication {
	list := reg.TablesOf(unit)
	if len(list) == 0 {
		return nil
	}
	u, _ := reg.Unit(unit)
	body := bodyOf(u)
	out := make([]publication, len(list))
	for i, p := range list {
		out[i].Published = p
		if doc := c.document(p.Table); doc != nil {
			own := *doc
			own.Publisher, own.Body = hexID(unit), body
			out[i].doc = &own
		}
	}
	return out
}

// document reads one version; an item that names another table, version or day
// than its document is a modified program's and says nothing.
func (c *tableCache) document(t *identity.Table) *tables.Published {
	if p, known := c.read[t]; known {
		return p
	}
	p, err := tables.Parse(t.Content)
	if err != nil || p.Table != t.Name || uint64(p.Version) != t.Version || p.ValidFrom != t.Day {
		p = nil
	}
	if c.read == nil {
		c.read = map[*identity.Table]*tables.Published{}
	}
	c.read[t] = p
	return p
}

// bodyOf is what kind of body a unit is, as the unit above said; "" where its
// code says none.
func bodyOf(u identity.Unit) string {
	code, _, err := casework.ParseUnitCode(u.CodeByParent)
	if err != nil {
		return ""
	}
	return code.Body
}

// Tables are the tables that hold today for an owner's cases. They are shared
// and must not be changed.
func (ss *Session) Tables(owner store.ID) *tables.Set { return ss.TablesOn(owner, ss.today()) }

// TablesOn are the tables that held, hold or will hold on a day (ISO, a Beijing
// day), as far as the logs here tell: a pure function of them and of the day.
func (ss *Session) TablesOn(owner store.ID, day string) *tables.Set {
	return ss.open.tables(owner, day)
}

// today is the Beijing day of this computer's clock.
func (ss *Session) today() string {
	return casework.BeijingDay(ss.station.o.Clock.Now().Format(time.RFC3339))
}
