package station

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"hejie/app/api"
	"hejie/app/casework"
)

var errInjected = errors.New("injected")

// failing makes one case of a desk fail, by an error or a panic.
type failing struct {
	id     atomic.Value // string
	panics atomic.Bool
}

func (f *failing) probe(id string) error {
	if want, _ := f.id.Load().(string); want == "" || want != id {
		return nil
	}
	if f.panics.Load() {
		panic("injected")
	}
	return errInjected
}

func names(list []api.Reason, id string) bool {
	return slices.ContainsFunc(list, func(r api.Reason) bool {
		return r.Code == CodeUnreadable && r.Params["case"] == id && r.Texts != nil && strings.Contains(r.Texts.ZH, id) && strings.Contains(r.Texts.EN, id)
	})
}

// TestOneFailingCaseTakesNothingWithIt: whatever a case fails with, every list
// answers with all others and names it, and status too; it can't be opened, and
// saves and syncs of all others go on.
func TestOneFailingCaseTakesNothingWithIt(t *testing.T) {
	ctx := context.Background()
	_, town, village := county(t)
	f := &failing{}
	village.o.Probe = f.probe
	village.again()
	var ids []string
	for range 3 {
		id := village.newCase("")
		village.act(id, casework.StepAccept, `{"at":"2026-03-10"}`)
		village.act(id, casework.StepAssign, `{"mediators":["赵示和"],"by":"committee","at":"2026-03-10"}`)
		ids = append(ids, id)
	}
	meet(village, town)
	for _, id := range ids { // a contradiction in each
		village.set(id, `{"claims":"甲"}`)
		town.set(id, `{"claims":"乙"}`)
	}
	meet(village, town)
	bad := ids[1]
	for _, panics := range []bool{false, true} {
		f.panics.Store(panics)
		f.id.Store(bad)
		lists := map[string]func() (int, []api.Reason, error){
			"list": func() (int, []api.Reason, error) {
				l, err := village.ss.ListCases(ctx, api.CaseQuery{Counts: true})
				return len(l.Cases), l.LeftOut, err
			},
			"search": func() (int, []api.Reason, error) {
				l, err := village.ss.ListCases(ctx, api.CaseQuery{Text: "李大样"})
				return len(l.Cases), l.LeftOut, err
			},
			"due": func() (int, []api.Reason, error) {
				l, err := village.ss.Due(ctx, api.DueQuery{All: true})
				cases := map[string]bool{}
				for _, d := range l.Items {
					cases[d.Case] = true
				}
				return len(cases), l.LeftOut, err
			},
			"inbox": func() (int, []api.Reason, error) { l, err := village.ss.Inbox(ctx); return 2, l.LeftOut, err },
			"export": func() (int, []api.Reason, error) {
				l, err := village.ss.Export(ctx, "", 0)
				return strings.Count(l.Lines, "\n"), l.LeftOut, err
			},
			"conflicts": func() (int, []api.Reason, error) {
				l, err := village.ss.Conflicts(ctx, "")
				return len(l.Conflicts), l.LeftOut, err
			},
			"repeats": func() (int, []api.Reason, error) {
				l, err := village.ss.Repeats(ctx, ids[0])
				return len(l.Items) + 1, l.LeftOut, err
			},
			"handover": func() (int, []api.Reason, error) {
				l, err := village.ss.HandOver(ctx, api.HandoverRequest{From: "赵示和", To: []string{"孙例新"}, Reason: "left", DryRun: true})
				return len(l.Cases), l.LeftOut, err
			},
		}
		for name, list := range lists {
			if n, left, err := list(); err != nil || n != 2 || len(left) != 1 || !names(left, bad) {
				t.Errorf("panics %v: %s: %d cases, %+v left out, %v", panics, name, n, left, err)
			}
		}
		if st := village.status(); !names(st.Wrong, bad) || st.Conflicts != 2 {
			t.Errorf("panics %v: status: %d conflicts, %+v", panics, st.Conflicts, st.Wrong)
		}
		if _, err := village.ss.Document(ctx, bad); codeOfPlain(err) != CodeUnreadable {
			t.Errorf("panics %v: opened: %v", panics, err)
		}
		// Saving goes on, of all others and of what is in it.
		village.set(ids[0], `{"place":"河湾村4组"}`)
		town.set(bad, `{"place":"河湾村5组"}`)
		if r := meet(village, town); !r.InStep && !meet(village, town).InStep {
			t.Errorf("panics %v: not in step: %+v", panics, r)
		}
		// Rows are derived anew while it fails: the folder opens, and names it.
		village.again()
		if err := village.ss.open.store.Rebuild(ctx); err != nil {
			t.Fatalf("panics %v: rebuild: %v", panics, err)
		}
		if n, left, err := lists["list"](); err != nil || n != 2 || !names(left, bad) {
			t.Errorf("panics %v: after a rebuild: %d cases, %+v, %v", panics, n, left, err)
		}
		if n, left, err := lists["due"](); err != nil || n != 2 || !names(left, bad) {
			t.Errorf("panics %v: due after a rebuild: %d cases, %+v, %v", panics, n, left, err)
		}
		if st := village.status(); !names(st.Wrong, bad) {
			t.Errorf("panics %v: status after a rebuild: %+v", panics, st.Wrong)
		}
		// Where it can be read again it is there, and nothing names it any more.
		f.id.Store("")
		if err := village.ss.open.store.Rebuild(ctx); err != nil {
			t.Fatal(err)
		}
		for name, list := range lists {
			want := 3
			if name == "inbox" {
				want = 2
			}
			if n, left, err := list(); err != nil || n != want || len(left) != 0 {
				t.Errorf("panics %v: %s after it: %d cases, %+v, %v", panics, name, n, left, err)
			}
		}
		if st := village.status(); names(st.Wrong, bad) {
			t.Errorf("panics %v: status still names it", panics)
		}
	}
	if v, err := village.ss.Verify(ctx); err != nil || len(v.Bad) > 0 {
		t.Errorf("verify: %+v, %v", v, err)
	}
}

// TestJudgingIsFenced: what no rule fits has no effect, and stops nothing.
func TestJudgingIsFenced(t *testing.T) {
	if got := judge(func() string { panic("injected") }); got != unjudged {
		t.Errorf("got %q", got)
	}
	if got := judge(func() string { return "" }); got != "" {
		t.Errorf("got %q", got)
	}
}
