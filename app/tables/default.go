package tables

import (
	"embed"
	"sync"
)

//go:embed defaults/*.json
var defaultFiles embed.FS

// defaults are the program's own tables, each through [Parse]. They are part
// of the program and read by its tests, so that one that can't be read is a
// defect of the build.
var defaults = sync.OnceValue(func() map[string]*layer {
	out := map[string]*layer{}
	for _, name := range Names() {
		raw, err := defaultFiles.ReadFile("defaults/" + name + ".json")
		if err != nil {
			panic("embedded table " + name + ": " + err.Error())
		}
		p, err := Parse(raw)
		if err != nil {
			panic("embedded table " + name + ": " + err.Error())
		}
		out[name] = &layer{content: p.Content, origin: Origin{Version: p.Version, ValidFrom: p.ValidFrom, Source: p.Source}}
	}
	return out
})

var defaultSet = sync.OnceValue(func() *Set {
	s := &Set{tables: defaults()}
	s.finish()
	return s
})

// Default is the program's own tables.
func Default() *Set { return defaultSet() }
