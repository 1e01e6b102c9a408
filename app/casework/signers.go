package casework

import "strings"

// As what somebody signs for a party (table signer).
const (
	SignsSelf           = "self"
	SignsLegal          = "legal_representative"
	SignsAgent          = "agent"
	SignsGuardian       = "guardian"
	SignsRepresentative = "representative"
)

// Why somebody who stands beside a party may not sign for it. Each has its
// sentences under "field.signer_<why>" of the messages, with {value} for the name.
const (
	WhyGeneral  = "general"  // an agent without special authority (民事诉讼法 art. 62)
	WhyPowers   = "powers"   // an agent whose listed powers leave settling or signing out (F04)
	WhyExpired  = "expired"  // an agent whose authority has ended
	WhyCapacity = "capacity" // a minor or somebody without full capacity: the guardian signs (民法典 arts. 19 to 23)
	WhySettle   = "settle"   // a representative whom the party gave no power to settle (民事诉讼法 art. 56)
)

// Signer is somebody who stands beside a party and may or may not sign an
// agreement for it.
type Signer struct {
	Name string
	As   string // self, legal_representative, agent, guardian, representative
	Why  string // empty: may sign
}

// May reports whether the signature counts.
func (s Signer) May() bool { return s.Why == "" }

// SignsFor lists who stands beside the party on a day (2026-03-10 or an instant
// with zone; a day that can't be read leaves ages and ends of authority out),
// in a fixed order: itself, its legal representative, agent, guardian, and
// those of all whom it chose as representatives. all are the parties of the
// case as ParseDocument, View or a case's list give them.
func (p Party) SignsFor(all []Party, day string) []Signer {
	full := p.CapacityOn(day) == CapacityFull
	var out []Signer
	add := func(name, as, why string) {
		if name = strings.TrimSpace(name); name != "" {
			out = append(out, Signer{Name: name, As: as, Why: why})
		}
	}
	if full {
		add(p.Name, SignsSelf, "")
	} else {
		add(p.Name, SignsSelf, WhyCapacity)
	}
	add(p.LegalRepresentative, SignsLegal, "")
	if p.Agent != nil {
		add(p.Agent.Name, SignsAgent, p.Agent.barred(day))
	}
	if p.Guardian != nil && !full {
		add(p.Guardian.Name, SignsGuardian, "")
	}
	if r := p.RepresentedBy; r != nil {
		for _, at := range representatives(all, r.Names) {
			chosen := all[at]
			switch {
			case chosen.Side != p.Side:
			case chosen.CapacityOn(day) != CapacityFull:
				add(chosen.Name, SignsRepresentative, WhyCapacity)
			case r.MaySettle == nil || !*r.MaySettle:
				add(chosen.Name, SignsRepresentative, WhySettle)
			default:
				add(chosen.Name, SignsRepresentative, "")
			}
		}
	}
	return out
}

// barred tells why an agent may not sign an agreement on a day; "" if it may.
// An authority without listed powers is what its kind says.
func (a *Agent) barred(day string) string {
	on := BeijingDay(day)
	switch {
	case a.Authority != authoritySpecial:
		return WhyGeneral
	case a.Until != "" && on != "" && a.Until < on:
		return WhyExpired
	case len(a.Powers) > 0 && !(hasCode(a.Powers, PowerSettle) && hasCode(a.Powers, PowerSign)):
		return WhyPowers
	}
	return ""
}
