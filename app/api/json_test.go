package api_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hejie/app/api"
)

func TestBadJSONChangesNothing(t *testing.T) {
	f := newFake()
	c := listen(t, newServer(t, f)).signIn()
	before, _, _ := f.count()
	for name, body := range map[string]string{
		"cut short":        `{"fields":{"a":1}`,
		"two documents":    `{"fields":{"a":1}}{}`,
		"no JSON":          `fields`,
		"broken UTF-8":     "{\"fields\":{\"facts\":\"\xff\"}}",
		"half a surrogate": `{"fields":{"facts":"\ud800"}}`,
		"low half alone":   `{"fields":{"facts":"\udc00x"}}`,
		"a name twice":     `{"fields":{"a":1},"fields":{"a":2}}`,
		"twice, escaped":   `{"fields":{"a":1},"f\u0069elds":{"a":2}}`,
		"10,000 levels":    `{"fields":{"a":` + strings.Repeat("[", 10000) + strings.Repeat("]", 10000) + `}}`,
	} {
		p := c.do("PATCH", "/cases/c1", body).refused(400, "bad_json")
		if len(p.Detail) > 200 {
			t.Errorf("%s: the answer is %d bytes long", name, len(p.Detail))
		}
		c.do("POST", "/cases", body).refused(400, "bad_json")
	}
	c.do("PATCH", "/cases/c1", `{"fields":[]}`).refused(422, "invalid_field")
	c.do("PATCH", "/cases/c1", `{}`).refused(422, "invalid_field")
	c.do("POST", "/cases/c1/steps/sign", `[]`).refused(422, "invalid_field")
	c.do("POST", "/cases", ``, "Content-Type", "application/json").refused(400, "bad_request")
	if after, _, _ := f.count(); after != before {
		t.Errorf("the station was asked: %s", f.last())
	}
	c.do("PATCH", "/cases/c1", `{"fields":{"facts":"\ud83d\ude00\\ud800"}}`).want(200)
}

func TestBodiesAreBounded(t *testing.T) {
	f := newFake()
	c := listen(t, newServer(t, f)).signIn()
	before, _, _ := f.count()
	big := func(n int) string { return `{"value":"` + strings.Repeat("a", n) + `"}` }
	c.do("PUT", "/drafts/x", big(api.MaxDraftBody)).refused(413, "too_large")
	c.do("POST", "/cases", big(60<<20)).refused(413, "too_large")
	c.do("POST", "/sessions", big(api.MaxBody)).refused(413, "too_large")
	if after, _, _ := f.count(); after != before {
		t.Errorf("the station was asked: %.50s", f.last())
	}
	c.do("PUT", "/drafts/x", big(api.MaxDraftBody-100)).want(200)
	c.do("POST", "/import", strings.Repeat("{}\n", 1<<20)).want(200)
}

// A draft comes back as it was typed, big numbers included.
func TestDraftsKeepTheirBytes(t *testing.T) {
	c := listen(t, newServer(t, newFake())).signIn()
	rapid.Check(t, func(rt *rapid.T) {
		v, err := json.Marshal(map[string]any{"text": rapid.String().Draw(rt, "text"), "n": rapid.Int64().Draw(rt, "n")})
		if err != nil {
			rt.Fatal(err)
		}
		c.do("PUT", "/drafts/x", `{"value":`+string(v)+`}`).want(200)
		var d api.Draft
		c.do("GET", "/drafts/x", "").want(200).into(&d)
		if !sameJSON(rt, d.Value, v) {
			rt.Fatalf("%s came back as %s", v, d.Value)
		}
	})
}

func sameJSON(t *rapid.T, a, b []byte) bool {
	decode := func(b []byte) string {
		d := json.NewDecoder(bytes.NewReader(b))
		d.UseNumber()
		var v any
		if err := d.Decode(&v); err != nil {
			t.Fatal(err)
		}
		out, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	return decode(a) == decode(b)
}

func TestEncodeJSON(t *testing.T) {
	for _, c := range []struct {
		v    any
		want string
	}{
		{api.ConflictList{}, `{"conflicts":[],"may_settle":[]}`},
		{[]api.Step(nil), `[]`},
		{api.Step{WhyNot: &api.Reason{Code: "<x>"}}, `{"step":"","label":{"zh":"","en":""},"track":"","allowed":false,"next":false,"why_not":{"code":"<x>"},"fields":[]}`},
		{api.Digest{}, `{"month_received":"","counts":{}}`},
		{api.Value{}, `{"value":null,"seat":"","unit":""}`},
		{api.Draft{}, `{"name":"","saved_at":"","value":null}`},
		{api.SheetSection{Rows: [][]string{nil}}, `{"key":"","heading":"","kind":"","rows":[[]]}`},
		{&api.Peer{}, `{"addresses":[]}`},
		{api.File{}, `{"name":"","media_type":"","data":""}`},
		{nil, `null`},
	} {
		var b bytes.Buffer
		if err := api.EncodeJSON(&b, c.v); err != nil {
			t.Fatal(err)
		}
		if got := b.String(); got != c.want+"\n" {
			t.Errorf("%T: %s want %s", c.v, got, c.want)
		}
	}
}

// What the strict decoder takes, the ordinary one takes with the same meaning;
// what it takes never holds a replaced character that was not sent.
func FuzzStrictJSON(f *testing.F) {
	for _, s := range []string{`{"a":[1,"\ud83d\ude00"]}`, `{"a":1,"a":2}`, "\"\xff\"", `"\ud800"`, `[[[]]]`, `{"a":`, `"\\ud800"`, `1 2`, `]`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var o api.Object
		strict := api.DecodeJSON(data, &o)
		var v map[string]any
		loose := json.Unmarshal(data, &v)
		if strict == nil && loose != nil {
			t.Fatalf("taken, but no JSON object: %q: %v", data, loose)
		}
		if strict == nil && v != nil && !bytes.Contains(data, []byte("\uFFFD")) && !bytes.Contains(bytes.ToLower(data), []byte(`\ufffd`)) {
			out, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(out, []byte("\uFFFD")) || bytes.Contains(out, []byte(`\ufffd`)) {
				t.Fatalf("a character was replaced: %q gave %q", data, out)
			}
		}
	})
}
