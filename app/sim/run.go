package sim

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"hejie/app/samples"
	"hejie/store"
	"hejie/store/host/memfs"
	"hejie/sync/sim"
)

// Options of a run.
type Options struct {
	Seed  uint64
	Nodes int // MinNodes to MaxNodes
	Steps int // things that people, machines and chance do; at least 1
	// Without are kinds of faults that are left out.
	Without []sim.Fault
	// Only are the kinds that happen, where it is not nil.
	Only []sim.Fault
	// Doing are the names of the only things that people do, and At of the only
	// machines at which they do them, where they are not nil: for a test that waits
	// for one of them.
	Doing, At []string
	// Blind are rules that are not held to, for a test of another one.
	Blind []string
	// Plants are defects by the name of a machine; "*" is every one's.
	Plants map[string]Plant
}

// Result is what came of a run.
type Result struct {
	Seed  uint64 `json:"seed"`
	Nodes int    `json:"nodes"`
	Steps int    `json:"steps"`
	// Hash names the whole run: every line of the trace and every byte of every
	// disk at each quiet point.
	Hash   string            `json:"hash"`
	Lasted time.Duration     `json:"lasted"` // virtual
	Did    map[string]int    `json:"did"`    // what people did and how it ended, counted
	Faults map[sim.Fault]int `json:"faults"`
	Saves  int               `json:"saves"` // acknowledged
	Held   int               `json:"operations"`
	Quiet  int               `json:"quiet"` // points at which all was compared
	// Wrong is what must not be. A run ends at the first.
	Wrong []Violation `json:"wrong"`
	// Trace is all that happened, for a person.
	Trace []sim.Line `json:"-"`
}

// Violation is a promise that was broken.
type Violation struct {
	Rule  string `json:"rule"` // of rules
	Where string `json:"where"`
	What  string `json:"what"`
}

// Error is the violation as people read it.
func (v *Violation) Error() string { return fmt.Sprintf("%s: %s: %s", v.Rule, v.Where, v.What) }

// run is a run that goes on.
type run struct {
	o     Options
	world *sim.World
	net   *sim.Network
	md    *model
	r     *rand.Rand // people's choices
	chaos *rand.Rand
	maker *samples.Maker
	kinds []fault
	left  int // steps
	marks int
	calm  bool // no new faults: a quiet point
	did   map[string]int
	quiet int
	twins int // copies of disks that are used
	wrong *Violation
}

// Run plays one county from a seed.
func Run(o Options) (*Result, error) {
	if o.Nodes < MinNodes || o.Nodes > MaxNodes || o.Steps < 1 {
		return nil, fmt.Errorf("%d stations and %d steps: %d to %d stations, at least 1 step", o.Nodes, o.Steps, MinNodes, MaxNodes)
	}
	begin, err := county(o.Nodes)
	if err != nil {
		return nil, err
	}
	r := newRun(o, begin)
	defer r.world.Close()
	r.play()
	return r.result(), nil
}

// play goes on until all steps are done or a promise is broken.
func (r *run) play() {
	r.world.Go("begin", func(*sim.Task) { r.begin() })
	r.world.Run()
	for r.wrong == nil && r.left > 0 {
		r.work()
		if r.wrong == nil {
			r.world.Go("quiet", func(t *sim.Task) { r.settle(t) })
			r.world.Run()
		}
	}
}

func newRun(o Options, begin []settled) *run {
	w := sim.New(o.Seed)
	r := &run{
		o: o, world: w, net: w.Network(), md: newModel(), r: w.Stream("people"), chaos: w.Stream("chaos"),
		maker: samples.New(o.Seed), left: o.Steps, did: map[string]int{},
	}
	r.kinds = faultsOf(o)
	for _, s := range begin {
		m := &machine{site: s.site, world: w, net: r.net, disk: w.DiskOf(s.name, s.disk), clock: w.NewClock(began), key: s.machine, unit: s.unit}
		for _, name := range []string{"*", s.name} {
			if p, ok := o.Plants[name]; ok {
				m.plant = p
			}
		}
		for _, seat := range s.seats {
			m.staff = append(m.staff, &worker{seat: seat})
		}
		m.drafts = map[string]string{}
		for name, b := range m.disk.Files() {
			if strings.HasPrefix(name, dataDir+"/packs/") {
				m.floor += len(b)
			}
		}
		m.forget()
		r.md.machines = append(r.md.machines, m)
	}
	return r
}

// begin switches every machine on; some have clocks that are far off.
func (r *run) begin() {
	r.hostile()
	for _, m := range r.md.machines {
		if r.allowed(sim.ClockJump) && r.chaos.IntN(3) == 0 {
			r.jump(m)
		}
		r.boot(m)
	}
}

// shift is how many steps pass between two quiet points.
const shift = 40

// work lets people, machines and chance do some steps.
func (r *run) work() {
	r.calm = false
	r.weather()
	budget := min(r.left, shift)
	r.left -= budget
	turn := func() bool {
		if budget == 0 || r.wrong != nil {
			return false
		}
		budget--
		return true
	}
	for _, m := range r.md.machines {
		for i := range m.staff {
			if r.o.At != nil && !slices.Contains(r.o.At, m.name) {
				break
			}
			r.world.Go(fmt.Sprintf("person %d at %s", i, m.name), func(t *sim.Task) {
				for t.Sleep(r.pause(10 * time.Minute)); turn(); t.Sleep(r.pause(10 * time.Minute)) {
					r.person(m, i)
				}
			})
		}
		if m.above >= 0 {
			r.world.Go("meetings of "+m.name, func(t *sim.Task) {
				for t.Sleep(r.pause(15 * time.Minute)); turn(); t.Sleep(r.pause(15 * time.Minute)) {
					r.meet(m)
				}
			})
		}
	}
	if len(r.kinds) > 0 {
		r.world.Go("chance", func(t *sim.Task) {
			for t.Sleep(r.pause(8 * time.Minute)); turn(); t.Sleep(r.pause(8 * time.Minute)) {
				r.fault(t)
			}
		})
	}
	r.world.Run()
}

