package review

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"hejie/test/process"
)

// take takes a step.
func take(d *process.Desk, id, step, fields string) {
	d.T.Helper()
	d.Run("case", "act", id, step, "--file", d.File(step+".json", fields))
}

// inMediation is a case at village and town of which a session was held.
func inMediation(c *county, town string, number int) string {
	c.t.Helper()
	id := newCase(c.village, number)
	take(c.village, id, "accept", `{"at":"2026-03-10"}`)
	take(c.village, id, "assign", `{"mediators":["赵示和"],"by":"committee","at":"2026-03-10"}`)
	take(c.village, id, "start-session", `{"at":"2026-03-11T09:00:00+08:00","place":"村委会"}`)
	c.village.Sync(town)
	return id
}

const oralAgreement = `{"form":"oral","at":"2026-03-12","terms":[{"who":"%s","what":"%s","amount_fen":%d,"due":"2026-12-01"}]}`

// TestContestedAgreement is C1: two oral agreements of one case, recorded apart.
// State and facts say the same at every desk, due and inbox go on for every
// case, who decides and why is said alike, and a settlement on statements that
// are no longer all that stand is refused.
func TestContestedAgreement(t *testing.T) {
	c := newCounty(t)
	town, court := c.town.Serve().HTTPS, c.court.Serve().HTTPS
	other := newCase(c.village, 1)
	take(c.village, other, "accept", `{"at":"2026-03-10"}`)
	id := inMediation(c, town, 2)
	third := c.village.Copy(t)
	take(c.village, id, "agree", fmt.Sprintf(oralAgreement, "王小例", "赔偿", 300000))
	take(c.town, id, "agree", fmt.Sprintf(oralAgreement, "王小例", "赔偿", 500000))
	c.village.Sync(town)
	c.town.Sync(court)
	for _, d := range []*process.Desk{c.village, c.town, c.court} {
		v := d.Object("case", "get", id)
		state, _ := v["state"].(map[string]any)
		if state["mediation"] != "mediating" || state["performance"] != "none" {
			t.Errorf("%s: state %v", d.Dir, state)
		}
		if a, held := v["agreement"].(map[string]any); held && a["contested"] != true {
			t.Errorf("%s: the agreement is not shown as contested: %v", d.Dir, a)
		}
		figures, digest := v["digest"].(map[string]any)
		if digest != (d == c.court) || digest && (terms(figures) != 0 || figures["effective_on"] != nil || figures["agreed_fen"] != nil) {
			t.Errorf("%s: figures %v", d.Dir, figures)
		}
		if list, _ := v["conflicts"].([]any); len(list) != 1 {
			t.Errorf("%s: %d contradictions", d.Dir, len(list))
		}
	}
	for _, d := range []*process.Desk{c.village, c.town} {
		found := map[any]bool{}
		for _, line := range d.Lines("due", "--all") {
			found[line["case"]] = true
		}
		if !found[other] && !found[id] {
			t.Errorf("nothing is due any more")
		}
		d.Lines("inbox")
		for _, args := range [][]string{{"case", "history", id}, {"case", "repeats", id}, {"status"}} {
			d.Run(args...)
		}
		if why := d.Refused("case", "docket", id, "--out", "folder"); !strings.Contains(why, "waits for a person") && !strings.Contains(why, "decide") {
			t.Errorf("a folder of a contested agreement: %s", why)
		}
	}
	here, there := c.village.Lines("case", "conflicts", id), c.town.Lines("case", "conflicts", id)
	if len(here) != 1 || !reflect.DeepEqual(here, there) || c.village.Run("case", "conflicts", id) != c.town.Run("case", "conflicts", id) {
		t.Fatalf("not the same:\n%v\n%v", here, there)
	}
	shown := here[0]
	decider, _ := shown["decider"].([]any)
	if len(decider) < 3 || decider[0] != "mediator" || shown["because"] != "two_wordings" {
		t.Errorf("who decides and why: %v, %v", decider, shown["because"])
	}
	// A third statement, which nobody was shown.
	take(third, id, "agree", fmt.Sprintf(oralAgreement, "王小例", "赔偿", 700000))
	third.Sync(town)
	c.village.Sync(town)
	if why := c.village.Refused(settling(shown, 0)...); !strings.Contains(why, "Nothing was changed") {
		t.Errorf("settled on what is no longer so: %s", why)
	}
	now := c.village.Lines("case", "conflicts", id)[0]
	c.village.Run(settling(now, 0)...)
	c.village.Sync(town)
	c.town.Sync(court)
	for _, d := range []*process.Desk{c.village, c.town} {
		v := d.Object("case", "get", id)
		state, _ := v["state"].(map[string]any)
		a, _ := v["agreement"].(map[string]any)
		if terms, _ := a["terms"].([]any); state["mediation"] != "effective" || a["contested"] == true || len(terms) != 1 {
			t.Errorf("after the decision: %v, %v", state, a)
		}
	}
	figures, _ := c.court.Object("case", "get", id)["digest"].(map[string]any)
	if terms(figures) != 1 || figures["agreed_fen"] == nil {
		t.Errorf("after the decision the court has %v", figures)
	}
}

// terms is what a digest counts.
func terms(figures map[string]any) float64 {
	counts, _ := figures["counts"].(map[string]any)
	n, _ := counts["terms"].(float64)
	return n
}

// settling is the command that decides for one of the statements that were shown.
func settling(shown map[string]any, n int) []string {
	values, _ := shown["values"].([]any)
	value, _ := values[n].(map[string]any)["value"].(map[string]any)
	var heads []string
	list, _ := shown["heads"].([]any)
	for _, h := range list {
		heads = append(heads, fmt.Sprint(h))
	}
	return []string{"case", "settle", fmt.Sprint(shown["case"]), "--field", fmt.Sprint(shown["field"]), "--value", fmt.Sprintf("%q", value["id"]), "--base", strings.Join(heads, ",")}
}

// TestWhatDiffersIsShown is C2: two agreements that differ in who pays alone,
// at the end of long texts: both are there whole; a value that is none of the
// statements is named.
func TestWhatDiffersIsShown(t *testing.T) {
	c := newCounty(t)
	town := c.town.Serve().HTTPS
	id := inMediation(c, town, 3)
	long := strings.Repeat("按照双方在村委会当面说好的办法", 20)
	take(c.village, id, "agree", fmt.Sprintf(oralAgreement, "王小例", long, 300000))
	take(c.town, id, "agree", fmt.Sprintf(oralAgreement, "李大样", long, 300000))
	c.village.Sync(town)
	words := c.village.Command("case", "conflicts", id, "--json=false")
	out, err := words.Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"王小例", "李大样", long, "Who decides:"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("%q is not shown:\n%s", want, out)
		}
	}
	for _, value := range []string{`"nobody said this"`, `12345`, `{"a":"another"}`} {
		if why := c.village.Refused("case", "settle", id, "--field", "lifecycle.mediation", "--value", value); !strings.Contains(why, strings.Trim(value, `"`)) {
			t.Errorf("%s is refused without being named: %s", value, why)
		}
	}
}
