package casework

import (
	"strings"

	"hejie/app/casework/data"
)

// Reasons of a FieldError, stable for programs. Each has a sentence in
// data/messages.json under "field.<code>".
const (
	CodeEmpty      = "empty"       // nothing where something is required
	CodeTooLarge   = "too_large"   // a document or number beyond its limit
	CodeTooDeep    = "too_deep"    // nested too deeply
	CodeEncoding   = "encoding"    // broken UTF-8 or a lone surrogate
	CodeSyntax     = "syntax"      // not JSON
	CodeDuplicate  = "duplicate"   // a key or item twice
	CodeUnknown    = "unknown"     // a field that documents do not have
	CodeType       = "type"        // another kind of value is wanted
	CodeCode       = "code"        // not one of the codes
	CodeTooLong    = "too_long"    // more characters than allowed
	CodeTooMany    = "too_many"    // more items than allowed
	CodeMissing    = "missing"     // a required field is not there
	CodeNumber     = "number"      // negative, fractional or no whole number
	CodeDate       = "date"        // an impossible date or time
	CodeCheckDigit = "check_digit" // an identity number whose check digit is wrong
	CodeIDForm     = "id_form"     // an identity number of wrong length or characters
	CodeBirth      = "birth"       // an identity number with an impossible birth date
	CodePath       = "path"        // no such field path
	CodeEntry      = "entry"       // no such entry
	CodeReadOnly   = "read_only"   // a newer program wrote what this would touch
	CodeName       = "name"        // a name that is nobody in the case
	CodeOrder      = "order"       // a date before what it follows
)

// FieldError says what is wrong with one field. Path is in words, such as
// parties[2].id_number; empty for the document as a whole.
type FieldError struct {
	Path   string
	Code   string
	Params map[string]string // of the sentences Why and Hint
}

// Error is the English sentence with its path.
func (e *FieldError) Error() string {
	s := e.Why(data.English)
	if h := e.Hint(data.English); h != "" {
		s += "; " + h
	}
	if e.Path == "" {
		return s
	}
	return e.Path + ": " + s
}

// Why says what is wrong, in the language.
func (e *FieldError) Why(lang data.Lang) string {
	return data.Text(lang, "field."+e.Code, e.words(lang))
}

// Hint says what to do, in the language; may be empty.
func (e *FieldError) Hint(lang data.Lang) string {
	return data.Text(lang, "field."+e.Code+".hint", e.words(lang))
}

// words are the parameters as people read them: those that are codes in words.
func (e *FieldError) words(lang data.Lang) map[string]string {
	switch e.Code {
	case CodeType:
		return translated(e.Params, "want", func(s string) string { return data.Text(lang, "want."+s, nil) })
	case CodeSyntax:
		return translated(e.Params, "detail", func(s string) string { return data.Text(lang, "syntax."+s, nil) })
	case CodeOrder:
		return translated(e.Params, "what", func(s string) string {
			if s == "received" {
				return data.Text(lang, "what.received", nil)
			}
			return data.Name("step", s, lang)
		})
	}
	return e.Params
}

// translated is a copy of params with one of them in words.
func translated(params map[string]string, name string, word func(string) string) map[string]string {
	out := map[string]string{}
	for k, v := range params {
		if k == name {
			v = word(v)
		}
		out[k] = v
	}
	return out
}

// Problems are all that is wrong with one document, in the order of its text.
// It is returned as error only when it is not empty.
type Problems []*FieldError

// Error joins the sentences.
func (p Problems) Error() string {
	parts := make([]string, len(p))
	for i, e := range p {
		parts[i] = e.Error()
	}
	return strings.Join(parts, "\n")
}

// Unwrap lets errors.As find each FieldError.
func (p Problems) Unwrap() []error {
	out := make([]error, len(p))
	for i, e := range p {
		out[i] = e
	}
	return out
}

func (p Problems) orNil() error {
	if len(p) == 0 {
		return nil
	}
	return p
}

