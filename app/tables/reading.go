package tables

// Reading is one clock as it stands.
type Reading struct {
	Clock        string    `json:"clock"`
	Kind         string    `json:"kind"`
	Actor        string    `json:"actor"`
	State        string    `json:"state"`
	StartedOn    string    `json:"started_on"`
	NominalOn    string    `json:"nominal_on,omitempty"` // by length and pauses; empty where no length is set
	ExtendedTo   string    `json:"extended_to,omitempty"`
	DueOn        string    `json:"due_on,omitempty"` // the last day, moved by rest days; while paused: were it resumed at once
	MovedBecause *Move     `json:"moved_because,omitempty"`
	PausedDays   int       `json:"paused_days,omitempty"` // that shifted the last day, in the clock's kind of days
	PausedSince  string    `json:"paused_since,omitempty"`
	EndedOn      string    `json:"ended_on,omitempty"`
	EndedBy      string    `json:"ended_by,omitempty"`
	Warnings     []Warning `json:"warnings,omitempty"`
	Article      Text      `json:"article"`

	calendar *Calendar
	clock    Clock
	history  History
}

// Status is a reading seen on one day.
type Status struct {
	On       string `json:"on"`
	DueOn    string `json:"due_on,omitempty"` // while paused: were it resumed the next day
	DaysLeft int    `json:"days_left"`        // calendar days; 0 on the last day and after it
	DaysOver int    `json:"days_over"`        // calendar days beyond the last day; of a clock that ended: on the day it did
	Overdue  bool   `json:"overdue"`          // still running beyond its last day
}

// On sees the reading on a day: how many days are left, or by how many the
// last day is past. While a clock stands still its days left stay the same.
func (r Reading) On(today string) (Status, error) {
	t, err := parseDay(today)
	if err != nil {
		return Status{}, at("today", err)
	}
	out := Status{On: today, DueOn: r.DueOn}
	if r.DueOn == "" {
		return out, nil
	}
	if r.State == StatePaused && today >= r.PausedSince {
		if out.DueOn, err = r.resumed(t + 1); err != nil {
			return Status{}, err
		}
	}
	due, err := readDay(out.DueOn)
	if err != nil {
		return Status{}, at("due_on", err)
	}
	switch r.State {
	case StateRunning, StatePaused:
		out.DaysLeft, out.DaysOver = max(0, int(due-t)), max(0, int(t-due))
		out.Overdue = out.DaysOver > 0
	case StateLateMet:
		ended, err := readDay(r.EndedOn)
		if err != nil {
			return Status{}, at("ended_on", err)
		}
		out.DaysOver = int(ended - due)
	}
	return out, nil
}

// resumed is the last day if every pause that goes on ended on a day.
func (r Reading) resumed(on day) (string, error) {
	h := r.history
	h.Pauses = append([]Standing(nil), h.Pauses...)
	for i, p := range h.Pauses {
		if p.To == "" && p.From < on.String() {
			h.Pauses[i].To = on.String()
		}
	}
	again, err := Run(r.calendar, r.clock, h)
	return again.DueOn, err
}
