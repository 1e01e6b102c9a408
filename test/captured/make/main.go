// Command make captures the county of an issue's end for test/captured:
//
//	go run ./test/captured/make issue-8            makes the archive and what it must show
//	go run ./test/captured/make -expected issue-8  only what it must show, of the archive that is there
//
// The second is for a change of the rules of cases before the first release;
// docs/rules-1.md says why in the same commit.
package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"hejie/app/api"
	"hejie/app/samples"
	"hejie/app/station"
	"hejie/store/badger"
	"hejie/sync/identity"
	"hejie/test/captured"
	"hejie/test/process"
)

// secret opens the captured folders and nothing else.
const secret = "captured-2026"

// units are the county's, the court first; each is admitted by the one before it.
var units = []struct {
	folder string
	unit   samples.Unit
}{
	{"court", samples.Unit{Code: "990125000000-fy", Name: "青禾县人民法院", Person: "吴例静", Roles: []string{"admin", "director", "judge"}, Secret: secret}},
	{"township", samples.Unit{Code: "990125101000-zz", Name: "清溪镇综治中心", Person: "周例计", Roles: []string{"admin", "director", "mediator"}, Secret: secret}},
	{"hewan", samples.Unit{Code: "990125101203-tw", Name: "河湾村人民调解委员会", Person: "刘例芳", Roles: []string{"mediator", "director"}, Secret: secret}},
}

// clock begins on a fixed day and goes on by a second a look.
type clock struct{ at time.Time }

func (c *clock) Now() time.Time { c.at = c.at.Add(time.Second); return c.at }

func main() {
	expected := flag.Bool("expected", false, "keep the archive, make anew what it must show")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "name the archive, as issue-8")
		os.Exit(2)
	}
	if err := run(filepath.Join("test", "captured", flag.Arg(0)), *expected); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(path string, expected bool) error {
	dir, err := os.MkdirTemp("", "captured")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if !expected {
		if err := capture(path+".tar.gz", filepath.Join(dir, "made")); err != nil {
			return err
		}
	}
	program, err := process.Build(dir, "")
	if err != nil {
		return err
	}
	// What must be shown is read from the archive, not from what was archived.
	copied := filepath.Join(dir, "copy")
	if err := captured.Unpack(path+".tar.gz", copied); err != nil {
		return err
	}
	var folders []captured.Folder
	for _, u := range units {
		f, err := captured.Program{Path: program, Home: dir}.Look(copied, captured.Folder{Name: u.folder, Seat: u.unit.Person, Secret: secret})
		if err != nil {
			return err
		}
		folders = append(folders, f)
	}
	b, err := json.MarshalIndent(folders, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(path+".json", append(b, '\n'), 0o600)
}

// county is the stations while they are made.
type county struct {
	now      *clock
	stations []*station.Station
	sessions []api.Session
	saves    int
}

func capture(archive, dir string) (err error) {
	ctx := context.Background()
	c := &county{now: &clock{time.Date(2026, 11, 26, 1, 0, 0, 0, time.UTC)}}
	defer func() { err = errors.Join(err, c.close()) }()
	for _, u := range units {
		if err := c.add(ctx, filepath.Join(dir, u.folder), u.unit); err != nil {
			return fmt.Errorf("%s: %w", u.folder, err)
		}
	}
	if err := c.work(ctx); err != nil {
		return err
	}
	if err := c.close(); err != nil {
		return err
	}
	var names []string
	for _, u := range units {
		names = append(names, u.folder)
	}
	return captured.Pack(archive, dir, names)
}

func (c *county) close() (err error) {
	for _, st := range c.stations {
		err = errors.Join(err, st.Close())
	}
	c.stations = nil
	return err
}

func (c *county) add(ctx context.Context, dir string, u samples.Unit) error {
	st, err := station.Open(station.Options{Dir: dir, Clock: c.now, Random: rand.Reader, Engine: badger.Opener{}, Cost: identity.DefaultCost})
	if err != nil {
		return err
	}
	c.stations = append(c.stations, st)
	var s api.Session
	if len(c.sessions) == 0 {
		s, err = samples.Found(ctx, st, u, true)
	} else {
		s, err = samples.Enrol(ctx, c.sessions[len(c.sessions)-1], st, u)
	}
	c.sessions = append(c.sessions, s)
	return err
}

func (c *county) token() string {
	c.saves++
	return fmt.Sprintf("01900000-0000-7000-8000-%012x", c.saves)
}

// work lets village and township record the cases of the demonstration county,
// and write two values of one field while apart.
func (c *county) work(ctx context.Context) error {
	court, town, village := c.sessions[0], c.sessions[1], c.sessions[2]
	at := map[string]api.Session{"hewan": village, "township": town}
	var contested string
	for _, told := range samples.County() {
		s := at[told.At]
		if s == nil {
			continue
		}
		saved, err := s.NewCase(ctx, c.token(), told.Document)
		if err != nil {
			return err
		}
		for _, step := range told.Steps {
			if _, err := s.Act(ctx, c.token(), saved.ID, step.Step, step.Fields); err != nil {
				return fmt.Errorf("%s: %w", step.Step, err)
			}
		}
		if told.At == "hewan" && contested == "" {
			contested = saved.ID
		}
	}
	if err := c.meet(ctx, village, court); err != nil {
		return err
	}
	for i, s := range []api.Session{village, town} {
		fields, err := json.Marshal(map[string]int{"amount_fen": 46_000 + i*1_000})
		if err != nil {
			return err
		}
		if _, err := s.PatchCase(ctx, c.token(), contested, api.Patch{Fields: fields}); err != nil {
			return err
		}
	}
	return c.meet(ctx, village, court)
}

// meet has the township met twice, so that what one brings reaches all.
func (c *county) meet(ctx context.Context, others ...api.Session) error {
	addr, err := c.stations[1].Serve(station.Listen{P2P: []string{"/ip4/127.0.0.1/tcp/0"}})
	if err != nil {
		return err
	}
	for range 2 {
		for _, s := range others {
			if _, err := s.SyncWith(ctx, addr.P2P[0]); err != nil {
				return err
			}
		}
	}
	return nil
}
