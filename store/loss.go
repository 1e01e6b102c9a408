package store

// Loss is something that this folder is known to have held and that its disk
// does not give back: one frame, or a stretch of frames of which nobody knows
// any more which they were.
type Loss struct {
	ID    ID     // the frame; zero: not known
	Seq   uint64 // its place, or that of the first of the stretch; 0: none is known
	Count uint64 // of frames: 1 where ID is known; 0: how many is not known
	Where string // a file and offset
	What  string // a sentence
}

// Known tells whether the loss names its frame.
func (l Loss) Known() bool { return l.ID != ID{} }

// Verified is what Verify found.
type Verified struct {
	Bad    []Damage // what is missing or wrong now
	Healed []Damage // what was damaged, now or earlier, and costs nothing any more
}

// Reach is what the evidence of loss says: how far the packs came, as noted
// outside packs and rows after each group commit.
type Reach struct {
	// Behind: this folder had more, or others, than its packs hold, or nobody can
	// tell since the evidence itself is gone. Who numbers operations must not
	// go on from what is held.
	Behind bool
	// Unknown: Behind for want of the evidence alone; the packs may be whole.
	Unknown bool
	// Note is what Options.Note gave last; nil: none is known.
	Note []byte
	// Seq is the last place ever taken, as far as is known.
	Seq uint64
}

// Healer is an Applier that wants to know of frames that came back: their rows
// stand from before, so Apply is not called for them, but rows of others may
// have been derived while they could not be read. What it writes must be what a
// rebuild would give.
type Healer interface {
	Heal(tx Tx, frames []Frame) error
}
