package exchange

import "hejie/store"

// Report tells what one session did. Frames of class tree, digest and case
// are counted as operations; wraps apart.
type Report struct {
	Sent          int // operations that the peer took as new
	Received      int // operations taken here as new
	WrapsSent     int
	WrapsReceived int
	Newer         int   // frames of newer programs that one side keeps as cargo
	Duplicates    int   // frames that came though they were held, both ways
	BytesSent     int64 // of exchange messages, without the channel below
	BytesReceived int64
	RoundTrips    int
	// Refused are the frames that one side did not keep, at most
	// MaxRefusedListed; RefusedCount counts them all.
	Refused      []RefusedFrame
	RefusedCount int
	// InStep is true only if at the end both sides' logs, data and receipts were
	// equal, as proved by the peer under a fresh salt.
	InStep bool
	// Print names the state that was found equal, where InStep is true: what
	// Fingerprint gave for all entries shared. What was saved since is not in it.
	Print []byte
	// Why says, where InStep is false and no error was returned, what keeps the
	// two apart, in a sentence.
	Why     string
	Seconds float64 // by the injected clock
}

// After is what this session and the one before it with the same station did
// together; how they ended is how this one did.
func (r Report) After(before Report) Report {
	r.Sent += before.Sent
	r.Received += before.Received
	r.WrapsSent += before.WrapsSent
	r.WrapsReceived += before.WrapsReceived
	r.Duplicates += before.Duplicates
	r.BytesSent += before.BytesSent
	r.BytesReceived += before.BytesReceived
	r.RoundTrips += before.RoundTrips
	r.Seconds += before.Seconds
	return r
}

// RefusedFrame is one frame that was not kept.
type RefusedFrame struct {
	ID       store.ID
	Here     bool // refused by this node; false: by the peer
	Reason   Reason
	Sentence string
}
