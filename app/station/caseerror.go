package station

import (
	"errors"
	"strconv"

	"hejie/app/api"
	"hejie/app/casework"
	"hejie/app/casework/data"
	"hejie/store"
	"hejie/sync/identity"
	"hejie/sync/replica"
)

// caseError turns casework's typed errors into ones that a front door can show.
// It keeps the cause for errors.As.
func caseError(err error) error {
	if err == nil {
		return nil
	}
	var refusal *casework.Refusal
	var contested *casework.ContestedError
	var stale *casework.StaleError
	var problems casework.Problems
	var field *casework.FieldError
	var reused *replica.TokenReusedError
	var stopped *identity.StoppedError
	switch {
	case errors.As(err, &refusal):
		return &api.Error{Reason: *reasonOf(refusal), Err: err}
	case errors.As(err, &contested):
		return &api.Error{Reason: api.Reason{
			Code: "contested", Field: contested.Field, Detail: contested.Text(data.English), Params: map[string]string{"field": contested.Field},
			Texts: &api.Label{ZH: contested.Text(data.Chinese), EN: contested.Text(data.English)}, Allows: "settle",
		}, Err: err}
	case errors.As(err, &stale):
		return &api.Error{Reason: staleReason(stale), Err: err}
	case errors.As(err, &problems):
		e := &api.Error{Reason: fieldReason(problems[0]), Err: err}
		for _, p := range problems {
			e.All = append(e.All, fieldReason(p))
		}
		e.Reason.Detail = problems.Error()
		return e
	case errors.As(err, &field):
		return &api.Error{Reason: fieldReason(field), All: []api.Reason{fieldReason(field)}, Err: err}
	case errors.As(err, &reused):
		return reusedError(reused)
	case errors.As(err, &stopped):
		return &api.Error{Reason: stopReason(stopped.Stop, stopped.Name), Err: err}
	case errors.Is(err, replica.ErrNotReadable), errors.Is(err, replica.ErrNotWhole):
		return problemOf(CodeNotReadable, err)
	case errors.Is(err, replica.ErrNoReadingKey):
		return problemOf(CodeNoReadingKey, err)
	case errors.Is(err, store.ErrDamaged):
		return problemOf(CodeDamaged, err)
	case errors.Is(err, store.ErrTooLarge):
		return problemOf(api.CodeTooLarge, err)
	}
	return err
}

// staleReason says what a person did not see, the first of it as parameters too.
func staleReason(e *casework.StaleError) api.Reason {
	first := e.Since[0]
	params := map[string]string{"who": first.Who, "on": first.On, "count": strconv.Itoa(len(e.Since))}
	for name, v := range map[string]string{"step": first.Step, "field": first.Field, "party": first.Party} {
		if v != "" {
			params[name] = v
		}
	}
	return api.Reason{
		Code: CodeStale, Detail: e.Text(data.English), Texts: &api.Label{ZH: e.Text(data.Chinese), EN: e.Text(data.English)}, Params: params, Allows: "reload",
	}
}
