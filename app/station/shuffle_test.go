package station

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"testing/cryptotest"

	"hejie/app/api"
	"hejie/app/casework"
	"hejie/store"
	"hejie/sync/exchange"
)

// cutting fails at a chosen message, as a cut connection does.
type cutting struct {
	wire
	left int
}

func (c *cutting) Roundtrip(ctx context.Context, request []byte) ([]byte, error) {
	if c.left--; c.left < 0 {
		return nil, errors.New("the connection was cut")
	}
	out, err := c.wire.Roundtrip(ctx, request)
	if c.left == 0 { // the answer is lost on its way
		return nil, errors.New("the connection was cut")
	}
	return out, err
}

// TestDesksThatWorkApartAgree lets three desks act at random, meet at random,
// lose connections and restart; at the end all that hold a case show the same
// document and the court shows figures only.
func TestDesksThatWorkApartAgree(t *testing.T) {
	seeds := uint64(12)
	if testing.Short() {
		seeds = 3
	}
	if n, err := strconv.ParseUint(os.Getenv("HEJIE_SEEDS"), 10, 32); err == nil {
		seeds = n // a soak
	}
	for seed := range seeds {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) { apart(t, seed) })
	}
}

func apart(t *testing.T, seed uint64) {
	cryptotest.SetGlobalRandom(t, seed) // sealed keys lie in log entries: the same ids in every run of a seed
	r := rand.New(rand.NewPCG(seed, 7))
	court := newCourt(t, seed*10+1)
	town := court.admit(seed*10+2, "990125101000-zz", "清溪镇综治中心", "郑例贤", "admin", "director", "mediator")
	village := town.admit(seed*10+3, "990125101203-tw", "河湾村人民调解委员会", "赵示和", "mediator", "director")
	two := village.second(town, seed*10+4, "990125101203-tw")
	desks := []*desk{town, village, two}
	var ids []string
	for range 60 {
		d := desks[r.IntN(3)]
		switch what := r.IntN(10); {
		case what < 2 || len(ids) == 0:
			// Some numbers are given at both desks: pairs to join.
			saved, err := d.ss.NewCase(context.Background(), token(), wallCase(fmt.Sprintf("N-%d", r.IntN(20))))
			if err == nil {
				ids = append(ids, saved.ID)
			}
		case what < 7:
			something(r, d, ids[r.IntN(len(ids))])
		case what == 7:
			d.again()
		default:
			pairs := [][2]*desk{{village, town}, {village, town}, {two, town}, {town, two}, {town, court}}
			p := pairs[r.IntN(len(pairs))]
			a, b := p[0], p[1]
			if r.IntN(2) == 0 {
				cut(t, r, a, b)
			} else {
				meet(a, b)
			}
		}
	}
	for range 2 { // what each has, and the keys of the other's audience keys
		meet(village, town)
		meet(two, town)
	}
	meet(town, court)
	meet(two, town)     // the court's receipts
	meet(village, town) // and what the second laptop's made of them
	if r := meet(village, town); !r.InStep || r.RoundTrips != 1 || r.BytesSent+r.BytesReceived > 200 {
		t.Fatalf("not in step at the end: %+v", r)
	}
	for _, id := range ids {
		if doc := court.get(id); strings.Contains(doc, "李大样") {
			t.Fatal(doc)
		}
		whole, err := town.ss.Case(context.Background(), id)
		if err != nil {
			t.Fatal(err)
		}
		if figures, err := court.ss.Case(context.Background(), id); err != nil || figures.Digest.Counts["parties"] != len(whole.Parties) {
			t.Fatalf("the court counts %+v parties, there are %d: %v", figures.Digest, len(whole.Parties), err)
		}
		for _, d := range []*desk{village, two} {
			one, other := town.bare(id), d.bare(id)
			if owned := strings.Contains(one, `"unit":"990125101203-tw"`); owned == (other == "") {
				t.Fatalf("case %s is held where it should not be, or not where it should", id[:8])
			}
			if other != "" && one != other {
				t.Fatalf("case %s\n%s\n%s", id[:8], one, other)
			}
		}
		if other := village.document(id); other == "" {
			continue
		}
		if one, other := fmt.Sprint(village.ss.Notes(context.Background(), id)), fmt.Sprint(two.ss.Notes(context.Background(), id)); one != other {
			t.Fatalf("notes of %s\n%s\n%s", id[:8], one, other)
		}
	}
	for _, d := range []*desk{court, town, village, two} {
		v, err := d.ss.Verify(context.Background())
		if err != nil || len(v.Bad) != 0 {
			t.Fatalf("%+v, %v", v, err)
		}
		before, lookups := d.list(), d.repeatRows()
		if _, err := d.ss.Rebuild(context.Background()); err != nil {
			t.Fatal(err)
		}
		if after := d.list(); after != before {
			t.Fatalf("a rebuild gives another list\n%s\n%s", before, after)
		}
		if after := d.repeatRows(); after != lookups {
			t.Fatalf("a rebuild gives other rows for repeats\n%s\n%s", lookups, after)
		}
		if st := d.status(); st.Waiting != 0 || st.Late != 0 || st.Refused != 0 || st.Owed != 0 {
			t.Fatalf("%+v", st)
		}
	}
}

