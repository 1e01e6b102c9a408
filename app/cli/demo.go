package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"hejie/app/api"
	"hejie/app/samples"
	"hejie/app/station"
)

// demoSecret opens every seat of a demonstration county: nothing in it is
// worth hiding, and it is printed.
const demoSecret = "qinghe-2026"

// demoUnit is one unit of the county.
type demoUnit struct {
	folder string
	under  string // folder of the unit that admits it; the first one admits itself
	unit   samples.Unit
}

// demoShown is the order in which they are printed: the way of a case upwards
// first, which scripts count on.
var demoShown = []string{"court", "township", "hewan", "qiaotou", "bureau", "tribunal", "bank"}

// demoUnits are the county's units, each after the one that admits it; the
// division 990125 does not exist. The court guides and the justice bureau
// supervises the township and, as its parent's, every village (人民调解法 5): so the
// figures of all cases reach both.
var demoUnits = []demoUnit{
	{"court", "", samples.Unit{Code: "990125000000-fy", Name: "青禾县人民法院", Person: "吴例静", Roles: []string{"admin", "director", "judge"}}},
	{"bureau", "court", samples.Unit{Code: "990125000000-sfj", Name: "青禾县司法局", Person: "孙例正", Roles: []string{"admin", "director", "supervisor"}}},
	{"tribunal", "court", samples.Unit{Code: "990125101000-ft", Name: "清溪人民法庭", Person: "李例衡", Roles: []string{"admin", "director", "judge"}}},
	{"township", "court", samples.Unit{
		Code: "990125101000-zz", Name: "清溪镇综治中心", Person: "周例计", Roles: []string{"admin", "director", "mediator"}, Court: "990125000000-fy", Bureau: "990125000000-sfj",
	}},
	{"hewan", "township", samples.Unit{Code: "990125101203-tw", Name: "河湾村人民调解委员会", Person: "刘例芳", Roles: []string{"mediator", "director"}}},
	{"qiaotou", "township", samples.Unit{Code: "990125101204-tw", Name: "桥头村人民调解委员会", Person: "郑例贤", Roles: []string{"mediator", "director"}}},
	{"bank", "court", samples.Unit{Code: "990125000000-yh", Name: "青禾县银行业纠纷调解中心", Person: "钱例信", Roles: []string{"director", "mediator"}, Bureau: "990125000000-sfj"}},
}

// demoStation is one station of the county while it is made, and what is
// printed of it.
type demoStation struct {
	st *station.Station
	s  api.Session

	Dir    string `json:"dir"`
	Unit   string `json:"unit"`
	Name   string `json:"unit_name"`
	Seat   string `json:"seat"`
	Person string `json:"seat_name"`
	Secret string `json:"secret"`
}

type demoDone struct {
	Stations []*demoStation `json:"stations"`
}

func (a *app) demoCommand() *cobra.Command {
	return a.command(spec{use: "demo --data DIR", key: "demo", run: func(ctx context.Context, _ []string) error { return a.demo(ctx) }})
}

func (a *app) demo(ctx context.Context) (err error) {
	if a.data == "" && a.w.env[envData] == "" {
		return usage("usage.flag_missing", "flag", "data")
	}
	dir := a.folder()
	if names, err := os.ReadDir(dir); err == nil && len(names) > 0 {
		return fail("demo.not_empty", "dir", dir)
	}
	var done demoDone
	at := map[string]*demoStation{}
	defer func() {
		for _, d := range at {
			err = errors.Join(err, d.st.Close())
		}
	}()
	for _, u := range demoUnits {
		a.note("demo.progress", "name", u.unit.Name)
		u.unit.Secret = demoSecret
		d, err := a.demoStation(ctx, filepath.Join(dir, u.folder), u.unit, at[u.under])
		if err != nil {
			return fmt.Errorf("%s: %w", u.unit.Name, err)
		}
		at[u.folder] = d
	}
	if err := a.demoWork(ctx, at); err != nil {
		return err
	}
	for _, folder := range demoShown {
		done.Stations = append(done.Stations, at[folder])
	}
	return a.answer(done, func(p *printer) {
		p.say("demo.head")
		for _, d := range done.Stations {
			p.line("")
			p.say("demo.place", "unit", d.Name, "seat", d.Person, "secret", d.Secret, "dir", d.Dir)
		}
	})
}

