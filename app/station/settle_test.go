package station

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"hejie/app/api"
	"hejie/app/casework"
)

// conflict is the contradiction of a case on a field, as a desk is shown it.
func (d *desk) conflict(id, field string) api.Contradiction {
	d.t.Helper()
	list, err := d.ss.Conflicts(context.Background(), id)
	if err != nil {
		d.t.Fatal(err)
	}
	at := slices.IndexFunc(list.Conflicts, func(c api.Contradiction) bool { return c.Field == field })
	if at < 0 {
		d.t.Fatalf("nothing waits on %s: %+v", field, list.Conflicts)
	}
	return list.Conflicts[at]
}

func (d *desk) settle(id, field string, value any, base ...string) error {
	d.t.Helper()
	raw, err := json.Marshal(value)
	if err != nil {
		d.t.Fatal(err)
	}
	_, err = d.ss.Settle(context.Background(), token(), id, api.Settlement{Field: field, Value: raw, Base: base})
	return err
}

// contradicting is a case in mediation at village and township, and what each does to it
// before they meet.
func contradicting(t *testing.T, left, right func(d *desk, id string)) (village, town *desk, id string) {
	_, town, village = county(t)
	id = village.newCase("")
	village.act(id, "accept", `{"at":"2026-03-10"}`)
	village.act(id, "assign", `{"mediators":["赵示和"],"by":"committee","at":"2026-03-10"}`)
	village.act(id, "start-session", `{"at":"2026-03-11T09:00:00+08:00","place":"村委会"}`)
	meet(village, town)
	left(village, id)
	right(town, id)
	meet(village, town)
	return village, town, id
}

func oral(fen int) func(d *desk, id string) {
	return func(d *desk, id string) {
		d.act(id, "agree", fmt.Sprintf(`{"form":"oral","at":"2026-03-12","terms":[{"who":"王小例","what":"赔偿","amount_fen":%d,"due":"2026-12-01"}]}`, fen))
	}
}

func claims(text string) func(d *desk, id string) {
	return func(d *desk, id string) { d.set(id, `{"claims":"`+text+`"}`) }
}

// TestSettlementIsAboutWhatWasShown: of each kind of contradiction, whoever
// decides between statements that are no longer all that stand is refused, and
// nothing changes; what was shown last, and no base at all, are taken.
func TestSettlementIsAboutWhatWasShown(t *testing.T) {
	kinds := []struct {
		name, field string
		left, right func(d *desk, id string)
		// third is what somebody else does meanwhile who knew of neither.
		third func(d *desk, id string)
	}{
		{"a field", "claims", claims("甲说"), claims("乙说"), claims("丙说")},
		{"agreements", "lifecycle.mediation", oral(300000), oral(500000), oral(700000)},
		{"an agreement and an ending", "lifecycle.mediation", oral(300000), func(d *desk, id string) {
			d.act(id, "terminate", `{"reason":"refused","at":"2026-03-12"}`)
		}, oral(400000)},
	}
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) {
			_, town, village := county(t)
			id := village.newCase("")
			village.act(id, "accept", `{"at":"2026-03-10"}`)
			village.act(id, "assign", `{"mediators":["赵示和"],"by":"committee","at":"2026-03-10"}`)
			village.act(id, "start-session", `{"at":"2026-03-11T09:00:00+08:00","place":"村委会"}`)
			meet(village, town)
			other := village.copyOf(village.files("data/"), village.files("outside/"))
			k.left(village, id)
			k.right(town, id)
			k.third(other, id)
			meet(village, town)
			shown := village.conflict(id, k.field)
			if len(shown.Values) != 2 || len(shown.Heads) == 0 {
				t.Fatalf("shown %+v", shown)
			}
			meet(other, town)
			meet(village, town)
			before := village.get(id)
			err := village.settle(id, k.field, shown.Values[0].Value, shown.Heads...)
			reason, _ := api.ReasonOf(err)
			if reason.Code != CodeStale || reason.Texts == nil || !strings.Contains(reason.Texts.ZH, "什么也没有改变") || village.get(id) != before {
				t.Fatalf("on what is no longer so: %v", err)
			}
			now := village.conflict(id, k.field)
			if len(now.Values) != 3 {
				t.Fatalf("now %+v", now)
			}
			if err := village.settle(id, k.field, now.Values[0].Value, now.Heads...); err != nil {
				t.Fatalf("on what stands: %v", err)
			}
			// Who was shown it before it was settled is told by whom.
			if err := village.settle(id, k.field, now.Values[1].Value, now.Heads...); codeOfPlain(err) != CodeStale {
				t.Fatalf("after it was settled: %v", err)
			}
			meet(village, town)
			// At another desk another choice, apart: two settlements contradict.
			if n := len(town.conflicts(id)); n != 0 {
				t.Fatalf("%d contradictions are left", n)
			}
		})
	}
}