// something does one of the things that people do; what is not allowed now is
// refused and changes nothing.
func something(r *rand.Rand, d *desk, id string) {
	ctx := context.Background()
	day := fmt.Sprintf("2026-03-%02d", 10+r.IntN(15))
	var err error
	saw, base := d.ss.Case(ctx, id)
	var heads []string // what he saw a while ago, or now
	if base == nil && r.IntN(3) == 0 {
		heads = saw.Heads
		if d.seen == nil {
			d.seen = map[string][]string{}
		}
		if old := d.seen[id]; len(old) > 0 && r.IntN(2) == 0 {
			heads = old
		}
		d.seen[id] = saw.Heads
	}
	party := func() string {
		if len(saw.Parties) == 0 {
			return "0"
		}
		return saw.Parties[r.IntN(len(saw.Parties))].ID
	}
	switch r.IntN(18) {
	case 16:
		_, err = d.ss.PatchCase(ctx, token(), id, api.Patch{Base: heads, Fields: api.Object(fmt.Sprintf(`{"parties.%s.id_number":%q}`, party(), []string{firstNumber, secondNumber, thirdNumber}[r.IntN(3)]))})
	case 17:
		_, err = d.ss.PatchCase(ctx, token(), id, api.Patch{Base: heads, Fields: api.Object(fmt.Sprintf(`{"category":"0%d"}`, 2+r.IntN(2)))})
	case 9:
		_, err = d.ss.PatchCase(ctx, token(), id, api.Patch{Base: heads, Fields: api.Object(fmt.Sprintf(`{"parties.%s":null}`, party()))})
	case 10:
		_, err = d.ss.PatchCase(ctx, token(), id, api.Patch{Base: heads, Fields: api.Object(fmt.Sprintf(`{"parties.%s.phone":"000-0000-%04d"}`, party(), r.IntN(9999)))})
	case 11:
		_, err = d.ss.PatchNotes(ctx, token(), id, api.Patch{Fields: api.Object(fmt.Sprintf(`{"minutes":"笔录%d","sessions.+":{"place":"村部"}}`, r.IntN(100)))})
	case 12:
		_, err = d.ss.Act(ctx, token(), id, "agree", fmt.Appendf(nil, `{"form":"written","at":%q,"terms":[{"who":"王小例","what":"换瓦管","due":"2026-04-20"},{"who":"李大样","what":"让路","due":"2026-05-01"}]}`, day))
	case 13:
		_, err = d.ss.Act(ctx, token(), id, "sign", fmt.Appendf(nil, `{"by":["李大样","王小例","赵示和"],"seal":true,"at":%q}`, day))
	case 14:
		_, err = d.ss.Act(ctx, token(), id, "perform", fmt.Appendf(nil, `{"term":%d,"at":"2026-04-01"}`, 1+r.IntN(2)))
	case 15:
		_, err = d.ss.PatchCase(ctx, token(), id, api.Patch{Base: heads, Fields: api.Object(fmt.Sprintf(`{"facts":"我家与王小例家相邻%d,墙退回去。","claims":"第%d次","place":null}`, r.IntN(9), r.IntN(9)))})
	case 0:
		_, err = d.ss.PatchCase(ctx, token(), id, api.Patch{Fields: api.Object(fmt.Sprintf(`{"amount_fen":%d}`, r.IntN(1e6)))})
	case 1:
		_, err = d.ss.PatchCase(ctx, token(), id, api.Patch{Fields: api.Object(fmt.Sprintf(`{"facts":"经过%d:墙、水、瓦管。"}`, r.IntN(100)))})
	case 2:
		_, err = d.ss.PatchCase(ctx, token(), id, api.Patch{Fields: api.Object(`{"parties.+":{"side":"third","kind":"person","name":"孙例强"},"tags.+":"veteran"}`)})
	case 3:
		_, err = d.ss.Act(ctx, token(), id, "accept", fmt.Appendf(nil, `{"at":%q}`, day))
	case 4:
		_, err = d.ss.Act(ctx, token(), id, "refuse", fmt.Appendf(nil, `{"ground":"party_refused","at":%q}`, day))
	case 5:
		_, err = d.ss.Act(ctx, token(), id, "assign", []byte(`{"mediators":["赵示和"],"by":"parties"}`))
	case 6:
		_, err = d.ss.Act(ctx, token(), id, "start-session", fmt.Appendf(nil, `{"at":%q}`, day))
	case 7:
		_, err = d.ss.Act(ctx, token(), id, "terminate", fmt.Appendf(nil, `{"reason":"deadlock","at":%q}`, day))
	case 8:
		list, _ := d.ss.Conflicts(ctx, id)
		if len(list.Conflicts) > 0 {
			c := list.Conflicts[0]
			value := "5"
			if m, ok := c.Values[0].Value.(map[string]any); ok {
				value = fmt.Sprintf("%q", m["id"])
			}
			_, err = d.ss.Settle(ctx, token(), id, api.Settlement{Field: c.Field, Value: []byte(value)})
		}
	}
	var e *api.Error
	if err != nil && !errors.As(err, &e) {
		d.t.Fatalf("an error that no person can act on: %v", err)
	}
}

