package sim

import (
	"sync"
	"time"
)

// The years that a machine's clock may show. A dead battery gives 1970; 2099 is
// beyond all that anybody will set by mistake.
var (
	FirstYear = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)
	LastYear  = time.Date(2099, 12, 31, 23, 59, 59, 0, time.UTC)
)

// Clock is one machine's clock (host.Clock): it goes with the world's time from
// wherever it was set, and by a millisecond each time that somebody looks, so
// that no two looks see the same.
type Clock struct {
	world *World

	// mu guards everything that follows: frames are checked by several goroutines.
	mu    sync.Mutex
	set   time.Time
	since time.Duration // the world's time when it was set
	looks time.Duration
}

// NewClock is a clock that shows a time now.
func (w *World) NewClock(at time.Time) *Clock { return &Clock{world: w, set: at, since: w.now} }

// Now implements host.Clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.looks += time.Millisecond
	at := c.set.Add(c.world.now - c.since + c.looks)
	if at.After(LastYear) {
		return LastYear
	}
	return at
}

// Jump sets the clock to another time.
func (c *Clock) Jump(to time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.set, c.since, c.looks = to, c.world.now, 0
}
