package sim

import (
	"context"
	"strings"
	"time"

	"hejie/store/host/memfs"
	"hejie/sync/sim"
)

// The faults of folders, beside those of sync/sim.
const (
	FolderCut      sim.Fault = "folder's pack cut short"
	FolderRestored sim.Fault = "folder restored from an older copy"
	FolderCopied   sim.Fault = "folder copied, and both used"
)

// fault is a kind of thing that chance does to a machine.
type fault struct {
	kind   sim.Fault
	weight int
	do     func(*run, *machine)
	// waits tells why the program is known not to stand it yet; such a kind
	// happens only where it is asked for by name. Empty: it stands it.
	waits string
}

// kinds are all faults of machines. Those of messages are the network's weather.
func kinds() []fault {
	return []fault{
		{sim.PowerLoss, 5, (*run).powerLoss, ""},
		{sim.ProgramDied, 4, (*run).programDies, ""},
		{sim.DiesInside, 8, (*run).diesInside, ""},
		{sim.SyncFailed, 3, (*run).syncFails, ""},
		{sim.DiskFull, 3, (*run).diskFull, ""},
		{sim.ReadOnly, 2, (*run).readOnly, ""},
		{sim.ClockJump, 4, (*run).jump, ""},
		{sim.Partition, 4, (*run).part, ""},
		{Stranger, 2, (*run).assault, ""},
		{FolderRestored, 2, (*run).restore, ""},
		{FolderCopied, 1, (*run).copied, ""},
		{FolderCut, 2, (*run).cut, ""},
		{Forged, 3, (*run).forge, ""},
		{sim.FlippedByte, 2, (*run).flip, ""},
	}
}

// Waiting are the kinds of faults that the program is known not to stand, with
// the reason: they happen only where Options.Only names them.
func Waiting() map[sim.Fault]string {
	out := map[sim.Fault]string{}
	for _, k := range kinds() {
		if k.waits != "" {
			out[k.kind] = k.waits
		}
	}
	return out
}

// Kinds are the kinds of faults that a run without further options makes.
func Kinds() []sim.Fault {
	out := []sim.Fault{sim.Drop, sim.DropAnswer, sim.Duplicate, sim.Reorder, sim.Delay, sim.CutMessage, Liar, Flood, Replay, Broken}
	for _, k := range kinds() {
		if k.waits == "" {
			out = append(out, k.kind)
		}
	}
	return out
}

// faultsOf are the faults that may happen in a run, each as often as its weight.
func faultsOf(o Options) []fault {
	r := &run{o: o}
	var out []fault
	for _, k := range kinds() {
		if !r.allowed(k.kind) || k.waits != "" && o.Only == nil {
			continue
		}
		for range k.weight {
			out = append(out, k)
		}
	}
	return out
}

// weather is how bad the network is until the next quiet point.
func (r *run) weather() {
	most := []int{0, 30, 120}[r.chaos.IntN(3)]
	roll := func(f sim.Fault) int {
		if most == 0 || !r.allowed(f) {
			return 0
		}
		return r.chaos.IntN(most)
	}
	r.net.Weather = sim.Weather{
		Drop: roll(sim.Drop), DropAnswer: roll(sim.DropAnswer), Duplicate: roll(sim.Duplicate), Reorder: roll(sim.Reorder), Delay: roll(sim.Delay), Cut: roll(sim.CutMessage),
	}
}

// fault does something to somebody, and lets what is down come up again.
func (r *run) fault(_ *sim.Task) {
	m := r.md.machines[r.chaos.IntN(len(r.md.machines))]
	if !m.up() {
		r.wake(m)
		return
	}
	k := r.kinds[r.chaos.IntN(len(r.kinds))]
	k.do(r, m)
}

func (r *run) powerLoss(m *machine) {
	r.world.Faults[sim.PowerLoss]++
	r.note(m, "loses power")
	m.cold = true
	m.disk.Kill()
	m.stop()
}

func (r *run) programDies(m *machine) {
	r.world.Faults[sim.ProgramDied]++
	r.note(m, "its program is killed")
	m.disk.Kill()
	m.stop()
	m.disk.Restart(false)
}

func (r *run) diesInside(m *machine) {
	n := 1 + r.chaos.IntN(60)
	r.note(m, "will die in the change %d of its disk", n)
	m.disk.Die(n)
}

func (r *run) syncFails(m *machine) {
	n := 1 + r.chaos.IntN(2)
	r.note(m, "%d syncs of its disk will fail", n)
	m.disk.FailSync(n)
}

func (r *run) diskFull(m *machine) {
	free := r.chaos.Int64N(6000)
	r.note(m, "its disk has %d bytes left", free)
	m.disk.Fill(free)
	m.full = true
	r.world.After(r.spell(), func() {
		r.note(m, "somebody makes room on its disk")
		m.mend()
	})
}

