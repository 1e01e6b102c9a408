package station

import (
	"context"
	"slices"
	"strings"
	"testing"

	"hejie/app/api"
	"hejie/sync/dcbor"
	"hejie/sync/identity"
	"hejie/sync/oplog"
)

func laterItem(t identity.ItemType) identity.Item {
	return &identity.Unknown{Number: t, Raw: dcbor.Must(map[uint64]any{1: t, 2: "later"})}
}

// own enters items in the desk's own branch.
func (d *desk) own(items ...identity.Item) {
	d.t.Helper()
	u, _ := d.ss.registry().Unit(d.ss.unit)
	at := logPlace{unit: u.ID, first: u.First, branch: oplog.BranchOwn}
	if err := d.s.enter(context.Background(), d.ss.open, d.ss.keys, d.ss.unit, at, items...); err != nil {
		d.t.Fatal(err)
	}
}

func reasonOfCode(list []api.Reason, code string) *api.Reason {
	i := slices.IndexFunc(list, func(r api.Reason) bool { return r.Code == code })
	if i < 0 {
		return nil
	}
	return &list[i]
}

// TestStatusSaysWhoseLogStops: which unit, why and what to do, in both languages;
// a save on it is refused with the same words.
func TestStatusSaysWhoseLogStops(t *testing.T) {
	d := newDesk(t, 43)
	done, err := d.s.InitRoot(context.Background(), rootOf("990125000000-fy"))
	if err != nil {
		t.Fatal(err)
	}
	d.signInAs(done.Seat, secret)
	d.own(laterItem(40))
	d.own(laterItem(20))
	st, err := d.ss.Status(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for code, item := range map[string]string{"stopped": "20", "told": "40"} {
		r := reasonOfCode(st.Wrong, code)
		if r == nil || r.Params["unit"] != "青禾县人民法院" || r.Params["item"] != item || !strings.Contains(r.Texts.ZH, "更新程序") || !strings.Contains(r.Texts.EN, "pdate this program") {
			t.Errorf("%s: %+v", code, r)
		}
	}
	_, err = d.ss.NewCase(context.Background(), token(), wallCase("(2026)1号"))
	if codeOf(t, err) != CodeStopped || !strings.Contains(err.Error(), "青禾县人民法院") {
		t.Fatalf("%v", err)
	}
}

// TestRulesThatThisProgramDoesNotKnow: told wherever something is shown, and
// nothing stands still.
func TestRulesThatThisProgramDoesNotKnow(t *testing.T) {
	d := newDesk(t, 44)
	done, err := d.s.InitRoot(context.Background(), api.RootRequest{
		Unit: "990125101203-tw", UnitName: "河湾村人民调解委员会", SeatName: "赵示和", Roles: []string{"admin", "mediator", "director"}, Secret: secret,
	})
	if err != nil {
		t.Fatal(err)
	}
	d.signInAs(done.Seat, secret)
	seen := func() (api.Status, []api.Rules) {
		t.Helper()
		st, err := d.ss.Status(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		sync, err := d.ss.SyncState(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		person, err := d.ss.Person(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		return st, []api.Rules{st.Rules, sync.Rules, person.Rules}
	}
	st, all := seen()
	if reasonOfCode(st.Wrong, "newer_rules") != nil || slices.ContainsFunc(all, api.Rules.Newer) {
		t.Fatalf("rules 1: %+v %+v", st.Wrong, all)
	}
	d.own(&identity.Rules{Number: 7})
	st, all = seen()
	for _, r := range all {
		if r.Tree != 7 || !r.Newer() {
			t.Errorf("%+v", r)
		}
	}
	if r := reasonOfCode(st.Wrong, "newer_rules"); r == nil || r.Params["tree"] != "7" || !strings.Contains(r.Texts.ZH, "更新程序") {
		t.Errorf("%+v", st.Wrong)
	}
	d.newCase("goes on")
}
