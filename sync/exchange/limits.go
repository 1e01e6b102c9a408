package exchange

import "hejie/store"

// Limits of messages and sessions. Each bounds what a peer can make this node
// hold, allocate or do.
const (
	// Version is the greatest version of the protocol that this program speaks. It
	// settles how logs, paths and entries are read, so that both sides draw the same
	// sets.
	Version = 2
	// Oldest is the least version that it speaks: a program speaks the last two.
	// The first edition's version 1 died with its bytes.
	Oldest = 2
	// MaxBatch bounds the frames of one message before compression: what a cut
	// loses at most, and what is decompressed at most. One frame of the largest
	// size fits with its length.
	MaxBatch = store.MaxFrame + 16
	// MaxMessage bounds a whole message in either direction: a batch that does
	// not compress, a reconcile message and receipts beside it.
	MaxMessage = MaxBatch + MaxReconcile + MaxReceipts + 64<<10
	// MaxReconcile bounds a reconcile message and a list of wants: 20,000 ranges
	// of the common size.
	MaxReconcile = 256 << 10
	// MaxReceipts bounds all receipts of one message.
	MaxReceipts = 512 << 10
	// MaxIntroduction bounds the frames by which an unknown caller introduces
	// itself: eight levels of logs with some dozens of entries each.
	MaxIntroduction = 256 << 10
	// MaxStranger bounds a message of a caller that nothing admits: an introduction.
	MaxStranger = MaxIntroduction + 16<<10
	// maxServing bounds the messages that a server works on at once, and with it
	// its memory: some MiB each.
	maxServing = 32
	// maxStrangers bounds those of strangers beside them: one that is checked
	// while another is answered.
	maxStrangers = 2
	// MaxSentence bounds a refusal's sentence on the wire.
	MaxSentence = 300
	// MaxRefusedKnown bounds the refused ids that a session remembers of a peer.
	MaxRefusedKnown = 4096
	// MaxCargo bounds the frames of cargo that are given in one message, however
	// small they are.
	MaxCargo = 1000
	// MaxRefusedListed bounds the refused frames listed in a report.
	MaxRefusedListed = 100
)
