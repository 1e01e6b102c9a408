package casework

import (
	"encoding/hex"
	"slices"

	"hejie/sync/crdt"
)

// DigestDocument is what a unit that holds only the digest sees of a case.
type DigestDocument struct {
	ID            string   `json:"id"`
	Digest        bool     `json:"digest"` // always true: the case itself is not held
	Unit          string   `json:"unit"`
	State         State    `json:"state"`
	Heads         []string `json:"heads"`
	UpdatedAt     string   `json:"updated_at"`
	Category      string   `json:"category,omitempty"`
	Source        string   `json:"source,omitempty"`
	ReceivedMonth string   `json:"received_month,omitempty"` // 2026-03, Beijing
	AmountBand    string   `json:"amount_band,omitempty"`
	Outcome       string   `json:"outcome,omitempty"`
	EffectiveOn   string   `json:"effective_on,omitempty"`
	Form          string   `json:"form,omitempty"`       // of the agreement in force
	AgreedFen     *int64   `json:"agreed_fen,omitempty"` // the sum of its terms; nil: none is in force
	DueOn         []string `json:"due_on,omitempty"`     // the last day of each term, in their order
	Tags          []string `json:"tags,omitempty"`
	// Mediators are the numbers of those who mediate, as registers know them;
	// Counts.Mediators counts those without a number too.
	Mediators []string   `json:"mediators,omitempty"`
	Counts    Counts     `json:"counts"`
	Steps     []Step     `json:"steps"`
	Conflicts []Conflict `json:"conflicts"`
	// Also lists choices that were written otherwise at the same time.
	Also    []Conflict `json:"also"`
	Unknown []Unknown  `json:"unknown"`
}

// Counts are the figures of a digest.
type Counts struct {
	Parties       int   `json:"parties"`
	Applicants    int   `json:"applicants"`
	Respondents   int   `json:"respondents"`
	Third         int   `json:"third"`
	Persons       int   `json:"persons"`
	Organisations int   `json:"organisations"`
	Sessions      int   `json:"sessions"`
	Terms         int64 `json:"terms"`
	TermsOpen     int64 `json:"terms_open"`
	Mediators     int   `json:"mediators"`
	// OrganisationKinds counts organisations by the table organisation_kind, as far
	// as their numbers tell; Helpers those who helped to mediate by helper_role.
	OrganisationKinds map[string]int `json:"organisation_kinds,omitempty"`
	Helpers           map[string]int `json:"helpers,omitempty"`
}

// DigestView makes the document of a digest record.
func DigestView(s *crdt.State, h Header) DigestDocument {
	c := resolve(readLog(s))
	text := func(field string) string { return str(s.Register(root(field)).Shown) }
	d := DigestDocument{
		ID: hex.EncodeToString(h.ID[:]), Digest: true, Unit: h.Unit, State: c.state, Heads: heads(s), UpdatedAt: updatedAt(s),
		Category: text("category"), Source: text("source"), ReceivedMonth: text(fieldMonth), AmountBand: text(fieldBand),
		Outcome: c.facts.outcome(), EffectiveOn: c.facts.effectiveOn, Steps: c.steps(h.Names),
		Conflicts: conflicts(s, c, h.Names), Also: also(s, h.Names), Unknown: unknownPlaces(s, h.Names),
	}
	for _, tag := range setValues(s, root(fieldTags)) {
		d.Tags = append(d.Tags, str(tag))
	}
	d.Counts = countParties(s)
	d.Counts.Sessions = len(c.facts.sessions)
	d.Counts.Helpers = c.helpers()
	d.Mediators, d.Counts.Mediators = c.rosterOf()
	d.agreement(&c.facts)
	return d
}

// agreement shows an agreement in force; before it is, a digest knows nothing of one.
func (d *DigestDocument) agreement(f *facts) {
	if f.agreement == nil || f.effectiveOn == "" {
		return
	}
	d.Form = f.agreement.form()
	d.Counts.Terms, d.Counts.TermsOpen = f.agreement.termCount(), f.openTerms()
	d.DueOn = strs(f.agreement.value[keyDueDays])
	if fen, ok := f.agreement.value[keyAgreedFen].(int64); ok {
		d.AgreedFen = &fen
	}
}

// rosterOf are the numbers of those who mediate, in the order of their
// assignments, and how many people they are with those who have none.
func (c *course) rosterOf() (numbers []string, people int) {
	for _, assigned := range c.facts.assigned {
		n, _ := assigned.value[keyMediators].(int64)
		list := slices.Clone(strs(assigned.value[keyRoster]))
		for _, e := range c.counted {
			if e.step != StepRecuse || !c.facts.saw(e, assigned) {
				continue
			}
			n--
			for _, gone := range strs(e.value[keyRoster]) {
				list = slices.DeleteFunc(list, func(s string) bool { return s == gone })
			}
		}
		people += int(max(n, 0))
		for _, s := range list {
			if s != "" && !slices.Contains(numbers, s) {
				numbers = append(numbers, s)
			}
		}
	}
	return numbers, people
}

// helpers counts those who helped to mediate (人民调解法 art. 20) by what they are.
func (c *course) helpers() map[string]int {
	var out map[string]int
	for _, e := range c.counted {
		if e.step == StepHelper {
			if out == nil {
				out = map[string]int{}
			}
			out[str(e.value[keyRole])]++
		}
	}
	return out
}

func countParties(s *crdt.State) Counts {
	var n Counts
	seen := map[crdt.Ref]bool{}
	for _, e := range s.Entries(root(fieldParties)) {
		if seen[e.Ref] {
			continue
		}
		seen[e.Ref] = true
		n.Parties++
		switch str(s.Register(inEntry(fieldParties, e.Ref, "side")).Shown) {
		case "applicant":
			n.Applicants++
		case "respondent":
			n.Respondents++
		case "third":
			n.Third++
		}
		switch str(s.Register(inEntry(fieldParties, e.Ref, "kind")).Shown) {
		case "person":
			n.Persons++
		case "organisation":
			n.Organisations++
			if kind := str(s.Register(inEntry(fieldParties, e.Ref, fieldOrganisation)).Shown); kind != "" {
				if n.OrganisationKinds == nil {
					n.OrganisationKinds = map[string]int{}
				}
				n.OrganisationKinds[kind]++
			}
		}
	}
	return n
}

// unknownPlaces tells where a digest holds what this program can't read, and not
// what it says: nobody vouches that it is no name, and a digest shows no word of
// anybody's (DESIGN 3).
func unknownPlaces(s *crdt.State, names Names) []Unknown {
	out := unknown(s, names)
	for i := range out {
		out[i].Raw, out[i].Value = "", nil
	}
	return out
}