// Warning is what a person should look at; it refuses nothing. Codes have a
// sentence under "warning.<code>".
type Warning struct {
	Path   string            `json:"path"`
	Code   string            `json:"code"`
	Params map[string]string `json:"params,omitempty"`
}

// Text is the warning as a sentence.
func (w Warning) Text(lang data.Lang) string {
	return data.Text(lang, "warning."+w.Code, w.Params)
}

// ContestedError is returned when a legal field that waits for a person's
// decision is set: it must be settled.
type ContestedError struct {
	Field string
}

// Error names the field and the way out.
func (e *ContestedError) Error() string { return e.Text(data.English) }

// Text is the sentence in the language.
func (e *ContestedError) Text(lang data.Lang) string {
	return data.Text(lang, "contested", map[string]string{"field": e.Field})
}

// Refusal says why a step or an edit is not allowed now, and what would allow
// it. Rule is stable for programs; its sentences are "rule.<Rule>" and
// "unblock.<Rule>" of the messages.
type Refusal struct {
	Step    string            `json:"step"`
	Rule    string            `json:"rule"`
	Article string            `json:"article,omitempty"` // key of data.Article; empty where no law but the program's policy rules
	Params  map[string]string `json:"params,omitempty"`
}

// Error is the English sentence: step, rule, article and way out.
func (r *Refusal) Error() string { return r.Text(data.English) }

// Text is the whole sentence in the language.
func (r *Refusal) Text(lang data.Lang) string {
	step := data.Name("step", r.Step, lang)
	if lang == data.English {
		return step + ": " + r.Because(lang)
	}
	return step + "：" + r.Because(lang)
}

// Because is the sentence without the step, for where the step stands beside it:
// rule, article and way out.
func (r *Refusal) Because(lang data.Lang) string {
	before, after, next := "（", "）", "；"
	if lang == data.English {
		before, after, next = " (", ")", "; "
	}
	s := r.Why(lang)
	if a := data.Article(r.Article, lang); a != "" {
		s += before + a + after
	}
	if u := r.Unblock(lang); u != "" {
		s += next + u
	}
	return s
}

// Why names the rule in words.
func (r *Refusal) Why(lang data.Lang) string {
	return data.Text(lang, "rule."+r.Rule, r.words(lang))
}

// Unblock says what would allow the step.
func (r *Refusal) Unblock(lang data.Lang) string {
	return data.Text(lang, "unblock."+r.Rule, r.words(lang))
}

// refusalTables are the tables of parameters that are lists of codes.
var refusalTables = map[string]string{
	"now": "mediation_state", "need": "mediation_state", "first": "step", "what": "step", "roles": "role", "missing": "lacking", "field": "field",
	"now_referral": "referral_state",
}

// trackWords writes the states of a refusal that may be of any track.
func (r *Refusal) trackWords(out map[string]string, lang data.Lang) map[string]string {
	for _, track := range tracks {
		for _, name := range []string{"now_", "need_"} {
			if codes, ok := r.Params[name+track]; ok && r.Rule == "track_state" {
				out = translated(out, name+"track", nil)
				out[name+"track"] = inWords(track+"_state", codes, lang)
			}
		}
	}
	return out
}

// words are the parameters as people read them.
func (r *Refusal) words(lang data.Lang) map[string]string {
	out := r.Params
	for name, table := range refusalTables {
		if _, ok := r.Params[name]; ok {
			out = translated(out, name, func(s string) string { return inWords(table, s, lang) })
		}
	}
	return r.trackWords(out, lang)
}

// inWords writes a list of codes (separated by ", ") in the language. A code
// may carry a number: parties:2.
func inWords(table, codes string, lang data.Lang) string {
	var out []string
	for _, code := range strings.Split(codes, ", ") {
		code, n, _ := strings.Cut(code, ":")
		word := data.Name(table, code, lang)
		if n != "" {
			word += " × " + n
		}
		out = append(out, word)
	}
	if lang == data.English {
		return strings.Join(out, ", ")
	}
	return strings.Join(out, "、")
}
