package oplog

import "hejie/store/host"

// maxAhead is how far a stamp that came from elsewhere may pull this node's
// clock forward: five minutes. A stamp further ahead is kept as it is and drags
// nobody (DESIGN 3).
const maxAhead = 5 * 60 * 1000

// Clock is a hybrid logical clock: 48 bits of milliseconds, 16 of counter. It
// is for locality and display; nothing is refused because of it. It must be
// used by one goroutine at a time.
type Clock struct {
	source host.Clock
	last   uint64
}

// NewClock starts from the machine's clock.
func NewClock(source host.Clock) *Clock { return &Clock{source: source} }

// Next gives a stamp greater than every one given or seen before, unless those
// lie far ahead of the machine's clock.
func (c *Clock) Next() uint64 {
	now := uint64(max(0, c.source.Now().UnixMilli())) << 16
	if now <= c.last {
		now = c.last + 1
	}
	c.last = now
	return now
}

// See notes a stamp that came from elsewhere.
func (c *Clock) See(stamp uint64) {
	now := uint64(max(0, c.source.Now().UnixMilli()))
	if stamp > c.last && stamp>>16 <= now+maxAhead {
		c.last = stamp
	}
}