// demoStation makes one station, admitted by the one above; nil: a root.
func (a *app) demoStation(ctx context.Context, dir string, u samples.Unit, above *demoStation) (*demoStation, error) {
	st, err := station.Open(station.Options{
		After: func(d time.Duration, fn func()) { time.AfterFunc(d, fn) },
		Dir:   dir, Outside: a.set.outside, Clock: a.set.clock, Random: a.set.random, Engine: a.set.engine, Cost: a.set.cost, Version: Version,
	})
	if err != nil {
		return nil, err
	}
	d := &demoStation{st: st, Dir: dir, Name: u.Name, Person: u.Person, Secret: u.Secret}
	if above == nil {
		d.s, err = samples.Found(ctx, st, u, true)
	} else {
		d.s, err = samples.Enrol(ctx, above.s, st, u)
	}
	var person api.Person
	if err == nil {
		person, err = d.s.Person(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	d.Unit, d.Seat = person.Unit, person.Seat
	return d, nil
}

// demoWall is how far the wall between neighbours has come.
var demoWall = []samples.Taken{
	{Step: "accept", Fields: json.RawMessage(`{"at":"2026-03-10"}`)},
	{Step: "assign", Fields: json.RawMessage(`{"mediators":["赵示和","刘例芳"],"by":"committee","at":"2026-03-10"}`)},
	{Step: "start-session", Fields: json.RawMessage(`{"at":"2026-03-12T19:30:00+08:00","place":"河湾村人民调解室"}`)},
}

// demoWork lets the county work: cases in every state at villages and township,
// exchanges upwards, and one amount written differently by village and
// township while apart.
func (a *app) demoWork(ctx context.Context, at map[string]*demoStation) error {
	town, hewan := at["township"], at["hewan"]
	wall, err := a.demoCase(ctx, hewan, samples.Wall(), demoWall)
	if err != nil {
		return err
	}
	for _, told := range samples.County() {
		if _, err := a.demoCase(ctx, at[told.At], told.Document, told.Steps); err != nil {
			return err
		}
	}
	var others []*demoStation // in the order of the county, from the villages up
	for _, u := range slices.Backward(demoUnits) {
		if u.folder != "township" {
			others = append(others, at[u.folder])
		}
	}
	meet := func() error { return demoMeet(ctx, town, others) }
	if err := meet(); err != nil {
		return err
	}
	for _, change := range []struct {
		at        *demoStation
		amountFen int64
	}{
		{hewan, 46_000}, // with the hours of laying the new pipe
		{town, 38_000},  // what the receipts for the pipe come to
	} {
		fields, err := json.Marshal(map[string]int64{"amount_fen": change.amountFen})
		if err != nil {
			return err
		}
		if err := a.demoWrite(func(token string) error {
			_, err := change.at.s.PatchCase(ctx, token, wall, api.Patch{Fields: fields})
			return err
		}); err != nil {
			return err
		}
	}
	return meet()
}

// demoCase records a case and takes its steps; it gives the case's id.
func (a *app) demoCase(ctx context.Context, d *demoStation, document []byte, steps []samples.Taken) (string, error) {
	var saved api.Saved
	err := a.demoWrite(func(token string) (err error) {
		saved, err = d.s.NewCase(ctx, token, document)
		return err
	})
	for _, s := range steps {
		if err != nil {
			break
		}
		err = a.demoWrite(func(token string) error {
			_, err := d.s.Act(ctx, token, saved.ID, s.Step, s.Fields)
			return err
		})
	}
	return saved.ID, err
}

func (a *app) demoWrite(do func(token string) error) error {
	token, err := a.token()
	if err != nil {
		return err
	}
	return do(token)
}

// demoRoad is where the township listens while the county is made.
const demoRoad = "/ip4/127.0.0.1/tcp/0"

// demoMeet has the township met by others, twice, so that what one brings
// reaches all.
func demoMeet(ctx context.Context, town *demoStation, others []*demoStation) error {
	addr, err := town.st.Serve(station.Listen{P2P: []string{demoRoad}})
	if err != nil {
		return err
	}
	for range 2 {
		for _, d := range others {
			if _, err := d.s.SyncWith(ctx, addr.P2P[0]); err != nil {
				return err
			}
		}
	}
	return nil
}