// cut begins a session that ends in the middle.
func cut(t *testing.T, r *rand.Rand, a, b *desk) {
	server, err := exchange.NewServer(b.ss.open.replica, b.o.Clock, b.o.Random)
	if err != nil {
		t.Fatal(err)
	}
	c := &cutting{wire{server, a.ss.open.machine.Public()}, r.IntN(8)}
	_, _ = exchange.Run(context.Background(), c, a.ss.open.replica, b.ss.open.machine.Public(), a.o.Clock, a.o.Random)
}

// document is what the desk shows of a case; empty where it holds none.
// bare is a case as who holds no notes sees it; "" where it is not here.
func (d *desk) bare(id string) string {
	d.t.Helper()
	var out []byte
	err := d.ss.view(context.Background(), func(rd store.Reader) error {
		doc, err := d.ss.document(rd, id)
		if err != nil || doc.found.digest {
			return err
		}
		out = casework.Encode(casework.View(doc.state, casework.Header{ID: doc.id, Unit: d.ss.code(doc.rec.Owner), Names: plainNames}))
		return nil
	})
	if err != nil {
		return ""
	}
	return string(out)
}

func (d *desk) document(id string) string {
	b, err := d.ss.Document(context.Background(), id)
	if err != nil {
		return ""
	}
	return string(b)
}

func (d *desk) list() string {
	list, err := d.ss.ListCases(context.Background(), api.CaseQuery{Counts: true})
	if err != nil {
		d.t.Fatal(err)
	}
	b, err := json.Marshal(list)
	if err != nil {
		d.t.Fatal(err)
	}
	return string(b)
}
