package station

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"hejie/app/api"
	"hejie/store"
)

// held counts the operations on a desk's disk.
func (d *desk) held() int {
	d.t.Helper()
	n := 0
	err := d.ss.view(context.Background(), func(rd store.Reader) error {
		return rd.Frames(1, func(f store.Frame) (bool, error) {
			if f.Kind == store.KindOperation {
				n++
			}
			return true, nil
		})
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return n
}

func TestATokenSavesWhatItSavedFirstAndNothingElse(t *testing.T) {
	court := newCourt(t, 1)
	village := court.admit(2, "990125101203-tw", "河湾村人民调解委员会", "赵示和", "director", "mediator", "clerk")
	ctx := context.Background()
	id, other := village.newCase(""), village.newCase("")
	const oral = `{"category":"02","applicant":"李大样","respondent":"王小例","about":%q,"terms":[{"who":"王小例","what":"当天清走谷子","due":"2026-09-20"}],"at":"2026-09-20","mediators":["赵示和"]}`
	patch := func(id, fields string) func(string) (api.Saved, error) {
		return func(token string) (api.Saved, error) {
			return village.ss.PatchCase(ctx, token, id, api.Patch{Fields: api.Object(fields)})
		}
	}
	act := func(id, step, fields string) func(string) (api.Saved, error) {
		return func(token string) (api.Saved, error) { return village.ss.Act(ctx, token, id, step, []byte(fields)) }
	}
	tests := []struct {
		name  string
		token string
		first func(token string) (api.Saved, error)
		same  func(token string) (api.Saved, error) // nil: first again
		other []func(token string) (api.Saved, error)
	}{
		{"a case", token(), func(t string) (api.Saved, error) { return village.ss.NewCase(ctx, t, wallCase("N-7")) }, nil, []func(string) (api.Saved, error){
			func(t string) (api.Saved, error) { return village.ss.NewCase(ctx, t, wallCase("N-8")) },
			func(t string) (api.Saved, error) {
				return village.ss.NewLead(ctx, t, []byte(`{"brief":"水渠分水不均","at":"2026-03-08","found":"sweep","level":"green"}`))
			},
		}},
		{"an oral agreement", token(), func(t string) (api.Saved, error) { return village.ss.NewOral(ctx, t, fmt.Appendf(nil, oral, "晒谷")) }, nil, []func(string) (api.Saved, error){
			func(t string) (api.Saved, error) { return village.ss.NewOral(ctx, t, fmt.Appendf(nil, oral, "占道")) },
		}},
		{"fields", token(), patch(id, `{"place":"村东","amount_fen":5}`), patch(id, ` {"amount_fen":5, "place":"村东"}`), []func(string) (api.Saved, error){
			patch(id, `{"place":"村西","amount_fen":5}`), patch(other, `{"place":"村东","amount_fen":5}`), act(id, "accept", `{"at":"2026-03-10"}`),
		}},
		{"a step", token(), act(id, "accept", `{"at":"2026-03-10"}`), nil, []func(string) (api.Saved, error){
			act(id, "accept", `{"at":"2026-03-11"}`), act(other, "accept", `{"at":"2026-03-10"}`), act(id, "withdraw", `{"at":"2026-03-10"}`),
		}},
		{"notes", token(), func(t string) (api.Saved, error) {
			return village.ss.PatchNotes(ctx, t, id, api.Patch{Fields: api.Object(`{"minutes":"一"}`)})
		}, nil, []func(string) (api.Saved, error){
			func(t string) (api.Saved, error) {
				return village.ss.PatchNotes(ctx, t, id, api.Patch{Fields: api.Object(`{"minutes":"二"}`)})
			},
		}},
		{"the register", token(), func(t string) (api.Saved, error) {
			return village.ss.PatchRegister(ctx, t, "", api.Patch{Fields: api.Object(`{"abbr":"河湾"}`)})
		}, nil, []func(string) (api.Saved, error){
			func(t string) (api.Saved, error) {
				return village.ss.PatchRegister(ctx, t, "", api.Patch{Fields: api.Object(`{"abbr":"湾"}`)})
			},
		}},
	}
	made := map[string]string{}
	for _, tt := range tests {
		saved, err := tt.first(tt.token)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		made[tt.name] = saved.ID
	}
	before := village.held()
	check := func(when string) {
		for _, tt := range tests {
			same := tt.same
			if same == nil {
				same = tt.first
			}
			if saved, err := same(tt.token); err != nil || saved.ID != made[tt.name] {
				t.Errorf("%s: %s once more: %s, %v", when, tt.name, saved.ID, err)
			}
			for i, ask := range tt.other {
				_, err := ask(tt.token)
				var e *api.Error
				if !errors.As(err, &e) || e.Reason.Code != CodeTokenReused || e.Reason.Params["record"] == "" || e.Reason.Texts == nil || e.Reason.Texts.ZH == "" || e.Reason.Texts.EN == "" {
					t.Errorf("%s: %s, other content %d: %v", when, tt.name, i, err)
				}
			}
		}
		if n := village.held(); n != before {
			t.Errorf("%s: %d operations, and %d before", when, n, before)
		}
	}
	check("at once")
	village.again()
	check("after a restart")
	if _, err := village.ss.Rebuild(ctx); err != nil {
		t.Fatal(err)
	}
	check("after a rebuild")
}

func TestTwoPressesWithOneTokenOverHTTP(t *testing.T) {
	court := newCourt(t, 1)
	handler, err := api.New(api.Deps{Station: court.s, Random: rand.NewChaCha8([32]byte{1})})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = handler.Close() })
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	bearer := ""
	send := func(method, path, token, body string, into any) int {
		t.Helper()
		r, err := http.NewRequest(method, server.URL+api.Prefix+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set(api.HeaderClient, "page")
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Idempotency-Key", token)
		if bearer != "" {
			r.Header.Set("Authorization", "Bearer "+bearer)
		}
		answer, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = answer.Body.Close() }()
		if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
			t.Fatal(err)
		}
		return answer.StatusCode
	}
	var in api.SignedIn
	if code := send("POST", "/sessions", token(), fmt.Sprintf(`{"seat":%q,"secret":%q}`, hexID(court.ss.seat()), secret), &in); code != http.StatusCreated {
		t.Fatal(code)
	}
	bearer = in.Token
	press := token()
	var first, second, third api.Saved
	var refused api.Problem
	if code := send("POST", "/cases", press, string(wallCase("N-1")), &first); code != http.StatusCreated {
		t.Fatal(code)
	}
	if code := send("POST", "/cases", press, string(wallCase("N-1")), &second); code != http.StatusCreated || second.ID != first.ID {
		t.Fatalf("%d: %+v, and first %+v", code, second, first)
	}
	if code := send("POST", "/cases", press, string(wallCase("N-2")), &refused); code != http.StatusConflict || refused.Code != CodeTokenReused || refused.Params["record"] != first.ID {
		t.Fatalf("%d: %+v", code, refused)
	}
	if code := send("POST", "/cases", token(), string(wallCase("N-2")), &third); code != http.StatusCreated || third.ID == first.ID {
		t.Fatalf("%d: %+v", code, third)
	}
}
