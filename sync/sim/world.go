package sim

import (
	"container/heap"
	"encoding/binary"
	"iter"
	"math/rand/v2"
	"time"
)

// World is virtual time and the tasks that live in it. It is used by one
// goroutine at a time: the one that calls Run, or the task that runs.
type World struct {
	// Trace is what happened so far.
	Trace *Trace
	// Faults counts what went wrong, by kind.
	Faults Faults

	seed    uint64
	now     time.Duration // since the world began
	queue   events
	order   uint64
	running *Task
	tasks   map[*Task]struct{} // that have begun and not ended
}

// New makes an empty world.
func New(seed uint64) *World {
	w := &World{seed: seed, Faults: Faults{}, tasks: map[*Task]struct{}{}}
	w.Trace = newTrace(w)
	return w
}

// Seed is what the world was made from.
func (w *World) Seed() uint64 { return w.seed }

// Now is the time since the world began.
func (w *World) Now() time.Duration { return w.now }

// Stream is a stream of choices of its own, told by its name: what another
// stream's reader does changes nothing in it.
func (w *World) Stream(name string) *rand.Rand {
	var key [32]byte
	h := hashOf("stream", binary.LittleEndian.AppendUint64(nil, w.seed), []byte(name))
	copy(key[:], h[:])
	return rand.New(rand.NewChaCha8(key))
}

// After calls fn at a time from now, as no task: it may not sleep.
func (w *World) After(d time.Duration, fn func()) {
	w.order++
	heap.Push(&w.queue, event{at: w.now + max(0, d), order: w.order, do: fn})
}

// Task is something that takes time: a person at work, a meeting.
type Task struct {
	world *World
	name  string
	next  func() (struct{}, bool)
	stop  func()
	yield func(struct{}) bool
}

// Name is what the task was begun as.
func (t *Task) Name() string { return t.name }

// stopped ends a task whose world ended.
type stopped struct{}

// Go begins a task now. It runs when Run comes to it.
func (w *World) Go(name string, fn func(*Task)) {
	t := &Task{world: w, name: name}
	t.next, t.stop = iter.Pull(func(yield func(struct{}) bool) {
		defer func() {
			if p := recover(); p != nil && p != any(stopped{}) {
				panic(p)
			}
		}()
		t.yield = yield
		fn(t)
	})
	w.tasks[t] = struct{}{}
	w.After(0, t.resume)
}

// resume runs the task until it sleeps or ends.
func (t *Task) resume() {
	w := t.world
	before := w.running
	w.running = t
	_, more := t.next()
	w.running = before
	if !more {
		delete(w.tasks, t)
	}
}

// Sleep lets the others go on for a while of virtual time.
func (t *Task) Sleep(d time.Duration) {
	t.world.After(d, t.resume)
	if !t.yield(struct{}{}) {
		panic(stopped{})
	}
}

// Current is the task that runs; nil: none does.
func (w *World) Current() *Task { return w.running }

// Run goes on until nothing is left to happen.
func (w *World) Run() {
	for len(w.queue) > 0 {
		if e, ok := heap.Pop(&w.queue).(event); ok {
			w.now = e.at
			e.do()
		}
	}
}

// Close ends the tasks that sleep.
func (w *World) Close() {
	w.queue = nil
	for t := range w.tasks { // in any order: a task that is stopped does nothing more
		t.stop()
	}
	w.tasks = map[*Task]struct{}{}
}

type event struct {
	at    time.Duration
	order uint64
	do    func()
}

// events is a heap by time; of one time, what was asked for first comes first.
type events []event

func (e events) Len() int { return len(e) }

func (e events) Less(i, j int) bool {
	return e[i].at < e[j].at || e[i].at == e[j].at && e[i].order < e[j].order
}

func (e events) Swap(i, j int) { e[i], e[j] = e[j], e[i] }

// Push implements heap.Interface.
func (e *events) Push(x any) {
	if one, ok := x.(event); ok {
		*e = append(*e, one)
	}
}

// Pop implements heap.Interface.
func (e *events) Pop() any {
	last := (*e)[len(*e)-1]
	*e = (*e)[:len(*e)-1]
	return last
}
