// Package rooms bounds the connections of a road, strangers apart from members.
//
// It is for every listener of this program: whoever connects is a guest in one
// of three rooms. The hall is for who has proved nothing, the callers' room for
// who proved a key that nobody here knows, the members' room for known keys. It
// may not know what a connection says, and reads nothing from it. Main
// invariants: a stranger never takes the place of a member; each room has a
// bound; in the hall and among the callers the oldest makes room for who comes,
// and nobody is sent away before he had LeastStay.
package rooms

import (
	"container/list"
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"hejie/store"
)

// Limits are the bounds of one road's rooms. A zero is replaced by its default.
type Limits struct {
	// Hall bounds who has proved nothing; 0: HallPlaces of this machine.
	Hall int
	// HallTime is how long a handshake may take; 0: HallTime.
	HallTime time.Duration
	// Callers bounds who proved an unknown key; 0: Callers.
	Callers int
	// CallerTime is how long such a connection may last; 0: CallerTime.
	CallerTime time.Duration
	// Members bounds the connections of known keys together; 0: Members.
	Members int
	// Each bounds those of one known key; 0: EachMember.
	Each int
}

// The defaults, each with its reason.
const (
	// HallMost is more than the 1,000 silent connections that the promise speaks
	// of, so that they wait for their time to end and do not come anew as fast as
	// they can; one costs a file and about 10 kB.
	HallMost = 2048
	// HallTime is enough for three round trips at several seconds each.
	HallTime = 10 * time.Second
	// Callers is also more than 1,000, for the same reason: a handshake costs both
	// sides a millisecond. One costs some 60 kB, and at the most a message of 272
	// KiB. Where a road's callers cost more and are fewer, LeastStay lets as many as
	// it has places for have their turn each second.
	Callers = 1024
	// CallerTime is what an introduction of 256 KiB takes at 40 kbit/s.
	CallerTime = time.Minute
	// LeastStay is what everybody gets before he makes room: a handshake of three
	// round trips over a satellite. It bounds how fast strangers that come anew at
	// once can make this machine work, to Hall of them a second.
	LeastStay = time.Second
	// Members is three connections each of the 300 stations that BENCH S9 wants
	// at once, and some.
	Members = 1024
	// EachMember is more than a station opens to another: two, and as many that a
	// broken network left behind.
	EachMember = 4
)

// ErrNoRoom says that a guest's time ended before there was room for him, or
// that the members' room is full.
var ErrNoRoom = errors.New("this station has no room for more connections now")

func (l Limits) filled() Limits {
	if l.Hall == 0 {
		l.Hall = hallPlaces()
	}
	if l.Callers == 0 {
		l.Callers = Callers
	}
	l.Callers = min(l.Callers, l.Hall) // few files: few callers too
	if l.Members == 0 {
		l.Members = Members
	}
	if l.Each == 0 {
		l.Each = EachMember
	}
	if l.HallTime == 0 {
		l.HallTime = HallTime
	}
	if l.CallerTime == 0 {
		l.CallerTime = CallerTime
	}
	return l
}

// hallPlaces is HallMost where this process may open enough files: roads, store
// and people share them, so that no road's strangers take more than a sixteenth.
func hallPlaces() int { return max(32, min(HallMost, maxFiles()/16)) }

// Rooms are those of one road. Methods may be called at once.
type Rooms struct {
	limits Limits
	hall   *room
	caller *room

	mu      sync.Mutex              // guards the members, below
	members map[store.ID]*list.List // machine -> its guests, the oldest first
	inside  int
}

// New makes the rooms of one road.
func New(l Limits) *Rooms {
	l = l.filled()
	return &Rooms{
		limits: l, hall: newRoom(l.Hall, l.HallTime), caller: newRoom(l.Callers, l.CallerTime),
		members: make(map[store.ID]*list.List),
	}
}

// Hall is how many may be in the hall at once.
func (r *Rooms) Hall() int { return r.limits.Hall }

// Callers is how many may be in the callers' room at once.
func (r *Rooms) Callers() int { return r.limits.Callers }

