package rooms_test

import (
	"context"
	"errors"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"hejie/store"
	"hejie/sync/rooms"
)

// line is a connection that knows whether it was closed.
type line struct {
	mu     sync.Mutex
	closed bool
}

func (l *line) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	return nil
}

func (l *line) open() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.closed
}

func enter(t *testing.T, r *rooms.Rooms) (*rooms.Guest, *line) {
	t.Helper()
	l := &line{}
	g, err := r.Enter(t.Context(), l)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Leave)
	return g, l
}

var small = rooms.Limits{Hall: 3, Callers: 2, Members: 6, Each: 2}

func TestTheOldestMakesRoomOnceHeHadHisTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rooms.New(small)
		_, first := enter(t, r)
		_, second := enter(t, r)
		enter(t, r)
		start := time.Now()
		_, fourth := enter(t, r)
		if waited := time.Since(start); waited != rooms.LeastStay || first.open() || !second.open() || !fourth.open() {
			t.Errorf("after %v: the first open %v, the second %v", waited, first.open(), second.open())
		}
		time.Sleep(rooms.LeastStay)
		start = time.Now()
		enter(t, r)
		if time.Since(start) != 0 || second.open() {
			t.Error("who came waited although the oldest had his time")
		}
	})
}

func TestAPlaceGivenBackIsTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rooms.New(small)
		var guests []*rooms.Guest
		var lines []*line
		for range small.Hall {
			g, l := enter(t, r)
			guests, lines = append(guests, g), append(lines, l)
		}
		start := time.Now()
		go func() {
			time.Sleep(rooms.LeastStay / 4)
			guests[1].Leave()
			guests[1].Leave()
		}()
		enter(t, r)
		if time.Since(start) != rooms.LeastStay/4 || !lines[0].open() || !lines[2].open() {
			t.Error("somebody was sent away although a place was free")
		}
	})
}

func TestAHandshakeEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rooms.New(small)
		_, silent := enter(t, r)
		stranger, caller := enter(t, r)
		member, known := enter(t, r)
		if err := errors.Join(stranger.Stranger(), member.Member(store.ID{1})); err != nil {
			t.Fatal(err)
		}
		time.Sleep(rooms.HallTime + 1)
		synctest.Wait()
		if silent.open() || !caller.open() {
			t.Error("in the hall", silent.open(), "among the callers", caller.open())
		}
		time.Sleep(rooms.CallerTime)
		synctest.Wait()
		if caller.open() || !known.open() || !member.IsMember() {
			t.Error("a caller", caller.open(), "a member", known.open())
		}
	})
}

// TestStrangersTakeNoMembersPlace holds that whatever strangers do members stay,
// and that one who proves his key in time has his place.
func TestStrangersTakeNoMembersPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rooms.New(small)
		var known []*line
		for i := range byte(3) {
			g, l := enter(t, r)
			if err := g.Member(store.ID{i}); err != nil {
				t.Fatal(err)
			}
			known = append(known, l)
		}
		ctx, end := context.WithCancel(t.Context())
		var strangers sync.WaitGroup
		for i := range 40 {
			strangers.Go(func() {
				for ctx.Err() == nil {
					g, err := r.Enter(ctx, &line{})
					if err == nil && i%2 == 0 {
						_ = g.Stranger() // turned away or not, it comes again
					}
				}
			})
		}
		time.Sleep(5 * time.Second)
		g, l := enter(t, r)
		if err := g.Member(store.ID{7}); err != nil || !l.open() {
			t.Error(err, l.open())
		}
		// A new unit has its turn among the callers, and LeastStay for it. With
		// 20 that press into 2 places it comes within 20/2 seconds and its hall's.
		start := time.Now()
		for {
			unit, conn := enter(t, r)
			if unit.Stranger() == nil && conn.open() {
				since := time.Now()
				for conn.open() {
					time.Sleep(rooms.LeastStay / 10)
				}
				if time.Since(since) < rooms.LeastStay {
					t.Errorf("a caller had %v", time.Since(since))
				}
				break
			}
		}
		t.Logf("a new unit waited %v", time.Since(start))
		end()
		strangers.Wait()
		for _, l := range known {
			if !l.open() {
				t.Error("a member was sent away")
			}
		}
		time.Sleep(2 * rooms.CallerTime)
	})
}

func TestOneMachineTakesNoOtherMembersPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rooms.New(small)
		_, first := member(t, r, 1)
		_, second := member(t, r, 1)
		_, other := member(t, r, 2)
		_, third := member(t, r, 1)
		if first.open() || !second.open() || !third.open() || !other.open() {
			t.Error("not the machine's own oldest made room")
		}
		member(t, r, 3)
		member(t, r, 4)
		member(t, r, 5)
		g, l := enter(t, r)
		if err := g.Member(store.ID{6}); !errors.Is(err, rooms.ErrNoRoom) || !l.open() {
			t.Error("beyond all places:", err)
		}
		if g, _ := member(t, r, 1); !g.IsMember() {
			t.Error("a machine can't replace its own connection")
		}
	})
}

func member(t *testing.T, r *rooms.Rooms, id byte) (*rooms.Guest, *line) {
	t.Helper()
	g, l := enter(t, r)
	if err := g.Member(store.ID{id}); err != nil {
		t.Fatal(err)
	}
	return g, l
}

func TestWhoCannotWaitIsToldSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rooms.New(rooms.Limits{Hall: 8, Callers: 2})
		var guests []*rooms.Guest
		for range 4 {
			g, _ := enter(t, r)
			guests = append(guests, g)
		}
		if err := errors.Join(guests[0].StrangerNow(), guests[1].StrangerNow()); err != nil {
			t.Fatal(err)
		}
		if err := guests[2].StrangerNow(); !errors.Is(err, rooms.ErrNoRoom) {
			t.Error(err)
		}
		time.Sleep(rooms.LeastStay)
		if err := guests[2].StrangerNow(); err != nil {
			t.Error(err)
		}
		guests[3].Leave()
		if err := errors.Join(guests[3].StrangerNow()); !errors.Is(err, rooms.ErrNoRoom) {
			t.Error("who went has a place:", err)
		}
	})
}

func TestAListenerEndsWhileItWaits(t *testing.T) {
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := rooms.New(rooms.Limits{Hall: 1}).Listener(plain)
	var conns []net.Conn
	for range 2 {
		c, err := net.Dial("tcp", plain.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		conns = append(conns, c)
	}
	first, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() {
		_, err := l.Accept()
		done <- err
	}()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err == nil {
		t.Error("a closed listener accepts")
	}
	for _, c := range append(conns, first) {
		_ = c.Close() // over
	}
}
