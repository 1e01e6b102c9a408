package casework

import (
	"cmp"
	"slices"

	"hejie/sync/crdt"
)

// Letter is a referral as it stands (DOMAIN 2.3).
type Letter struct {
	ID         string   `json:"id"`
	Kind       string   `json:"kind"`
	State      string   `json:"state"`
	From       string   `json:"from"` // unit
	To         string   `json:"to"`   // unit
	LetterNo   string   `json:"letter_no,omitempty"`
	CourtNo    string   `json:"court_no,omitempty"`
	SentOn     string   `json:"sent_on,omitempty"`
	ReceivedOn string   `json:"received_on,omitempty"` // starts the clocks
	ReceivedBy string   `json:"received_by,omitempty"`
	AcceptedOn string   `json:"accepted_on,omitempty"`
	DeclinedOn string   `json:"declined_on,omitempty"`
	Why        string   `json:"why,omitempty"` // of the letter, or of declining
	Until      string   `json:"until,omitempty"`
	Materials  any      `json:"materials,omitempty"`
	Consents   any      `json:"consents,omitempty"`
	Report     *Report  `json:"report,omitempty"`
	ClosedOn   string   `json:"closed_on,omitempty"`
	Outcome    string   `json:"outcome,omitempty"`
	Extensions []string `json:"extensions,omitempty"`
}

// Report is what came back: the return package.
type Report struct {
	On         string `json:"on"`
	Result     string `json:"result"`
	Course     string `json:"course,omitempty"`
	Why        string `json:"why,omitempty"`
	Undisputed any    `json:"undisputed_facts,omitempty"`
	Materials  any    `json:"materials,omitempty"`
	Focus      string `json:"focus,omitempty"`
	Conduct    string `json:"conduct,omitempty"`
	Hints      string `json:"hints,omitempty"`
	Sham       string `json:"sham,omitempty"`
	Simple     *bool  `json:"simple,omitempty"`
	LetterNo   string `json:"letter_no,omitempty"`
}

func (f *facts) letters(names Names) []Letter {
	var out []Letter
	for _, r := range f.referrals {
		e := r.sent
		l := Letter{
			ID: EntryID(e.ref), Kind: r.kind(), State: r.state(), From: names.unit(e.op.Unit), To: unitName(names, e.value[keyTo]),
			LetterNo: str(e.value[keyLetterNo]), CourtNo: str(e.value[keyCourtNo]), Why: str(e.value[keyWhy]),
			Materials: rowsOf(e.value[keyMaterials]), Consents: rowsOf(e.value[keyConsents]),
			ReceivedOn: dayOf(r.received), AcceptedOn: dayOf(r.accepted), DeclinedOn: dayOf(r.declined), ClosedOn: dayOf(r.closed),
		}
		if !r.draft {
			l.SentOn = e.day
		}
		if r.received != nil {
			l.ReceivedBy = str(r.received.value[keyName])
		}
		if r.declined != nil {
			l.Why = str(r.declined.value[keyWhy])
		}
		for _, x := range r.extended {
			l.Until = max(l.Until, BeijingDay(str(x.value[keyUntil])))
			l.Extensions = append(l.Extensions, x.day)
		}
		if r.closed != nil {
			l.Outcome = str(r.closed.value[keyOutcome])
		}
		l.Report = reportOf(r.reported)
		out = append(out, l)
	}
	return out
}

func reportOf(e *event) *Report {
	if e == nil {
		return nil
	}
	out := &Report{
		On: e.day, Result: str(e.value[keyResult]), Course: str(e.value[keyCourse]), Why: str(e.value[keyWhy]), Undisputed: rowsOf(e.value[keyUndisputed]), Materials: rowsOf(e.value[keyMaterials]),
		Focus: str(e.value[keyFocus]), Conduct: str(e.value[keyConduct]), Hints: str(e.value[keyHints]), Sham: str(e.value[keySham]), LetterNo: str(e.value[keyLetterNo]),
	}
	if simple, ok := e.value[keySimple].(bool); ok {
		out.Simple = &simple
	}
	return out
}

// rowsOf is a list for reading; nil where there is none.
func rowsOf(v crdt.Value) any {
	if list, ok := v.([]crdt.Value); ok && len(list) > 0 {
		return readable(list)
	}
	return nil
}

func unitName(names Names, v crdt.Value) string {
	if key := unitKey(v); key != "" {
		return names.unit(crdt.ID([]byte(key)))
	}
	return ""
}

func dayOf(e *event) string {
	if e == nil {
		return ""
	}
	return e.day
}

// Confirmation is the joint application and what came of it, and the other ways.
type Confirmation struct {
	State       string `json:"state"`
	Court       string `json:"court,omitempty"` // unit
	AppliedOn   string `json:"applied_on,omitempty"`
	ReceivedOn  string `json:"received_on,omitempty"`
	AskedFor    string `json:"asked_for,omitempty"`
	AcceptedOn  string `json:"accepted_on,omitempty"`
	Number      string `json:"number,omitempty"` // the court's, or the notary's
	DecidedOn   string `json:"decided_on,omitempty"`
	Ground      string `json:"ground,omitempty"`
	ObjectedOn  string `json:"objected_on,omitempty"`
	Enforceable bool   `json:"enforceable"`
}

