package casework

import (
	"slices"
	"strings"

	"hejie/app/casework/data"
)

// masks are the ways to mask that the table of sensitive fields names. What
// "health" and "text" mean depends on more than the value: see masker.
var masks = map[string]func(string) string{
	"id": MaskID, "phone": MaskPhone, "account": MaskAccount, "address": MaskAddress, "electronic": MaskElectronic,
	"birth": MaskBirth, "name": MaskName, "hide": func(string) string { return "" },
}

// Masked is the view for a reader who does not work on the case (a supervisor,
// an auditor, a unit above): the fields of the table data.Persons().Sensitive
// are covered in parties, agents and guardians and in what else the view shows,
// needs that tell of health are left out, and of a child the name too
// (个人信息保护法 arts. 6, 28). The view given is not changed. What comes out is
// for reading: it is no document to import.
func Masked(v CaseView) CaseView {
	m := masker{byField: map[string]string{}}
	for _, row := range data.Persons().Sensitive {
		if !row.Children {
			field := row.Field[strings.LastIndex(row.Field, ".")+1:]
			m.byField[field] = row.Mask
		}
	}
	day := BeijingDay(v.ReceivedAt)
	m.names(v.Parties, day)
	out := v
	out.Parties = make([]Party, len(v.Parties))
	for i, p := range v.Parties {
		out.Parties[i] = m.party(p, day)
	}
	out.Title, out.Facts, out.Claims, out.Place = m.text(v.Title), m.text(v.Facts), m.text(v.Claims), MaskAddress(v.Place)
	out.Agreement = m.agreement(v.Agreement)
	out.Steps = make([]Step, len(v.Steps))
	for i, s := range v.Steps {
		s.Fields = m.value("", s.Fields)
		out.Steps[i] = s
	}
	out.Conflicts, out.Also = m.conflicts(v.Conflicts), m.conflicts(v.Also)
	out.Unknown = make([]Unknown, len(v.Unknown))
	for i, u := range v.Unknown {
		u.Raw = "" // nobody here knows what it holds
		out.Unknown[i] = u
	}
	return out
}

type masker struct {
	byField  map[string]string // last name of a field: how it is masked
	children []string          // names as written, then as shown
}

// names notes the names of children, which stand in titles and terms too. The
// longest comes first, so that no name hides a part of another.
func (m *masker) names(all []Party, day string) {
	var names []string
	for _, p := range all {
		if p.ChildOn(day) {
			names = append(names, strings.TrimSpace(p.Name), strings.TrimSpace(p.Alias))
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	for _, name := range slices.Compact(names) {
		if name != "" {
			m.children = append(m.children, name, MaskName(name))
		}
	}
}

func (m *masker) text(s string) string {
	s = MaskText(s)
	if len(m.children) > 0 {
		s = strings.NewReplacer(m.children...).Replace(s)
	}
	return s
}

// party masks what the table names.
func (m *masker) party(p Party, day string) Party {
	p = p.copied()
	child := p.ChildOn(day)
	texts := p.texts()
	for _, row := range data.Persons().Sensitive {
		if row.Children && !child {
			continue
		}
		switch at := texts[row.Field]; {
		case at != nil && *at != "":
			*at = masks[row.Mask](*at)
		case row.Field == fieldNeeds:
			p.Needs = slices.DeleteFunc(p.Needs, healthNeed)
		}
	}
	if r := p.RepresentedBy; r != nil {
		for i, name := range r.Names {
			r.Names[i] = m.text(name)
		}
	}
	return p
}

func healthNeed(code string) bool { return hasCode(data.Persons().HealthNeeds, code) }

// copied is the party with parts of its own.
func (p Party) copied() Party {
	p.Needs = slices.Clone(p.Needs)
	if p.Agent != nil {
		a := *p.Agent
		p.Agent = &a
	}
	if p.Guardian != nil {
		g := *p.Guardian
		p.Guardian = &g
	}
	if p.Delivery != nil {
		d := *p.Delivery
		p.Delivery = &d
	}
	if p.RepresentedBy != nil {
		r := *p.RepresentedBy
		r.Names = slices.Clone(r.Names)
		p.RepresentedBy = &r
	}
	return p
}

// texts are the texts of a party that the table of sensitive fields may name.
func (p *Party) texts() map[string]*string {
	out := map[string]*string{
		"name": &p.Name, "alias": &p.Alias, "birth_date": &p.BirthDate, "id_number": &p.IDNumber, "phone": &p.Phone,
		"contact_phone": &p.ContactPhone, "address": &p.Address, "occupation": &p.Occupation, "capacity": &p.Capacity,
	}
	if a := p.Agent; a != nil {
		out["agent.id_number"], out["agent.phone"] = &a.IDNumber, &a.Phone
	}
	if g := p.Guardian; g != nil {
		out["guardian.name"], out["guardian.id_number"], out["guardian.phone"] = &g.Name, &g.IDNumber, &g.Phone
	}
	if d := p.Delivery; d != nil {
		out["delivery.address"], out["delivery.phone"], out["delivery.electronic_to"] = &d.Address, &d.Phone, &d.ElectronicTo
	}
	return out
}

func (m *masker) agreement(a *Agreement) *Agreement {
	if a == nil {
		return nil
	}
	out := *a
	out.Terms = make([]Term, len(a.Terms))
	for i, t := range a.Terms {
		t.Who, t.What, t.Proof = m.text(t.Who), m.text(t.What), m.text(t.Proof)
		t.To, t.How = m.text(t.To), m.text(t.How)
		out.Terms[i] = t
	}
	out.Facts, out.Clauses = m.text(a.Facts), nil
	for _, clause := range a.Clauses {
		out.Clauses = append(out.Clauses, m.text(clause))
	}
	return &out
}

func (m *masker) conflicts(list []Conflict) []Conflict {
	out := make([]Conflict, len(list))
	for i, c := range list {
		values := make([]Claimant, len(c.Values))
		for k, claim := range c.Values {
			claim.Value = m.value(c.Field[strings.LastIndex(c.Field, ".")+1:], claim.Value)
			values[k] = claim
		}
		c.Values = values
		out[i] = c
	}
	return out
}

// value masks what an event or a statement holds: texts by the name of their
// field, else what is written in them. It makes a copy.
func (m *masker) value(field string, v any) any {
	switch v := v.(type) {
	case string:
		return m.named(field, v)
	case []any:
		out := make([]any, 0, len(v))
		for _, item := range v {
			if s, ok := item.(string); !ok || field != fieldNeeds || !healthNeed(s) {
				out = append(out, m.value(field, item))
			}
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for key, item := range v {
			out[key] = m.value(key, item)
		}
		return out
	}
	return v
}

func (m *masker) named(field, s string) string {
	switch {
	case (field == fieldNeeds || field == "need") && healthNeed(s):
		return ""
	case field == "account":
		return MaskAccount(s)
	}
	if mask := masks[m.byField[field]]; mask != nil {
		return mask(s)
	}
	return m.text(s)
}
