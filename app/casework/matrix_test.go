package casework_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"hejie/app/casework"
	"hejie/app/casework/caseworktest"
	"hejie/app/casework/data"
)

// stand is how somebody's unit stands to a case: a column of the table.
type stand struct {
	name string
	desk string // whose unit it is
	rel  casework.Relation
}

// stands are those that there are in a walk's situation.
func stands(w walk) []stand {
	out := []stand{{"所属单位", "village", casework.Owner}, {"指导站", "township", casework.Station}}
	if strings.Contains(w.moves, "to=union") && strings.Contains(w.moves, "refer?") {
		name := "收函单位"
		if strings.Contains(w.moves, "refer@union") {
			name = "发函单位（原收函单位）"
			out = append(out, stand{"收函单位", "police", casework.Granted})
		}
		out = append(out, stand{name, "union", casework.Granted})
	}
	if strings.Contains(w.moves, "confirm-apply") {
		out = append(out, stand{"收到申请的法院", "court", casework.Granted})
	}
	return append(out, stand{"其他可查阅单位", "tribunal", casework.Granted}, stand{"只见数字的上级", "court", casework.Above}, stand{"无关单位", "other", ""})
}

// situation is a walk's record with good fields for every step there.
type situation struct {
	r      *record
	day    string
	view   casework.CaseView
	fields map[string]string
}

func reach(t testing.TB, w walk, reader bool) *situation {
	r := newRecord(t, goodDocument(t))
	s := &situation{r: r, fields: map[string]string{}}
	s.day = caseworktest.Later(w.goOn(r, reader), 10) // behind the days of waiting, before those of confirming end
	s.view = r.view()
	return s
}

// good are good fields for a step at a desk of this situation.
func (s *situation) good(desk string, o *casework.StepOption) string {
	key := o.Step
	if o.Track == "referral" {
		key += " " + desk // whom it may write to
	}
	if s.fields[key] == "" {
		s.fields[key] = fillOption(s.r.t, filler(desk, s.day), &s.view, o, nil)
	}
	return s.fields[key]
}

// taken is what became of a step: "" if it was taken, else the rule and the key
// of its article.
type taken struct{ rule, article string }

// in writes the outcome under a step of the article: another one is named.
func (x taken) in(article string) string {
	switch {
	case x.rule == "":
		return "可"
	case x.article == "" || x.article == article:
		return "`" + x.rule + "`"
	}
	return "`" + x.rule + "` " + data.Article(x.article, data.Chinese)
}

// looked are refusals whose sentences were read already.
type looked map[string]bool

var latin = regexp.MustCompile(`[A-Za-z]{2,}|[{}]`)

// sentences: a refusal names its rule and what would allow the step, in both languages.
func (l looked) sentences(t testing.TB, r *casework.Refusal) {
	key := fmt.Sprint(*r)
	if l[key] {
		return
	}
	l[key] = true
	for _, zh := range []string{r.Why(data.Chinese), r.Unblock(data.Chinese), r.Text(data.Chinese)} {
		if zh == "" || latin.MatchString(zh) {
			t.Errorf("%s refused by %s says %q", r.Step, r.Rule, zh)
		}
	}
	if en := r.Text(data.English); strings.ContainsAny(en, "{}") || r.Why(data.English) == "" || r.Unblock(data.English) == "" {
		t.Errorf("%s refused by %s says %q", r.Step, r.Rule, en)
	}
}

// people are the roles that somebody has who tries. Those of whom no step is
// are tried by one person who has them all, and so are all where the unit may do
// nothing: who is refused with every role is refused with each.
func people(rel casework.Relation) [][]string {
	var working, none, all []string
	for _, r := range data.List("role") {
		all = append(all, r.Code)
		if slices.ContainsFunc(casework.StepNames(), func(step string) bool { return slices.Contains(casework.StepRoles(step), r.Code) }) {
			working = append(working, r.Code)
		} else {
			none = append(none, r.Code)
		}
	}
	if rel == casework.Above || rel == "" {
		return [][]string{all}
	}
	out := [][]string{none}
	for _, role := range working {
		out = append(out, []string{role})
	}
	return out
}

// try takes every step as this actor: what is listed as allowed is taken, is
// judged lawful where it arrives, and stands; what is refused names the rule
// that the list names, and changes nothing.
func (s *situation) try(t testing.TB, a casework.Actor, desk string, said looked, effect map[string]bool) map[string]taken {
	out := map[string]taken{}
	for _, o := range casework.Steps(s.r.state, a, s.r.held()...) {
		raw := s.good(desk, &o)
		made, err := casework.Act(s.r.state, a, o.Step, []byte(raw), s.r.sets())
		where := fmt.Sprintf("%s by %v of %s at %+v", o.Step, a.Roles, desk, s.view.State)
		if o.Allowed != (err == nil) {
			t.Errorf("%s: listed as allowed %v, and %v", where, o.Allowed, err)
		}
		if err == nil {
			out[o.Step] = taken{}
			if r := casework.Judge(made.Changes, a, made.Grants); r != nil {
				t.Errorf("%s: others would refuse it: %v", where, r)
			}
			if key := desk + o.Step; !effect[key] {
				effect[key] = true
				s.stands(t, made, desk, where)
			}
			continue
		}
		var refusal *casework.Refusal
		if !errors.As(err, &refusal) {
			t.Errorf("%s: no rule refuses it: %v", where, err)
			continue
		}
		if o.Refusal != nil && refusal.Rule != o.Refusal.Rule {
			t.Errorf("%s: refused by %s, listed as %s", where, refusal.Rule, o.Refusal.Rule)
		}
		if len(made.Changes)+len(made.Notes)+len(made.Grants) > 0 {
			t.Errorf("%s: refused, and changes something", where)
		}
		out[o.Step] = taken{refusal.Rule, refusal.Article}
		said.sentences(t, refusal)
	}
	return out
}

