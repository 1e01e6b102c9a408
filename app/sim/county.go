package sim

import (
	"context"
	"fmt"
	"sync"
	"time"

	"hejie/app/api"
	"hejie/app/station"
	"hejie/store"
	"hejie/store/host/memfs"
	"hejie/store/mem"
	"hejie/store/rows"
	"hejie/sync/identity"
	"hejie/sync/sim"
)

// The least and the most stations of a county.
const (
	MinNodes = 3
	MaxNodes = 24
)

// cheap makes secrets as quick to try as the format allows.
var cheap = identity.Cost{Time: 1, Memory: 8 << 10, Lanes: 1}

// secret is everybody's, in worlds that are nobody's.
const secret = "八个字的口令真长" //nolint:gosec // it guards nothing

// began is what clocks show when a county begins: a working morning.
var began = time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)

// site is where a station stands in the county, and who sits there.
type site struct {
	name   string // of the machine
	code   string // of the unit
	title  string // of the unit
	above  int    // the site of the unit above; -1: none
	people []seated
	// second tells a further machine of the unit of an earlier site.
	second bool
}

type seated struct {
	name  string
	roles []string
}

func person(name string, roles ...string) seated { return seated{name, roles} }

// sites are the first n stations of a county: a court over township centres,
// villages under them, a second desk of one village. Two towns keep people apart
// who may not read each other's files.
func sites(n int) []site {
	out := []site{
		{name: "court", code: "990125000000-fy", title: "青禾县人民法院", above: -1, people: []seated{person("吴例静", "admin", "judge", "clerk"), person("陈例公", "judge", "director")}},
		{name: "town", code: "990125101000-zz", title: "清溪镇综治中心", above: 0, people: []seated{person("郑例贤", "admin", "director", "mediator"), person("周例计", "clerk")}},
		{name: "village", code: "990125101203-tw", title: "河湾村人民调解委员会", above: 1, people: []seated{person("赵示和", "mediator", "director")}},
		{name: "desk", code: "990125101203-tw", title: "河湾村人民调解委员会", above: 1, second: true, people: []seated{person("刘例芳", "mediator")}},
		{name: "hill", code: "990125101204-tw", title: "东坡村人民调解委员会", above: 1, people: []seated{person("钱示清", "mediator", "director")}},
		{name: "town2", code: "990125102000-zz", title: "柳林镇综治中心", above: 0, people: []seated{person("孙例安", "admin", "director", "mediator")}},
		{name: "bridge", code: "990125102201-tw", title: "石桥村人民调解委员会", above: 5, people: []seated{person("冯示平", "mediator", "director")}},
	}
	for i := len(out); i < n; i++ {
		town, digit := 1, 1
		if i%2 == 0 {
			town, digit = 5, 2
		}
		out = append(out, site{
			name: fmt.Sprintf("village%d", i), code: fmt.Sprintf("99012510%d%d-tw", digit, 205+i), title: fmt.Sprintf("样例%d村人民调解委员会", i), above: town,
			people: []seated{person(fmt.Sprintf("例员%d", i), "mediator", "director")},
		})
	}
	return out[:n]
}

// settled is a station as a county begins with it.
type settled struct {
	site
	disk    *memfs.FS
	machine store.ID
	unit    store.ID
	seats   []string // ids of the people's, in their order
}

var (
	countiesMu sync.Mutex
	counties   = map[int][]settled{}
)

// county are n stations that know each other and hold nothing else. It is built
// once a process and copied: it is the same for every seed.
func county(n int) ([]settled, error) {
	countiesMu.Lock()
	defer countiesMu.Unlock()
	if c := counties[n]; c != nil {
		return c, nil
	}
	b := &builder{world: sim.New(uint64(n)), list: sites(n)}
	b.net = b.world.Network()
	var err error
	b.world.Go("county", func(*sim.Task) { err = b.build() })
	b.world.Run()
	b.world.Close()
	if err != nil {
		return nil, fmt.Errorf("building a county of %d stations: %w", n, err)
	}
	counties[n] = b.out
	return b.out, nil
}

