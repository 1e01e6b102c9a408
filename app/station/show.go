package station

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"hejie/app/api"
	"hejie/app/casework"
	"hejie/app/casework/data"
	"hejie/store"
	"hejie/sync/replica"
)

// instant writes milliseconds since 1970 as documents do.
func instant(ms int64) string { return time.UnixMilli(ms).UTC().Format(time.RFC3339) }

func label(list, code string) api.Label {
	return api.Label{ZH: data.Name(list, code, data.Chinese), EN: data.Name(list, code, data.English)}
}

// show turns casework's document into the API's.
func (ss *Session) show(d *document) api.CaseView {
	if d.found.digest {
		return ss.showDigest(d)
	}
	v := d.whole
	out := api.CaseView{
		ID: v.ID, State: api.State(v.State), Unit: hexID(d.rec.Owner), UnitName: ss.unitName(hexID(d.rec.Owner)), Access: "full",
		Category: v.Category, Source: v.Source, ExternalID: v.ExternalID, Title: v.Title, ReceivedAt: v.ReceivedAt, ReceivedOn: v.ReceivedOn,
		Facts: v.Facts, Claims: v.Claims, AmountFen: v.AmountFen, Place: v.Place, Tags: v.Tags, Mediators: v.Mediators,
		Outcome: v.Outcome, Heads: v.Heads, UpdatedAt: v.UpdatedAt,
		Parties: []api.PartyView{}, Events: ss.showCourse(v), Conflicts: ss.showConflicts(d), Unknown: ss.showUnknown(v.Unknown),
	}
	names := map[string]string{}
	for _, p := range v.Parties {
		names[p.ID] = p.Name
		out.Parties = append(out.Parties, showParty(p, v.ReceivedAt))
	}
	for _, a := range v.Also {
		c := ss.showConflict(v.ID, "", a)
		out.Also = append(out.Also, api.Also{Field: c.Field, Values: c.Values})
	}
	for _, e := range out.Events {
		switch {
		case e.Standing != "" && e.Standing != string(casework.Stands):
		case e.Step == casework.StepStartSession:
			m := api.Meeting{ID: e.ID, At: e.At}
			m.Place, _ = e.Fields["place"].(string)
			out.Meetings = append(out.Meetings, m)
		case e.Step == casework.StepAssign:
			out.AssignedBy, _ = e.Fields["by"].(string)
		}
	}
	agreement := v.Agreement
	if v.Notes != nil && v.Notes.Agreement != nil {
		agreement = v.Notes.Agreement
	}
	out.Agreement = showAgreement(agreement, names, v.Mediators)
	if out.Agreement != nil {
		out.Agreement.Draft = agreement != v.Agreement
	}
	out.Notes = ss.showKept(v, names)
	if u := v.Undisputed; u != nil {
		out.Undisputed = &api.Undisputed{On: u.On, Facts: u.Facts, ConfirmedBy: u.ConfirmedBy, Contested: u.Contested}
	}
	ss.showTracks(d, &out)
	return out
}

func (ss *Session) showDigest(d *document) api.CaseView {
	v := d.digest
	c := v.Counts
	return api.CaseView{
		ID: v.ID, State: api.State(v.State), Unit: hexID(d.rec.Owner), UnitName: ss.unitName(hexID(d.rec.Owner)), Access: "digest",
		Category: v.Category, Source: v.Source, ReceivedOn: v.ReceivedMonth, Outcome: v.Outcome, Heads: v.Heads, UpdatedAt: v.UpdatedAt,
		Parties: []api.PartyView{}, Events: ss.showEvents(v.Steps), Conflicts: ss.showConflicts(d), Unknown: ss.showUnknown(v.Unknown),
		Digest: &api.Digest{
			MonthReceived: v.ReceivedMonth, AmountBand: v.AmountBand, Tags: v.Tags, Mediators: v.Mediators,
			Form: v.Form, EffectiveOn: v.EffectiveOn, AgreedFen: v.AgreedFen, DueOn: v.DueOn, Organisations: c.OrganisationKinds, Helpers: c.Helpers,
			Counts: map[string]int{
				"parties": c.Parties, "applicants": c.Applicants, "respondents": c.Respondents, "third": c.Third, "persons": c.Persons, "organisations": c.Organisations,
				"mediators": c.Mediators, "sessions": c.Sessions, "terms": int(c.Terms), "terms_open": int(c.TermsOpen),
			},
		},
	}
}

