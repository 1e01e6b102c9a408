package station

import (
	"errors"
	"time"

	"hejie/app/api"
	"hejie/sync/identity"
)

// The codes of errors that the station answers with, besides those of api and
// casework.
const (
	CodeAlreadySetUp   = "already_set_up"
	CodeNotSetUp       = "not_set_up"
	CodeHoldsData      = "holds_data"
	CodeWrongSecret    = "wrong_secret"
	CodeShortSecret    = "short_secret"
	CodeUnknownSeat    = "unknown_seat"
	CodeAwaiting       = "awaiting_certificate"
	CodeBadRequestFile = "bad_request_file"
	CodeBadCertificate = "bad_certificate_file"
	CodeCodeTaken      = "code_taken"
	CodeUnknownUnit    = "unknown_unit"
	CodeNotMaster      = "not_court_or_bureau"
	CodeNotAllowed     = "not_allowed"
	CodeNoSuchCase     = "no_such_case"
	CodeBadID          = "bad_id"
	CodeDigestOnly     = "digest_only"
	CodeUnreachable    = "unreachable"
	CodeNotListening   = "no_road"
	CodeAddress        = "cant_listen"
	CodeBadToken       = "bad_token"
	CodeTokenReused    = "token_reused"
	CodeBadHeads       = "bad_heads"
	CodeStale          = "stale"
	CodeNotLate        = "not_late"
	CodeStopped        = "stopped"
	CodeNotReadable    = "not_readable"
	CodeNoReadingKey   = "no_reading_key"
	CodeDamaged        = "damaged"
	CodeSheet          = "wrong_sheet"
	CodeTableVersion   = "table_version"
	CodeTableWriter    = "table_writer"
	CodeTableForked    = "table_forked"
	CodeNoSeries       = "no_series"
)

// problem makes an error that a person can act on.
func problem(code, detail string, params ...string) *api.Error {
	e := &api.Error{Reason: api.Reason{Code: code, Detail: detail}}
	for i := 0; i+1 < len(params); i += 2 {
		if e.Reason.Params == nil {
			e.Reason.Params = map[string]string{}
		}
		e.Reason.Params[params[i]] = params[i+1]
	}
	return e
}

func problemOf(code string, err error) *api.Error {
	return &api.Error{Reason: api.Reason{Code: code, Detail: err.Error()}, Err: err}
}

// secretProblem names what is wrong with a secret.
func secretProblem(err error) error {
	var soon *identity.TooSoonError
	switch {
	case errors.As(err, &soon):
		return &api.Error{Reason: api.Reason{Code: api.CodeTooMany, Detail: err.Error()}, Retry: max(soon.Wait, time.Second), Err: err}
	case errors.Is(err, identity.ErrWrongSecret):
		e := problemOf(CodeWrongSecret, err)
		e.Reason.Detail += "; if it is surely the right one, keys/keys is damaged: put it back from a copy of the folder"
		return e
	case errors.Is(err, identity.ErrSecretShort), errors.Is(err, identity.ErrSecretForm):
		return problemOf(CodeShortSecret, err)
	case errors.Is(err, identity.ErrNoSlot):
		return problemOf(CodeUnknownSeat, err)
	}
	return err
}
