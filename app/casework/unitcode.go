package casework

import (
	"regexp"

	"hejie/app/casework/data"
)

// UnitCode is a unit's code taken apart: 330681109219-tw, 330681109000-hy2.
type UnitCode struct {
	Division string   // 12 digits
	Body     string   // code of the table "body"
	Serial   string   // digits without leading zero; empty for the only one
	Names    []string // of the division, from the province down; empty if unknown
}

// unitForm is the strict form: nothing else is a unit code.
var unitForm = regexp.MustCompile(`^([0-9]{12})-([a-z]{2,4})([1-9][0-9]{0,3})?$`)

// ParseUnitCode reads a unit code. The form is checked strictly (*FieldError);
// a division or body that is not in the tables only warns, since tables age.
func ParseUnitCode(s string) (UnitCode, []Warning, error) {
	m := unitForm.FindStringSubmatch(s)
	if m == nil {
		return UnitCode{}, nil, &FieldError{Path: "unit", Code: "unit_form", Params: map[string]string{"value": shorten(s)}}
	}
	u := UnitCode{Division: m[1], Body: m[2], Serial: m[3]}
	var warnings []Warning
	names, known := data.Division(u.Division)
	u.Names = names
	if !known {
		warnings = append(warnings, Warning{Path: "unit", Code: "division_unknown", Params: map[string]string{"value": u.Division}})
	}
	if !data.Has("body", u.Body) {
		warnings = append(warnings, Warning{Path: "unit", Code: "body_unknown", Params: map[string]string{"value": u.Body}})
	}
	return u, warnings, nil
}