// pause is how long somebody does nothing.
func (r *run) pause(most time.Duration) time.Duration {
	return time.Duration(1 + r.r.Int64N(int64(most)))
}

// fail notes what must not be; the first one counts.
func (r *run) fail(rule, where, format string, args ...any) {
	if r.wrong != nil || slices.Contains(r.o.Blind, rule) {
		return
	}
	r.wrong = &Violation{Rule: rule, Where: where, What: fmt.Sprintf(format, args...)}
	r.world.Trace.Note(where, "WRONG: %s: %s", rule, r.wrong.What)
}

func (r *run) note(m *machine, format string, args ...any) {
	r.world.Trace.Note(m.name, format, args...)
}

func (r *run) result() *Result {
	out := &Result{
		Seed: r.o.Seed, Nodes: r.o.Nodes, Steps: r.o.Steps, Hash: r.world.Trace.Hash(), Lasted: r.world.Now(), Did: r.did, Faults: r.world.Faults,
		Saves: len(r.md.saves), Held: len(r.md.ops), Quiet: r.quiet, Wrong: []Violation{}, Trace: r.world.Trace.Lines(),
	}
	if r.wrong != nil {
		out.Wrong = append(out.Wrong, *r.wrong)
	}
	for _, m := range r.md.machines {
		m.stop()
	}
	return out
}

// boot brings a machine's program up and looks at what it has kept.
func (r *run) boot(m *machine) {
	before := m.held
	if m.disk.Dead() {
		m.cold = true
		m.disk.Restart(true)
	}
	if err := m.start(); err != nil {
		if m.disk.Dead() {
			return // it died again while it began
		}
		if !m.troubled() && !errors.Is(err, memfs.ErrSync) {
			r.fail(ruleOpens, m.name, "the folder does not open: %v", err)
		}
		return
	}
	if m.disk.Dead() { // it opened for reading what it could, as from a failing disk
		r.died(m)
		return
	}
	m.forget()
	if _, err := r.md.look(m); err != nil {
		r.fail(ruleOpens, m.name, "it can't be read: %v", err)
		return
	}
	r.kept(m, before)
	m.flipped, m.cold = false, false
}

// meet lets a machine exchange with the one above it.
func (r *run) meet(m *machine) {
	if !m.up() {
		r.wake(m)
		return
	}
	other := r.md.machines[m.above]
	if r.chaosless(8) == 0 && m.second { // two desks of one unit in one room
		other = r.md.of(m.unit)
	}
	r.exchange(m, other)
}

func (r *run) chaosless(n int) int { return r.r.IntN(n) }

// exchange meets a station and looks at both afterwards.
func (r *run) exchange(m, other *machine) bool {
	if m.plant.Caller != nil {
		r.callLying(m, other)
		return true
	}
	ss, err := m.sit(r.r.IntN(len(m.staff)))
	if err != nil {
		return r.failed(m, "signs in", err)
	}
	life := m.lives
	out, err := ss.SyncWith(context.Background(), sim.Scheme+other.name)
	if life != m.lives {
		return false // the program died meanwhile
	}
	r.count("meeting", err)
	if err != nil {
		return r.failed(m, "meets "+other.name, err)
	}
	r.note(m, "met %s: sent %d, received %d, %d round trips, in step %t", other.name, out.Sent, out.Received, out.RoundTrips, out.InStep)
	r.seen(m)
	r.seen(other)
	if out.InStep {
		r.inStep(m, other)
		r.inStep(other, m)
	}
	return out.InStep
}

// inStep: nobody is in step who lacks what his disk lost and the other still has.
func (r *run) inStep(m, with *machine) {
	for _, id := range m.lacks() {
		if o := r.md.ops[id]; o != nil && !o.forged && !with.lied && !with.flipped && with.holds(id) && with.holds(o.record) && slices.Contains(r.md.readers(o, with), m.unit) {
			r.fail(ruleTruth, m.name, "it is in step with %s, which has %x (%s) that it lost", with.name, id[:4], kindOf(o))
			return
		}
	}
}

// seen brings the model up to date with a machine, if it runs.
func (r *run) seen(m *machine) []store.ID {
	ids, err := r.md.look(m)
	if err != nil && !errors.Is(err, errDown) && !m.disk.Dead() {
		r.fail(ruleReads, m.name, "it can't be read: %v", err)
	}
	return ids
}

// failed looks at why something did not work.
func (r *run) failed(m *machine, what string, err error) bool {
	r.note(m, "%s: %s", what, reason(err))
	if m.disk.Dead() {
		r.died(m)
	}
	return false
}

// died ends the program of a machine whose disk is dead.
func (r *run) died(m *machine) {
	if m.up() || m.st != nil {
		r.world.Faults[sim.DiesInside]++
		r.note(m, "is dead")
		m.stop()
	}
}

// wake starts a machine that is down.
func (r *run) wake(m *machine) {
	r.note(m, "is switched on")
	r.boot(m)
}

func (r *run) count(what string, err error) {
	if err != nil {
		what += ", failed"
	}
	r.did[what]++
}

func (r *run) allowed(f sim.Fault) bool {
	return !slices.Contains(r.o.Without, f) && (r.o.Only == nil || slices.Contains(r.o.Only, f))
}
