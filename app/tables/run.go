package tables

import (
	"cmp"
	"slices"
)

// States of a clock.
const (
	StateRunning = "running"
	StatePaused  = "paused"
	StateMet     = "met"      // what it waits for came in time
	StateLateMet = "late_met" // it came after the last day
	StateEnded   = "ended"    // it no longer matters
	StateWaived  = "waived"   // whoever could use it gave it up
)

// Waived is what History.EndedBy says where a party gave up the right.
const Waived = "waived"

// History is what happened to one clock. Days are such as 2026-03-10.
type History struct {
	StartedOn  string      `json:"started_on"` // not counted itself
	Pauses     []Standing  `json:"pauses,omitempty"`
	Extensions []Extension `json:"extensions,omitempty"`
	EndedOn    string      `json:"ended_on,omitempty"` // of a letter: the day it was posted (民诉法 art. 85)
	EndedBy    string      `json:"ended_by,omitempty"` // an event of the clocks table, or Waived
}

// Standing is a time for which a clock stands still.
type Standing struct {
	Kind string `json:"kind"`         // of Clocks.Pauses
	From string `json:"from"`         // the first day that does not count
	To   string `json:"to,omitempty"` // the first day that counts again; empty while it goes on
}

// Extension moves the last day of a clock.
type Extension struct {
	On     string `json:"on"`               // the day it was made
	Until  string `json:"until"`            // the new last day
	By     string `json:"by"`               // of Clocks.Extenders
	Agreed bool   `json:"agreed,omitempty"` // all parties agreed
}

// span is a Standing, joined with those that it meets. open: it goes on.
type span struct {
	from, to day
	open     bool
	used     bool
}

// run is the state of an evaluation.
type run struct {
	cal   *Calendar
	clock Clock

	start, ended day
	hasEnded     bool
	spans        []span

	current  day // last day as it stands, before rest days move it
	paused   int
	warnings []Warning
}

// Run evaluates one clock: when it began, which day is its last and why, and
// how it stands. It is a function of its arguments alone.
//
// A pause shifts the last day by the days that it takes from the period: days
// for a clock of calendar days, months or years, workdays for one of workdays.
// An extension counts where the clock can be extended by that one and, if need
// be, all agreed; it shifts with the pauses that begin after the day it was
// made. What does not count is left out with a warning. The error is an
// [*Error] for impossible days, and for days that end before they begin.
func Run(cal *Calendar, clock Clock, h History) (Reading, error) {
	r := &run{cal: cal, clock: clock}
	if err := r.read(h); err != nil {
		return Reading{}, err
	}
	out := Reading{
		Clock: clock.ID, Kind: clock.Kind, Actor: clock.Actor, Article: clock.Article,
		StartedOn: h.StartedOn, EndedOn: h.EndedOn, EndedBy: h.EndedBy,
		calendar: cal, clock: clock, history: h,
	}
	limited := clock.Length > 0
	if limited {
		r.current = r.nominal()
		r.shift(func(s span) bool { return true })
		out.NominalOn = r.current.String()
	}
	extended, err := r.extend(h.Extensions, limited)
	if err != nil {
		return Reading{}, err
	}
	if extended {
		out.ExtendedTo = r.current.String()
	}
	if limited || extended {
		on, moved, warnings := cal.last(r.current, r.warnings)
		out.DueOn, out.MovedBecause, r.warnings = on.String(), moved, warnings
	} else {
		r.warn(WarnLength, nil)
	}
	r.settle(&out)
	out.PausedDays, out.Warnings = r.paused, r.warnings
	return out, nil
}

func (r *run) warn(code string, params map[string]string) {
	r.warnings = warn(r.warnings, Warning{Code: code, Params: params})
}

func (r *run) read(h History) error {
	var err error
	if r.start, err = parseDay(h.StartedOn); err != nil {
		return at("started_on", err)
	}
	if r.hasEnded = h.EndedOn != ""; r.hasEnded {
		if r.ended, err = parseDay(h.EndedOn); err != nil {
			return at("ended_on", err)
		}
		if r.ended < r.start {
			return &Error{Row: "ended_on", Code: CodeOrder, Params: map[string]string{"from": h.StartedOn, "to": h.EndedOn}}
		}
	}
	for i, p := range h.Pauses {
		if err := r.readPause(indexed("pauses", i), p); err != nil {
			return err
		}
	}
	r.spans = join(r.spans)
	return nil
}

