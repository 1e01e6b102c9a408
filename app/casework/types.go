package casework

import (
	"sync"

	"hejie/sync/crdt"
)

// The types of what records hold follow from the tables by which documents,
// edits and steps are checked: what the station takes is what the fold takes.
// A code that its table does not have is one of a later table, and shown raw.

func textType(low, high int) *crdt.Type {
	return &crdt.Type{Kind: crdt.TextType, Min: int64(low), Max: int64(high)}
}

func codeType(list string) *crdt.Type { return &crdt.Type{Kind: crdt.CodeType, List: list} }

func listType(low, high int, of *crdt.Type) *crdt.Type {
	return &crdt.Type{Kind: crdt.ListType, Min: int64(low), Max: int64(high), Of: of}
}

func bytesType(n int64) *crdt.Type { return &crdt.Type{Kind: crdt.BytesType, Min: n, Max: n} }

func amountType() *crdt.Type { return &crdt.Type{Kind: crdt.IntegerType, Max: MaxAmount} }

func dayType() *crdt.Type { return &crdt.Type{Kind: crdt.DayType} }

func yesNoType() *crdt.Type { return &crdt.Type{Kind: crdt.YesNoType} }

// valueType is the type of a field of a document: of the whole value, of a
// set's elements, or of a text's insertions.
func (r *fieldRule) valueType() *crdt.Type {
	var t *crdt.Type
	switch r.form {
	case formText:
		t = textType(r.min, r.max)
	case formStory:
		return textType(0, r.max)
	case formCode, formCodes:
		t = codeType(r.list)
	case formDate:
		t = &crdt.Type{Kind: crdt.DateType}
	case formInstant:
		t = &crdt.Type{Kind: crdt.TimeType}
	case formAmount:
		t = amountType()
	case formYesNo:
		t = yesNoType()
	case formNames:
		t = listType(r.min, r.max, textType(1, maxName))
	case formParts:
		t = &crdt.Type{Kind: crdt.PartsType, Parts: map[string]crdt.Part{}}
		for i := range r.parts {
			p := &r.parts[i]
			of := p.valueType()
			if p.form == formCodes {
				of = listType(1, p.max, of)
			}
			of.Required = false // a part that is there is never null
			t.Parts[p.name] = crdt.Part{Type: of, Required: p.required}
		}
	default:
		return nil // parties are entries, each field with its own type
	}
	t.Required = r.required
	return t
}

// stepTypes are the events of cases, of their digests, and of notes. What lies
// in the notes is no step of a case.
var stepTypes = sync.OnceValue(func() (t struct{ whole, digest, notes *crdt.Type }) {
	for _, of := range []**crdt.Type{&t.whole, &t.digest, &t.notes} {
		*of = &crdt.Type{Kind: crdt.StepType, Tag: keyStep, Steps: map[string]*crdt.Type{}}
	}
	for step, keys := range eventKeys {
		in, out := map[string]crdt.Part{}, map[string]crdt.Part{}
		for key, kind := range keys {
			required := kind >= 'A' && kind <= 'Z'
			t := keyType(kind)
			in[key], out[key] = crdt.Part{Type: t, Required: required}, crdt.Part{Type: t, Required: required}
		}
		if rule := ruleOf[step]; rule != nil {
			for _, f := range rule.fields {
				in[f.Name] = crdt.Part{Type: f.valueType(), Required: in[f.Name].Required}
				out[f.Name] = crdt.Part{Type: f.digestType(), Required: out[f.Name].Required}
				if _, more := rule.extra[f.Name]; !more && !f.kept() {
					delete(out, f.Name)
				}
				for key := range derivedKeys[f.Name] {
					if _, more := rule.extra[key]; !more {
						delete(in, key)
					}
				}
			}
			for key := range rule.inside {
				delete(out, key)
			}
		}
		if inNotes(step) || step == stepSettle {
			t.notes.Steps[step] = &crdt.Type{Kind: crdt.PartsType, Parts: in}
		}
		if !inNotes(step) {
			t.whole.Steps[step] = &crdt.Type{Kind: crdt.PartsType, Parts: in}
			t.digest.Steps[step] = &crdt.Type{Kind: crdt.PartsType, Parts: out}
		}
	}
	return t
})

// caseEvents is the type of a case's events.
func caseEvents() *crdt.Type { return stepTypes().whole }

// noteEvents is the type of the events of notes.
func noteEvents() *crdt.Type { return stepTypes().notes }

// digestEvents is the type of a digest's events.
func digestEvents() *crdt.Type { return stepTypes().digest }

// keyType is the type of a key that the program adds to an event by itself,
// by its letter in eventKeys.
func keyType(kind byte) *crdt.Type {
	switch kind | 0x20 { // lower case
	case 's':
		return textType(0, maxStepText)
	case 'b':
		return yesNoType()
	case 'i':
		return amountType()
	case 'e':
		return bytesType(refSize)
	case 'u':
		return bytesType(int64(len(crdt.ID{})))
	case 'h':
		return bytesType(wordingMarkSize)
	case 'r':
		return listType(0, maxRefs, bytesType(refSize))
	case 't':
		return listType(0, maxTerms, textType(0, maxRosterNumber))
	}
	return nil // its reader checks it
}

// maxRefs bounds the events or parties that one event names.
const maxRefs = maxEvents

// valueType is the type of a step's field in a case.
func (f FieldSpec) valueType() *crdt.Type {
	switch f.Type {
	case "text":
		return textType(0, f.Max)
	case "date":
		return dayType()
	case "code":
		return codeType(f.List)
	case "codes":
		return listType(0, f.Max, codeType(f.List))
	case "names":
		return listType(0, f.Max, textType(1, maxName))
	case "yes_no":
		return yesNoType()
	case "whole", "amount":
		return amountType()
	case "unit":
		return bytesType(int64(len(crdt.ID{})))
	case "event":
		return bytesType(refSize)
	case "hash":
		return textType(f.Max, f.Max)
	case "rows", "terms":
		parts := map[string]crdt.Part{}
		for _, p := range f.Fields {
			parts[p.Name] = crdt.Part{Type: p.valueType(), Required: p.Required}
		}
		return listType(0, f.Max, &crdt.Type{Kind: crdt.PartsType, Parts: parts})
	}
	return nil
}

// digestType is the type of what a digest keeps of a step's field.
func (f FieldSpec) digestType() *crdt.Type {
	switch {
	case f.show == showCount:
		return amountType()
	case f.Type == "date":
		return &crdt.Type{Kind: crdt.DateType}
	}
	return f.valueType()
}
