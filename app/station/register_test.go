package station

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"hejie/app/api"
	"hejie/app/register"
	"hejie/store"
	"hejie/sync/identity"
)

func (d *desk) patchRegister(unit, fields string) (api.Saved, error) {
	d.t.Helper()
	return d.ss.PatchRegister(context.Background(), token(), unit, api.Patch{Fields: api.Object(fields)})
}

func (d *desk) keeps(unit, fields string) api.RegisterView {
	d.t.Helper()
	if _, err := d.patchRegister(unit, fields); err != nil {
		d.t.Fatalf("%s: %v", fields, err)
	}
	return d.register(unit)
}

func (d *desk) register(unit string) api.RegisterView {
	d.t.Helper()
	v, err := d.ss.Register(context.Background(), unit)
	if err != nil {
		d.t.Fatal(err)
	}
	return v
}

// shown is what two desks must show alike; what depends on who looks is not in it.
func shown(t *testing.T, v api.RegisterView) string {
	t.Helper()
	b, err := json.Marshal(v.Register)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	r, ok := api.ReasonOf(err)
	if !ok || r.Code != code {
		t.Errorf("%v (%s), want %s", err, r.Code, code)
		return
	}
	if r.Texts != nil && (r.Texts.ZH == "" || strings.Contains(r.Texts.ZH+r.Texts.EN, "{")) {
		t.Errorf("%s reads %q / %q", code, r.Texts.ZH, r.Texts.EN)
	}
}

func warned(v api.RegisterView, code string) bool {
	return slices.ContainsFunc(v.Warnings, func(r api.Reason) bool { return r.Code == code })
}

const aMember = `{"name":"赵示和","sex":"male","role":"director","term_start":"2025-06-01"}`

func TestARegisterGoesUp(t *testing.T) {
	court, town, village := county(t)
	const code = "990125101203-tw"
	v := village.keeps("", `{"abbr":"河湾","members.+":`+aMember+`}`)
	if v.Abbr != "河湾" || len(v.Members) != 1 || v.UnitCode != code || !warned(v, "register_too_few") || !warned(v, "register_no_woman") || len(v.Writable) != 8 {
		t.Fatalf("%+v", v)
	}
	if got := town.register(code); len(got.Records) != 0 {
		t.Fatal("a register came without a meeting")
	}
	meet(village, town)
	meet(town, court)
	for _, d := range []*desk{town, court} {
		if got := d.register(code); shown(t, got) != shown(t, v) {
			t.Errorf("it is shown otherwise above:\n%s\n%s", shown(t, got), shown(t, v))
		}
	}
	// The township is the village's station and may write; the court may not.
	member := v.Members[0].ID
	if _, err := court.patchRegister(code, `{"members.`+member+`.phone":"1"}`); err == nil {
		t.Error("the court writes a village's register")
	} else {
		wantCode(t, err, CodeNotAllowed)
	}
	town.keeps(code, `{"members.`+member+`.term_end":"2028-05-31"}`)
	meet(village, town)
	if got := village.register(""); got.Members[0].TermEnd != "2028-05-31" {
		t.Errorf("the station's change did not come: %+v", got.Members)
	}
	// Nobody reads the register of a unit above.
	town.keeps("", `{"members.+":{"name":"郑例贤","role":"director"}}`)
	meet(village, town)
	if got := village.register("990125101000-zz"); len(got.Records) != 0 {
		t.Error("a village reads the township's register")
	}
	if got := village.status(); got.Late > 0 || got.Waiting > 0 {
		t.Errorf("late %d, waiting %d", got.Late, got.Waiting)
	}
	_, err := village.patchRegister("990125101999-tw", `{"abbr":"x"}`)
	wantCode(t, err, CodeUnknownUnit)
	_, err = village.patchRegister("", `{"members.+":{"name":"甲"}}`)
	wantCode(t, err, "field_missing")
	if got := village.register(""); len(got.Members) != 1 {
		t.Error("a refused patch changed something")
	}
	village.again()
	if got := village.register(""); got.Members[0].TermEnd != "2028-05-31" {
		t.Error("the register is lost with the program's end")
	}
}