// builder settles a county.
type builder struct {
	world *sim.World
	net   *sim.Network
	list  []site
	at    []*machine
	out   []settled
}

func (b *builder) build() error {
	ctx := context.Background()
	for _, s := range b.list {
		m := &machine{site: s, world: b.world, net: b.net, disk: b.world.NewDisk(s.name), clock: b.world.NewClock(began)}
		b.at = append(b.at, m)
		if err := b.settle(ctx, m); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	// A register of who may receive letters; then everybody hears of everything.
	for range 3 {
		for _, m := range b.at[1:] {
			if _, err := m.ss.SyncWith(ctx, sim.Scheme+b.list[m.above].name); err != nil {
				return fmt.Errorf("%s meets the unit above: %w", m.name, err)
			}
		}
	}
	for _, m := range b.at {
		s := settled{site: m.site, machine: m.key, unit: m.unit}
		for _, p := range m.staff {
			s.seats = append(s.seats, p.seat)
		}
		m.stop()
		s.disk = m.disk.Clone(0)
		b.out = append(b.out, s)
	}
	return nil
}

// settle makes a station and seats its people.
func (b *builder) settle(ctx context.Context, m *machine) error {
	if err := m.open(); err != nil {
		return err
	}
	first := m.people[0]
	if m.above < 0 {
		if _, err := m.st.InitRoot(ctx, api.RootRequest{Unit: m.code, UnitName: m.title, SeatName: first.name, Roles: first.roles, Secret: secret, Demo: true}); err != nil {
			return err
		}
	} else {
		req, err := m.st.RequestEnrolment(ctx, api.EnrolmentRequest{Unit: m.code, UnitName: m.title, SeatName: first.name, Roles: first.roles, Secret: secret})
		if err != nil {
			return err
		}
		ask := api.EnrolRequest{Request: req.File.Data}
		if m.second {
			ask.SeatOf = m.code
		}
		e, err := b.at[m.above].ss.Enrol(ctx, ask)
		if err != nil {
			return err
		}
		if _, err := m.st.Join(ctx, api.JoinRequest{Certificate: e.File.Data, Secret: secret}); err != nil {
			return err
		}
	}
	h, err := m.st.SeatBy(ctx, "")
	if err != nil {
		return err
	}
	m.staff = []*worker{{seat: h.Seat}}
	if err := m.signIn(); err != nil { //nolint:contextcheck // a simulated program is told by no context to end
		return err
	}
	for _, p := range m.people[1:] {
		seat, err := b.seat(ctx, m, p)
		if err != nil {
			return err
		}
		m.staff = append(m.staff, &worker{seat: seat})
	}
	return nil
}

// seat seats one more person at a station, by whoever admits there.
func (b *builder) seat(ctx context.Context, m *machine, p seated) (string, error) {
	req, err := m.ss.AddSeat(ctx, api.AddSeatRequest{SeatName: p.name, Roles: p.roles, Secret: secret})
	if err != nil {
		return "", err
	}
	e, err := m.ss.Enrol(ctx, api.EnrolRequest{Request: req.File.Data, SeatOf: m.code})
	if err != nil {
		return "", err
	}
	_, err = m.ss.JoinSeat(ctx, e.File.Data)
	return req.Seat, err
}

// options are what a station is opened with on a machine.
func (m *machine) options() station.Options {
	var engine rows.Opener = mem.Opener{}
	if m.plant.Engine != nil {
		engine = m.plant.Engine(engine)
	}
	return station.Options{
		Dir: dataDir, Outside: outsideDir, FS: m.fs(), Clock: m.clock, Random: m.random(), Engine: engine,
		Cost: cheap, Reserve: -1, Version: "sim", Road: m,
	}
}
