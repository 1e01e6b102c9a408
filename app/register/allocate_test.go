package register

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"hejie/app/casework/data"
)

func rng(series string, year int64, seat string, from, to int64) NumberRange {
	return NumberRange{Series: series, Year: year, Seat: seat, From: from, To: to}
}

// DefaultBlock is the size of the program's own numbering table.
const DefaultBlock = 500

func TestBlocks(t *testing.T) {
	desks := []Desk{{"a", 0}, {"b", 1}, {"c", 7}}
	a := Allocate(nil, desks, DefaultBlock, "volume", 2026)
	for seat, want := range map[string][]Stretch{"a": {{1, 500}}, "b": {{501, 1000}}, "c": {{3501, 4000}}, "x": nil} {
		if got := a.Of(seat); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", seat, got, want)
		}
	}
	given := []NumberRange{rng("volume", 2026, "a", 1, 499), rng("volume", 2026, "b", 500, 999)}
	a = Allocate(given, desks, DefaultBlock, "volume", 2026)
	if !slices.Equal(a.Of("a"), []Stretch{{1, 499}}) || !slices.Equal(a.Of("b"), []Stretch{{500, 999}}) || len(a.Overlaps) != 0 {
		t.Errorf("a range takes the block's place: %+v", a)
	}
	if b := Allocate(given, desks, DefaultBlock, "volume", 2027); !slices.Equal(b.Of("a"), []Stretch{{1, 500}}) {
		t.Errorf("another year: %+v", b)
	}
	more := []NumberRange{{Series: "volume", Year: 2026, Seat: "a", From: 5001, To: 5100, Adds: true}}
	if b := Allocate(more, desks, DefaultBlock, "volume", 2026); !slices.Equal(b.Of("a"), []Stretch{{1, 500}, {5001, 5100}}) {
		t.Errorf("a range in addition: %+v", b)
	}
	apart := []NumberRange{rng("volume", 2026, "a", 1, 60), rng("volume", 2026, "b", 50, 100)}
	b := Allocate(apart, desks, DefaultBlock, "volume", 2026)
	if !slices.Equal(b.Of("a"), []Stretch{{1, 49}}) || !slices.Equal(b.Of("b"), []Stretch{{61, 100}}) || len(b.Overlaps) != 1 || b.Overlaps[0] != overlap("b", "a", "volume", 2026, 50, 60) {
		t.Errorf("ranges written apart: %+v", b)
	}
	// A range upon another's block belongs to nobody: that desk may know of nothing.
	c := Allocate([]NumberRange{rng("volume", 2026, "a", 501, 510)}, desks, DefaultBlock, "volume", 2026)
	if len(c.Of("a")) != 0 || !slices.Equal(c.Of("b"), []Stretch{{511, 1000}}) {
		t.Errorf("a range upon a block: %+v", c)
	}
}

func TestNextAndUse(t *testing.T) {
	desks := []Desk{{"a", 0}, {"b", 1}}
	set := func(n ...int64) map[int64]bool {
		out := map[int64]bool{}
		for _, x := range n {
			out[x] = true
		}
		return out
	}
	a := Allocate(nil, desks, 5, "volume", 2026) // 1–5, 6–10
	for _, tt := range []struct {
		seat         string
		used, voided map[int64]bool
		want         int64
		code         string
	}{
		{"a", nil, nil, 1, ""},
		{"a", set(1, 2, 6, 7), nil, 3, ""},
		{"b", set(1, 2, 6, 7), nil, 8, ""},
		{"a", set(3), nil, 4, ""},       // above what was used
		{"a", set(5), nil, 1, ""},       // nothing above: a gap
		{"a", set(1, 2), set(3), 4, ""}, // voided is gone
		{"a", set(1, 2, 3, 4), set(5), 0, "exhausted"},
		{"x", nil, nil, 0, "none"},
	} {
		n, err := a.Next(tt.seat, Taken{tt.used, tt.voided})
		var ne *NumberError
		if tt.code == "" && (err != nil || n != tt.want) || tt.code != "" && (!errors.As(err, &ne) || ne.Code != tt.code) {
			t.Errorf("%s %v %v: %d %v", tt.seat, tt.used, tt.voided, n, err)
		}
	}
	o := Allocate([]NumberRange{rng("volume", 2026, "a", 1, 6), rng("volume", 2026, "b", 6, 9)}, desks, 5, "volume", 2026)
	gone := Taken{Used: set(2), Voided: set(3)}
	for n, code := range map[int64]string{1: "", 2: "used", 3: "voided", 6: "overlap", 7: "outside", 999: "outside"} {
		err := o.Use("a", n, gone)
		var ne *NumberError
		if code == "" && err != nil || code != "" && (!errors.As(err, &ne) || ne.Code != code) {
			t.Errorf("%d: %v, want %s", n, err, code)
		}
		if code != "" && (strings.Contains(ne.Text(data.Chinese), "{") || !strings.Contains(ne.Text(data.Chinese), "2026") || ne.Error() == "") {
			t.Errorf("%s reads %q", code, ne.Text(data.Chinese))
		}
	}
	if o.MayVoid(1, gone) != nil || o.MayVoid(6, gone) != nil || o.MayVoid(2, gone) == nil || o.MayVoid(3, gone) == nil {
		t.Error("voiding")
	}
	v := Register{Voided: []VoidedNumber{{Series: "volume", Year: 2026, Number: 4}, {Series: "oral", Year: 2026, Number: 5}, {Series: "volume", Year: 2025, Number: 6}}}
	if got := v.VoidedOf("volume", 2026); len(got) != 1 || !got[4] {
		t.Errorf("%v", got)
	}
}