func showAgreement(a *casework.Agreement, names map[string]string, mediators []string) *api.Agreement {
	if a == nil {
		return nil
	}
	out := &api.Agreement{Contested: a.Contested, CompleteOn: a.CompleteOn, Form: a.Form, At: a.At, Sealed: a.SealedOn != "", SealedOn: a.SealedOn, EffectiveOn: a.EffectiveOn, Terms: []api.Term{}, Clauses: a.Clauses}
	named := func(id string) string {
		if n := names[id]; n != "" {
			return n
		}
		return id
	}
	for _, id := range a.Signed {
		out.SignedBy = append(out.SignedBy, named(id))
	}
	for _, id := range a.Unsigned {
		out.Missing = append(out.Missing, named(id))
	}
	switch {
	case a.MediatorOn != "":
		out.SignedBy = append(out.SignedBy, mediators...)
	case a.Form == "written" && a.EffectiveOn == "":
		out.Missing = append(out.Missing, mediators...)
	}
	for _, t := range a.Terms {
		out.Terms = append(out.Terms, api.Term{
			ID: a.ID, N: int(t.N), Who: t.Who, What: t.What, AmountFen: t.AmountFen, Due: t.Due,
			Kind: t.Kind, To: t.To, How: t.How, PaidFen: t.PaidFen, DefaultOn: t.DefaultOn, PerformedAt: t.PerformedOn, Proof: t.Proof,
		})
	}
	return out
}

// showKept are the notes of a case; nil: there are none here.
func (ss *Session) showKept(v casework.CaseView, names map[string]string) *api.CaseNotes {
	n := v.Notes
	if n == nil {
		return nil
	}
	out := &api.CaseNotes{Minutes: n.Minutes, Proposals: n.Proposals, Sessions: []api.NoteSession{}, Steps: ss.showEvents(n.Steps), Words: []api.StepWords{}}
	for _, s := range n.Sessions {
		out.Sessions = append(out.Sessions, api.NoteSession(s))
	}
	for _, w := range n.Words {
		said := api.StepWords{Step: w.Step}
		if b, err := json.Marshal(w.Fields); err == nil {
			_ = json.Unmarshal(b, &said.Fields) // fields that are no object are shown by history
		}
		out.Words = append(out.Words, said)
	}
	if out.Agreement = showAgreement(n.Agreement, names, v.Mediators); out.Agreement != nil {
		out.Agreement.Draft = true
	}
	for i := range out.Steps {
		out.Steps[i].Notes = true
	}
	return out
}

// showCourse are the steps of a case with what the notes say of them: words
// with their step, drafts and signatures where they stand in the course.
func (ss *Session) showCourse(v casework.CaseView) []api.StepTaken {
	out := ss.showEvents(v.Steps)
	if v.Notes == nil {
		return out
	}
	for _, w := range v.Notes.Words {
		at := slices.IndexFunc(out, func(s api.StepTaken) bool { return s.ID == w.Step })
		if b, err := json.Marshal(w.Fields); err == nil && at >= 0 {
			_ = json.Unmarshal(b, &out[at].Fields) // into what is there
		}
	}
	course := make([]api.StepTaken, 0, len(out)+len(v.Notes.Steps))
	of := v.Steps
	for i, s := range ss.showEvents(v.Notes.Steps) {
		for len(of) > 0 && of[0].Place < v.Notes.Steps[i].Place {
			course, out, of = append(course, out[0]), out[1:], of[1:]
		}
		s.Notes = true
		course = append(course, s)
	}
	return append(course, out...)
}

