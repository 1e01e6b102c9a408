package exchange

import (
	"container/list"
	"sync"
	"time"

	"hejie/store"
	"hejie/store/host"
)

// Rates of one peer. They only slow a sender down; they judge no frame
// (DESIGN 2). An honest first sync of a gigabyte over a fast network stays
// below them.
const (
	burstBytes    = 512 << 20 // bytes of requests
	rateBytes     = 64 << 20  // and each second
	burstMessages = 4000
	rateMessages  = 400.0
	burstBad      = 512.0 // refused frames; a malformed message counts as costMalformed
	rateBad       = 1.0
	costMalformed = 16.0
	// Strangers only introduce themselves: a few times each, and together not
	// more than a station can check beside its work: twenty a second, of up to 256
	// KiB of logs. What a stranger asks without frames costs a hash, and takes
	// nothing from those who have frames to show.
	burstStranger    = 6.0
	rateStranger     = 1.0 / 30
	burstStrangers   = 120.0
	rateStrangers    = 20.0
	costIntroduction = 1.0
	// maxBudgets bounds the peers remembered; the least recently seen is
	// forgotten first, which gives it a full budget again.
	maxBudgets = 4096
)

// bucket holds tokens that come back with time. The clock may jump: backwards
// gives nothing, forwards at most a full bucket.
type bucket struct {
	level, burst, rate float64
	last               time.Time
}

func newBucket(burst, rate float64, now time.Time) bucket {
	return bucket{level: burst, burst: burst, rate: rate, last: now}
}

// take takes tokens; false if there are not enough, and then none are left.
func (b *bucket) take(n float64, now time.Time) bool {
	if b.share(n, now) {
		return true
	}
	b.level = 0
	return false
}

// share is take from a bucket of many: who comes when there is not enough leaves
// what there is to the next one.
func (b *bucket) share(n float64, now time.Time) bool {
	if passed := now.Sub(b.last).Seconds(); passed > 0 {
		b.level = min(b.burst, b.level+passed*b.rate)
	}
	b.last = now
	if b.level < n {
		return false
	}
	b.level -= n
	return true
}

type budget struct {
	peer                           store.ID
	bytes, messages, bad, stranger bucket
}

// budgets are the one thing that the serving side remembers of its peers.
type budgets struct {
	clock host.Clock

	mu        sync.Mutex                 // guards everything that follows
	peers     map[store.ID]*list.Element // machine -> its budget's place in seen
	seen      *list.List                 // of *budget, the last seen first
	strangers bucket
}

func newBudgets(clock host.Clock) *budgets {
	return &budgets{
		clock: clock, peers: make(map[store.ID]*list.Element), seen: list.New(),
		strangers: newBucket(burstStrangers, rateStrangers, clock.Now()),
	}
}

// message counts a request of n bytes; false if the peer has used up its budget.
func (b *budgets) message(from store.ID, n int) bool {
	return b.with(from, func(p *budget, now time.Time) bool {
		return p.bytes.take(float64(n), now) && p.messages.take(1, now)
	})
}

// bad counts refused frames or a malformed message.
func (b *budgets) bad(from store.ID, cost float64) bool {
	return b.with(from, func(p *budget, now time.Time) bool { return p.bad.take(cost, now) })
}

// stranger counts a message of a caller that no log admits.
func (b *budgets) stranger(from store.ID) bool {
	return b.with(from, func(p *budget, now time.Time) bool { return p.stranger.take(costIntroduction, now) })
}

// introduction counts frames of such a caller that are to be checked.
func (b *budgets) introduction() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.strangers.share(costIntroduction, b.clock.Now())
}

func (b *budgets) with(from store.ID, fn func(*budget, time.Time) bool) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.clock.Now()
	place := b.peers[from]
	if place == nil {
		if oldest := b.seen.Back(); b.seen.Len() >= maxBudgets {
			delete(b.peers, b.seen.Remove(oldest).(*budget).peer) //nolint:forcetypeassert // the list holds nothing else
		}
		place = b.seen.PushFront(&budget{
			peer:     from,
			bytes:    newBucket(burstBytes, rateBytes, now),
			messages: newBucket(burstMessages, rateMessages, now),
			bad:      newBucket(burstBad, rateBad, now),
			stranger: newBucket(burstStranger, rateStranger, now),
		})
		b.peers[from] = place
	}
	b.seen.MoveToFront(place)
	return fn(place.Value.(*budget), now) //nolint:forcetypeassert // the list holds nothing else
}
