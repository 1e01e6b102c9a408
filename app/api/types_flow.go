package api

import "slices"

// Inbox is what lies with this unit: letters to it, answers to its letters,
// applications to it.
type Inbox struct {
	Items   []InboxItem `json:"items"`
	LeftOut []Reason    `json:"left_out,omitempty" doc:"cases that could not be read: the others are all there"`
}

// InboxItem is one of them.
type InboxItem struct {
	Case      string `json:"case"`
	Title     string `json:"title,omitempty"`
	What      string `json:"what" enum:"letter,answer,application"`
	About     string `json:"about" doc:"id of the letter or application"`
	Kind      string `json:"kind"`
	KindLabel *Label `json:"kind_label,omitempty"`
	State     string `json:"state"`
	From      string `json:"from" doc:"code of the unit that it came from"`
	FromName  string `json:"from_name,omitempty"`
	SentOn    string `json:"sent_on"`
}

// DueQuery asks what is due.
type DueQuery struct {
	On  string `query:"on" maxLength:"10" doc:"seen on this Beijing day; empty: today"`
	All bool   `query:"all" doc:"also what other units and the parties have to do"`
}

// DueList is what is due, the earliest day first.
type DueList struct {
	Items   []DueItem `json:"items"`
	LeftOut []Reason  `json:"left_out,omitempty" doc:"cases that could not be read: the others are all there"`
}

// DueItem is one thing that waits to be done by a day. A day that is past
// settles nothing: a person decides.
type DueItem struct {
	Case      string   `json:"case"`
	Title     string   `json:"title,omitempty"`
	What      string   `json:"what" enum:"clock,term,letter,application,agreement,session"`
	Name      string   `json:"name" doc:"the clock's id, or the step that is due"`
	Label     Label    `json:"label"`
	About     string   `json:"about,omitempty" doc:"id of the letter or application, number of the term"`
	DueOn     string   `json:"due_on"`
	DaysOver  int      `json:"days_over"`
	DaysLeft  int      `json:"days_left"`
	Actor     string   `json:"actor"`
	Unit      string   `json:"unit,omitempty" doc:"code of the unit that has to act"`
	Mine      bool     `json:"mine" doc:"this unit has to act"`
	Soft      bool     `json:"soft,omitempty" doc:"a right of the parties or a target, no duty"`
	Text      string   `json:"text,omitempty"`
	Article   *Label   `json:"article,omitempty"`
	Mediators []string `json:"mediators,omitempty"`
}

// Clock is a time limit of a case. All but Today follows from the case and the
// tables alone.
type Clock struct {
	Clock        string      `json:"clock"`
	Label        Label       `json:"label"`
	About        string      `json:"about,omitempty"`
	Actor        string      `json:"actor"`
	State        string      `json:"state"`
	StartedOn    string      `json:"started_on"`
	DueOn        string      `json:"due_on,omitempty" doc:"the last day; of a clock that stands still: were it to go on at once"`
	Today        *ClockToday `json:"today,omitempty" doc:"how it stands today"`
	PausedDays   int         `json:"paused_days,omitempty"`
	PausedOn     string      `json:"paused_since,omitempty"`
	MovedBecause *Moved      `json:"moved_because,omitempty" doc:"why the last day was moved"`
	ExtendedTo   string      `json:"extended_to,omitempty"`
	EndedOn      string      `json:"ended_on,omitempty"`
	Article      Label       `json:"article"`
	Warnings     []Reason    `json:"warnings,omitempty"`
}

// ClockToday is a clock seen on one day, by the clock of the machine that answers.
type ClockToday struct {
	On       string `json:"on"`
	DueOn    string `json:"due_on,omitempty" doc:"of a clock that stands still: were it to go on tomorrow"`
	DaysLeft int    `json:"days_left"`
	DaysOver int    `json:"days_over"`
}

// Undated is the view without what the day adds to it: two nodes that hold the
// same operations give the same one, whatever their clocks say. v is not changed.
func (v CaseView) Undated() CaseView {
	v.Clocks = slices.Clone(v.Clocks)
	for i := range v.Clocks {
		v.Clocks[i].Today = nil
	}
	return v
}

// Moved says why a last day was moved (民诉法 art. 85).
type Moved struct {
	From    string `json:"from"`
	To      string `json:"to"`
	Reason  string `json:"reason"`
	Holiday *Label `json:"holiday,omitempty"`
	Text    Label  `json:"text" doc:"the reason as a sentence, with its article"`
}