func (ss *Session) showEvents(steps []casework.Step) []api.StepTaken {
	out := []api.StepTaken{}
	for _, e := range steps {
		s := api.StepTaken{ID: e.ID, Step: e.Step, Track: trackOf(e.Step), At: e.On, Standing: string(e.Standing), RecordedFor: e.RecordedFor, By: ss.by(e.Seat, e.Unit, e.At)}
		if b, err := json.Marshal(e.Fields); err == nil {
			_ = json.Unmarshal(b, &s.Fields) // fields that are no object are shown by history
		}
		out = append(out, s)
	}
	return out
}

func trackOf(step string) string {
	if track := casework.StepTrack(step); track != "" {
		return track
	}
	return "mediation"
}

// showConflicts are what waits in a case.
func (ss *Session) showConflicts(d *document) []api.Conflict {
	list, title := d.whole.Conflicts, d.whole.Title
	if d.found.digest {
		list, title = d.digest.Conflicts, ""
	}
	out := []api.Conflict{}
	for _, c := range list {
		out = append(out, ss.showConflict(hexID(d.id), title, c))
	}
	return out
}

// contradictions are what waits in a case, each with who decides and why.
func (ss *Session) contradictions(d *document) []api.Contradiction {
	list := ss.showConflicts(d)
	if len(list) == 0 {
		return nil
	}
	var out []api.Contradiction
	decided := casework.Decisions(d.state, ss.holding(d.rec), d.beside.all...)
	for _, c := range list {
		out = append(out, withDecision(c, decided[c.Field], casework.ShownHeads(d.state, c.Field, d.beside.all...)))
	}
	return out
}

// holding are the units that hold a case whole by what its owner's log and its
// grants say.
func (ss *Session) holding(rec replica.Record) []store.ID {
	out := append([]store.ID{rec.Owner}, rec.Grants...)
	if u, ok := ss.registry().Unit(rec.Owner); ok {
		out = append(out, u.Station)
	}
	return out
}

// withDecision adds who decides, why, and on which heads.
func withDecision(c api.Conflict, d casework.Decision, heads []store.ID) api.Contradiction {
	x := api.Contradiction{Conflict: c, Decider: slices.Clone(d.Roles), Heads: []string{}}
	for _, unit := range d.Units {
		x.Decider = append(x.Decider, hexID(unit))
	}
	for _, h := range heads {
		x.Heads = append(x.Heads, hexID(h))
	}
	x.Decides, x.Because = label("decider", string(d.Who)), d.Because
	x.Why = api.Label{ZH: data.Text(data.Chinese, "pair."+d.Because, nil), EN: data.Text(data.English, "pair."+d.Because, nil)}
	return x
}

func (ss *Session) showConflict(id, title string, c casework.Conflict) api.Conflict {
	out := api.Conflict{Case: id, Title: title, Field: c.Field, Kind: "field", Values: []api.Value{}}
	if strings.HasPrefix(c.Field, "lifecycle.") {
		out.Kind = "step"
	}
	for _, v := range c.Values {
		out.Values = append(out.Values, api.Value{Value: v.Value, By: ss.by(v.Seat, v.Unit, v.At)})
	}
	return out
}

func (ss *Session) showUnknown(list []casework.Unknown) []api.Unknown {
	var out []api.Unknown
	for _, u := range list {
		out = append(out, api.Unknown{ID: u.ID, Path: u.Path, Why: u.Why, Raw: u.Raw, Value: u.Value, By: ss.by(u.Seat, u.Unit, u.At)})
	}
	return out
}

func (ss *Session) showRow(row caseRow) api.CaseRow {
	return api.CaseRow{
		ID: row.ID, State: api.State(row.State), Category: row.Category, Title: row.Title, Unit: row.Unit, UnitName: ss.unitName(row.Unit),
		ReceivedOn: row.ReceivedOn, UpdatedAt: row.UpdatedAt, Conflicts: row.Conflicts, Source: row.Source, Place: row.Place, Tags: row.Tags,
		PartyCount: row.Parties, Next: next(row), Unknown: row.Unknown,
	}
}