// stands: a step that was taken counts, in the digest too.
func (s *situation) stands(t testing.TB, made casework.Made, desk, where string) {
	after := s.r.at(desk)
	after.saveMade(made)
	sameAsDigest(t, after)
	v := after.view()
	if n := len(takenSteps(v)); n != len(takenSteps(s.view))+(doing{made: made}).events() || len(v.Conflicts) != len(s.view.Conflicts) {
		t.Errorf("%s: %d steps, %d conflicts after it", where, n, len(v.Conflicts))
	}
	for _, step := range takenSteps(v) {
		if step.Standing != casework.Stands {
			t.Errorf("%s: %s is %s after it", where, step.Step, step.Standing)
		}
	}
}

// column are the outcomes of one unit's people: role → outcome.
type column map[string]taken

// table is step → situation → stand → column.
type table struct {
	cells   map[string]map[string]map[string]column
	labels  []string // situations in their order
	n, can  int
	columns []string
	article map[string]string // step → its own article
}

func tabulate(t *testing.T) *table {
	out := &table{cells: map[string]map[string]map[string]column{}, article: map[string]string{}}
	for _, o := range casework.Steps(newState(), casework.Actor{}) {
		out.article[o.Step] = o.Article
	}
	said := looked{}
	for _, w := range walks {
		plain, read := reach(t, w, false), reach(t, w, true)
		name := label(plain.view.State, w.note)
		if slices.Contains(out.labels, name) {
			t.Fatalf("two walks are called %s", name)
		}
		out.labels = append(out.labels, name)
		before := casework.Encode(plain.view)
		effect := map[string]bool{}
		for _, at := range stands(w) {
			s := plain
			if at.desk == "tribunal" {
				s = read
			}
			if !slices.Contains(out.columns, at.name) {
				out.columns = append(out.columns, at.name)
			}
			for _, roles := range people(at.rel) {
				a := casework.Actor{Relation: at.rel, Roles: roles, Unit: unitAt(at.desk)}
				for step, got := range s.try(t, a, at.desk, said, effect) {
					for _, role := range roles {
						out.put(step, name, at.name, role, got)
					}
				}
			}
		}
		if !bytes.Equal(before, casework.Encode(plain.r.view())) {
			t.Errorf("%s: refused steps changed something", name)
		}
	}
	return out
}

func (x *table) put(step, situation, stand, role string, got taken) {
	if x.cells[step] == nil {
		x.cells[step] = map[string]map[string]column{}
	}
	if x.cells[step][situation] == nil {
		x.cells[step][situation] = map[string]column{}
	}
	if x.cells[step][situation][stand] == nil {
		x.cells[step][situation][stand] = column{}
	}
	x.cells[step][situation][stand][role] = got
	x.n++
	if got.rule == "" {
		x.can++
	}
}

var updateMatrix = flag.Bool("update-matrix", false, "write docs/matrix.md anew")

// TestStateStepRoleDesk generates docs/matrix.md by taking every step in every
// situation of the walks, as every role, at every desk.
func TestStateStepRoleDesk(t *testing.T) {
	page := tabulate(t).page()
	path := filepath.Join("..", "..", "docs", "matrix.md")
	if *updateMatrix && !t.Failed() {
		if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	held, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.ReplaceAll(string(held), "\r\n", "\n"); got != page {
		a, b := strings.Split(got, "\n"), strings.Split(page, "\n")
		for i := range min(len(a), len(b)) {
			if a[i] != b[i] {
				t.Fatalf("docs/matrix.md line %d is\n%s\nand casework does\n%s\n(go test ./app/casework -run TestStateStepRoleDesk -update-matrix)", i+1, a[i], b[i])
			}
		}
		t.Fatal("docs/matrix.md is of another length than what casework does")
	}
}

// hash is of every cell in a fixed order: what merging equal rows hides, it shows.
func (x *table) hash() string {
	h := sha256.New()
	for _, step := range casework.StepNames() {
		for _, s := range x.labels {
			for _, c := range x.columns {
				for _, role := range data.List("role") {
					if got, ok := x.cells[step][s][c][role.Code]; ok {
						fmt.Fprintln(h, step, s, c, role.Code, got.rule, got.article)
					}
				}
			}
		}
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}
