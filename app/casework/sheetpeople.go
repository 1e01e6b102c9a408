package casework

import (
	"strings"

	"hejie/app/casework/data"
)

func (w sheetWriter) parties(v CaseView) []SheetItem {
	var out []SheetItem
	for _, p := range v.Parties {
		out = append(out, SheetItem{Label: w.code("side", p.Side), Value: p.Name, Items: w.onePerson(p, v.ReceivedAt)})
	}
	return out
}

func (w sheetWriter) onePerson(p Party, received string) []SheetItem {
	var items []SheetItem
	add := func(field, value string) { items = append(items, w.item(field, value)...) }
	add("alias", p.Alias)
	add("kind", w.code("kind", p.Kind))
	add("sex", w.code("sex", p.Sex))
	add("ethnicity", w.code("ethnicity", p.Ethnicity))
	add("birth_date", w.at(p.BirthDate))
	add("id_kind", w.code("id_kind", p.IDKind))
	add("id_number", p.IDNumber)
	add("phone", p.Phone)
	add("contact", w.several(p.Contact, p.ContactPhone))
	add("address", p.Address)
	add("occupation", p.Occupation)
	add("legal_representative", p.LegalRepresentative)
	add("capacity", w.capacity(p, received))
	items = append(items, w.agent(p.Agent)...)
	items = append(items, w.guardian(p.Guardian)...)
	if r := p.RepresentedBy; r != nil {
		add(fieldRepresented, w.several(strings.Join(r.Names, w.comma()), w.settles(r.MaySettle), w.at(r.ChosenOn)))
	}
	add("needs", w.codes("need", p.Needs))
	return append(items, w.delivery(p.Delivery)...)
}

// several joins what is there.
func (w sheetWriter) several(parts ...string) string {
	var out []string
	for _, s := range parts {
		if s != "" {
			out = append(out, s)
		}
	}
	if w.lang == data.English {
		return strings.Join(out, ", ")
	}
	return strings.Join(out, "，")
}

// capacity is the recorded one; where the age alone takes it away, that is said.
func (w sheetWriter) capacity(p Party, received string) string {
	if p.Capacity != "" {
		return w.code("capacity", p.Capacity)
	}
	if counts := p.CapacityOn(received); counts != CapacityFull {
		return data.Text(w.lang, "sheet.computed", map[string]string{"capacity": w.code("capacity", counts)})
	}
	return ""
}

func (w sheetWriter) agent(a *Agent) []SheetItem {
	if a == nil {
		return nil
	}
	out := w.item(fieldAgent, data.Text(w.lang, "sheet.agent", map[string]string{
		"name": a.Name, "kind": w.code("agent_kind", a.Kind), "authority": w.code("authority", a.Authority),
	}))
	var below []SheetItem
	below = append(below, w.item("powers", w.several(w.codes("agent_power", a.Powers), a.PowersNote))...)
	below = append(below, w.item("until", w.at(a.Until))...)
	out[0].Items = append(below, w.document(a.IDKind, a.IDNumber, a.Phone)...)
	return out
}

func (w sheetWriter) guardian(g *Guardian) []SheetItem {
	if g == nil {
		return nil
	}
	out := w.item(fieldGuardian, data.Text(w.lang, "sheet.guardian", map[string]string{
		"name": g.Name, "relation": w.code("guardian_relation", g.Relation),
	}))
	out[0].Items = w.document(g.IDKind, g.IDNumber, g.Phone)
	return out
}

// document is how another person is known and reached.
func (w sheetWriter) document(kind, number, phone string) []SheetItem {
	out := w.item("id_number", w.several(w.code("id_kind", kind), number))
	return append(out, w.item("phone", phone)...)
}

func (w sheetWriter) delivery(d *Delivery) []SheetItem {
	if d == nil {
		return nil
	}
	out := w.item(fieldDelivery, w.several(d.Recipient, d.Address, d.Phone))
	if len(out) == 0 {
		return nil
	}
	out[0].Items = append(out[0].Items, w.item("electronic", w.several(w.saidYesNo(d.Electronic), d.ElectronicTo))...)
	out[0].Items = append(out[0].Items, w.item("confirmed_on", w.at(d.ConfirmedOn))...)
	return out
}

func (w sheetWriter) saidYesNo(b *bool) string {
	switch {
	case b == nil:
		return ""
	case *b:
		return data.Text(w.lang, "sheet.yes", nil)
	}
	return data.Text(w.lang, "sheet.no", nil)
}

func (w sheetWriter) settles(b *bool) string {
	if b != nil && *b {
		return data.Text(w.lang, "sheet.settle", nil)
	}
	return data.Text(w.lang, "sheet.settle_not", nil)
}
