package casework

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"hejie/app/casework/data"
	"hejie/sync/crdt"
)

// projectedFields are all fields of a digest with what they hold: those of the
// record by their path, those of events as step.key. They come from the rules
// and the schema, by which Project itself works.
func projectedFields() map[string]string {
	out := map[string]string{
		"category": "code of `category`", "source": "code of `source`", fieldMonth: "month of receipt, 2026-03", fieldBand: "code of `amount_band`", fieldTags: "set of codes of `tag`",
		"marks": "set of fingerprints (`FORMAT.md` 6), added beside the projection", "parties.side": "code of `side`", "parties.kind": "code of `kind`",
		"parties.organisation": "code of `organisation_kind`", "parties.kept": "nothing", "parties.kept_set": "nothing",
	}
	for _, r := range rulebook {
		if inNotes(r.step) || r.step == StepEnterAgreement { // no event of a case
			continue
		}
		for _, f := range r.fields {
			if f.kept() {
				out[r.step+"."+f.Name] = heldAs(f)
			}
			for key := range derivedKeys[f.Name] {
				if r.step != StepNotarise {
					out[r.step+"."+key] = derivedWords[key]
				}
			}
		}
		for key, kind := range r.extra {
			if out[r.step+"."+key] == "" {
				out[r.step+"."+key] = extraWords[strings.ToLower(string(kind))]
			}
		}
	}
	out["settle."+keyTrack], out["settle."+keyChoice], out["settle."+keySettles] = "code of `track`", "a reference", "references"
	return out
}

var derivedWords = map[string]string{keyAgreedFen: "sum of the terms in fen", keyDueDays: "last day of each term", keyCourtKind: "code of `court_number`"}

var extraWords = map[string]string{"r": "references", "b": "yes or no", "i": "whole number", "s": "code", "u": "a unit", "t": "mediators' numbers", "e": "a reference", "h": "a mark"}

func heldAs(f FieldSpec) string {
	switch {
	case f.show == showCount:
		return "number of items"
	case f.Type == "code":
		return "code of `" + f.List + "`"
	case f.Type == "codes":
		return "codes of `" + f.List + "`"
	}
	return map[string]string{"date": "day", "yes_no": "yes or no", "whole": "whole number", "unit": "a unit", "event": "a reference"}[f.Type]
}

// TestDigestPage holds docs/digest.md to the projection: its list is the
// projection's, and each row names fields that there are.
func TestDigestPage(t *testing.T) {
	const mark = "-run TestDigestPage -update -->\n"
	path := filepath.Join("..", "..", "docs", "digest.md")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	page := strings.ReplaceAll(string(raw), "\r\n", "\n")
	written, list, found := strings.Cut(page, mark)
	if !found {
		t.Fatal("the list's mark is gone")
	}
	fields := projectedFields()
	var want strings.Builder
	want.WriteString("\n| field | holds |\n|---|---|\n")
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if fields[name] == "" {
			t.Errorf("%s: nobody says what it holds", name)
		}
		fmt.Fprintf(&want, "| `%s` | %s |\n", name, fields[name])
	}
	if *update {
		if err := os.WriteFile(path, []byte(written+mark+want.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if list != want.String() {
		t.Error("docs/digest.md lists other fields: go test ./app/casework -run TestDigestPage -update")
	}
	rows := 0
	for line := range strings.Lines(written) {
		cells := strings.Split(line, "|")
		if len(cells) != 5 || strings.HasPrefix(line, "|---") {
			continue
		}
		for _, name := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(cells[2], -1) {
			rows++
			if fields[name[1]] == "" {
				t.Errorf("no field %s in a digest: %s", name[1], strings.TrimSpace(line))
			}
		}
	}
	if rows == 0 {
		t.Fatal("no row names a field")
	}
}

// TestProjectionHasNoOtherField: what Project makes of every field of every step,
// of a case and of a party is on the list, whatever it holds.
func TestProjectionHasNoOtherField(t *testing.T) {
	fields := projectedFields()
	look := func(c crdt.Change) {
		out, _ := Project(ProjectionSchema, []crdt.Change{c})
		if out[0].Void {
			return
		}
		if strings.Contains(fmt.Sprint(out[0].Value), "李") {
			t.Errorf("a name lies in %v", out[0].Value)
		}
		if out[0].Kind == crdt.Event {
			value, _ := out[0].Value.(map[string]crdt.Value)
			for key := range value {
				if name := str(value[keyStep]) + "." + key; key != keyStep && fields[name] == "" {
					t.Errorf("%s is not on the list", name)
				}
			}
			return
		}
		var names []string
		for _, s := range out[0].Path {
			if s.Field != "" {
				names = append(names, s.Field)
			}
		}
		if name := strings.Join(names, "."); name != fieldParties && fields[name] == "" {
			t.Errorf("%s is not on the list", name)
		}
	}
	for _, r := range caseRules {
		for _, kind := range []crdt.ChangeKind{crdt.Assign, crdt.Add, crdt.Remove} {
			look(crdt.Change{Kind: kind, Path: root(r.name), Value: sampleOf(r)})
		}
	}
	for _, r := range partyRules {
		for _, kind := range []crdt.ChangeKind{crdt.Assign, crdt.Add, crdt.Remove} {
			look(crdt.Change{Kind: kind, Path: inEntry(fieldParties, crdt.Ref{Index: 1}, r.name), Value: sampleOf(r)})
		}
	}
	for _, r := range rulebook {
		look(crdt.Change{Kind: crdt.Event, Path: root(fieldLifecycle), Value: sampleEvent(&r)})
	}
}

func sampleOf(r fieldRule) crdt.Value {
	switch r.form {
	case formCode, formCodes:
		return data.List(r.list)[0].Code
	case formAmount:
		return int64(5)
	case formDate:
		return "1980-01-01"
	}
	return "2026-03-10T09:00:00+08:00"
}

// sampleEvent is an event of a step with every key that it may have.
func sampleEvent(r *rule) map[string]crdt.Value {
	ref := refValue(crdt.Ref{Op: crdt.ID{1}})
	unit := make([]byte, len(crdt.ID{}))
	of := map[byte]crdt.Value{
		's': "text", 'b': true, 'i': int64(3), 'e': ref, 'u': unit, 'r': []crdt.Value{ref}, 't': []crdt.Value{"ZM-1", "李大样"},
		'n': []crdt.Value{map[string]crdt.Value{"who": "李大样", "amount_fen": int64(5), "due": "2026-03-20"}},
	}
	out := map[string]crdt.Value{keyStep: r.step}
	for key, kind := range keysOf(r) {
		if kind < 'a' {
			kind += 'a' - 'A'
		}
		if v := of[kind]; v != nil {
			out[key] = v
		}
	}
	if _, dated := out[keyAt]; dated {
		out[keyAt] = "2026-03-10"
	}
	return out
}
