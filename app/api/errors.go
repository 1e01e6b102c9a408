package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"hejie/store"
)

// Coder is an error that a person can act on. Its text is shown, so it holds
// no secret. Further methods add to what is shown.
type Coder interface {
	error
	// Code is stable, lower case with underscores.
	Code() string
}

// What an error with a code may also tell.
type (
	withField  interface{ Field() string }             // path of the field that is wrong
	withParams interface{ Params() map[string]string } // what the code's sentence names
	withTexts  interface{ Texts() (zh, en string) }    // the sentence in both languages
	withRule   interface{ Rule() string }              // the law or rule
	withAllows interface{ Allows() string }            // code of what would allow it
	withRetry  interface{ RetryAfter() time.Duration } // how long to wait
	withList   interface{ Unwrap() []error }           // several at once
)

// Error is an error that a person can act on, for a station that has nothing
// better at hand. It implements Coder.
type Error struct {
	Reason Reason
	Retry  time.Duration // how long to wait; 0: nothing to wait for
	All    []Reason      // every field that is wrong, where several are
	Err    error         // the cause, for errors.Is; may be nil
}

// Error implements error.
func (e *Error) Error() string {
	if e.Reason.Detail == "" {
		return e.Reason.Code
	}
	return e.Reason.Detail
}

// Code implements Coder.
func (e *Error) Code() string { return e.Reason.Code }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// The codes that this package itself answers with, or gives a status to.
const (
	CodeInternal       = "internal"
	CodeNotFound       = "not_found"
	CodeBadRequest     = "bad_request"
	CodeBadJSON        = "bad_json"
	CodeUnknownField   = "unknown_field"
	CodeInvalidField   = "invalid_field"
	CodeTooLarge       = "too_large"
	CodeMediaType      = "media_type"
	CodeBadMethod      = "method"
	CodeTimeout        = "timeout"
	CodeNotSignedIn    = "not_signed_in"
	CodeLocked         = "locked"
	CodeCrossOrigin    = "cross_origin"
	CodeBadHost        = "host"
	CodeTLSRequired    = "tls_required"
	CodeNoClientHeader = "no_client_header"
	CodeTooMany        = "too_many_attempts"
	CodeBusy           = "busy"
	CodeDiskFull       = "disk_full"
	CodeDiskFailed     = "disk_failed"
	CodeInUse          = "in_use"
	CodeClosed         = "closing"
	CodeWrongKey       = "wrong_key"
	CodeWrongSecret    = "wrong_secret"
	CodeNotAllowed     = "not_allowed"
	CodeNotHere        = "not_here"
	CodeUnreachable    = "unreachable"
	CodeOldFormat      = "old_format"
	CodeNewerFormat    = "newer_format"
)

// statusOf gives the codes that have a status of their own. Any other is 422
// where a field is named and 409 otherwise.
var statusOf = map[string]int{
	CodeInternal:     http.StatusInternalServerError,
	CodeNotFound:     http.StatusNotFound,
	CodeTooLarge:     http.StatusRequestEntityTooLarge,
	CodeNotSignedIn:  http.StatusUnauthorized,
	CodeLocked:       http.StatusLocked,
	CodeTooMany:      http.StatusTooManyRequests,
	CodeBusy:         http.StatusServiceUnavailable,
	CodeClosed:       http.StatusServiceUnavailable,
	CodeDiskFull:     http.StatusInsufficientStorage,
	CodeDiskFailed:   http.StatusInternalServerError,
	CodeTimeout:      http.StatusRequestTimeout,
	CodeWrongSecret:  http.StatusForbidden,
	CodeNotAllowed:   http.StatusForbidden,
	CodeUnreachable:  http.StatusBadGateway,
	CodeBadJSON:      http.StatusBadRequest,
	CodeUnknownField: http.StatusUnprocessableEntity,
	CodeInvalidField: http.StatusUnprocessableEntity,
}

// storeCodes gives the store's errors their codes.
var storeCodes = []struct {
	err  error
	code string
}{
	{store.ErrDiskFull, CodeDiskFull},
	{store.ErrNotFound, CodeNotFound},
	{store.ErrTooLarge, CodeTooLarge},
	{store.ErrClosed, CodeClosed},
	{store.ErrFailed, CodeDiskFailed},
	{store.ErrInUse, CodeInUse},
	{store.ErrWrongKey, CodeWrongKey},
	{context.Canceled, CodeTimeout},
	{context.DeadlineExceeded, CodeTimeout},
}