// unperformed are the states in which something of an agreement is still owed.
var unperformed = []string{casework.StatePerforming, casework.StatePartly, casework.StateDefaulted, casework.StateUrged, casework.StateEnforcement}

// next says what comes next for a case, as far as its row tells.
func next(row caseRow) *api.Next {
	plain := func(code string) *api.Next { return &api.Next{Code: code, Tone: "plain"} }
	switch m := row.State.Mediation; {
	case row.Conflicts > 0:
		return &api.Next{Code: "settle", Tone: "waiting"}
	case m == casework.StateLead:
		return plain(casework.StepMakeCase)
	case m == casework.StateSubmitted:
		return plain(casework.StepAccept)
	case m == casework.StateSupplement:
		return plain(casework.StepSupplement)
	case m == casework.StateAccepted:
		return plain(casework.StepAssign)
	case m == casework.StateAssigned:
		return plain(casework.StepStartSession)
	case m == casework.StateMediating:
		return plain(casework.StepAgree)
	case m == casework.StateSuspended:
		return plain(casework.StepResume)
	case m == casework.StateAgreed && row.Complete != "":
		return &api.Next{Code: casework.StepEnterAgreement, Tone: "due", Params: map[string]string{"since": row.Complete}}
	case m == casework.StateAgreed:
		return &api.Next{Code: "wait_signature", Tone: "waiting"}
	case m == casework.StateEffective && slices.Contains(unperformed, row.State.Performance):
		return &api.Next{Code: "wait_performance", Tone: "plain", Params: map[string]string{"due": row.NextDue}}
	case m == casework.StateTerminated || m == casework.StateRefusedIntake:
		return plain(casework.StepAdvise)
	case m == casework.StateEffective || m == casework.StateAdvised || m == casework.StateRedirected:
		return &api.Next{Code: casework.StepClose, Tone: "done"}
	}
	return &api.Next{Code: "none", Tone: "done"}
}

// usualStep is the step that the case waits for by what its row says; "" where
// it waits for none.
func usualStep(row caseRow) string {
	switch n := next(row); n.Code {
	case "wait_signature":
		return casework.StepSign
	case "wait_performance":
		return casework.StepPerform
	case "settle", "none":
		return ""
	default:
		return n.Code
	}
}

// What waits for a unit goes before the course of the case: a letter to be
// signed for, an application to be ruled on.
var inboxSteps = map[string]string{
	"letter " + casework.StateSent: casework.StepReferReceive, "letter " + casework.StateReceived: casework.StepReferAccept,
	"answer " + casework.StateReported: casework.StepReferClose, "answer " + casework.StateDeclined: casework.StepReferClose, "answer " + casework.StateLapsed: casework.StepReferClose,
	"application " + casework.StateApplied: casework.StepConfirmReceive, "application " + casework.StateReceived: casework.StepConfirmAccept,
	"application " + casework.StateAccepted: casework.StepConfirmRule, "application " + casework.StateObjected: casework.StepConfirmObjection,
}

// stepOfInbox is the step that answers what lies with the unit; "" for nothing,
// and for a letter whose work is the case itself.
func stepOfInbox(items []casework.Inbox) string {
	for _, i := range items {
		if step := inboxSteps[i.What+" "+i.State]; step != "" {
			return step
		}
	}
	return ""
}

func showSteps(list []casework.StepOption, usual string) []api.Step {
	out := []api.Step{}
	for _, o := range list {
		s := api.Step{Step: o.Step, Label: label("step", o.Step), Track: o.Track, Allowed: o.Allowed, Fields: showFields(o.Fields)}
		// Many steps may be lawful at once, such as one more session; only the
		// usual one is the one filled button. Where it is not lawful now, why not
		// stands in its place.
		s.Next = o.Step == usual
		if o.Article != "" {
			s.Article = &api.Label{ZH: data.Article(o.Article, data.Chinese), EN: data.Article(o.Article, data.English)}
		}
		if o.Refusal != nil {
			s.WhyNot = reasonOf(o.Refusal)
			s.WhyNot.Texts = &api.Label{ZH: o.Refusal.Because(data.Chinese), EN: o.Refusal.Because(data.English)}
		}
		out = append(out, s)
	}
	return out
}

