package cli

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"hejie/app/api"
	"hejie/app/casework/data"
)

// Exit statuses, as the command line promises them.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// usageError is a command that was written wrongly.
type usageError struct {
	key    string
	params []string
	err    error // the cause where it has a text of its own; key is empty then
}

func (e *usageError) Error() string {
	if e.key == "" {
		return e.err.Error()
	}
	return text(data.English, e.key, e.params...)
}

func (e *usageError) Unwrap() error { return e.err }

func usage(key string, params ...string) error { return &usageError{key: key, params: params} }

// failure is a failure that the command line itself found.
type failure struct {
	key    string
	params []string
	err    error
}

func fail(key string, params ...string) error { return &failure{key: key, params: params} }

// failOn is a failure with the machine's own word on it as {why}.
func failOn(err error, key string, params ...string) error {
	return &failure{key: key, params: append(params, "why", plainly(err)), err: err}
}

func (e *failure) Error() string { return text(data.English, e.key, e.params...) }
func (e *failure) Unwrap() error { return e.err }

// exitStatus ends a command that has said everything already.
type exitStatus int

func (e exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// statusOf gives the exit status of what a command answered.
func statusOf(err error) int {
	var (
		said  exitStatus
		wrong *usageError
	)
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &said):
		return int(said)
	case errors.As(err, &wrong):
		return exitUsage
	}
	return exitFailed
}

// sentence says what went wrong, in one line and one language.
func sentence(lang data.Lang, err error) string {
	var (
		own   *failure
		wrong *usageError
	)
	switch {
	case errors.As(err, &wrong) && wrong.key != "":
		return text(lang, wrong.key, wrong.params...)
	case errors.As(err, &own):
		return text(lang, own.key, own.params...)
	}
	if all := reasonsOf(err); len(all) > 0 {
		parts := make([]string, 0, len(all))
		for _, r := range all {
			parts = append(parts, reasonText(lang, r))
		}
		_, then := marks(lang)
		return oneLine(strings.Join(parts, then))
	}
	return plainly(err)
}

// maxReasons bounds how many wrong fields one sentence names.
const maxReasons = 10

func reasonsOf(err error) []api.Reason {
	var several *api.Error
	if errors.As(err, &several) && len(several.All) > 1 {
		return several.All[:min(len(several.All), maxReasons)]
	}
	r, ok := api.ReasonOf(err)
	if !ok {
		return nil
	}
	return []api.Reason{r}
}

// reasonText prefers what the rule's owner wrote in both languages, then a
// sentence of the code, then the English detail.
func reasonText(lang data.Lang, r api.Reason) string {
	var s string
	switch _, known := messages()["code."+r.Code]; {
	case r.Texts != nil && lang == data.Chinese && r.Texts.ZH != "":
		s = r.Texts.ZH
	case r.Texts != nil && lang == data.English && r.Texts.EN != "":
		s = r.Texts.EN
	case known && (lang == data.Chinese || r.Detail == ""):
		var params []string
		key := "code." + r.Code
		for k, v := range r.Params {
			if k == "roles" {
				v = roleNames(lang, v)
			}
			params = append(params, k, v)
		}
		if _, named := messages()[key+".of"]; named && r.Params["unit"] != "" {
			key += ".of"
		}
		s = text(lang, key, params...)
	case r.Detail != "":
		s = r.Detail
	default:
		s = r.Code
	}
	if r.Field != "" && !named(s, r.Field) {
		colon, _ := marks(lang)
		s = r.Field + colon + s
	}
	return s
}

// roleNames says the roles of a refusal as people know them.
func roleNames(lang data.Lang, roles string) string {
	list := strings.Split(roles, ",")
	for i, role := range list {
		list[i] = data.Name("role", role, lang)
	}
	_, then := marks(lang)
	return strings.Join(list, then)
}

// named reports whether a sentence has the field as a word of its own: "date"
// does not name "at".
func named(s, field string) bool {
	letter := func(r rune) bool { return r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_') }
	for at := 0; ; {
		i := strings.Index(s[at:], field)
		if i < 0 {
			return false
		}
		at += i + len(field)
		before, _ := utf8.DecodeLastRuneInString(s[:at-len(field)])
		after, _ := utf8.DecodeRuneInString(s[at:])
		if !letter(before) && !letter(after) {
			return true
		}
	}
}

// marks are what stands between a field and its sentence, and between sentences.
func marks(lang data.Lang) (colon, then string) {
	if lang == data.Chinese {
		return "：", "；"
	}
	return ": ", "; "
}

func plainly(err error) string { return oneLine(err.Error()) }

// maxSentence bounds a sentence: what was sent may be quoted in it.
const maxSentence = 2000

func oneLine(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\r' }), "; ")
	if r := []rune(s); len(r) > maxSentence {
		s = string(r[:maxSentence]) + "…"
	}
	return s
}