// ReasonOf says why, for a person. ok is false for an error that carries no
// code: its text is not for showing.
func ReasonOf(err error) (r Reason, ok bool) {
	var own *Error
	if errors.As(err, &own) {
		return own.Reason, true
	}
	var c Coder
	if errors.As(err, &c) {
		r = Reason{Code: c.Code(), Detail: c.Error()}
		fillReason(&r, err)
		return r, true
	}
	var newer *store.NewerFormatError
	if errors.As(err, &newer) {
		return Reason{Code: CodeNewerFormat, Detail: "the data folder was written by a newer program: install the newer program"}, true
	}
	var old *store.OldFormatError
	if errors.As(err, &old) {
		return Reason{Code: CodeOldFormat, Detail: "the data folder was made by a trial edition of Hejie before the lasting format: nothing of it can be opened by this program, and nothing was changed; begin in another folder"}, true
	}
	for _, s := range storeCodes {
		if errors.Is(err, s.err) {
			return Reason{Code: s.code, Detail: s.err.Error()}, true
		}
	}
	return Reason{Code: CodeInternal}, false
}

func fillReason(r *Reason, err error) {
	var (
		f withField
		p withParams
		t withTexts
		u withRule
		a withAllows
	)
	if errors.As(err, &f) {
		r.Field = f.Field()
	}
	if errors.As(err, &p) {
		r.Params = p.Params()
	}
	if errors.As(err, &t) {
		zh, en := t.Texts()
		r.Texts = &Label{ZH: zh, EN: en}
	}
	if errors.As(err, &u) {
		r.Rule = u.Rule()
	}
	if errors.As(err, &a) {
		r.Allows = a.Allows()
	}
}

// asProblem turns what the station answered into an answer that says no.
func asProblem(ctx context.Context, operation string, err error) error {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	r, ok := ReasonOf(err)
	if !ok {
		q := newProblem(http.StatusInternalServerError, CodeInternal,
			"something failed inside the program; what was saved before is safe; try again, and look at the status page if it stays so")
		clientOf(ctx).report(operation, err)
		return q
	}
	status, known := statusOf[r.Code]
	switch {
	case known:
	case r.Field != "":
		status = http.StatusUnprocessableEntity
	default:
		status = http.StatusConflict
	}
	q := newProblem(status, r.Code, r.Detail)
	q.Reason = r
	q.Fields = fieldsOf(err)
	if wait := retryAfter(err); wait > 0 {
		q.RetryAfter = seconds(wait)
		return huma.ErrorWithHeaders(q, retryHeader(q.RetryAfter))
	}
	return q
}

func retryAfter(err error) time.Duration {
	var own *Error
	if errors.As(err, &own) {
		return own.Retry
	}
	var w withRetry
	if errors.As(err, &w) {
		return w.RetryAfter()
	}
	return 0
}

// fieldsOf lists every field error where an error holds several.
func fieldsOf(err error) []Reason {
	var own *Error
	if errors.As(err, &own) {
		return own.All
	}
	var l withList
	if !errors.As(err, &l) {
		return nil
	}
	var all []Reason
	for _, e := range l.Unwrap() {
		if r, ok := ReasonOf(e); ok {
			all = append(all, r)
		}
	}
	return all
}

// seconds rounds up, so that waiting so long is enough.
func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

// codesOfStatus names huma's own refusals.
var codesOfStatus = map[int]string{
	http.StatusBadRequest:            CodeBadRequest,
	http.StatusNotFound:              CodeNotFound,
	http.StatusMethodNotAllowed:      CodeBadMethod,
	http.StatusRequestTimeout:        CodeTimeout,
	http.StatusRequestEntityTooLarge: CodeTooLarge,
	http.StatusUnsupportedMediaType:  CodeMediaType,
	http.StatusUnprocessableEntity:   CodeInvalidField,
}

// fromHuma makes huma's own refusals look like ours. It never echoes a value:
// it may be a secret or a name.
func fromHuma(status int, msg string, errs ...error) huma.StatusError {
	code, ok := codesOfStatus[status]
	if !ok {
		code = CodeInternal
	}
	p := newProblem(status, code, msg)
	for _, err := range errs {
		var d huma.ErrorDetailer
		if !errors.As(err, &d) {
			continue
		}
		det := d.ErrorDetail()
		r := Reason{Code: CodeInvalidField, Detail: det.Message, Field: fieldPath(det.Location)}
		switch {
		case det.Location == "body":
			r.Code = CodeInvalidField
			if _, unparsed := det.Value.(string); unparsed && status != http.StatusUnsupportedMediaType {
				r.Code = CodeBadJSON
				p.Status, p.Title = http.StatusBadRequest, http.StatusText(http.StatusBadRequest)
			}
		case det.Message == validation.MsgUnexpectedProperty:
			r.Code = CodeUnknownField
		}
		p.Fields = append(p.Fields, r)
	}
	if len(p.Fields) > 0 {
		p.Reason = p.Fields[0]
		p.Type = ProblemTypePrefix + p.Code
	}
	return p
}

// fieldPath writes huma's location (body.parties[0].name) as casework names the
// fields of documents (parties[0].name).
func fieldPath(location string) string {
	return strings.TrimPrefix(strings.TrimPrefix(location, "body"), ".")
}
