package casework

// KnownRules is the number of the rules of this package: what decides about cases
// and digests, how their tracks stand and what a digest projects. A tree's root
// names the number that governs (FORMAT.md 6, item 15); docs/rules-1.md tells what
// belongs to it and what changed.
const KnownRules = knownRules
