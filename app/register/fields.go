package register

// form says what a field may hold.
type form uint8

const (
	formText   form = iota
	formCode        // one of a table
	formCodes       // a set of codes
	formTexts       // a set of short texts
	formDay         // 2026-03-10
	formWhole       // a whole number of min to max
	formFlag        // true or false
	formSpans       // a set of {from, to}: days, both included
	formID          // 64 hexadecimal digits: a seat
	formCode12      // 12 digits of a division
	formAreas       // a set of division codes of 2 to 12 digits
	formTerm        // an id of a published table: a series of numbers
	formTerms       // a set of them: sectors
)

// rule says what one field of the register may hold. The tables below are the
// one source for parsing, edits, schema and view.
type rule struct {
	name     string
	form     form
	list     string // of formCode and formCodes
	min, max int    // characters, items, or the bounds of a whole number
	required bool
}

// table is one map of the register.
type table struct {
	name  string
	limit int // entries
	rules []rule
	// roles may write it, of the unit or its station.
	roles []string
	// office are fields that a clerk may set in entries that others made.
	office []string
	// orders are pairs of fields of which the first may not exceed the second.
	orders [][2]string
}

// Limits of a register. A committee has 3 to 9 members and a few dozen
// mediators; a court's roster some hundreds; a village sweeps twice a month.
const (
	maxName  = 100
	maxLine  = 300
	maxNote  = 1000
	maxItems = 50
	maxYear  = 9999
)

const (
	roleDirector = "director"
	roleAdmin    = "admin"
	roleClerk    = "clerk"
	roleMediator = "mediator"
)

var (
	leading = []string{roleDirector, roleAdmin}
	office  = []string{roleDirector, roleAdmin, roleClerk}
	anyWork = []string{roleDirector, roleAdmin, roleClerk, roleMediator}
)

// Names of the maps of the register.
const (
	Members   = "members"
	Mediators = "mediators"
	Roster    = "roster"
	Ranges    = "ranges"
	Voided    = "voided"
	Sweeps    = "sweeps"
	Divisions = "divisions"
)

// unitRules are the unit's own fields.
var unitRules = []rule{
	{name: "abbr", form: formText, min: 1, max: 12}, // in numbers: 河湾 (numbers.ParseMediation)
	{name: "multi_ethnic", form: formFlag},          // 人民调解法 art. 8: an area of several ethnic groups
	{name: "address", form: formText, max: maxLine},
	{name: "phone", form: formText, max: 40},
}

// tables are the maps of the register, in the order in which they are shown.
var tables = []table{
	{name: Members, limit: 100, roles: leading, office: []string{"phone"}, orders: [][2]string{{"term_start", "term_end"}}, rules: []rule{
		{name: "name", form: formText, min: 1, max: maxName, required: true},
		{name: "sex", form: formCode, list: "sex"},
		{name: "ethnicity", form: formCode, list: "ethnicity"},
		{name: "role", form: formCode, list: "member_role", required: true},
		{name: "term_start", form: formDay},
		{name: "term_end", form: formDay},
		{name: "phone", form: formText, max: 40},
	}},
	{name: Mediators, limit: 1000, roles: leading, office: []string{"contact", "leave"}, orders: [][2]string{{"active_from", "active_to"}}, rules: []rule{
		{name: "name", form: formText, min: 1, max: maxName, required: true},
		{name: "kind", form: formCode, list: "mediator_kind", required: true},
		{name: "licence", form: formText, max: 40},
		{name: "grade", form: formCode, list: "mediator_grade"},
		{name: "categories", form: formCodes, list: "category", max: maxItems},
		{name: "sectors", form: formTerms, max: maxItems},
		{name: "languages", form: formTexts, max: maxItems},
		{name: "qualifications", form: formTexts, max: maxItems},
		{name: "contact", form: formText, max: maxLine},
		{name: "conflicts", form: formTexts, max: maxItems},
		{name: "leave", form: formSpans, max: maxItems},
		{name: "active_from", form: formDay},
		{name: "active_to", form: formDay},
		{name: "court_roster", form: formFlag},
		{name: "capacity", form: formWhole, max: 10_000},
		{name: "seat", form: formID},
	}},
	{name: Roster, limit: 2000, roles: office, orders: [][2]string{{"valid_from", "valid_to"}}, rules: []rule{
		{name: "name", form: formText, min: 1, max: maxName, required: true},
		{name: "unit", form: formText, max: 64}, // id or code of a unit of the tree; empty: one outside
		{name: "person", form: formFlag},        // a mediator, not a body
		{name: "body", form: formCode, list: "body"},
		{name: "sectors", form: formTerms, max: maxItems},
		{name: "categories", form: formCodes, list: "category", max: maxItems},
		{name: "bands", form: formCodes, list: "amount_band", max: maxItems},
		{name: "areas", form: formAreas, max: maxItems},
		{name: "languages", form: formTexts, max: maxItems},
		{name: "valid_from", form: formDay},
		{name: "valid_to", form: formDay},
		{name: "leave", form: formSpans, max: maxItems},
		{name: "capacity", form: formWhole, max: 100_000},
		{name: "contact", form: formText, max: maxLine},
		{name: "conflicts", form: formTexts, max: maxItems},
	}},
	{name: Ranges, limit: 2000, roles: leading, orders: [][2]string{{"from", "to"}}, rules: []rule{
		{name: "series", form: formTerm, required: true},
		{name: "year", form: formWhole, min: 1, max: maxYear, required: true},
		{name: "seat", form: formID, required: true},
		{name: "from", form: formWhole, min: 1, max: 999_999, required: true},
		{name: "to", form: formWhole, min: 1, max: 999_999, required: true},
		{name: "adds", form: formFlag}, // beside the seat's own block, not in its place
	}},
	{name: Voided, limit: 10_000, roles: office, rules: []rule{
		{name: "series", form: formTerm, required: true},
		{name: "year", form: formWhole, min: 1, max: maxYear, required: true},
		{name: "number", form: formWhole, min: 1, max: 999_999, required: true},
		{name: "reason", form: formText, min: 1, max: maxLine, required: true},
	}},
	{name: Sweeps, limit: 20_000, roles: anyWork, orders: [][2]string{{"resolved", "found"}}, rules: []rule{
		{name: "day", form: formDay, required: true},
		{name: "area", form: formText, min: 1, max: maxLine, required: true},
		{name: "kind", form: formCode, list: "sweep_kind", required: true},
		{name: "who", form: formText, min: 1, max: maxLine, required: true},
		{name: "clue", form: formText, max: maxLine},
		{name: "households", form: formWhole, max: 1_000_000},
		{name: "found", form: formWhole, max: 1_000_000, required: true}, // 0: a zero report
		{name: "resolved", form: formWhole, max: 1_000_000},
		{name: "note", form: formText, max: maxNote},
	}},
	{name: Divisions, limit: 5000, roles: leading, orders: [][2]string{{"from", "to"}}, rules: []rule{
		{name: "code", form: formCode12, required: true},
		{name: "name", form: formText, min: 1, max: maxName, required: true},
		{name: "from", form: formDay},
		{name: "to", form: formDay},
		{name: "successor", form: formCode12},
	}},
}

func findRule(rules []rule, name string) *rule {
	for i := range rules {
		if rules[i].name == name {
			return &rules[i]
		}
	}
	return nil
}

func findTable(name string) *table {
	for i := range tables {
		if tables[i].name == name {
			return &tables[i]
		}
	}
	return nil
}

// isSet tells of the forms that merge as sets.
func (f form) isSet() bool {
	return f == formCodes || f == formTexts || f == formSpans || f == formAreas || f == formTerms
}
