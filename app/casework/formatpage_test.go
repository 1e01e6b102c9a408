package casework

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"hejie/app/casework/data"
	"hejie/app/casework/numbers"
)

var writeFormat = flag.Bool("format", false, "write docs/format-case.json and the tables of docs/format-case.md")

const (
	formatData = "../../docs/format-case.json"
	formatPage = "../../docs/format-case.md"
)

// TestFormatPage: what a stranger is to compute a case from is what this program
// computes it from: the schema, the steps, the pairs and the projection.
func TestFormatPage(t *testing.T) {
	raw, err := json.MarshalIndent(formatOfCases(), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	raw = append(raw, '\n')
	if *writeFormat {
		if err := os.WriteFile(formatData, raw, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if have, err := os.ReadFile(formatData); err != nil || !bytes.Equal(have, raw) {
		t.Fatalf("%s is not what the program computes by (%v): go test ./app/casework -run TestFormatPage -format", formatData, err)
	}
	page, err := os.ReadFile(formatPage)
	if err != nil {
		t.Fatal(err)
	}
	made := string(page)
	for name, text := range map[string]string{
		"hash": fmt.Sprintf("SHA-256 of `docs/format-case.json`: `%x`\n", sha256.Sum256(raw)), "fields": fieldTable(), "steps": stepTable(), "pairs": pairTable(),
	} {
		made = between(t, made, name, text)
	}
	if *writeFormat {
		if err := os.WriteFile(formatPage, []byte(made), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if made != string(page) {
		t.Fatalf("the tables of %s are not those of the rules: go test ./app/casework -run TestFormatPage -format", formatPage)
	}
}

// between puts a table between its marks.
func between(t *testing.T, page, name, text string) string {
	t.Helper()
	open, end := "<!-- "+name+" -->\n", "<!-- end "+name+" -->\n"
	before, rest, ok := strings.Cut(page, open)
	_, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("the page has no place for %s", name)
	}
	return before + open + text + end + after
}

func formatOfCases() map[string]any {
	lists := map[string]any{}
	for _, list := range data.Lists() {
		var codes []string
		for _, row := range data.List(list) {
			codes = append(codes, row.Code)
		}
		lists[list] = codes
	}
	return map[string]any{
		"about":   "FORMAT: records of cases, notes and digests; docs/format-case.md says how it is read",
		"rules":   1,
		"schema":  ProjectionSchema,
		"records": map[string]any{"case": CaseSchema().Describe(), "notes": NotesSchema().Describe(), "digest": DigestSchema().Describe(), "document": DocumentSchema().Describe()},
		"lists":   lists,
		"steps":   stepRows(), "pairs": pairRows(), "says": sayRows(), "projection": projectionRows(),
		"limits": map[string]any{"events": maxEvents},
	}
}

func stepRows() []map[string]any {
	var out []map[string]any
	for i := range rulebook {
		r := &rulebook[i]
		row := map[string]any{"step": r.step, "track": r.track, "desk": deskNames[r.desk], "roles": r.roles}
		for key, list := range map[string][]string{"from": r.from, "with": r.with} {
			if list != nil {
				row[key] = list
			}
		}
		switch {
		case r.step == StepEnterAgreement:
			row["event"] = StepInForce
		case r.notes:
			row["record"] = "notes"
		}
		if r.article != "" {
			row["article"] = r.article
		}
		out = append(out, row)
	}
	return out
}

var deskNames = map[desk]string{deskWork: "work", deskMediator: "mediator", deskKeeper: "keeper", deskSender: "sender", deskReceiver: "receiver", deskCourt: "court", deskReader: "reader"}

var verdictNames = map[PairVerdict]string{SameStand: "same", PersonDecides: "person"}

func sortedPairs() [][2]string {
	all := slices.Collect(maps.Keys(decisive))
	slices.SortFunc(all, func(a, b [2]string) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	return all
}

func pairRows() []map[string]any {
	var out []map[string]any
	for _, p := range sortedPairs() {
		r := decisive[p]
		out = append(out, map[string]any{"steps": p, "verdict": verdictNames[r.verdict], "decider": r.decider, "because": r.because, "track": pairTrack(p[0], p[1])})
	}
	return out
}

func sayRows() map[string]any {
	return map[string]any{
		"keys": sayKeys,
		"ending_reason": map[string]any{
			StepTerminate: map[string]string{"key": keyReason, "list": "termination_reason"}, StepWithdraw: map[string]string{"key": keyWhy, "list": "withdraw_reason"}, StepStop: reasonRefused,
		},
	}
}

// projectionRows say how a digest's change is made from the case's.
func projectionRows() map[string]any {
	steps := map[string]any{stepSettle: map[string]any{keyTrack: map[string]any{"keep": "code", "list": "track"}, keyChoice: keep("same"), keySettles: keep("same")}}
	for i := range rulebook {
		r := &rulebook[i]
		if r.notes || r.step == StepEnterAgreement {
			continue
		}
		row := map[string]any{}
		for _, f := range r.fields {
			if f.kept() {
				row[f.Name] = keptAs(f)
			}
			if f.Name == keyTerms {
				row[keyAgreedFen], row[keyDueDays] = map[string]any{"keep": "sum", "of": keyTerms, "key": "amount_fen", "max": MaxAmount}, map[string]any{"keep": "days", "of": keyTerms, "key": "due"}
			}
			if f.Name == keyCourtNo && r.step != StepNotarise {
				row[keyCourtKind] = map[string]any{"keep": "court_type", "of": keyCourtNo}
			}
		}
		for key := range r.extra {
			if row[key] != nil {
				continue
			}
			if key != keyRoster {
				row[key] = keep("same")
			} else {
				row[key] = keep("numbers")
			}
		}
		steps[r.step] = row
	}
	types := map[string]string{}
	for _, word := range numbers.CourtTypes() {
		types[word] = (&numbers.Court{Type: word}).TypeCode()
	}
	return map[string]any{
		"steps": steps, "band_edges_fen": bandEdges, "organisation_kinds": organisationKinds, "court_types": types,
	}
}

func keep(how string) map[string]any { return map[string]any{"keep": how} }

func keptAs(f FieldSpec) map[string]any {
	switch {
	case f.show == showCount:
		return keep("count")
	case f.Type == "code":
		return map[string]any{"keep": "code", "list": f.List}
	case f.Type == "codes":
		return map[string]any{"keep": "codes", "list": f.List}
	case f.Type == "date":
		return keep("day")
	}
	return keep("same")
}

// fieldTable lists the paths of cases with what they are.
func fieldTable() string {
	var b strings.Builder
	b.WriteString("| path | kind | holds |\n|---|---|---|\n")
	row := func(path string, r *fieldRule, kind string) {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", path, kind, r.says())
	}
	for i := range caseRules {
		r := &caseRules[i]
		kind := map[fieldForm]string{formStory: "text", formCodes: "set", formParties: "map"}[r.form]
		if kind == "" {
			kind = "register"
		}
		if legalFields[r.name] {
			kind = "register, legal"
		}
		row(r.name, r, kind)
		if r.form == formParties {
			for j := range partyRules {
				kind := "register"
				if partyRules[j].form == formCodes {
					kind = "set"
				}
				row("parties/<entry>/"+partyRules[j].name, &partyRules[j], kind)
			}
		}
	}
	b.WriteString("| `lifecycle` | events | steps, below |\n")
	return b.String()
}

// says describes what a field holds.
func (r *fieldRule) says() string {
	out := map[fieldForm]string{formDate: "a date", formInstant: "a date and time", formYesNo: "yes or no", formParties: "the parties"}[r.form]
	switch r.form {
	case formText:
		out = fmt.Sprintf("%d to %d characters", r.min, r.max)
	case formStory:
		out = fmt.Sprintf("an insertion has at most %d characters", r.max)
	case formCode:
		out = "a code of `" + r.list + "`"
	case formCodes:
		out = "codes of `" + r.list + "`"
	case formAmount:
		out = fmt.Sprintf("fen, 0 to %d", MaxAmount)
	case formNames:
		out = fmt.Sprintf("%d to %d entries, by id", r.min, r.max)
	case formParts:
		var parts []string
		for i := range r.parts {
			p := &r.parts[i]
			mark := ""
			if p.required {
				mark = "!"
			}
			parts = append(parts, fmt.Sprintf("`%s`%s %s", p.name, mark, p.says()))
		}
		out = strings.Join(parts, "; ")
	}
	if r.required {
		out += "; required"
	}
	return out
}

func stepTable() string {
	var b strings.Builder
	b.WriteString("| step | track | on | where mediation is | desk | roles |\n|---|---|---|---|---|---|\n")
	for i := range rulebook {
		r := &rulebook[i]
		name := "`" + r.step + "`"
		if r.notes {
			name += " (notes)"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", name, r.track, any1(r.from), any1(r.with), deskNames[r.desk], any1(r.roles))
	}
	return b.String()
}

func any1(list []string) string {
	if list == nil {
		return "any"
	}
	return strings.Join(list, ", ")
}

func pairTable() string {
	var b strings.Builder
	b.WriteString("| one | other | verdict | decided by | settled on |\n|---|---|---|---|---|\n")
	for _, p := range sortedPairs() {
		r := decisive[p]
		fmt.Fprintf(&b, "| `%s` | `%s` | %s | %s | %s |\n", p[0], p[1], verdictNames[r.verdict], r.decider, pairTrack(p[0], p[1]))
	}
	return b.String()
}