func (d *desk) conflicts(id string) []api.Contradiction {
	d.t.Helper()
	list, err := d.ss.Conflicts(context.Background(), id)
	if err != nil {
		d.t.Fatal(err)
	}
	return list.Conflicts
}

// TestUnrelatedChangesRefuseNoSettlement: an edit of something else, and the
// same statement once more, leave what was shown as it was.
func TestUnrelatedChangesRefuseNoSettlement(t *testing.T) {
	village, town, id := contradicting(t, claims("甲说"), claims("乙说"))
	shown := village.conflict(id, "claims")
	town.set(id, `{"place":"河湾村9组"}`)
	town.act(id, "consent", `{"purpose":"helpers","by":["李大样"],"given":true,"how":"written","at":"2026-03-12"}`)
	meet(village, town)
	if err := village.settle(id, "claims", "甲说", shown.Heads...); err != nil {
		t.Fatal(err)
	}
}

// TestTwoSettlementsApart: each names what it was shown; both met, a person is
// asked again, and each desk's next settlement names both.
func TestTwoSettlementsApart(t *testing.T) {
	for _, k := range []struct {
		field string
		do    [2]func(d *desk, id string)
	}{{"claims", [2]func(d *desk, id string){claims("甲说"), claims("乙说")}}, {"lifecycle.mediation", [2]func(d *desk, id string){oral(300000), oral(500000)}}} {
		village, town, id := contradicting(t, k.do[0], k.do[1])
		shown := village.conflict(id, k.field)
		for i, d := range []*desk{village, town} {
			if err := d.settle(id, k.field, shown.Values[i].Value, shown.Heads...); err != nil {
				t.Fatal(err)
			}
		}
		meet(village, town)
		again := village.conflict(id, k.field)
		if len(again.Values) != 2 {
			t.Fatalf("%s: %+v", k.field, again)
		}
		if err := town.settle(id, k.field, shown.Values[0].Value, shown.Heads...); codeOfPlain(err) != "" && codeOfPlain(err) != CodeStale {
			t.Fatalf("%s: %v", k.field, err)
		}
		if len(town.conflicts(id)) > 0 {
			if err := town.settle(id, k.field, again.Values[1].Value, town.conflict(id, k.field).Heads...); err != nil {
				t.Fatal(err)
			}
		}
		meet(village, town)
		if v, w := village.conflicts(id), town.conflicts(id); len(v)+len(w) > 0 {
			t.Fatalf("%s: still open: %+v, %+v", k.field, v, w)
		}
	}
}

// TestTwinsAreSettledAsShown: a number that two cases bear; a third case with it
// came since.
func TestTwinsAreSettledAsShown(t *testing.T) {
	_, town, village := county(t)
	id := village.newCase("FQ-000009")
	other := town.newCase("FQ-000009")
	_ = other
	meet(village, town)
	shown := town.conflict(id, fieldNumber)
	if len(shown.Values) != 2 || shown.Because != "same_number" || len(shown.Heads) != 2 {
		t.Fatalf("%+v", shown)
	}
	third := village.copyOf(village.files("data/"), village.files("outside/"))
	third.set(id, `{"external_id":"FQ-000010"}`)
	meet(third, town)
	if err := town.settle(id, fieldNumber, "FQ-000011", shown.Heads...); codeOfPlain(err) != CodeStale {
		t.Fatalf("%v", err)
	}
}

// TestContradictionsAreEqualEverywhere: who decides and why, of roles and units,
// the heads and the statements are byte for byte what an equal node says.
func TestContradictionsAreEqualEverywhere(t *testing.T) {
	for _, do := range [][2]func(d *desk, id string){{claims("甲说"), claims("乙说")}, {oral(300000), oral(500000)}} {
		village, town, id := contradicting(t, do[0], do[1])
		x, y := casework.Encode(village.conflicts(id)), casework.Encode(town.conflicts(id))
		if string(x) != string(y) {
			t.Fatalf("different:\n%s\n%s", x, y)
		}
		c := village.conflicts(id)[0]
		want := []string{"mediator", "director", "judge"}
		units := []string{hexID(village.ss.unit), hexID(town.ss.unit)}
		slices.Sort(units)
		if !slices.Equal(c.Decider, append(want, units...)) || c.Because == "" || c.Why.ZH == "" || c.Why.EN == "" || c.Decides.ZH == "" || c.Decides.EN == "" {
			t.Fatalf("%+v", c)
		}
	}
}
