package sim

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"

	"hejie/store"
	"hejie/sync/oplog"
)

// model is what somebody would know who saw everything: which operations there
// are, who was promised what, and who holds what. It uses no merging, no
// exchange and no rows of the program: headers as they were signed, and sets.
type model struct {
	machines []*machine
	ops      map[store.ID]*operation
	cases    map[store.ID]*caseFile // by the id of the case
	saves    []*save
	numbers  map[place]store.ID // who had a number of a lane first
	forged   map[store.ID]bool  // operations that a liar made by hand
	forked   map[store.ID]bool  // seats of which copies ran side by side
	texts    map[string]*text   // what people wrote, by its mark
	drafts   map[store.ID]*draft
	twice    []*operation      // that bear a number that another bears
	excused  map[store.ID]bool // that nobody held any more after a fault took them
}

// operation is one operation that somebody made.
type operation struct {
	id     store.ID
	header oplog.Header
	record store.ID
	of     store.ID // the case that it belongs to; zero: none
	unit   store.ID // its author's, where an honest machine made it
	by     *machine // that made it; nil: nobody honest
	forged bool     // a liar's, which no honest program makes: nothing is promised of it
}

// caseFile is what the model knows of a case.
type caseFile struct {
	id      store.ID
	owner   store.ID
	granted map[store.ID][]store.ID // unit → the operations that grant
}

// place is a number in a lane: bearing it twice is a fork.
type place struct {
	lane   oplog.Lane
	number uint64
}

// save is what a person was told is saved.
type save struct {
	what string
	at   *machine
	ids  []store.ID // of its frames, operations and wraps
}

// text is a mark that a person wrote into a case.
type text struct {
	mark  string
	of    store.ID // the case; zero until the save that brings it is known
	at    *machine
	notes bool // in the body's own notes
}

// ledger is what the model knows of one machine.
type ledger struct {
	seen uint64                // sequence of the last frame looked at
	held map[store.ID]struct{} // frames
	// lost tells that a fault may have taken something that was saved here.
	lost bool
	// flipped: a byte flipped since the last boot, and nobody may have read it yet.
	flipped bool
	// older: the folder is an older copy since the last boot. It knows nothing of what
	// it held later, and need tell nothing.
	older bool
	// cold: the machine lost power since its program last began.
	cold bool
	// harmed: something was done to the folder, ever.
	harmed bool
	// missing are the frames that damage to the packs took, as of the last boot:
	// what the folder must tell of, until it holds them again.
	missing map[store.ID]bool // whether it must tell: no power cut may have torn what it knew
	lied    bool              // the machine is hostile: nothing is believed of it
}

func newModel() *model {
	return &model{
		ops: map[store.ID]*operation{}, cases: map[store.ID]*caseFile{}, numbers: map[place]store.ID{},
		forked: map[store.ID]bool{}, forged: map[store.ID]bool{}, excused: map[store.ID]bool{}, texts: map[string]*text{}, drafts: map[store.ID]*draft{},
	}
}

// look brings the model up to what a running machine holds, and returns the ids
// of the frames that came since the last look.
func (md *model) look(m *machine) ([]store.ID, error) {
	if !m.up() {
		return nil, errDown
	}
	var fresh []store.ID
	err := m.replica.View(context.Background(), func(rd store.Reader) error {
		return rd.Frames(m.seen+1, func(f store.Frame) (bool, error) {
			m.seen = f.Seq
			fresh = append(fresh, f.ID)
			m.held[f.ID] = struct{}{}
			if f.Kind != store.KindOperation || md.ops[f.ID] != nil {
				return true, nil
			}
			return true, md.meet(m, &f)
		})
	})
	return fresh, err
}

// meet takes an operation that the model had not seen.
func (md *model) meet(m *machine, f *store.Frame) error {
	op, err := oplog.Trusted(f.Bytes)
	if err != nil {
		return fmt.Errorf("%s holds a frame that is no operation: %w", m.name, err)
	}
	o := &operation{id: op.ID, header: op.Header, record: op.RecordID()}
	if f.Local.Sender == (store.ID{}) {
		o.by, o.unit = m, m.unit
	}
	switch {
	case o.header.Kind == oplog.KindCase:
		o.of = o.record
	case o.header.Case != nil:
		o.of = *o.header.Case
	}
	md.ops[o.id] = o
	if o.forged = md.forged[o.id]; o.forged {
		return nil
	}
	md.number(o)
	if o.header.Kind == oplog.KindCase {
		c := md.cases[o.of]
		if c == nil {
			c = &caseFile{id: o.of, owner: o.header.Owner, granted: map[store.ID][]store.ID{}}
			md.cases[o.of] = c
		}
		for _, u := range o.header.Grants {
			c.granted[u] = append(c.granted[u], o.id)
		}
	}
	return nil
}