func showFields(list []casework.FieldSpec) []api.FieldSpec {
	out := []api.FieldSpec{}
	for _, f := range list {
		a := api.FieldSpec{Name: f.Name, Kind: fieldKind(f.Type), Required: f.Required, Label: label("field", f.Name), MaxLength: f.Max, Notes: f.Apart()}
		if a.Label.ZH == f.Name { // a step's own field has its name under the step's table
			a.Label = label("step_field", f.Name)
		}
		for _, c := range f.Choices {
			cl := api.CodeLabel{Code: c, Label: api.Label{ZH: c, EN: c}}
			if f.List != "" {
				cl.Label = label(f.List, c)
			}
			a.Choices = append(a.Choices, cl)
		}
		if len(f.Fields) > 0 {
			a.Items = showFields(f.Fields)
		}
		out = append(out, a)
	}
	return out
}

func fieldKind(t string) string {
	switch t {
	case "code":
		return "choice"
	case "yes_no":
		return "bool"
	case "amount":
		return "money"
	case "terms", "rows":
		return "list"
	case "codes":
		return "choices"
	case "event":
		return "choice"
	case "hash":
		return "text"
	}
	return t
}

// showLine turns a line of casework's history into the API's.
func (ss *Session) showLine(l casework.Line) api.Change {
	field, notes := strings.CutPrefix(l.Field, "notes.")
	l.Field = field
	c := api.Change{ID: l.Op, Kind: "set", Notes: notes, Field: field, From: l.From, To: l.To, Remark: l.Remark, By: ss.by(l.Seat, l.Unit, l.At)}
	step, isStep := strings.CutPrefix(l.Field, "lifecycle.")
	switch {
	case isStep && step == "settle":
		c.Kind = "settle"
	case isStep:
		c.Kind, c.Step = "step", step
	case l.Field == "" && l.Remark != "":
		c.Kind = "remark"
	case l.From == nil && l.To == nil:
		c.Kind = "unknown"
	case l.Field == "facts" || l.Field == "minutes":
		c.Kind = "text"
	case l.From == nil:
		c.Kind = "add"
	case l.To == nil:
		c.Kind = "remove"
	}
	return c
}

// reasonOf says a refusal in both languages.
func reasonOf(r *casework.Refusal) *api.Reason {
	return &api.Reason{
		Code: "step_" + r.Rule, Detail: r.Text(data.English), Texts: &api.Label{ZH: r.Text(data.Chinese), EN: r.Text(data.English)},
		Params: r.Params, Rule: data.Article(r.Article, data.Chinese),
	}
}

// fieldReason says what is wrong with a field in both languages.
func fieldReason(e *casework.FieldError) api.Reason {
	text := func(lang data.Lang) string {
		then := "；"
		if lang == data.English {
			then = "; "
		}
		s := e.Why(lang)
		if h := e.Hint(lang); h != "" {
			s += then + h
		}
		return s
	}
	return api.Reason{Code: "field_" + e.Code, Detail: e.Error(), Texts: &api.Label{ZH: text(data.Chinese), EN: text(data.English)}, Params: e.Params, Field: e.Path}
}

func warningReasons(list []casework.Warning) []api.Reason {
	var out []api.Reason
	for _, w := range list {
		out = append(out, api.Reason{Code: "warning_" + w.Code, Detail: w.Text(data.English), Texts: &api.Label{ZH: w.Text(data.Chinese), EN: w.Text(data.English)}, Params: w.Params, Field: w.Path})
	}
	return out
}
