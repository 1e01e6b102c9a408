package sim

import (
	"context"
	"slices"

	"hejie/app/api"
	"hejie/store"
	"hejie/sync/oplog"
)

// askTruth asks a station what it says of others, and compares it with what
// they hold. Who does not run says nothing and is not asked.
func (d *desk) askTruth() error {
	st, err := d.ss.Status(context.Background())
	d.count("ask for truth", err)
	if err != nil {
		return err
	}
	d.truth(d.m, st)
	return nil
}

// truth holds a status against what everybody holds.
func (r *run) truth(m *machine, st api.Status) {
	for _, o := range r.md.machines {
		if o.up() {
			r.seen(o)
		}
	}
	if st.Operations > len(m.held) {
		r.fail(ruleTruth, m.name, "it says that it holds %d operations and holds %d frames", st.Operations, len(m.held))
	}
	seats, all := m.seats(), r.md.order()
	unsent := map[store.ID]bool{}
	for i := range st.Peers {
		p := &st.Peers[i]
		unit, err := parseID(p.Unit)
		if err != nil || !r.known(unit) || unit == m.unit || p.UnitName == "" {
			// Whose log its disk lost, of that unit a station can count nothing.
			continue
		}
		lacking := 0
		for _, id := range all {
			o := r.md.ops[id]
			if o.forged || !m.holds(id) || r.anyHolds(unit, id) || !slices.Contains(r.md.readers(o, m), unit) {
				continue
			}
			if slices.Contains(seats, o.header.Seat) {
				lacking++
				unsent[id] = true
			}
			if p.InStepAt != "" {
				r.fail(ruleTruth, m.name, "it says that it is in step with %s, which lacks %x (%s)", p.UnitName, id[:4], kindOf(o))
				return
			}
		}
		if p.Waiting < lacking {
			r.fail(ruleTruth, m.name, "it says that %d of its changes wait for %s, which lacks %d", p.Waiting, p.UnitName, lacking)
		}
	}
	if st.Unsent < len(unsent) {
		r.fail(ruleTruth, m.name, "it says that %d of its changes are not everywhere, and %d are not", st.Unsent, len(unsent))
	}
}

// known reports whether what a unit holds can be told: all its machines run, or
// what they hold was seen and nothing was taken from them since.
func (r *run) known(unit store.ID) bool {
	found := false
	for _, m := range r.md.machines {
		if m.unit == unit {
			if m.lied || m.lost {
				return false
			}
			found = true
		}
	}
	return found
}

// anyHolds reports whether a machine of the unit holds a frame.
func (r *run) anyHolds(unit, id store.ID) bool {
	for _, m := range r.md.machines {
		if m.unit == unit && m.holds(id) {
			return true
		}
	}
	return false
}

// seats are the people's keys of a machine.
func (m *machine) seats() []store.ID {
	var out []store.ID
	for _, w := range m.staff {
		if id, err := parseID(w.seat); err == nil {
			out = append(out, id)
		}
	}
	return out
}

func kindOf(o *operation) string {
	switch o.header.Kind {
	case oplog.KindLog:
		return "log entry"
	case oplog.KindCase:
		return "of a case"
	case oplog.KindNotes:
		return "of notes"
	case oplog.KindDigest:
		return "of a digest"
	case oplog.KindRegister:
		return "of a register"
	}
	return "of another kind"
}
