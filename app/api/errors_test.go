package api_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"hejie/app/api"
	"hejie/store"
)

type twoErrors []error

func (e twoErrors) Error() string   { return "two" }
func (e twoErrors) Unwrap() []error { return e }

func TestErrorsBecomeProblems(t *testing.T) {
	field := &refusal{code: "check_digit", field: "parties.0.id_number"}
	for _, c := range []struct {
		name   string
		err    error
		status int
		code   string
	}{
		{"a field", fmt.Errorf("new case: %w", field), 422, "check_digit"},
		{"a rule", &refusal{code: "not_assigned"}, 409, "not_assigned"},
		{"several fields", twoErrors{field, &refusal{code: "date", field: "received_at"}}, 422, "check_digit"},
		{"not held", fmt.Errorf("case x: %w", store.ErrNotFound), 404, "not_found"},
		{"disk nearly full", fmt.Errorf("save: %w", store.ErrDiskFull), 507, "disk_full"},
		{"disk failed", store.ErrFailed, 500, "disk_failed"},
		{"too large", store.ErrTooLarge, 413, "too_large"},
		{"closing", store.ErrClosed, 503, "closing"},
		{"in use", store.ErrInUse, 409, "in_use"},
		{"newer", &store.NewerFormatError{Path: "/home/x", Has: 2, Know: 1}, 409, "newer_format"},
		{"gave up", context.DeadlineExceeded, 408, "timeout"},
		{"closed session", &api.Error{Reason: api.Reason{Code: api.CodeLocked}}, 423, "locked"},
		{"not theirs", &api.Error{Reason: api.Reason{Code: api.CodeNotAllowed}}, 403, "not_allowed"},
		{"partner away", &api.Error{Reason: api.Reason{Code: api.CodeUnreachable}}, 502, "unreachable"},
		{"a defect", errSecretText, 500, "internal"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFake()
			server := listen(t, newServer(t, f)).signIn()
			f.failWith(c.err)
			p := server.do("POST", "/cases", caseDocument).refused(c.status, c.code)
			if strings.Contains(p.Detail, "/home") {
				t.Errorf("the answer tells %q", p.Detail)
			}
		})
	}
}

func TestProblemSaysAll(t *testing.T) {
	f := newFake()
	c := listen(t, newServer(t, f)).signIn()
	f.failWith(twoErrors{&refusal{code: "check_digit", field: "a"}, &refusal{code: "date", field: "b"}})
	p := c.do("POST", "/cases/c1/steps/sign", `{"fields":{}}`).refused(422, "check_digit")
	want := api.Reason{
		Code: "check_digit", Detail: "not now: check_digit", Texts: &api.Label{ZH: "现在不行", EN: "not now"},
		Params: map[string]string{"days": "3"}, Field: "a", Rule: "rules art. 36", Allows: "assign",
	}
	if fmt.Sprintf("%+v %+v", p.Reason, *p.Texts) != fmt.Sprintf("%+v %+v", func() api.Reason { want.Texts = p.Texts; return want }(), api.Label{ZH: "现在不行", EN: "not now"}) {
		t.Errorf("%+v, want %+v", p.Reason, want)
	}
	if len(p.Fields) != 2 || p.Fields[1].Code != "date" || p.Fields[1].Field != "b" {
		t.Errorf("%+v", p.Fields)
	}
}

// A defect is told to whom it concerns, and not to the page.
func TestDefectsAreReported(t *testing.T) {
	var mu sync.Mutex
	var told []string
	f := newFake()
	c := listen(t, newServer(t, f, func(d *api.Deps) {
		d.Failed = func(op string, err error) {
			mu.Lock()
			defer mu.Unlock()
			told = append(told, op)
			if !errors.Is(err, errSecretText) {
				t.Errorf("told %v", err)
			}
		}
	})).signIn()
	f.failWith(errSecretText)
	c.do("GET", "/status", "").refused(500, "internal")
	mu.Lock()
	defer mu.Unlock()
	if len(told) != 1 || told[0] != "getStatus" {
		t.Errorf("told of %v", told)
	}
}

func TestWrongSecret(t *testing.T) {
	f := newFake()
	c := listen(t, newServer(t, f))
	a := c.do("POST", "/sessions", `{"seat":"5ea7","secret":"hunter22"}`)
	p := a.refused(http.StatusForbidden, "wrong_secret")
	if p.RetryAfter != 2 || a.header.Get("Retry-After") != "2" {
		t.Errorf("retry after %d (%q), want 2: 1.5 s rounded up", p.RetryAfter, a.header.Get("Retry-After"))
	}
	if a.header.Get("Set-Cookie") != "" {
		t.Error("a cookie was set")
	}
	f.failWith(&api.Error{Reason: api.Reason{Code: api.CodeTooMany}, Retry: 30 * time.Second})
	a = c.do("POST", "/sessions", `{"seat":"5ea7","secret":"hunter22"}`)
	a.refused(http.StatusTooManyRequests, "too_many_attempts")
	if a.header.Get("Retry-After") != "30" {
		t.Errorf("Retry-After %q", a.header.Get("Retry-After"))
	}
	if strings.Contains(string(a.body), "hunter22") {
		t.Error("the secret is echoed")
	}
}
