package api

import "context"

// Handovers hand a person's cases over to others.
type Handovers interface {
	// HandOver hands over the open cases that somebody mediates, each by a step of
	// its own, all or nothing a case. What it did is not done again: a second call
	// hands over what was left or came since. Input that is wrong changes nothing.
	HandOver(ctx context.Context, r HandoverRequest) (Handover, error)
}

// HandoverRequest says whose cases go to whom, and why.
type HandoverRequest struct {
	From   string   `json:"from" minLength:"1" maxLength:"100" doc:"who mediates now"`
	To     []string `json:"to" minItems:"1" maxItems:"20" doc:"who step in, together in each case"`
	Reason string   `json:"reason" doc:"code of the table handover_reason"`
	Note   string   `json:"note,omitempty" maxLength:"1000"`
	At     string   `json:"at,omitempty" maxLength:"40" doc:"the day; left out: today"`
	Unit   string   `json:"unit,omitempty" maxLength:"64" doc:"id or code of a unit whose station this is; left out: this unit"`
	Cases  []string `json:"cases,omitempty" maxItems:"1000" doc:"these only; left out: all"`
	Agreed []string `json:"agreed,omitempty" maxItems:"1000" doc:"cases in which all parties agreed to the change, where they had chosen the mediator: their consent is recorded in each"`
	How    string   `json:"how,omitempty" maxLength:"40" doc:"how they agreed, code of the table consent_how; with agreed"`
	// LeaveRegister ends the person's entries in the register too.
	LeaveRegister bool `json:"leave_register,omitempty" doc:"end the person's term and entry as a mediator on that day"`
	DryRun        bool `json:"dry_run,omitempty" doc:"say what would be done and change nothing"`
}

// Handover is what a hand-over did, or would do.
type Handover struct {
	From     string       `json:"from"`
	To       []string     `json:"to"`
	Reason   string       `json:"reason"`
	At       string       `json:"at"`
	DryRun   bool         `json:"dry_run"`
	Cases    []HandedOver `json:"cases"`
	Register []string     `json:"register" doc:"paths of the register's entries that were ended"`
	Else     StillOpen    `json:"else"`
	LeftOut  []Reason     `json:"left_out,omitempty" doc:"cases that could not be read: nothing was changed in them"`
}

// HandedOver is one case of a hand-over.
type HandedOver struct {
	Case     string   `json:"case"`
	Title    string   `json:"title"`
	Unit     string   `json:"unit" doc:"that owns it"`
	UnitName string   `json:"unit_name"`
	State    State    `json:"state" doc:"after it"`
	Status   string   `json:"status" enum:"done,needs_parties,refused"`
	Before   []string `json:"before" doc:"who mediated"`
	After    []string `json:"after" doc:"who does from then on; empty where it was not handed over"`
	Why      *Reason  `json:"why,omitempty" doc:"why it was not"`
	Due      int      `json:"due" doc:"what is due in it and goes along"`
	NextDue  string   `json:"next_due,omitempty"`
	Warnings []Reason `json:"warnings,omitempty"`
}

// StillOpen is what else lies with the person, for somebody to look at.
type StillOpen struct {
	Ended  int `json:"ended" doc:"cases that ended and are not closed or archived"`
	Drafts int `json:"drafts" doc:"what the person typed on this computer and did not save"`
	Below  int `json:"below" doc:"open cases that name the person in units whose station this is"`
}
