package sim

import (
	"context"
	"encoding/json"
	"maps"
	"regexp"
	"slices"

	"hejie/store"
	"hejie/sync/oplog"
	"hejie/sync/replica"
)

var marks = regexp.MustCompile(`密文\d{6}号`)

// secrets: no mark that a person wrote lies on a disk in the clear, and none can
// be opened with the keys of a machine whose unit may not read it.
func (r *run) secrets() {
	for _, m := range r.md.machines {
		files := m.disk.Files()
		for _, name := range slices.Sorted(maps.Keys(files)) {
			if mark := marks.Find(files[name]); mark != nil {
				r.fail(ruleSecret, m.name, "%s lies in the clear in %s", mark, name)
				return
			}
		}
		if err := r.opened(m); err != nil {
			r.fail(ruleReads, m.name, "it can't be read through: %v", err)
			return
		}
	}
}

// opened looks at all that a machine's keys open, and at all its rows.
func (r *run) opened(m *machine) error {
	look := func(b []byte, where string) {
		for _, mark := range marks.FindAll(b, -1) {
			if x := r.md.texts[string(mark)]; x != nil && x.of != (store.ID{}) && !r.mayRead(m.unit, x) {
				r.fail(ruleSecret, m.name, "it can read %s of a case of %s, in %s", mark, x.at.name, where)
			}
		}
	}
	return m.replica.View(context.Background(), func(rd store.Reader) error {
		if err := rd.Scan(nil, nil, false, func(_, v []byte) (bool, error) {
			look(v, "a row")
			return r.wrong == nil, nil
		}); err != nil {
			return err
		}
		done := map[store.ID]bool{}
		for _, op := range r.md.order() {
			o := r.md.ops[op]
			id := o.record
			if o.forged || !m.holds(op) || o.header.Class == oplog.ClassTree || done[id] {
				continue
			}
			done[id] = true
			if err := m.replica.Operations(rd, id, func(w replica.Written) error {
				if !w.Readable {
					return nil
				}
				b, err := json.Marshal(w.Body)
				look(b, "an operation")
				return err
			}); err != nil {
				return err
			}
		}
		return nil
	})
}

// mayRead: the owner, its station and whom the case was granted to; notes only
// the bodies that work on it.
func (r *run) mayRead(unit store.ID, x *text) bool {
	c := r.md.cases[x.of]
	if c == nil {
		return true
	}
	if unit == x.at.unit || unit == r.md.stationOf(x.at.unit) {
		return true
	}
	if x.notes {
		return false
	}
	return slices.Contains([]store.ID{c.owner, r.md.stationOf(c.owner)}, unit) || len(c.granted[unit]) > 0
}
