package pack

// Evidence is what is known from outside the packs of what they held, so that
// one that was cut, replaced or taken away is told from one that never was.
// The zero value knows nothing.
type Evidence struct {
	// Known: the reach could be read. Then all that follows is so; else it is
	// what others tell.
	Known bool
	// Key: something else in the folder was opened with the key, or whoever gave
	// it knows it to be right.
	Key bool
	// Made: the folder held packs before.
	Made bool
	// Used: it was opened whole before, so it had facts too.
	Used bool
	// StoreID names the store; zero: not known.
	StoreID [16]byte
	// At is up to where the packs were synced once; zero: nothing, or not known.
	At Position
	// FactsFile and FactsSize are the same for the facts.
	FactsFile uint32
	FactsSize int64
}

// afterLost is the number of the first pack of a folder whose packs are gone
// and whose number of packs nobody knows: more than any folder has.
const afterLost = 1 << 16
