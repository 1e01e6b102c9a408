package rooms

import (
	"container/list"
	"sync"
	"time"
)

// room is one of a bounded number of places, in which the oldest makes room once
// he had LeastStay.
type room struct {
	most int
	life time.Duration
	turn chan struct{} // held by who waits at the door; the others wait in their order

	mu     sync.Mutex    // guards everything that follows
	inside *list.List    // of *place, the oldest first
	freed  chan struct{} // closed and made anew when a place is given back
}

// place is one taken in a room.
type place struct {
	room  *room
	guest *Guest
	since time.Time
	at    *list.Element // nil: given back; guarded by room.mu
	ends  *time.Timer
}

func newRoom(most int, life time.Duration) *room {
	return &room{most: most, life: life, turn: make(chan struct{}, 1), inside: list.New(), freed: make(chan struct{})}
}

// enter moves a guest here, waiting for a place in the order of coming until done.
func (r *room) enter(done <-chan struct{}, g *Guest) error {
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	case <-done:
		return ErrNoRoom
	}
	for {
		r.mu.Lock()
		freed := r.freed
		r.mu.Unlock()
		wait, err := r.tryEnter(g)
		if err == nil || wait <= 0 {
			return err
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-freed:
			timer.Stop()
		case <-done:
			timer.Stop()
			return ErrNoRoom
		}
	}
}

// tryEnter moves a guest to a place here that is free or that the oldest gives
// up; else wait is how long it takes until he may, and 0 where the guest is gone.
func (r *room) tryEnter(g *Guest) (wait time.Duration, err error) {
	r.mu.Lock()
	now := time.Now()
	var oldest *place
	if r.inside.Len() >= r.most {
		oldest, _ = r.inside.Front().Value.(*place)
		if wait = LeastStay - now.Sub(oldest.since); wait > 0 {
			r.mu.Unlock()
			return wait, ErrNoRoom
		}
	}
	p := &place{room: r, guest: g, since: now}
	g.mu.Lock()
	if g.gone {
		g.mu.Unlock()
		r.mu.Unlock()
		return 0, ErrNoRoom
	}
	before := g.place
	g.place = p
	g.mu.Unlock()
	if oldest != nil {
		r.remove(oldest)
	}
	p.at = r.inside.PushBack(p)
	p.ends = time.AfterFunc(r.life, p.over)
	r.mu.Unlock()
	if before != nil {
		before.leave()
	}
	if oldest != nil {
		oldest.guest.sendAway(oldest)
	}
	return 0, nil
}

// remove takes a place out; mu is held.
func (r *room) remove(p *place) {
	if p.at == nil {
		return
	}
	r.inside.Remove(p.at)
	p.at = nil
	p.ends.Stop()
	close(r.freed)
	r.freed = make(chan struct{})
}

// leave gives the place back.
func (p *place) leave() {
	p.room.mu.Lock()
	defer p.room.mu.Unlock()
	p.room.remove(p)
}

// over ends the stay of a guest whose time has run out, unless he moved on.
func (p *place) over() {
	p.room.mu.Lock()
	here := p.at != nil
	p.room.remove(p)
	p.room.mu.Unlock()
	if here {
		p.guest.sendAway(p)
	}
}
