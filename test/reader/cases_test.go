package reader

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"hejie/test/captured"
)

// event is one of a record as the reader orders them.
type event struct{ ID, Step string }

// record is what the reader says of a case's record, or of its digest.
type record struct {
	Heads     []string
	Fields    map[string]any
	Events    []event
	Conflicts []string
}

// shown is what the reader says of a case.
type shown struct {
	record
	Together    []event // with the events of the notes, where these are held
	Digest      *record
	Projections struct {
		Right   int
		Wrong   []any
		Missing []string
	}
}

// cases runs the reader over a folder.
func cases(t *testing.T, folder, secret string) map[string]shown {
	t.Helper()
	out, said, code, err := Run(t.Context(), []string{"HEJIE_PIN=" + secret}, "cases", folder)
	if err != nil || code != 0 {
		t.Fatalf("cases of %s: exit %d (%v): %s", folder, code, err, said)
	}
	var all map[string]shown
	if err := json.Unmarshal([]byte(out), &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// page is what is used of docs/format-case.json: the names of fields.
type page struct {
	Records map[string]map[string]struct {
		Entry map[string]any
	}
}

func readPage(t *testing.T) page {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "docs", "format-case.json"))
	if err != nil {
		t.Fatal(err)
	}
	var p page
	if err := json.Unmarshal(b, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// sameCase holds what the reader computed against the program's `case get`:
// fields, events in order, contradictions of fields, digest.
func (p page) sameCase(t *testing.T, doc map[string]any, got shown) {
	t.Helper()
	id, _ := doc["id"].(string)
	if got.Digest != nil {
		p.sameDigest(t, id, doc, *got.Digest)
	}
	if len(got.Projections.Wrong)+len(got.Projections.Missing) > 0 {
		t.Errorf("case %s: projections %+v", id, got.Projections)
	}
	of, events := got.record, got.Events
	if doc["access"] == "digest" {
		if got.Digest == nil {
			t.Errorf("case %s: the reader has no digest", id)
			return
		}
		of, events = *got.Digest, got.Digest.Events
	} else {
		p.sameFields(t, id, doc, got.Fields)
		if got.Together != nil {
			events = got.Together
		}
	}
	if want := eventsOf(doc); !slices.Equal(want, events) {
		t.Errorf("case %s: the program has the events\n%v, the reader\n%v", id, want, events)
	}
	if want := texts(doc["heads"]); !slices.Equal(want, of.Heads) {
		t.Errorf("case %s: the program has the heads %v, the reader %v", id, want, of.Heads)
	}
	if want := contradicted(doc); !slices.Equal(want, of.Conflicts) {
		t.Errorf("case %s: the program has contradictions in %v, the reader in %v", id, want, of.Conflicts)
	}
}

func (p page) sameFields(t *testing.T, id string, doc, fields map[string]any) {
	t.Helper()
	for name, decl := range p.Records["case"] {
		switch {
		case name == "lifecycle":
		case decl.Entry == nil:
			same(t, id+" "+name, doc[name], fields[name])
		default:
			want, got := maps(doc[name]), maps(fields[name])
			if len(want) != len(got) {
				t.Errorf("case %s: the program has %d %s, the reader %d", id, len(want), name, len(got))
				continue
			}
			for i := range want {
				same(t, id+" "+name, want[i]["id"], got[i]["id"])
				for field := range decl.Entry {
					same(t, id+" "+name+" "+field, want[i][field], got[i][field])
				}
			}
		}
	}
}

// sameDigest holds a digest against what the document says of it, at whoever
// holds the digest alone, and of the case itself elsewhere.
func (p page) sameDigest(t *testing.T, id string, doc map[string]any, got record) {
	t.Helper()
	for _, name := range []string{"category", "source"} {
		same(t, id+" digest "+name, doc[name], got.Fields[name])
	}
	said, only := doc["digest"].(map[string]any)
	if !only {
		same(t, id+" digest tags", doc["tags"], got.Fields["tags"])
		return
	}
	same(t, id+" digest amount_band", said["amount_band"], got.Fields["amount_band"])
	same(t, id+" digest month", said["month_received"], got.Fields["received_month"])
	same(t, id+" digest tags", said["tags"], got.Fields["tags"])
	parties := maps(got.Fields["parties"])
	count := func(field, value string) float64 {
		return float64(len(slices.DeleteFunc(slices.Clone(parties), func(m map[string]any) bool { return m[field] != value })))
	}
	counts, _ := said["counts"].(map[string]any)
	for name, n := range map[string]float64{
		"parties": float64(len(parties)), "applicants": count("side", "applicant"), "respondents": count("side", "respondent"),
		"persons": count("kind", "person"), "organisations": count("kind", "organisation"),
	} {
		same(t, id+" digest counts "+name, counts[name], n)
	}
}

// same compares two values of JSON; what is empty is as good as absent.
func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if empty(want) && empty(got) || reflect.DeepEqual(want, got) {
		return
	}
	t.Errorf("%s: the program has %v, the reader %v", what, want, got)
}

func empty(v any) bool {
	list, isList := v.([]any)
	return v == nil || v == "" || isList && len(list) == 0
}

func maps(v any) (out []map[string]any) {
	list, _ := v.([]any)
	for _, x := range list {
		m, _ := x.(map[string]any)
		out = append(out, m)
	}
	return out
}

func texts(v any) []string {
	out := []string{}
	list, _ := v.([]any)
	for _, x := range list {
		s, _ := x.(string)
		out = append(out, s)
	}
	return out
}

func eventsOf(doc map[string]any) []event {
	out := []event{}
	for _, e := range maps(doc["events"]) {
		id, _ := e["id"].(string)
		step, _ := e["step"].(string)
		out = append(out, event{id, step})
	}
	return out
}

// contradicted are the fields that a document says contradict each other.
func contradicted(doc map[string]any) []string {
	out := []string{}
	for _, c := range maps(doc["conflicts"]) {
		if c["kind"] != "field" {
			continue
		}
		field, _ := c["field"].(string)
		out = append(out, field[strings.LastIndex(field, ".")+1:])
	}
	slices.Sort(out)
	return out
}

// TestCasesOfCapturedFolders: of every captured county, the reader computes from
// the pages alone what the program showed.
func TestCasesOfCapturedFolders(t *testing.T) {
	t.Parallel()
	archives, err := filepath.Glob(filepath.Join("..", "captured", "*.tar.gz"))
	if err != nil || len(archives) == 0 {
		t.Fatalf("no archive is here: %v", err)
	}
	p := readPage(t)
	for _, archive := range archives {
		b, err := os.ReadFile(strings.TrimSuffix(archive, ".tar.gz") + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var folders []captured.Folder
		if err := json.Unmarshal(b, &folders); err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		if err := captured.Unpack(archive, dir); err != nil {
			t.Fatal(err)
		}
		digests := map[string]*record{}
		for _, f := range folders {
			got := cases(t, filepath.Join(dir, f.Name), f.Secret)
			if len(got) != len(f.Cases) || len(got) == 0 {
				t.Errorf("%s of %s: the program shows %d cases, the reader %d", f.Name, archive, len(f.Cases), len(got))
			}
			for id, v := range f.Cases {
				doc, _ := v.(map[string]any)
				p.sameCase(t, doc, got[id])
				// Whoever holds a digest, and whatever else, has the same.
				if d := got[id].Digest; digests[id] == nil {
					digests[id] = d
				} else if !reflect.DeepEqual(d, digests[id]) {
					t.Errorf("case %s: the digest is\n%+v and elsewhere\n%+v", id, d, digests[id])
				}
			}
		}
	}
}