func (f *facts) confirmationView(names Names) *Confirmation {
	state := f.confirmation()
	if state == StateNone {
		return nil
	}
	out := &Confirmation{State: state, Enforceable: f.enforceable()}
	if a := f.application; a != nil {
		out.Court, out.AppliedOn = unitName(names, a.applied.value[keyCourt]), a.applied.day
		out.ReceivedOn, out.AcceptedOn, out.ObjectedOn = dayOf(a.received), dayOf(a.accepted), dayOf(a.objected)
		if state == StateSupplement {
			out.AskedFor = str(a.asked[len(a.asked)-1].value[keyWhat])
		}
		for _, e := range []*event{a.accepted, a.refused, a.withdrawn, a.dismissed, a.ruled} {
			if e == nil {
				continue
			}
			if no := str(e.value[keyCourtNo]); no != "" {
				out.Number = no
			}
			if e != a.accepted {
				out.DecidedOn, out.Ground = e.day, str(e.value[keyGround])
			}
		}
	}
	for _, e := range []*event{f.notarised, f.orderIssued} {
		if e != nil {
			out.Number, out.DecidedOn = str(e.value[keyCourtNo]), e.day
		}
	}
	return out
}

// Suit is the case in court, as far as mediation needs to know.
type Suit struct {
	State    string `json:"state"` // wanted, docketed, ended
	WantedOn string `json:"wanted_on,omitempty"`
	Court    string `json:"court,omitempty"` // unit; the court's name where it is none of the tree
	Number   string `json:"number,omitempty"`
	On       string `json:"docketed_on,omitempty"`
	Result   string `json:"result,omitempty"`
	EndedOn  string `json:"ended_on,omitempty"`
}

func (f *facts) suit(names Names) *Suit {
	var out *Suit
	for _, i := range f.ends {
		if e := f.l.events[i]; e.step == StepStop && str(e.value[keyChoice]) == choiceSue {
			out = &Suit{State: "wanted", WantedOn: e.day}
		}
	}
	if f.sued != nil {
		out = &Suit{State: "wanted", WantedOn: f.sued.day, Court: str(f.sued.value[keyCourtName]), Number: str(f.sued.value[keyCourtNo])}
	}
	for _, e := range f.dockets {
		if out == nil {
			out = &Suit{}
		}
		out.docketed(e, f.courtOf(e, names))
	}
	if len(f.suits) > 0 && out != nil {
		e := f.suits[len(f.suits)-1]
		out.State, out.Result, out.EndedOn = "ended", str(e.value[keyResult]), e.day
		if no := str(e.value[keyCourtNo]); no != "" {
			out.Number = no
		}
	}
	return out
}

// docketed takes what one event says of the docketing. A later one counts where
// it has a number; what it leaves out stays as it was.
func (s *Suit) docketed(e *event, court string) {
	no := str(e.value[keyCourtNo])
	if s.State != "docketed" || no != "" {
		s.State, s.On = "docketed", e.day
	}
	s.Number, s.Court = cmp.Or(no, s.Number), cmp.Or(court, s.Court)
}

// courtOf is the court that docketed: the one named, or the one that closed its
// own letter with that outcome.
func (f *facts) courtOf(e *event, names Names) string {
	if r := f.referralOf(e); e.step == StepReferClose && r != nil && contains(courtKinds, r.kind()) {
		return names.unit(r.sent.op.Unit)
	}
	return cmp.Or(unitName(names, e.value[keyCourt]), str(e.value[keyCourtName]))
}

// Care is what was done for the people and against the dispute growing.
type Care struct {
	Risk         string   `json:"risk,omitempty"`
	Risks        []string `json:"risks,omitempty"`
	ReportedTo   []string `json:"reported_to,omitempty"`
	Visits       int      `json:"visits"`
	LastVisitOn  string   `json:"last_visit_on,omitempty"`
	Satisfaction string   `json:"satisfaction,omitempty"`
	// Refusing are the parties that do not want mediation, by their ids.
	Refusing []string `json:"refusing,omitempty"`
}

func (f *facts) care() *Care {
	out := Care{Visits: len(f.visits)}
	for _, e := range append(slices.Clone(f.risks), f.lead) {
		if e != nil && out.Risk == "" || e != nil && e.step == StepRisk {
			out.Risk, out.Risks = str(e.value[keyLevel]), strs(e.value[keyRisks])
		}
	}
	for _, e := range f.reported {
		out.ReportedTo = append(out.ReportedTo, str(e.value[keyTo]))
	}
	for _, e := range f.visits {
		if e.day >= out.LastVisitOn {
			out.LastVisitOn, out.Satisfaction = e.day, str(e.value[keySatisfied])
		}
	}
	for p := range f.refusing {
		out.Refusing = append(out.Refusing, EntryID(p))
	}
	slices.Sort(out.Refusing)
	if out.Risk == "" && out.Visits == 0 && out.Refusing == nil && out.ReportedTo == nil {
		return nil
	}
	return &out
}

// number is the file's number that stands: the last that was not voided.
func (f *facts) number() string {
	for i := len(f.numbers) - 1; i >= 0; i-- {
		n := str(f.numbers[i].value[keyNumber])
		if !slices.ContainsFunc(f.voided, func(v *event) bool { return str(v.value[keyNumber]) == n && f.saw(v, f.numbers[i]) }) {
			return n
		}
	}
	return ""
}

// paidFen is what was paid on a term in parts; nil where no part payment was noted.
func (f *facts) paidFen(term int64) *int64 {
	var sum int64
	parts := false
	for _, e := range f.paid[term] {
		if v, ok := e.value[keyAmount].(int64); ok {
			sum, parts = sum+v, true
		}
	}
	if !parts {
		return nil
	}
	return &sum
}