// TestNobodyShares: of any desks and ranges, in any order, no number has two
// owners, every overlap is told, and the order makes no difference.
func TestNobodyShares(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		seats := []string{"a", "b", "c", "d"}
		var desks []Desk
		for i, s := range seats {
			desks = append(desks, Desk{s, i})
		}
		var given []NumberRange
		for range r.IntN(6) {
			from := 1 + r.Int64N(60)
			given = append(given, NumberRange{Series: "volume", Year: 2026, Seat: seats[r.IntN(4)], From: from, To: from + r.Int64N(20), Adds: r.IntN(2) == 0})
		}
		a := Allocate(given, desks, 10, "volume", 2026)
		for n := int64(1); n <= 90; n++ {
			owners, claimed := 0, map[string]bool{}
			for _, s := range seats {
				if a.Has(s, n) {
					owners++
				}
			}
			for _, c := range claims(given, desks, 10, "volume", 2026) {
				if n >= c.From && n <= c.To {
					claimed[c.seat] = true
				}
			}
			told := slices.ContainsFunc(a.Overlaps, func(o Overlap) bool { return n >= o.From && n <= o.To })
			if want := len(claimed) == 1; owners > 1 || (owners == 1) != want || told != (len(claimed) > 1) {
				t.Fatalf("seed %d: %d has %d owners, %d claims, told %v", seed, n, owners, len(claimed), told)
			}
		}
		r.Shuffle(len(given), func(i, j int) { given[i], given[j] = given[j], given[i] })
		slices.Reverse(desks)
		if b := Allocate(given, desks, 10, "volume", 2026); asJSON(t, b) != asJSON(t, a) || !slices.Equal(b.Of("a"), a.Of("a")) {
			t.Fatalf("seed %d: the order counts", seed)
		}
	}
}

func TestClaim(t *testing.T) {
	desks := []Desk{{seatID(1), 0}, {seatID(2), 1}}
	u := &unit{t: t}
	claim := func(raw string) error {
		t.Helper()
		parts := u.parts()
		if len(u.rec.ops) == 0 {
			parts = []Part{{State: u.rec.all(t)}}
		}
		e, err := Edit(parts, patch(t, raw))
		if err != nil {
			t.Fatal(err)
		}
		return Claim(u.show(), e, desks, DefaultBlock)
	}
	entry := func(seat int, from, to string) string {
		return `{"series":"volume","year":2026,"seat":"` + seatID(seat) + `","from":` + from + `,"to":` + to + `}`
	}
	if err := claim(`{"ranges.+":` + entry(1, "1", "499") + `}`); err != nil {
		t.Error(err)
	}
	var ne *NumberError
	if err := claim(`{"ranges.+":` + entry(2, "500", "999") + `}`); !errors.As(err, &ne) || ne.Params["from"] != "500" || ne.Params["to"] != "500" || ne.Params["seat"] != seatID(1) {
		t.Errorf("a number of another's block is given: %v", err)
	}
	u.set(`{"ranges.+":` + entry(1, "1", "499") + `}`)
	if err := claim(`{"ranges.+":` + entry(2, "500", "999") + `}`); err != nil {
		t.Errorf("a number that its desk gave up: %v", err)
	}
	v := u.set(`{"ranges.+":` + entry(2, "500", "999") + `}`)
	first := v.Ranges[0].ID
	if err := claim(`{"ranges.` + first + `.to":500}`); !errors.As(err, &ne) || ne.Code != "claimed" {
		t.Errorf("%v", err)
	}
	if err := claim(`{"ranges.` + first + `":null}`); err != nil { // its own block begins again at 1 to 500
		t.Errorf("%v", err)
	}
	if err := claim(`{"ranges.` + first + `":{"from":2,"to":10}}`); err != nil {
		t.Error(err)
	}
}
