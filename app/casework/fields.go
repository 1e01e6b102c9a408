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
		LegalRepresentative: str(f["legal_representative"]), Agent: agentOf(f["agent"]), Needs: strs(f["needs"]),
	}
}

func agentOf(v crdt.Value) *Agent {
	f, ok := v.(map[string]crdt.Value)
	if !ok {
		return nil
	}
	return &Agent{Name: str(f["name"]), Kind: str(f["kind"]), Authority: str(f["authority"])}
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
		"legal_representative": p.LegalRepresentative,
	})
	if a := p.Agent; a != nil {
		out["agent"] = map[string]crdt.Value{"name": a.Name, "kind": a.Kind, "authority": a.Authority}
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
