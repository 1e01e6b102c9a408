package casework

import (
	"hejie/app/casework/numbers"
	"hejie/sync/crdt"
)

// courtNumber writes a court's number in the form that courts use, so that one
// number is never two. What fits no pattern is kept as it was given, with a
// warning: numbers of before 2016 have none (法〔2015〕137号). A notary's number
// is no court's.
func (c *checker) courtNumber(step string, value map[string]crdt.Value) {
	text := str(value[keyCourtNo])
	if text == "" || step == StepNotarise {
		return
	}
	n, ok := numbers.ParseCourt(text)
	if !ok {
		c.warn(keyCourtNo, "court_no_form", "value", shorten(text))
		return
	}
	if !n.KnownType() {
		c.warn(keyCourtNo, "court_no_type", "value", n.Type)
	}
	value[keyCourtNo] = n.String()
}