// TestTwoRegistersOfAUnit: two desks begin a register apart; both count.
func TestTwoRegistersOfAUnit(t *testing.T) {
	_, town, village := county(t)
	const code = "990125101203-tw"
	two := village.second(town, 9, code)
	village.keeps("", `{"abbr":"河湾","members.+":`+aMember+`}`)
	two.keeps("", `{"sweeps.+":{"day":"2026-01-05","area":"河湾村3组","kind":"routine","who":"刘例芳","found":2,"resolved":1}}`)
	// A mediator without another office keeps sweeps and nothing else.
	for _, fields := range []string{`{"abbr":"河"}`, `{"members.+":` + aMember + `}`, `{"ranges.+":{"series":"volume","year":2026,"seat":"` + hexID(two.ss.seat()) + `","from":1,"to":9}}`} {
		_, err := two.patchRegister("", fields)
		wantCode(t, err, CodeNotAllowed)
	}
	for range 2 {
		meet(two, town)
		meet(village, town)
	}
	a, b, c := village.register(""), two.register(""), town.register(code)
	if len(a.Records) != 2 || len(a.Sweeps) != 1 || len(a.Members) != 1 || shown(t, a) != shown(t, b) || shown(t, a) != shown(t, c) {
		t.Fatalf("\n%s\n%s\n%s", shown(t, a), shown(t, b), shown(t, c))
	}
	// Each entry is edited in the record that has it, and heads of both are taken.
	if _, err := village.ss.PatchRegister(context.Background(), token(), "", api.Patch{Base: a.Heads, Fields: api.Object(`{"sweeps.` + a.Sweeps[0].ID + `.resolved":2,"abbr":"河湾村"}`)}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		meet(village, town)
		meet(two, town)
	}
	a, b = village.register(""), two.register("")
	if a.Sweeps[0].Resolved != 2 || a.Abbr != "河湾村" || len(a.Also) != 0 || shown(t, a) != shown(t, b) {
		t.Fatalf("\n%s\n%s", shown(t, a), shown(t, b))
	}
	_, err := village.ss.PatchRegister(context.Background(), token(), "", api.Patch{Base: []string{strings.Repeat("ab", 32)}, Fields: api.Object(`{"abbr":"x"}`)})
	wantCode(t, err, CodeBadHeads)
}

func (d *desk) numbers(series string, year int) api.Numbers {
	d.t.Helper()
	n, err := d.ss.Numbers(context.Background(), series, year)
	if err != nil {
		d.t.Fatal(err)
	}
	return n
}

func TestNumbersOfTwoDesks(t *testing.T) {
	_, town, village := county(t)
	two := village.second(town, 9, "990125101203-tw")
	village.keeps("", `{"abbr":"河湾"}`)
	a, b := village.numbers("volume", 2026), two.numbers("volume", 2026)
	if a.Next != 1 || a.Text != "（2026）河湾人调字第1号" || b.Next != 501 || len(a.Desks) != 2 || !a.Desks[0].Here || a.Desks[1].Here {
		t.Fatalf("%+v\n%+v", a, b)
	}
	if agreement := village.numbers("agreement", 2026); agreement.Series != "volume" || agreement.Next != 1 {
		t.Errorf("an agreement bears the volume's number: %+v", agreement)
	}
	if now := village.numbers("oral", 0); now.Year != 2026 || now.Text != "（2026）河湾人调口字第1号" {
		t.Errorf("%+v", now)
	}
	_, err := village.ss.Numbers(context.Background(), "nothing", 2026)
	wantCode(t, err, CodeNoSeries)

	first, second := a.Desks[0].Seat, a.Desks[1].Seat
	give := func(seat string, from, to int) string {
		return fmt.Sprintf(`{"ranges.+":{"series":"volume","year":2026,"seat":%q,"from":%d,"to":%d}}`, seat, from, to)
	}
	_, err = village.patchRegister("", give(second, 500, 999))
	wantCode(t, err, "number_claimed")
	_, err = village.patchRegister("", give(strings.Repeat("0", 64), 5000, 5999))
	wantCode(t, err, CodeUnknownSeat)
	_, err = village.patchRegister("", `{"ranges.+":{"series":"agreement","year":2026,"seat":"`+first+`","from":1,"to":2}}`)
	wantCode(t, err, CodeNoSeries)
	village.keeps("", give(first, 1, 3))
	village.keeps("", give(second, 500, 999))
	if n := village.numbers("volume", 2026); n.Desks[1].Stretches[0] != (api.Stretch{From: 500, To: 999}) {
		t.Errorf("%+v", n.Desks)
	}

	void := func(n int) error {
		_, err := village.patchRegister("", fmt.Sprintf(`{"voided.+":{"series":"volume","year":2026,"number":%d,"reason":"写错"}}`, n))
		return err
	}
	for n := 1; n <= 3; n++ {
		if err := void(n); err != nil {
			t.Fatal(err)
		}
	}
	wantCode(t, void(2), "number_voided")
	if n := village.numbers("volume", 2026); n.Next != 0 || n.Why == nil || n.Why.Code != "number_exhausted" || n.Voided != 3 {
		t.Errorf("%+v", n)
	}
	// The station gives ranges apart from the unit: what both claim is nobody's.
	meet(village, town)
	apart := func(seat string, from, to int) string {
		return fmt.Sprintf(`{"ranges.+":{"series":"oral","year":2027,"seat":%q,"from":%d,"to":%d}}`, seat, from, to)
	}
	_, err = town.patchRegister("990125101203-tw", apart(second, 1, 400))
	wantCode(t, err, "number_claimed")
	town.keeps("990125101203-tw", apart(second, 2001, 2400))
	village.keeps("", apart(first, 2201, 2500))
	meet(village, town)
	if v := village.register(""); !warned(v, "register_overlap") || shown(t, v) != shown(t, town.register("990125101203-tw")) {
		t.Fatalf("%+v", v)
	}
	if n := village.numbers("oral", 2027); len(n.Overlaps) != 1 || n.Overlaps[0].From != 2201 || n.Overlaps[0].To != 2400 || n.Next != 2401 {
		t.Errorf("%+v", n)
	}
}

