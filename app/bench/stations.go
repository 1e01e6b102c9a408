package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"

	"github.com/google/uuid"

	"hejie/app/api"
	"hejie/app/samples"
	"hejie/app/station"
	"hejie/sync/identity"
)

// cheap is the cost of the secrets of measured stations: what a secret costs on
// purpose is no part of what is measured.
var cheap = identity.Cost{Time: 1, Memory: 8 << 10, Lanes: 1}

const secret = "measured-only"

// road is where the measured township listens.
const road = "/ip4/127.0.0.1/tcp/0"

var (
	town    = samples.Unit{Code: "990125101000-zz", Name: "清溪镇", Person: "周例计", Roles: []string{"admin", "director", "mediator"}, Secret: secret}
	village = samples.Unit{Code: "990125101203-tw", Name: "河湾村", Person: "刘例芳", Roles: []string{"mediator", "director"}, Secret: secret}
)

// pair is a township and a village under it.
type pair struct {
	town, village   *station.Station
	townS, villageS api.Session
	address         string
}

func (r *run) open(name string) (*station.Station, error) {
	return station.Open(station.Options{Dir: filepath.Join(r.Dir, name), Outside: r.Outside, Clock: r.Clock, Random: r.Random, Engine: r.Engine, Cost: cheap})
}

// pair makes both stations; the township listens.
func (r *run) pair(ctx context.Context) (p *pair, err error) {
	p = &pair{}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.close())
		}
	}()
	if p.town, err = r.open("town"); err != nil {
		return p, err
	}
	if p.townS, err = samples.Found(ctx, p.town, town, true); err != nil {
		return p, err
	}
	if p.village, err = r.open("village"); err != nil {
		return p, err
	}
	if p.villageS, err = samples.Enrol(ctx, p.townS, p.village, village); err != nil {
		return p, err
	}
	addr, err := p.town.Serve(station.Listen{P2P: []string{road}})
	if err != nil {
		return p, err
	}
	p.address = addr.P2P[0]
	// The first meeting carries logs, keys and receipts of the enrolment; the
	// roads of both are open after it.
	_, err = p.villageS.SyncWith(ctx, p.address)
	return p, err
}

func (p *pair) close() error {
	var err error
	for _, st := range []*station.Station{p.village, p.town} {
		if st != nil {
			err = errors.Join(err, st.Close())
		}
	}
	return err
}

// lines are the case documents that are loaded: the first N of those given, or
// generated ones.
func (r *run) lines() ([]byte, error) {
	if r.Cases == nil {
		return samples.NewVaried(r.Seed).Lines(r.N), nil
	}
	at := 0
	for n := range r.N {
		i := bytes.IndexByte(r.Cases[at:], '\n')
		if i < 0 {
			return nil, fmt.Errorf("the file has %d cases, and %d are asked for", n, r.N)
		}
		at += i + 1
	}
	return r.Cases[:at], nil
}

// load imports the documents into a station.
func (r *run) load(ctx context.Context, s api.Session) (raw []byte, err error) {
	if raw, err = r.lines(); err != nil {
		return nil, err
	}
	r.Say(fmt.Sprintf("loading %d cases", r.N))
	took, err := r.timed(func() error {
		done, err := s.Import(ctx, raw)
		if err == nil && done.Added != r.N {
			err = fmt.Errorf("%d of %d cases were taken: %v", done.Added, r.N, done.Refused[:min(1, len(done.Refused))])
		}
		return err
	})
	if took > 0 {
		r.result.Also["load_per_s"] = float64(r.N) / took.Seconds()
	}
	return raw, err
}

// ids lists cases, newest received first.
func ids(ctx context.Context, s api.Session) ([]string, error) {
	var out []string
	for q := (api.CaseQuery{Limit: 1000}); ; {
		page, err := s.ListCases(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, c := range page.Cases {
			out = append(out, c.ID)
		}
		if q.After = page.After; q.After == "" {
			return out, nil
		}
	}
}

// chosen are count cases to edit: the newest, or spread over all.
func (r *run) chosen(all []string, count int) ([]string, error) {
	if count > len(all) {
		return nil, fmt.Errorf("%d edits of different cases need as many cases, and there are %d", count, len(all))
	}
	if !r.Spread || count == 0 {
		return all[:count], nil
	}
	out := make([]string, count)
	for i := range out {
		out[i] = all[i*len(all)/count]
	}
	return out, nil
}

// editor makes the edits that BENCH describes: one or two fields of a case, one
// in ten appends a sentence to its story.
type editor struct {
	run    *run
	random *rand.Rand
	maker  *samples.Maker
	n      int
}

func (r *run) editor(seed uint64) *editor {
	return &editor{run: r, random: rand.New(rand.NewPCG(r.Seed, seed)), maker: samples.NewVaried(r.Seed + seed)}
}

// patch makes the next edit of a case.
func (e *editor) patch(ctx context.Context, s api.Session, id string) (api.Patch, error) {
	e.n++
	fields := map[string]any{}
	switch {
	case e.n%10 == 0:
		v, err := s.Case(ctx, id)
		if err != nil {
			return api.Patch{}, err
		}
		fields["facts"] = v.Facts + e.maker.Sentence()
	case e.random.IntN(2) == 0:
		fields["amount_fen"] = int64(100+e.random.IntN(90_000)) * 100
		fields["place"] = fmt.Sprintf("样例省青禾县清溪镇%d组", 1+e.random.IntN(99))
	default:
		fields["place"] = fmt.Sprintf("样例省青禾县清溪镇%d组", 1+e.random.IntN(99))
	}
	raw, err := json.Marshal(fields)
	return api.Patch{Fields: raw}, err
}

// edit makes and saves one edit.
func (e *editor) edit(ctx context.Context, s api.Session, id string) error {
	p, err := e.patch(ctx, s, id)
	if err != nil {
		return err
	}
	return e.run.save1(ctx, s, id, p)
}

func (r *run) save1(ctx context.Context, s api.Session, id string, p api.Patch) error {
	token, err := uuid.NewV7FromReader(r.Random)
	if err != nil {
		return err
	}
	_, err = s.PatchCase(ctx, token.String(), id, p)
	return err
}
