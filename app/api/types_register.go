package api

import units "hejie/app/register"

// RegisterView is a unit's register (名册) as this unit may see it: its
// committee, mediators, roster, number ranges, sweeps and changed divisions.
type RegisterView struct {
	units.Register
	UnitCode string   `json:"unit_code"`
	UnitName string   `json:"unit_name"`
	Warnings []Reason `json:"warnings" doc:"what a person should look at; nothing is refused for it"`
	Writable []string `json:"writable" doc:"the parts that this person may write; unit: the unit's own fields"`
}

// SuggestQuery asks who could take a case.
type SuggestQuery struct {
	Case      string   `query:"case" required:"true" minLength:"8" maxLength:"64"`
	List      string   `query:"list" enum:"mediators,roster" doc:"left out: both"`
	Languages []string `query:"languages" maxItems:"12" doc:"languages and dialects that parties need"`
}

// Suggestions are who could take a case, the fittest first, those who must not
// or can't at the end. A person chooses.
type Suggestions struct {
	Case        string       `json:"case"`
	Suggestions []Suggestion `json:"suggestions"`
}

// Suggestion is one who could take a case.
type Suggestion struct {
	units.Suggestion
	Line Label `json:"line" doc:"the reasons in one line"`
}

// Numbers are the numbers of a series and year of this unit.
type Numbers struct {
	Series   string          `json:"series" doc:"the one that the numbers are drawn from"`
	Year     int             `json:"year"`
	Next     int64           `json:"next,omitempty" doc:"the next one of this seat"`
	Text     string          `json:"text,omitempty" doc:"it, as it is printed"`
	Why      *Reason         `json:"why,omitempty" doc:"why this seat has no next one"`
	Used     int             `json:"used" doc:"how many are on cases"`
	Voided   int             `json:"voided"`
	Desks    []DeskNumbers   `json:"desks"`
	Overlaps []units.Overlap `json:"overlaps" doc:"claimed by two desks: nobody may use them"`
}

// DeskNumbers are the numbers of one seat.
type DeskNumbers struct {
	Seat      string    `json:"seat"`
	SeatName  string    `json:"seat_name"`
	Here      bool      `json:"here" doc:"the person who is signed in"`
	Stretches []Stretch `json:"stretches"`
}

// Stretch is numbers in a row.
type Stretch struct {
	From int64 `json:"from"`
	To   int64 `json:"to"`
}

// NumbersQuery names a series and a year.
type NumbersQuery struct {
	Series string `query:"series" maxLength:"40" default:"volume"`
	Year   int    `query:"year" minimum:"0" maximum:"9999" doc:"0: this year"`
}

// MediatorCases are the open cases of one mediator.
type MediatorCases struct {
	Mediator string    `json:"mediator" doc:"empty: nobody is assigned yet"`
	Cases    []CaseRow `json:"cases"`
}