// usedRows is a reader in which cases bear numbers.
type usedRows struct {
	store.Reader
	keys [][]byte
}

func (u usedRows) Scan(prefix, from []byte, reverse bool, fn func(key, value []byte) (bool, error)) error {
	if !strings.HasPrefix(string(prefix[1:]), string(rowUsedPrefix)) {
		return u.Reader.Scan(prefix, from, reverse, fn)
	}
	for _, k := range u.keys {
		key := append([]byte{prefix[0]}, k...)
		if strings.HasPrefix(string(key), string(prefix)) {
			if more, err := fn(key, nil); err != nil || !more {
				return err
			}
		}
	}
	return nil
}

// TestNumberingASave: what a save that numbers a case asks for.
func TestNumberingASave(t *testing.T) {
	_, _, village := county(t)
	unit := village.ss.unit
	var keys [][]byte
	for i, n := range []int64{1, 2, 300} {
		keys = append(keys, usedNumberKey(unit, "volume", 2026, n, store.ID{byte(i + 1)}))
	}
	keys = append(keys,
		usedNumberKey(unit, "volume", 2026, 2, store.ID{9}), // two cases with one number
		usedNumberKey(unit, "volume", 2025, 7, store.ID{1}), usedNumberKey(unit, "oral", 2026, 8, store.ID{1}), usedNumberKey(store.ID{7}, "volume", 2026, 9, store.ID{1}),
		usedNumberKey(unit, "volumes", 2026, 10, store.ID{1}))
	err := village.ss.view(context.Background(), func(rd store.Reader) error {
		rd = usedRows{rd, keys}
		used, err := usedNumbers(rd, unit, "volume", 2026)
		if err != nil {
			return err
		}
		if len(used) != 3 || len(used[2]) != 2 || used[300][0] != (store.ID{3}) {
			t.Errorf("%v", used)
		}
		n, err := village.ss.numbering(rd, "agreement", 2026)
		if err != nil {
			return err
		}
		next, err := n.next()
		text, terr := n.text(next)
		if err != nil || next != 301 || terr != nil || text != "（2026）人调字第301号" {
			t.Errorf("%d %s %v %v", next, text, err, terr)
		}
		for no, code := range map[int64]string{3: "", 301: "", 300: "number_used", 501: "number_outside"} {
			if err := n.mayUse(no); code == "" && err != nil {
				t.Errorf("%d: %v", no, err)
			} else if code != "" {
				wantCode(t, err, code)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestDesks: no seat's block moves when one that was enrolled elsewhere becomes
// known, and machines and seats on a fork have none.
func TestDesks(t *testing.T) {
	unit, parent := store.ID{1}, store.ID{2}
	seat := func(n byte, issuer store.ID) identity.Seat { return identity.Seat{Key: store.ID{n}, Issuer: issuer} }
	slots := func(u identity.Unit) string {
		out := ""
		for _, d := range desksOf(u) {
			out += fmt.Sprintf("%s:%d ", d.Seat[:2], d.Slot)
		}
		return strings.TrimSpace(out)
	}
	machine := identity.Seat{Key: store.ID{8}, Machine: true}
	waiting := identity.Seat{Key: store.ID{9}, Issuer: parent, Waiting: true}
	plain := identity.Unit{ID: unit, Parent: parent, Seats: []identity.Seat{seat(1, parent), machine, seat(2, parent), waiting}}
	if got := slots(plain); got != "01:0 02:1" {
		t.Error(got)
	}
	own := identity.Unit{ID: unit, Parent: parent, Issuing: &identity.Cert{}, Seats: []identity.Seat{seat(1, parent), machine, seat(3, unit), seat(4, unit)}}
	before := slots(own)
	own.Seats = []identity.Seat{seat(1, parent), machine, seat(2, parent), seat(5, parent), seat(3, unit), seat(4, unit)}
	if after := slots(own); before != "01:0 03:1 04:2" || after != "01:0 02:100 05:101 03:1 04:2" {
		t.Errorf("%s, then %s", before, after)
	}
}

func TestRosterAndSuggestions(t *testing.T) {
	court, town, village := county(t)
	ctx := context.Background()
	meet(village, town)
	meet(town, court)
	court.keeps("", `{"roster.+":{"name":"清溪镇综治中心","unit":"990125101000-zz","body":"zz","categories":["02"],"areas":["990125101000"],"valid_to":"2030-12-31"}}`)
	court.keeps("", `{"roster.+":{"name":"青禾县总工会","body":"gh"}}`)
	for unit, want := range map[string]bool{"990125101000-zz": true, "990125101203-tw": false} {
		if e, on, err := court.ss.Rostered(ctx, unit); err != nil || on != want || on && e.Body != "zz" {
			t.Errorf("%s: %v %v", unit, on, err)
		}
	}
	if _, on, _ := town.ss.Rostered(ctx, "990125101000-zz"); on {
		t.Error("another unit's roster counts")
	}
	v := court.register("")
	i := slices.IndexFunc(v.Roster, func(e register.RosterEntry) bool { return e.Body == "zz" })
	court.keeps("", `{"roster.`+v.Roster[i].ID+`.valid_to":"2025-12-31"}`)
	if _, on, _ := court.ss.Rostered(ctx, "990125101000-zz"); on {
		t.Error("an entry that expired counts")
	}
	if !warned(court.register(""), "register_roster_over") {
		t.Error("nobody is told")
	}

	village.keeps("", `{"mediators.+":{"name":"赵示和","kind":"full_time","categories":["02"]}}`)
	village.keeps("", `{"mediators.+":{"name":"刘例芳","kind":"part_time","categories":["02"],"conflicts":["王小例"]}}`)
	one, other := village.newCase(""), village.newCase("（2026）河湾人调字第9号")
	village.act(one, "accept", `{"at":"2026-03-09"}`)
	village.act(one, "assign", `{"mediators":["赵示和"],"by":"committee","at":"2026-03-09"}`)
	s, err := village.ss.SuggestFor(ctx, api.SuggestQuery{Case: other})
	if err != nil || len(s.Suggestions) != 2 {
		t.Fatalf("%+v %v", s, err)
	}
	if a, b := s.Suggestions[0], s.Suggestions[1]; a.Name != "赵示和" || a.Open != 1 || a.Place != register.Fits || b.Place != register.Not || !strings.Contains(b.Line.ZH, "王小例") {
		t.Errorf("%+v", s)
	}
	open, err := village.ss.OpenOf(ctx, "")
	if err != nil || len(open) != 2 || open[0].Mediator != "" || open[0].Cases[0].ID != other || open[1].Mediator != "赵示和" || open[1].Cases[0].ID != one {
		t.Errorf("%+v %v", open, err)
	}
	if open, _ = village.ss.OpenOf(ctx, "赵示和"); len(open) != 1 || len(open[0].Cases) != 1 {
		t.Errorf("%+v", open)
	}
	village.act(one, "terminate", `{"reason":"refused","at":"2026-03-10"}`)
	if open, _ = village.ss.OpenOf(ctx, "赵示和"); len(open) != 0 {
		t.Errorf("an ended case is handed over: %+v", open)
	}
	// The court sees the figures of the case and suggests from its roster.
	meet(village, town)
	meet(town, court)
	s, err = court.ss.SuggestFor(ctx, api.SuggestQuery{Case: one, List: register.Roster})
	if err != nil || len(s.Suggestions) != 2 || s.Suggestions[0].Name != "青禾县总工会" || s.Suggestions[1].Place != register.Not {
		t.Errorf("%+v %v", s, err)
	}
	_, err = village.ss.SuggestFor(ctx, api.SuggestQuery{Case: "00000000"})
	var e *api.Error
	if !errors.As(err, &e) || e.Reason.Code != CodeNoSuchCase {
		t.Error(err)
	}
}
