package casework

import "hejie/sync/crdt"

// documentOf makes a document from checked fields, and partyOf and agentOf its
// parts; fields, partyFields and agentFields are the way back.
func documentOf(f map[string]crdt.Value) Document {
	d := Document{
		ExternalID: str(f["external_id"]), Category: str(f["category"]), Source: str(f["source"]),
		Title: str(f["title"]), ReceivedAt: str(f["received_at"]), Facts: str(f["facts"]),
		Claims: str(f["claims"]), Place: str(f["place"]), Tags: strs(f["tags"]), laterFields: laterOf(f),
	}
	if v, ok := f["amount_fen"].(int64); ok {
		d.AmountFen = &v
	}
	list, _ := f["parties"].([]crdt.Value)
	for _, item := range list {
		fields, _ := item.(map[string]crdt.Value)
		d.Parties = append(d.Parties, partyOf(fields))
	}
	return d
}

func partyOf(f map[string]crdt.Value) Party {
	return Party{
		Side: str(f["side"]), Kind: str(f["kind"]), Name: str(f["name"]), Sex: str(f["sex"]),
		Ethnicity: str(f["ethnicity"]), BirthDate: str(f["birth_date"]), IDKind: str(f["id_kind"]),
		IDNumber: str(f["id_number"]), Phone: str(f["phone"]), Contact: str(f["contact"]),
		Address: str(f["address"]), Occupation: str(f["occupation"]),
		LegalRepresentative: str(f["legal_representative"]), Agent: agentOf(f[fieldAgent]), Needs: strs(f[fieldNeeds]),
		Alias: str(f["alias"]), ContactPhone: str(f["contact_phone"]), Capacity: str(f["capacity"]),
		Guardian: guardianOf(f[fieldGuardian]), RepresentedBy: representationOf(f[fieldRepresented]), Delivery: deliveryOf(f[fieldDelivery]),
	}
}

func agentOf(v crdt.Value) *Agent {
	f, ok := v.(map[string]crdt.Value)
	if !ok {
		return nil
	}
	return &Agent{
		Name: str(f["name"]), Kind: str(f["kind"]), Authority: str(f["authority"]), Powers: strs(f["powers"]), PowersNote: str(f["powers_note"]),
		IDKind: str(f["id_kind"]), IDNumber: str(f["id_number"]), Phone: str(f["phone"]), Until: str(f["until"]),
	}
}

func guardianOf(v crdt.Value) *Guardian {
	f, ok := v.(map[string]crdt.Value)
	if !ok {
		return nil
	}
	return &Guardian{Name: str(f["name"]), Relation: str(f["relation"]), IDKind: str(f["id_kind"]), IDNumber: str(f["id_number"]), Phone: str(f["phone"])}
}

func representationOf(v crdt.Value) *Representation {
	f, ok := v.(map[string]crdt.Value)
	if !ok {
		return nil
	}
	return &Representation{Names: strs(f[fieldNames]), MaySettle: truth(f["may_settle"]), ChosenOn: str(f["chosen_on"])}
}

func deliveryOf(v crdt.Value) *Delivery {
	f, ok := v.(map[string]crdt.Value)
	if !ok {
		return nil
	}
	return &Delivery{
		Recipient: str(f["recipient"]), Address: str(f["address"]), Phone: str(f["phone"]),
		Electronic: truth(f["electronic"]), ElectronicTo: str(f["electronic_to"]), ConfirmedOn: str(f["confirmed_on"]),
	}
}

// registers are the document's ordinary fields by name; what is empty is left out.
func (d Document) registers() map[string]crdt.Value {
	out := texts(map[string]string{
		"external_id": d.ExternalID, "category": d.Category, "source": d.Source, "title": d.Title,
		"received_at": d.ReceivedAt, "claims": d.Claims, "place": d.Place,
	})
	if d.AmountFen != nil {
		out["amount_fen"] = *d.AmountFen
	}
	d.laterFields.registers(out)
	return out
}

// registers are the party's fields but its needs, by name.
func (p Party) registers() map[string]crdt.Value {
	out := texts(map[string]string{
		"side": p.Side, "kind": p.Kind, "name": p.Name, "sex": p.Sex, "ethnicity": p.Ethnicity,
		"birth_date": p.BirthDate, "id_kind": p.IDKind, "id_number": p.IDNumber, "phone": p.Phone,
		"contact": p.Contact, "address": p.Address, "occupation": p.Occupation,
		"legal_representative": p.LegalRepresentative, "alias": p.Alias, "contact_phone": p.ContactPhone, "capacity": p.Capacity,
	})
	if a := p.Agent; a != nil {
		out[fieldAgent] = a.value()
	}
	if g := p.Guardian; g != nil {
		out[fieldGuardian] = texts(map[string]string{"name": g.Name, "relation": g.Relation, "id_kind": g.IDKind, "id_number": g.IDNumber, "phone": g.Phone})
	}
	if r := p.RepresentedBy; r != nil {
		out[fieldRepresented] = r.value()
	}
	if d := p.Delivery; d != nil {
		out[fieldDelivery] = d.value()
	}
	return out
}

func (a *Agent) value() crdt.Value {
	// The first three are always there, as older programs wrote them.
	out := texts(map[string]string{"powers_note": a.PowersNote, "id_kind": a.IDKind, "id_number": a.IDNumber, "phone": a.Phone, "until": a.Until})
	out["name"], out["kind"], out["authority"] = a.Name, a.Kind, a.Authority
	if len(a.Powers) > 0 {
		out["powers"] = values(sorted(a.Powers))
	}
	return out
}

func (r *Representation) value() crdt.Value {
	out := texts(map[string]string{"chosen_on": r.ChosenOn})
	out[fieldNames] = values(r.Names)
	if r.MaySettle != nil {
		out["may_settle"] = *r.MaySettle
	}
	return out
}

func (d *Delivery) value() crdt.Value {
	out := texts(map[string]string{"recipient": d.Recipient, "address": d.Address, "phone": d.Phone, "electronic_to": d.ElectronicTo, "confirmed_on": d.ConfirmedOn})
	if d.Electronic != nil {
		out["electronic"] = *d.Electronic
	}
	return out
}

func texts(in map[string]string) map[string]crdt.Value {
	out := map[string]crdt.Value{}
	for name, s := range in {
		if s != "" {
			out[name] = s
		}
	}
	return out
}

func str(v crdt.Value) string {
	s, _ := v.(string)
	return s
}

func strs(v crdt.Value) []string {
	list, _ := v.([]crdt.Value)
	var out []string
	for _, item := range list {
		if s, ok := item.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

func values(in []string) []crdt.Value {
	out := make([]crdt.Value, len(in))
	for i, s := range in {
		out[i] = s
	}
	return out
}

// truth tells "not said" (nil) from "no".
func truth(v crdt.Value) *bool {
	b, ok := v.(bool)
	if !ok {
		return nil
	}
	return &b
}
