package station

import (
	"maps"
	"testing"

	"hejie/sync/crdt"
	"hejie/sync/oplog"
)

// A release that widens a field, or knows a step more, has the same fields of the
// same kinds; the snapshots of the one before open under none of its schemas, so
// that all has to be derived anew.
func TestWiderTypesDeriveAnew(t *testing.T) {
	for name, widen := range map[string]func(*crdt.Type) *crdt.Type{
		"title": func(of *crdt.Type) *crdt.Type { w := *of; w.Max++; return &w },
		"lifecycle": func(of *crdt.Type) *crdt.Type {
			w := *of
			w.Steps = maps.Clone(of.Steps)
			w.Steps["later"] = &crdt.Type{}
			return &w
		},
	} {
		later := maps.Clone(schemas)
		later[oplog.KindCase] = maps.Clone(schemas[oplog.KindCase])
		field := later[oplog.KindCase][name]
		field.Type = widen(field.Type)
		later[oplog.KindCase][name] = field
		if versionOf(later) == versionOf(schemas) {
			t.Errorf("%s: rows and snapshots of today's program are taken for the later one's", name)
		}
	}
}