// Members is how many connections members may have at once.
func (r *Rooms) Members() int { return r.limits.Members }

// Guest is one connection in the rooms.
type Guest struct {
	rooms *Rooms
	conn  io.Closer

	mu    sync.Mutex    // guards everything that follows
	place *place        // in hall or among callers; nil: a member, or gone
	seat  *list.Element // among its machine's; nil: no member, or gone
	key   store.ID
	gone  bool
	left  chan struct{} // closed when gone
}

// Enter lets a connection into the hall; it is closed when its time is over or
// it makes room. Enter waits where the hall is full of guests that have not had
// LeastStay yet; ErrNoRoom where ctx ends first, and then the connection is as it
// was.
func (r *Rooms) Enter(ctx context.Context, conn io.Closer) (*Guest, error) {
	g := r.Bring(conn)
	if err := r.hall.enter(ctx.Done(), g); err != nil {
		return nil, err
	}
	return g, nil
}

// Bring makes a guest of a connection that has proved its key elsewhere and
// stands in no room yet: Member or StrangerNow gives it a place.
func (r *Rooms) Bring(conn io.Closer) *Guest {
	return &Guest{rooms: r, conn: conn, left: make(chan struct{})}
}

// Stranger moves a guest who proved a key that nobody here knows to the callers'
// room. It waits for its turn where that is full of guests that have not had
// LeastStay yet; ErrNoRoom where the guest's own time ends first.
func (g *Guest) Stranger() error { return g.rooms.caller.enter(g.left, g) }

// StrangerNow is Stranger for who can't wait: ErrNoRoom where nobody can make
// room.
func (g *Guest) StrangerNow() error {
	_, err := g.rooms.caller.tryEnter(g)
	return err
}

// Member moves a guest to the members' room: machine is a known key that the
// connection has proved. Beyond its machine's bound that machine's oldest
// connection is closed; ErrNoRoom where all members' places are taken. A guest
// who is a member stays one.
func (g *Guest) Member(machine store.ID) error {
	r := g.rooms
	r.mu.Lock()
	var oldest *Guest
	own := r.members[machine]
	switch {
	case own != nil && own.Len() >= r.limits.Each:
		oldest, _ = own.Front().Value.(*Guest)
	case r.inside >= r.limits.Members:
		r.mu.Unlock()
		return ErrNoRoom
	}
	g.mu.Lock()
	if g.gone || g.seat != nil {
		g.mu.Unlock()
		r.mu.Unlock()
		return nil
	}
	if own == nil {
		own = list.New()
		r.members[machine] = own
	}
	before := g.place
	g.place, g.key, g.seat = nil, machine, own.PushBack(g)
	r.inside++
	g.mu.Unlock()
	r.mu.Unlock()
	if before != nil {
		before.leave()
	}
	if oldest != nil && oldest != g {
		oldest.sendAway(nil)
	}
	return nil
}

// IsMember tells whether the guest is in the members' room.
func (g *Guest) IsMember() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.seat != nil
}

// Leave gives a guest's place back: whoever closes the connection calls it. It
// may be called twice.
func (g *Guest) Leave() {
	r := g.rooms
	r.mu.Lock()
	g.mu.Lock()
	if g.gone {
		g.mu.Unlock()
		r.mu.Unlock()
		return
	}
	g.gone = true
	close(g.left)
	p := g.place
	g.place = nil
	if g.seat != nil {
		own := r.members[g.key]
		own.Remove(g.seat)
		g.seat = nil
		r.inside--
		if own.Len() == 0 {
			delete(r.members, g.key)
		}
	}
	g.mu.Unlock()
	r.mu.Unlock()
	if p != nil {
		p.leave()
	}
}

// sendAway closes the connection of a guest; from is the place that he loses,
// without which nothing is done: nil for a member's.
func (g *Guest) sendAway(from *place) {
	g.mu.Lock()
	moved := g.place != from
	g.mu.Unlock()
	if moved {
		return
	}
	g.Leave()
	_ = g.conn.Close() // it may have gone by itself
}
