package bench

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"hejie/app/api"
	"hejie/app/samples"
)

// atOnce is how many people save at the same moment in the second part of save.
const atOnce = 64

// save measures durable saves of changed cases, one after the other and many at
// once. n is how many cases there are, d how many saves.
func (r *run) save() (err error) {
	ctx := context.Background()
	saves := r.D
	if saves == 0 {
		saves = DefaultSaves
	}
	r.result.D = &saves
	if err := errors.Join(r.floorAppend(), r.floorSignatures(), r.floorBulk()); err != nil {
		return err
	}
	st, s, err := r.single(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	if _, err := r.load(ctx, s); err != nil {
		return err
	}
	all, err := ids(ctx, s)
	if err != nil {
		return err
	}
	r.Say(fmt.Sprintf("%d saves", saves))
	e := r.editor(1)
	r.settle()
	times := make([]time.Duration, 0, saves)
	for n := range saves {
		id := all[e.random.IntN(len(all))]
		p, err := e.patch(ctx, s, id)
		if err != nil {
			return err
		}
		d, err := r.timed(func() error { return r.save1(ctx, s, id, p) })
		if err != nil {
			return fmt.Errorf("save %d: %w", n+1, err)
		}
		times = append(times, d)
		r.result.Seconds += d.Seconds()
	}
	r.result.P50, r.result.P95 = percentile(times, 0.5), percentile(times, 0.95)
	r.ratio("append_fsync_p50", r.result.P50, r.result.Floor["append_fsync_p50_ms"])
	r.ratio("append_fsync_p95", r.result.P95, r.result.Floor["append_fsync_p95_ms"])
	return r.saveAtOnce(ctx, s, all, e)
}

// saveAtOnce has many save different cases at the same time.
func (r *run) saveAtOnce(ctx context.Context, s api.Session, all []string, e *editor) error {
	const each = 20
	people := min(atOnce, len(all))
	patches := make([][]api.Patch, people)
	for i := range patches {
		for range each {
			p, err := e.patch(ctx, s, all[i])
			if err != nil {
				return err
			}
			patches[i] = append(patches[i], p)
		}
	}
	r.Say(fmt.Sprintf("%d at once", people))
	failed := make([]error, people)
	took, err := r.timed(func() error {
		var at sync.WaitGroup
		for i := range people {
			at.Go(func() {
				for _, p := range patches[i] {
					if failed[i] == nil {
						failed[i] = r.save1(ctx, s, all[i], p)
					}
				}
			})
		}
		at.Wait()
		return errors.Join(failed...)
	})
	if err != nil {
		return err
	}
	rate := float64(people*each) / took.Seconds()
	r.result.Also["at_once_per_s"] = rate
	r.ratio("at_once", rate, min(r.result.Floor["sign_per_s"], r.result.Floor["badger_bulk_per_s"]))
	return nil
}

// single makes one station on its own.
func (r *run) single(ctx context.Context) (interface{ Close() error }, api.Session, error) {
	st, err := r.open("station")
	if err != nil {
		return nil, nil, err
	}
	s, err := samples.Found(ctx, st, town, true)
	if err != nil {
		return nil, nil, errors.Join(err, st.Close())
	}
	return st, s, nil
}

// syncInitial measures the first exchange of a full village with its township.
func (r *run) syncInitial() (err error) {
	ctx := context.Background()
	if err := r.floorSignatures(); err != nil {
		return err
	}
	p, err := r.pair(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	raw, err := r.load(ctx, p.villageS)
	if err != nil {
		return err
	}
	if err := r.floorZstd(raw); err != nil {
		return err
	}
	r.Say("exchanging")
	r.settle()
	before, err := p.townS.Status(ctx)
	if err != nil {
		return err
	}
	if err := r.meet(ctx, p); err != nil {
		return err
	}
	after, err := p.townS.Status(ctx)
	if err != nil {
		return err
	}
	// Each operation has one signature that its receiver checks.
	checks := float64(after.Operations - before.Operations)
	r.result.Also["operations"] = checks
	r.result.Floor["public_key_s"] = checks / r.result.Floor["verify_per_s"]
	r.ratio("public_key", r.result.Seconds, r.result.Floor["public_key_s"])
	r.ratio("raw_bytes", float64(r.result.Bytes), r.result.Floor["raw_bytes"])
	r.ratio("zstd_bytes", float64(r.result.Bytes), r.result.Floor["zstd_bytes"])
	return r.same(ctx, p)
}

// meet exchanges once and notes what it took. The seconds are the whole
// meeting's, with its connection.
func (r *run) meet(ctx context.Context, p *pair) error {
	var done api.SyncResult
	took, err := r.timed(func() (err error) {
		done, err = p.villageS.SyncWith(ctx, p.address)
		return err
	})
	if err != nil {
		return err
	}
	if !done.InStep || done.Refused > 0 {
		return fmt.Errorf("the stations are not in step: %d sent, %d received, %d refused", done.Sent, done.Received, done.Refused)
	}
	r.result.Seconds = took.Seconds()
	r.result.Bytes, r.result.RoundTrips = done.BytesSent+done.BytesReceived, done.RoundTrips
	r.result.Also["exchange_s"] = done.Seconds
	r.result.Also["sent"], r.result.Also["received"] = float64(done.Sent), float64(done.Received)
	return nil
}

// same checks that both hold as many cases.
func (r *run) same(ctx context.Context, p *pair) error {
	a, err := ids(ctx, p.villageS)
	if err != nil {
		return err
	}
	b, err := ids(ctx, p.townS)
	if err != nil {
		return err
	}
	if len(a) != r.N || len(b) != r.N {
		return fmt.Errorf("%d and %d cases after the exchange, %d expected", len(a), len(b), r.N)
	}
	return nil
}

// syncCatchup measures an exchange between two that hold the same cases but for
// d edits at each.
func (r *run) syncCatchup() (err error) {
	ctx := context.Background()
	edits := r.D
	if edits == 0 && !r.NoEdits {
		edits = DefaultEdits
	}
	r.result.D = &edits
	if err := r.floorSignatures(); err != nil {
		return err
	}
	p, err := r.pair(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	if _, err := r.load(ctx, p.villageS); err != nil {
		return err
	}
	r.Say("first exchange")
	// Twice: the second carries the receipts of the first, so that only the
	// edits are between the two.
	for range 2 {
		if _, err := p.villageS.SyncWith(ctx, p.address); err != nil {
			return err
		}
	}
	r.Say(fmt.Sprintf("%d edits on each side", edits))
	all, err := ids(ctx, p.villageS)
	if err != nil {
		return err
	}
	cases, err := r.chosen(all, 2*edits)
	if err != nil {
		return err
	}
	for side, s := range []api.Session{p.villageS, p.townS} {
		e := r.editor(uint64(side + 1))
		for i := range edits {
			if err := e.edit(ctx, s, cases[2*i+side]); err != nil {
				return err
			}
		}
	}
	r.Say("exchanging")
	r.settle()
	if err := r.meet(ctx, p); err != nil {
		return err
	}
	r.result.Floor["public_key_s"] = r.result.Also["received"] / r.result.Floor["verify_per_s"]
	r.ratio("public_key", r.result.Also["exchange_s"], r.result.Floor["public_key_s"])
	return r.same(ctx, p)
}

// Tries of the short workloads.
const (
	startTries = 5
	listTries  = 50
)

// start measures how long it takes from opening a folder to its first page of
// cases. The secret costs next to nothing here.
func (r *run) start() error {
	ctx := context.Background()
	st, s, err := r.single(ctx)
	if err != nil {
		return err
	}
	person, err := s.Person(ctx)
	if err == nil {
		_, err = r.load(ctx, s)
	}
	if err = errors.Join(err, st.Close()); err != nil {
		return err
	}
	r.Say("starting")
	var times []time.Duration
	for range startTries {
		r.settle()
		took, err := r.timed(func() error {
			st, err := r.open("station")
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, st.Close()) }()
			s, err := st.SignIn(ctx, person.Seat, secret)
			if err != nil {
				return err
			}
			page, err := s.ListCases(ctx, api.CaseQuery{Limit: pageSize})
			if err == nil && len(page.Cases) != min(pageSize, r.N) {
				err = fmt.Errorf("the first page has %d cases", len(page.Cases))
			}
			return err
		})
		if err != nil {
			return err
		}
		times = append(times, took)
		r.result.Seconds += took.Seconds()
	}
	r.result.P50, r.result.P95 = percentile(times, 0.5), percentile(times, 0.95)
	return nil
}

// pageSize is how many cases a screen asks for.
const pageSize = 200

// list measures pages of the case list: the first, one by state and category,
// one by words.
func (r *run) list() (err error) {
	ctx := context.Background()
	st, s, err := r.single(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	if _, err := r.load(ctx, s); err != nil {
		return err
	}
	r.Say("listing")
	r.settle()
	for _, q := range []struct {
		name  string
		query api.CaseQuery
	}{
		{"", api.CaseQuery{Limit: pageSize}},
		{"filter", api.CaseQuery{Limit: pageSize, State: "submitted", Category: "02"}},
		{"search", api.CaseQuery{Limit: pageSize, Text: "排水瓦管"}},
	} {
		var times []time.Duration
		for range listTries {
			took, err := r.timed(func() error {
				_, err := s.ListCases(ctx, q.query)
				return err
			})
			if err != nil {
				return err
			}
			times = append(times, took)
		}
		if q.name == "" {
			r.result.P50, r.result.P95 = percentile(times, 0.5), percentile(times, 0.95)
			for _, d := range times {
				r.result.Seconds += d.Seconds()
			}
			continue
		}
		r.result.Also[q.name+"_p50_ms"], r.result.Also[q.name+"_p95_ms"] = percentile(times, 0.5), percentile(times, 0.95)
	}
	return nil
}