func (r *run) readOnly(m *machine) {
	r.note(m, "its disk is read-only")
	m.disk.SetReadOnly(true)
	m.full = true
	r.world.After(r.spell(), func() {
		r.note(m, "its disk can be written again")
		m.mend()
	})
}

// spell is how long a trouble lasts.
func (r *run) spell() time.Duration {
	return time.Duration(1 + r.chaos.Int64N(int64(40*time.Minute)))
}

// mend takes a disk's troubles away.
func (m *machine) mend() {
	m.disk.SetCapacity(memfs.Unlimited)
	m.disk.SetReadOnly(false)
	m.full = false
}

// troubled reports whether a machine may fail for what was done to its disk.
func (m *machine) troubled() bool { return m.full || m.disk.Dead() }

func (r *run) jump(m *machine) {
	r.world.Faults[sim.ClockJump]++
	span := int64(sim.LastYear.Sub(sim.FirstYear) / time.Second)
	to := sim.FirstYear.Add(time.Duration(r.chaos.Int64N(span)) * time.Second)
	switch r.chaos.IntN(4) {
	case 0:
		to = sim.FirstYear
	case 1:
		to = began.Add(time.Duration(r.chaos.Int64N(int64(48*time.Hour))) - 24*time.Hour)
	}
	r.note(m, "its clock shows %s", to.Format(time.RFC3339))
	m.clock.Jump(to)
}

func (r *run) part(m *machine) {
	away := []string{m.name}
	for _, o := range r.md.machines {
		if o != m && r.chaos.IntN(3) == 0 {
			away = append(away, o.name)
		}
	}
	r.note(m, "is cut off with %s", strings.Join(away[1:], ", "))
	r.net.Part(away...)
	r.world.After(r.spell(), func() { r.net.Part() })
}

// restore puts an older copy of the folder in place of the folder.
func (r *run) restore(m *machine) {
	if m.backup == nil {
		r.note(m, "its folder is copied to a stick")
		m.backup = m.disk.Clone(0)
		return
	}
	r.world.Faults[FolderRestored]++
	r.note(m, "its folder is restored from the stick")
	m.stop()
	m.disk.Put(m.backup, dataDir)
	m.backup, m.lost, m.harmed, m.missing, m.older = nil, true, true, nil, true
	clear(m.drafts) // drafts lie in the folder alone
	r.boot(m)
}

// copied lets a second computer run a copy of the whole disk.
func (r *run) copied(m *machine) {
	if r.twins > 0 || m.second || m.lied || m.above <= 0 {
		return // only a village's files all lie at a station above it, by which the two hear of each other: a machine does not call itself
	}
	r.twins++
	r.world.Faults[FolderCopied]++
	twin := &machine{
		site: m.site, world: r.world, net: r.net, disk: r.world.DiskOf(m.name+" copy", m.disk.FS), clock: r.world.NewClock(began), plant: m.plant, key: m.key, unit: m.unit,
	}
	twin.name += " copy"
	for _, w := range m.staff {
		twin.staff = append(twin.staff, &worker{seat: w.seat})
		r.md.forks(w.seat)
	}
	twin.drafts = map[string]string{}
	twin.forget()
	r.note(m, "its disk is copied, and the copy is used too")
	r.md.machines = append(r.md.machines, twin)
	r.boot(twin)
}

// cut shortens the last pack of a folder that is closed.
func (r *run) cut(m *machine) {
	r.seen(m)
	m.stop()
	var last string
	size := 0
	for name, b := range m.disk.Files() {
		if strings.HasPrefix(name, dataDir+"/packs/") && name > last {
			last, size = name, len(b)
		}
	}
	// Not into what the folder began with: one that lost its own certificate does
	// not open, and is restored from a copy.
	if size > m.floor {
		at := int64(m.floor) + r.chaos.Int64N(int64(size-m.floor))
		if m.disk.Cut(last, at) == nil {
			r.world.Faults[FolderCut]++
			r.note(m, "%s is cut from %d to %d bytes", last, size, at)
			m.lost, m.harmed = true, true
		}
	}
	before := len(m.lacks())
	r.boot(m)
	if gone := len(m.lacks()) - before; gone > 0 && m.up() && !m.troubled() {
		r.toldOf(m, gone)
	}
}

// toldOf: a folder that lost something says so as soon as it opens.
func (r *run) toldOf(m *machine, gone int) {
	st, err := m.ss.Status(context.Background())
	if err == nil && len(st.Wrong) == 0 {
		r.fail(ruleTold, m.name, "%d frames are gone from its packs, and status says that nothing is wrong", gone)
	}
}

func (r *run) flip(m *machine) {
	r.seen(m)
	if name, at, ok := m.disk.FlipIn(dataDir + "/packs/"); ok {
		r.note(m, "a byte of %s flips at %d", name, at)
		m.lost, m.harmed, m.flipped = true, true, true
	}
}