// number notes who bears a number of a lane; a second one is a fork.
func (md *model) number(o *operation) {
	at := place{o.header.Lane(), o.header.Number}
	first, taken := md.numbers[at]
	if !taken {
		md.numbers[at] = o.id
		return
	}
	if first != o.id && !md.forked[o.header.Seat] {
		md.twice = append(md.twice, o)
	}
}

// lacks are those of the missing frames that did not come back, sorted.
func (l *ledger) lacks() []store.ID {
	maps.DeleteFunc(l.missing, func(id store.ID, _ bool) bool { return l.holds(id) })
	return slices.SortedFunc(maps.Keys(l.missing), func(a, b store.ID) int { return bytes.Compare(a[:], b[:]) })
}

// forget begins anew with a machine: its folder is not what it was.
func (l *ledger) forget() {
	l.seen, l.held = 0, map[store.ID]struct{}{}
}

func (l *ledger) holds(id store.ID) bool {
	_, ok := l.held[id]
	return ok
}

// readers are the units that are to hold an operation, by the plain rules: the
// owner and its station; of a digest the owner and all above; whom a case was
// granted to. Logs are not asked for: who needs them follows from these. known
// tells which grants count: those that a machine holds; nil: all.
func (md *model) readers(o *operation, known *machine) []store.ID {
	var out []store.ID
	add := func(u store.ID) {
		if u != (store.ID{}) && !slices.Contains(out, u) {
			out = append(out, u)
		}
	}
	switch o.header.Class {
	case oplog.ClassCase:
		add(o.header.Owner)
		if o.header.Kind == oplog.KindRegister {
			for _, u := range md.above(o.header.Owner) {
				add(u)
			}
			break
		}
		add(md.stationOf(o.header.Owner))
		if o.header.Kind == oplog.KindCase || o.header.Kind == oplog.KindDocument {
			md.granted(o.of, known, add)
		}
	case oplog.ClassDigest:
		add(o.header.Owner)
		for _, u := range md.above(o.header.Owner) {
			add(u)
		}
		md.granted(o.of, known, add)
	}
	return out
}

func (md *model) granted(of store.ID, known *machine, add func(store.ID)) {
	c := md.cases[of]
	if c == nil {
		return
	}
	units := make([]store.ID, 0, len(c.granted))
	for u, by := range c.granted {
		counts := func(id store.ID) bool { return !md.gone(id) }
		if known != nil {
			counts = known.holds
		}
		if slices.ContainsFunc(by, counts) {
			units = append(units, u)
		}
	}
	slices.SortFunc(units, func(a, b store.ID) int { return bytes.Compare(a[:], b[:]) })
	for _, u := range units {
		add(u)
	}
}

// gone: nobody holds it any more, after a fault took it.
func (md *model) gone(id store.ID) bool {
	return md.excused[id] && !slices.ContainsFunc(md.machines, func(m *machine) bool { return !m.lied && m.holds(id) })
}

// lies reports whether a seat is one of a hostile machine's.
func (md *model) lies(seat store.ID) bool {
	return slices.ContainsFunc(md.machines, func(m *machine) bool { return m.lied && slices.Contains(m.seats(), seat) })
}

// site is a machine of a unit, hostile or not; nil: there is none.
func (md *model) site(unit store.ID) *machine {
	for _, m := range md.machines {
		if m.unit == unit {
			return m
		}
	}
	return nil
}

// of is an honest machine of a unit; nil: there is none.
func (md *model) of(unit store.ID) *machine {
	for _, m := range md.machines {
		if m.unit == unit && !m.lied {
			return m
		}
	}
	return nil
}

// above are the units above one, the nearest first.
func (md *model) above(unit store.ID) []store.ID {
	var out []store.ID
	for m := md.site(unit); m != nil && m.above >= 0; {
		m = md.machines[m.above]
		out = append(out, m.unit)
	}
	return out
}

// stationOf is the township centre over a village; a town and a court have none.
func (md *model) stationOf(unit store.ID) store.ID {
	m := md.site(unit)
	if m == nil || m.above < 0 || md.machines[m.above].above < 0 {
		return store.ID{}
	}
	return md.machines[m.above].unit
}

// forks notes that a seat's keys are used on two machines.
func (md *model) forks(seat string) {
	if id, err := parseID(seat); err == nil {
		md.forked[id] = true
	}
}

// order are the ids of all operations, sorted.
func (md *model) order() []store.ID {
	out := make([]store.ID, 0, len(md.ops))
	for id := range md.ops {
		out = append(out, id)
	}
	slices.SortFunc(out, func(a, b store.ID) int { return bytes.Compare(a[:], b[:]) })
	return out
}

// files are the ids of all cases, sorted.
func (md *model) files() []store.ID {
	out := make([]store.ID, 0, len(md.cases))
	for id := range md.cases {
		out = append(out, id)
	}
	slices.SortFunc(out, func(a, b store.ID) int { return bytes.Compare(a[:], b[:]) })
	return out
}
