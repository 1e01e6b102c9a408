//go:build !later

package casework

import "hejie/sync/crdt"

// The build tag `later` makes a stand-in for a program that is a release ahead:
// test/builds lets it and today's meet, to hold P4 (what a program does not know
// it keeps, forwards, shows as unknown and does not write over). No released
// program is built with it; here it is nothing.

// laterRules are the case's fields that only the later program has.
var laterRules []fieldRule

// knownRules: see KnownRules.
const knownRules = 1

// laterWider gives fields that both have other bounds.
func laterWider(rules []fieldRule) []fieldRule { return rules }

// laterFields are their values in a document.
type laterFields struct{}

func laterOf(map[string]crdt.Value) laterFields { return laterFields{} }

func (laterFields) registers(map[string]crdt.Value) {}

// laterChanges are what the later program writes beside an edit.
func laterChanges([]crdt.Change) []crdt.Change { return nil }
