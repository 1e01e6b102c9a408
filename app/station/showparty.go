package station

import (
	"hejie/app/api"
	"hejie/app/casework"
)

// showParty turns a party into the API's; its capacity is that of the day on
// which the case came in.
func showParty(p casework.Party, received string) api.PartyView {
	v := api.PartyView{ID: p.ID, Party: api.Party{
		Side: p.Side, Kind: p.Kind, Name: p.Name, Sex: p.Sex, Ethnicity: p.Ethnicity, BirthDate: p.BirthDate,
		IDKind: p.IDKind, IDNumber: p.IDNumber, Phone: p.Phone, Contact: p.Contact, Address: p.Address, Occupation: p.Occupation,
		LegalRepresentative: p.LegalRepresentative, Needs: p.Needs,
		Alias: p.Alias, ContactPhone: p.ContactPhone, Capacity: p.Capacity,
		RepresentedBy: (*api.Representation)(p.RepresentedBy), Delivery: (*api.Delivery)(p.Delivery),
		Agent: (*api.Agent)(p.Agent), Guardian: (*api.Guardian)(p.Guardian),
	}}
	if p.Kind == "person" {
		v.CapacityCounts = p.CapacityOn(received)
	}
	return v
}