func (r *run) readPause(row string, p Standing) error {
	from, err := parseDay(p.From)
	if err != nil {
		return at(row+".from", err)
	}
	s := span{from: max(from, r.start+1), open: p.To == "" && !r.hasEnded}
	switch {
	case p.To != "":
		if s.to, err = parseDay(p.To); err != nil {
			return at(row+".to", err)
		}
		if s.to < from {
			return &Error{Row: row, Code: CodeOrder, Params: map[string]string{"from": p.From, "to": p.To}}
		}
	case r.hasEnded:
		s.to = r.ended
	default:
		s.to = s.from
	}
	if r.hasEnded {
		s.to = min(s.to, r.ended)
	}
	if !slices.Contains(r.clock.Pauses, p.Kind) {
		r.warn(WarnPauseKind, map[string]string{"kind": shorten(p.Kind), "clock.zh": r.clock.Zh, "clock.en": r.clock.En})
		return nil
	}
	if s.open || s.from < s.to {
		r.spans = append(r.spans, s)
	}
	return nil
}

// join sorts pauses and joins those that overlap or meet.
func join(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	var out []span
	for _, s := range spans {
		if n := len(out); n > 0 && (s.from <= out[n-1].to || out[n-1].open) {
			out[n-1].to = max(out[n-1].to, s.to)
			out[n-1].open = out[n-1].open || s.open
			continue
		}
		out = append(out, s)
	}
	return out
}

// nominal is the last day by length alone.
func (r *run) nominal() day {
	switch r.clock.Unit {
	case WorkingDays:
		end, warnings := r.cal.addWorking(r.start, r.clock.Length, r.warnings)
		r.warnings = warnings
		return end
	case Months:
		return r.start.addMonths(r.clock.Length)
	case Years:
		return r.start.addMonths(12 * r.clock.Length)
	}
	return r.start + day(r.clock.Length)
}

// shift moves the last day by the pauses that count, in their order. A pause
// that begins after the last day, as moved by rest days, takes nothing.
func (r *run) shift(counts func(span) bool) {
	for i, s := range r.spans {
		if !counts(s) {
			continue
		}
		base := r.current
		if s.from > base {
			base, _, _ = r.cal.last(base, nil)
		}
		if s.from > base {
			return
		}
		days := int(s.to - s.from)
		if r.clock.Unit == WorkingDays {
			days, r.warnings = r.cal.countWorking(s.from, s.to, r.warnings)
		}
		if days > 0 {
			r.current = r.add(base, days)
		}
		if !s.used {
			r.paused += days
		}
		r.spans[i].used = true
	}
}

func (r *run) add(base day, days int) day {
	if r.clock.Unit != WorkingDays {
		return base + day(days)
	}
	end, warnings := r.cal.addWorking(base, days, r.warnings)
	r.warnings = warnings
	return end
}

// settle says how the clock stands.
func (r *run) settle(out *Reading) {
	for _, s := range r.spans {
		switch {
		case !s.used && out.DueOn != "":
			r.warn(WarnPauseLate, map[string]string{"from": s.from.String(), "due": out.DueOn})
		case s.open:
			out.PausedSince = s.from.String()
		}
	}
	out.State = StateRunning
	if out.PausedSince != "" {
		out.State = StatePaused
	}
	if !r.hasEnded {
		return
	}
	switch {
	case out.EndedBy == Waived:
		out.State = StateWaived
	case slices.Contains(r.clock.Ends, out.EndedBy):
		out.State = StateMet
		if out.DueOn != "" && out.EndedOn > out.DueOn {
			out.State = StateLateMet
		}
	default:
		out.State = StateEnded
		if !slices.Contains(r.clock.Stops, out.EndedBy) {
			r.warn(WarnEnd, map[string]string{"event": shorten(out.EndedBy)})
		}
	}
}
