package sim

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"

	"hejie/store"
	"hejie/sync/exchange"
	"hejie/sync/sim"
)

// The faults of people who wish ill.
const (
	Liar     sim.Fault = "enrolled station lied"
	Stranger sim.Fault = "stranger called"
	Flood    sim.Fault = "station flooded another with messages"
	Replay   sim.Fault = "message replayed by another machine"
	Forged   sim.Fault = "operation forged by an enrolled station"
	Broken   sim.Fault = "frame with a broken signature brought by a stranger"
)

// lie is what a hostile station's program does instead of the right thing. It
// has the station's keys and nothing else.
type lie struct {
	exchange.Replica
	world *sim.World
	r     *rand.Rand
}

// Shared implements exchange.Replica: it withholds entries, forges sums, and
// hands out frames that it changed.
func (l *lie) Shared(ctx context.Context, unit store.ID, fn func(exchange.Shared) error) error {
	how := l.r.IntN(4)
	if how == 0 {
		return l.Replica.Shared(ctx, unit, fn)
	}
	l.world.Faults[Liar]++
	return l.Replica.Shared(ctx, unit, func(s exchange.Shared) error { return fn(&lyingSet{s, l, how}) })
}

type lyingSet struct {
	exchange.Shared
	l   *lie
	how int
}

// Entries withholds every third entry, where that is the lie.
func (s *lyingSet) Entries(lo, hi store.EntryKey, fn func(store.EntryKey) (bool, error)) error {
	return s.Shared.Entries(lo, hi, func(k store.EntryKey) (bool, error) {
		if s.how == 1 && k[41]%3 == 0 {
			return true, nil
		}
		return fn(k)
	})
}

// Fingerprint forges sums, where that is the lie.
func (s *lyingSet) Fingerprint(lo, hi store.EntryKey) (store.Fingerprint, error) {
	f, err := s.Shared.Fingerprint(lo, hi)
	if s.how == 2 {
		f.Count++
		f.Sum[s.l.r.IntN(32)] ^= 1
	}
	return f, err
}

// Frame changes a byte of what it hands out, where that is the lie: a signature
// that does not fit, a body that is another.
func (s *lyingSet) Frame(id store.ID) (store.Frame, error) {
	f, err := s.Shared.Frame(id)
	if err == nil && s.how == 3 && len(f.Bytes) > 0 {
		f.Bytes = append([]byte(nil), f.Bytes...)
		f.Bytes[s.l.r.IntN(len(f.Bytes))] ^= 1 << s.l.r.IntN(8)
	}
	return f, err
}

// Take implements exchange.Replica: it says that it took what it did not keep.
func (l *lie) Take(ctx context.Context, from exchange.Peer, frames []exchange.Wire) ([]exchange.Verdict, error) {
	verdicts, err := l.Replica.Take(ctx, from, frames)
	if l.r.IntN(3) == 0 {
		l.world.Faults[Liar]++
		for i := range verdicts {
			if verdicts[i].Outcome == exchange.Refused {
				verdicts[i] = exchange.Verdict{ID: verdicts[i].ID, Outcome: exchange.Taken}
			}
		}
	}
	return verdicts, err
}

// hostile lets the last machine of a county lie, in some counties that have one
// to spare. What it says is believed no more; what others say and hold must be
// as if it were not there.
func (r *run) hostile() {
	if !r.allowed(Liar) || len(r.md.machines) < 5 || r.chaos.IntN(3) > 0 {
		return
	}
	m := r.md.machines[len(r.md.machines)-1]
	if m.second {
		return
	}
	m.lied = true
	stream := r.world.Stream("liar")
	wrap := m.plant.Replica
	m.plant.Replica = func(under exchange.Replica) exchange.Replica {
		if wrap != nil {
			under = wrap(under)
		}
		return &lie{Replica: under, world: r.world, r: stream}
	}
	m.plant.Caller = m.plant.Replica
	r.world.Trace.Note(m.name, "is hostile")
}

// assault lets somebody who wishes ill call a station: the liar, or a machine
// that nobody enrolled.
func (r *run) assault(m *machine) {
	var key store.ID
	who := Stranger
	binary.BigEndian.PutUint64(key[:], r.chaos.Uint64())
	for _, o := range r.md.machines {
		if o.lied && r.chaos.IntN(2) == 0 {
			key, who = o.key, Flood
		}
	}
	r.world.Faults[who]++
	n := 1 + r.chaos.IntN(40)
	r.note(m, "%s: %d messages", who, n)
	r.world.Go("assault on "+m.name, func(t *sim.Task) {
		for range n {
			t.Sleep(r.spell() / 1000)
			message := r.overheard(m)
			if len(message) == 0 {
				message = make([]byte, r.chaos.IntN(2000))
				for i := range message {
					message[i] = byte(r.chaos.Uint32())
				}
			} else {
				r.world.Faults[Replay]++
			}
			if r.chaos.IntN(2) == 0 && len(message) > 0 {
				message = append([]byte(nil), message...)
				message[r.chaos.IntN(len(message))] ^= 1 << r.chaos.IntN(8)
			}
			r.net.Inject(m.name, key, message)
		}
	})
}

// overheard is a message that went to the machine before; empty: none did, or
// none is used.
func (r *run) overheard(m *machine) []byte {
	if r.chaos.IntN(2) == 0 {
		return nil
	}
	return r.net.Overheard(m.name)
}

// callLying lets a hostile machine call a station with its lying replica.
func (r *run) callLying(m, other *machine) {
	c, err := r.net.Dial(m.name, sim.Scheme+other.name)
	if err != nil {
		return
	}
	report, err := exchange.Run(context.Background(), c, m.plant.Caller(m.replica), c.Machine(), m.clock, m.world.Random(fmt.Sprint(m.name, " calls at ", m.world.Now())))
	r.note(m, "lied to %s: sent %d, received %d, in step %t: %v", other.name, report.Sent, report.Received, report.InStep, err)
	r.seen(m)
	r.seen(other)
}
