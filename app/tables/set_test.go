package tables

import (
	"errors"
	"strings"
	"testing"
)

// publish is the program's own table with something replaced, as a unit of a
// kind of body publishes it.
func publish(t *testing.T, table, unit, body string, version int, replace ...string) Published {
	t.Helper()
	raw := strings.NewReplacer(replace...).Replace(defaultFile(t, table))
	p, err := Parse([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	p.Publisher, p.Body, p.Version = unit, body, version
	return *p
}

// mediationDays is a clocks table with another length of mediation.
func mediationDays(t *testing.T, unit, body string, version int, days string) Published {
	t.Helper()
	const old = `"length": 30, "unit": "calendar_days", "starts": ["accepted"], "ends": ["agreed", "terminated"], "stops": ["withdrawn", "closed"], "pauses": ["appraisal", "suspension", "fake_check"], "extend": {"by": ["parties"], "agreed": true}, "actor": "handler", "kind": "hard", "authority"`
	return publish(t, TableClocks, unit, body, version, old, strings.Replace(old, "30", days, 1))
}

func length(t *testing.T, s *Set, err error) int {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	c, ok := s.Clock(ClockMediation)
	if !ok {
		t.Fatal("no such clock")
	}
	return c.Length
}

func TestWith(t *testing.T) {
	court1, court2 := mediationDays(t, "court", "fy", 1, "40"), mediationDays(t, "court", "fy", 2, "45")
	bureau := mediationDays(t, "bureau", "sfj", 1, "20")
	for _, test := range []struct {
		name string
		list []Published
		want int
	}{
		{"nothing", nil, 30},
		{"one", []Published{court1}, 40},
		{"the later version", []Published{court1, court2}, 45},
		{"the later version first", []Published{court2, court1}, 45},
		{"the nearer unit", []Published{court1, court2, bureau}, 20},
		{"the nearer unit, whatever came last", []Published{court1, bureau, court2}, 20},
		{"the other way round", []Published{bureau, court1}, 40},
	} {
		set, err := Default().With(test.list)
		if got := length(t, set, err); got != test.want {
			t.Errorf("%s: %d days, want %d", test.name, got, test.want)
		}
		// One by one it is the same as at once.
		step := Default()
		for _, p := range test.list {
			if step, err = step.With([]Published{p}); err != nil {
				t.Fatal(err)
			}
		}
		if got := length(t, step, nil); got != test.want {
			t.Errorf("%s, one by one: %d days, want %d", test.name, got, test.want)
		}
	}
	if length(t, Default(), nil) != 30 {
		t.Error("the program's own tables were changed")
	}
}

func TestOrigin(t *testing.T) {
	set, err := Default().With([]Published{mediationDays(t, "court", "fy", 3, "40")})
	if err != nil {
		t.Fatal(err)
	}
	if o := set.Origin(TableClocks); o.Publisher != "court" || o.Body != "fy" || o.Version != 3 || o.Double {
		t.Errorf("clocks come from %+v", o)
	}
	if o := set.Origin(TableNeeds); o.Publisher != "" || o.Version != 1 {
		t.Errorf("needs come from %+v", o)
	}
	if o := set.Origin("laws"); o != (Origin{}) {
		t.Errorf("a table that there is not comes from %+v", o)
	}
}

// TestDouble: two desks of one unit published the same version apart. Every
// node picks the same, whatever came first, and says so.
func TestDouble(t *testing.T) {
	a, b := mediationDays(t, "court", "fy", 2, "40"), mediationDays(t, "court", "fy", 2, "50")
	one, err := Default().With([]Published{a, b})
	if err != nil {
		t.Fatal(err)
	}
	other, err := Default().With([]Published{b, a})
	if got := length(t, other, err); got != length(t, one, nil) {
		t.Error("two nodes picked differently")
	}
	if !one.Origin(TableClocks).Double || !other.Origin(TableClocks).Double {
		t.Error("nobody is told")
	}
	same, err := Default().With([]Published{a, a})
	if err != nil || same.Origin(TableClocks).Double {
		t.Errorf("the same one twice is no matter: %v", err)
	}
	later, err := other.With([]Published{mediationDays(t, "court", "fy", 3, "41")})
	if got := length(t, later, err); got != 41 || later.Origin(TableClocks).Double {
		t.Errorf("a later version settles it: %d", got)
	}
}

// TestHolidaysByYear: a publication replaces the years that it has.
func TestHolidaysByYear(t *testing.T) {
	p, err := Parse([]byte(holidays2019))
	if err != nil {
		t.Fatal(err)
	}
	p.Publisher, p.Body = "county", "zz"
	changed := publish(t, TableHolidays, "county", "zz", 2, `"2026-10-07"], "work": ["2026-09-20", "2026-10-10"]`, `"2026-10-07", "2026-10-08"], "work": ["2026-09-20", "2026-10-10"]`)
	set, err := Default().With([]Published{*p, changed})
	if err != nil {
		t.Fatal(err)
	}
	for year, want := range map[int]bool{2018: false, 2019: true, 2020: false, 2025: true, 2026: true, 2027: false} {
		if set.Calendar().Knows(year) != want {
			t.Errorf("%d known: %v", year, !want)
		}
	}
	last, err := set.Calendar().LastDay("2026-10-02")
	if err != nil || last.On != "2026-10-09" {
		t.Errorf("the changed year does not count: %+v, %v", last, err)
	}
	if last, _ := Default().Calendar().LastDay("2026-10-02"); last.On != "2026-10-08" {
		t.Error("the program's own calendar was changed")
	}
}

func TestWithRefuses(t *testing.T) {
	bare := mediationDays(t, "", "", 1, "40")
	for _, test := range []struct {
		name string
		p    Published
		code string
	}{
		{"a village committee's clocks", mediationDays(t, "village", "tw", 1, "90"), CodeAuthority},
		{"a centre's clocks", mediationDays(t, "centre", "zz", 1, "90"), CodeAuthority},
		{"a bureau's questions", publish(t, TableConfirmation, "bureau", "sfj", 1), CodeAuthority},
		{"without a publisher", bare, CodePublisher},
		{"without content", Published{Table: TableClocks, Publisher: "court", Body: "fy"}, CodePublisher},
	} {
		set, err := Default().With([]Published{test.p})
		var e *Error
		if set != nil || !errors.As(err, &e) || e.Code != test.code || e.Table != test.p.Table {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		checkSentences(t, e)
	}
}

// TestAuthorityFromAbove: what a unit publishes about authority binds those
// below it, and never gives itself more.
func TestAuthorityFromAbove(t *testing.T) {
	const old = `"bodies": ["fy", "sfj"], "source": "期限`
	if !strings.Contains(defaultFile(t, TableAuthority), old) {
		t.Fatal("the authority table reads differently")
	}
	grant := func(unit, body string) Published {
		return publish(t, TableAuthority, unit, body, 1, old, strings.Replace(old, `"sfj"`, `"sfj", "zz"`, 1))
	}
	deny := publish(t, TableAuthority, "court", "fy", 1, old, strings.Replace(old, `"fy", "sfj"`, `"fy"`, 1))
	centre := mediationDays(t, "centre", "zz", 1, "90")
	if _, err := Default().With([]Published{centre}); err == nil {
		t.Error("a centre published clocks by itself")
	}
	set, err := Default().With([]Published{grant("court", "fy"), centre})
	if got := length(t, set, err); got != 90 || !set.MayPublish(TableClocks, "zz") {
		t.Errorf("the court's word does not count: %d", got)
	}
	if _, err := Default().With([]Published{deny, mediationDays(t, "bureau", "sfj", 1, "20")}); err == nil {
		t.Error("a bureau published what the court kept for itself")
	}
	if _, err := Default().With([]Published{deny, mediationDays(t, "bureau", "sfj", 1, "20"), grant("bureau", "sfj")}); err == nil {
		t.Error("a bureau gave itself authority")
	}
}

// TestAnOlderAuthorityTable: one that was published before there was a table of
// repeats is taken as it was, and the program says who may publish that.
func TestAnOlderAuthorityTable(t *testing.T) {
	const row = `{"id": "repeats", "zh": "重复纠纷识别表", "en": "Repeat disputes", "bodies": ["sfj", "fy"], "source": "以案定补由司法行政部门核定（人民调解法第5、6条）；没有司法局的由法院发布"},`
	older := publish(t, TableAuthority, "court", "fy", 1, row, "")
	set, err := Default().With([]Published{older, publish(t, TableRepeats, "bureau", "sfj", 1, `"days": 0`, `"days": 365`)})
	if err != nil {
		t.Fatal(err)
	}
	if got := set.Repeats().Days; got != 365 {
		t.Errorf("%d days", got)
	}
	if !set.MayPublish(TableRepeats, "sfj") || set.MayPublish(TableRepeats, "zz") {
		t.Error("who may publish it is not as the program says")
	}
	none := publish(t, TableAuthority, "court", "fy", 1, `"bodies": ["sfj", "fy"], "source": "以案定补`, `"bodies": ["fy"], "source": "以案定补`)
	if _, err := Default().With([]Published{none, publish(t, TableRepeats, "bureau", "sfj", 1)}); err == nil {
		t.Error("a bureau published what the court kept for itself")
	}
}

func TestMayPublish(t *testing.T) {
	for _, test := range []struct {
		table, body string
		want        bool
	}{
		{TableHolidays, "zz", true},
		{TableHolidays, "tw", false},
		{TableClocks, "fy", true},
		{TableClocks, "zt", false},
		{TableConfirmation, "fy", true},
		{TableConfirmation, "sfj", false},
		{TableNumbering, "sfs", true},
		{TableAuthority, "zz", false},
		{"laws", "fy", false},
		{TableClocks, "", false},
	} {
		if MayPublish(test.table, test.body) != test.want {
			t.Errorf("%s by %q: %v", test.table, test.body, !test.want)
		}
	}
}

func TestInForce(t *testing.T) {
	clocks, holidays := mediationDays(t, "court", "fy", 1, "40"), publish(t, TableHolidays, "court", "fy", 1)
	clocks.ValidFrom, holidays.ValidFrom = "2027-01-01", "2027-01-01"
	list := []Published{clocks, holidays}
	for day, want := range map[string]int{"2026-12-31": 1, "2027-01-01": 2, "soon": 2} {
		if got := InForce(list, day); len(got) != want {
			t.Errorf("%s: %d in force, want %d", day, len(got), want)
		}
	}
	if len(list) != 2 || list[0].Table != TableClocks {
		t.Error("the list that was given was changed")
	}
}

func TestFormat(t *testing.T) {
	n := Default().Numbering()
	for _, test := range []struct {
		series string
		n      int
		want   string
		code   string
	}{
		{SeriesVolume, 7, "（2026）河湾人调字第7号", ""},
		{SeriesAgreement, 7, "（2026）河湾人调字第7号", ""},
		{SeriesOral, 501, "（2026）河湾人调口字第501号", ""},
		{SeriesVolume, 999_999, "（2026）河湾人调字第999999号", ""},
		{SeriesVolume, 1_000_000, "", CodeExhausted},
		{SeriesVolume, 0, "", CodeExhausted},
		{"diary", 1, "", CodeNoSeries},
	} {
		got, err := n.Format(test.series, 2026, "河湾", test.n)
		var e *Error
		if got != test.want || (err != nil) != (test.code != "") || err != nil && (!errors.As(err, &e) || e.Code != test.code) {
			t.Errorf("%s %d: %q, %v", test.series, test.n, got, err)
		}
	}
	padded := publish(t, TableNumbering, "bureau", "sfj", 1, `"digits": 6,`, `"digits": 6, "pad": 3,`, `（{YYYY}）{abbr}{word}字第{N}号`, `{abbr}{word}字[{YYYY}]{N}号`)
	set, err := Default().With([]Published{padded})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := set.Numbering().Format(SeriesVolume, 2026, "河湾", 11); got != "河湾人调字[2026]011号" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

// TestTwoMasters: where court and bureau both stand over a unit, each row and
// table is as its master says, whoever was laid last.
func TestTwoMasters(t *testing.T) {
	const delegated = `"length": 30, "unit": "calendar_days", "starts": ["referral_received"]`
	if !strings.Contains(defaultFile(t, TableClocks), delegated) {
		t.Fatal("the clocks read differently")
	}
	court := publish(t, TableClocks, "court", "fy", 1, delegated, strings.Replace(delegated, "30", "25", 1))
	bureau := mediationDays(t, "bureau", "sfj", 1, "20")
	under := Default().Under([]string{"zz", "sfj", "fy"})
	for _, list := range [][]Published{{court, bureau}, {bureau, court}} {
		set, err := under.With(list)
		if got := length(t, set, err); got != 20 {
			t.Errorf("mediation has %d days", got)
		}
		if c, _ := set.Clock(ClockDelegated); c.Length != 25 {
			t.Errorf("a delegated one has %d days", c.Length)
		}
	}
	if got := under.Foreign(&bureau, "fy"); got != "clocks[0] (mediation)" {
		t.Errorf("the court may change %q", got)
	}
	for _, x := range []struct{ table, body, master string }{
		{TableNumbering, "fy", "sfj"}, {TableNumbering, "sfj", ""}, {TableNumbering, "zz", ""}, {TableClocks, "fy", ""}, {TableConfirmation, "fy", ""},
	} {
		if got := under.Second(x.table, x.body); got != x.master {
			t.Errorf("%s by %s: its master is %q", x.table, x.body, got)
		}
	}
	var e *Error
	if _, err := under.With([]Published{publish(t, TableNumbering, "court", "fy", 1)}); !errors.As(err, &e) || e.Code != CodeMaster {
		t.Errorf("the court's numbers: %v", err)
	} else {
		checkSentences(t, e)
	}
	alone, err := Default().Under([]string{"fy"}).With([]Published{publish(t, TableNumbering, "court", "fy", 1), mediationDays(t, "court", "fy", 1, "40")})
	if got := length(t, alone, err); got != 40 {
		t.Errorf("a court that stands alone: %d days", got)
	}
	for _, c := range Default().Clocks().Rows {
		if c.Authority == "" {
			t.Errorf("clock %s names no authority", c.ID)
		}
	}
	for _, c := range Default().Consents().Rows {
		if c.Authority == "" {
			t.Errorf("consent %s names no authority", c.ID)
		}
	}
}
