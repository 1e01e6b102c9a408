//go:build later

package casework

import "hejie/sync/crdt"

// See later_off.go: this file is the program of a later release, for test/builds
// alone. It has one more register and writes a change of a kind that no program
// merges yet.

const fieldWeather = "weather"

var laterRules = []fieldRule{{name: fieldWeather, form: formText, max: 200}}

const knownRules = 2

// laterPlace is how long a place may be in the later program.
const laterPlace = 2_000

func laterWider(rules []fieldRule) []fieldRule {
	for i := range rules {
		if rules[i].name == "place" {
			rules[i].max = laterPlace
		}
	}
	return rules
}

type laterFields struct {
	Weather string `json:"weather,omitempty"`
}

func laterOf(f map[string]crdt.Value) laterFields { return laterFields{Weather: str(f[fieldWeather])} }

func (l laterFields) registers(out map[string]crdt.Value) {
	if l.Weather != "" {
		out[fieldWeather] = l.Weather
	}
}

// laterKind is {1: 7, 2: ["tags"], 200: true}: kind 7, a field of its own, on a
// field that today's program knows. This stand-in writes it and merges it no
// more than today's does, so the field is read-only for both.
var laterKind = []byte{0xa3, 0x01, 0x07, 0x02, 0x81, 0x64, 't', 'a', 'g', 's', 0x18, 0xc8, 0xf5}

func laterChanges(changes []crdt.Change) []crdt.Change {
	for _, c := range changes {
		if len(c.Path) == 1 && c.Path[0].Field == fieldWeather {
			return []crdt.Change{{Kind: 7, Path: root(fieldTags), Raw: laterKind}}
		}
	}
	return nil
}
