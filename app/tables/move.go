package tables

import (
	"maps"
	"slices"
)

// Why a last day was moved.
const (
	MovedWeekend = "weekend"
	MovedHoliday = "holiday"
)

// Move says from where to where the last day of a period went, and why.
type Move struct {
	From    string `json:"from"`
	To      string `json:"to"`
	Reason  string `json:"reason"`            // MovedWeekend, MovedHoliday
	Holiday *Text  `json:"holiday,omitempty"` // its name
}

// Text is the reason in a sentence that names the article.
func (m Move) Text(lang string) string {
	params := map[string]string{"from": m.From, "to": m.To}
	if m.Holiday != nil {
		params["holiday"] = m.Holiday.In(lang)
	}
	return sentence(lang, "moved."+m.Reason, params)
}

// Codes of warnings: the result stands, and this should be known with it.
const (
	WarnYear            = "year_unknown"          // holidays of a year are not in the table
	WarnPauseKind       = "pause_not_counted"     // this clock does not stand still for that
	WarnPauseLate       = "pause_after_end"       // the pause began after the last day
	WarnNotAllowed      = "extension_not_allowed" // nobody, or not this one, may extend the clock
	WarnNotAgreed       = "extension_not_agreed"  // not all parties agreed
	WarnShorter         = "extension_shorter"     // the new day is not later
	WarnTooLong         = "extension_too_long"    // cut to what may be added
	WarnExtendedLate    = "extension_late"        // made after the clock had run out
	WarnExtendedEarly   = "extension_early"       // made before the clock began
	WarnExtendedPending = "extension_after_end"   // made after the clock had ended
	WarnEnd             = "end_unknown"           // ended by something the table does not name
	WarnLength          = "length_unset"          // no authority has set a length
)

// Warning is something to know with a result, such as what was assumed.
type Warning struct {
	Code   string            `json:"code"`
	Params map[string]string `json:"params,omitempty"`
}

// Text is the warning in a sentence.
func (w Warning) Text(lang string) string { return sentence(lang, "warning."+w.Code, w.Params) }

// warn adds a warning that is not there yet.
func warn(warnings []Warning, w Warning) []Warning {
	// From the last on: over a long time one warning repeats day by day.
	for _, old := range slices.Backward(warnings) {
		if old.Code == w.Code && maps.Equal(old.Params, w.Params) {
			return warnings
		}
	}
	return append(warnings, w)
}
