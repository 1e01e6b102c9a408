package casework

import "strings"

// Party is one person or organisation of a case.
type Party struct {
	// ID names the entry in a stored case; empty in documents that come in.
	ID                  string   `json:"id,omitempty"`
	Side                string   `json:"side"`
	Kind                string   `json:"kind"`
	Name                string   `json:"name"`
	Sex                 string   `json:"sex,omitempty"`
	Ethnicity           string   `json:"ethnicity,omitempty"`
	BirthDate           string   `json:"birth_date,omitempty"`
	IDKind              string   `json:"id_kind,omitempty"`
	IDNumber            string   `json:"id_number,omitempty"`
	Phone               string   `json:"phone,omitempty"`
	Contact             string   `json:"contact,omitempty"` // who is called in the party's place, often a village cadre
	Address             string   `json:"address,omitempty"`
	Occupation          string   `json:"occupation,omitempty"`
	LegalRepresentative string   `json:"legal_representative,omitempty"`
	Agent               *Agent   `json:"agent,omitempty"`
	Needs               []string `json:"needs,omitempty"`

	Alias        string `json:"alias,omitempty"` // a former or other name
	ContactPhone string `json:"contact_phone,omitempty"`
	// Capacity is what was recorded; CapacityOn tells what counts on a day.
	Capacity string    `json:"capacity,omitempty"`
	Guardian *Guardian `json:"guardian,omitempty"`
	// RepresentedBy are the chosen representatives of one among many parties.
	RepresentedBy *Representation `json:"represented_by,omitempty"`
	Delivery      *Delivery       `json:"delivery,omitempty"`
}

// Agent acts for a party (form F04).
type Agent struct {
	Name       string   `json:"name"`
	Kind       string   `json:"kind"`
	Authority  string   `json:"authority"`
	Powers     []string `json:"powers,omitempty"`      // codes of agent_power, as the party ticked them
	PowersNote string   `json:"powers_note,omitempty"` // what the power "other" is
	IDKind     string   `json:"id_kind,omitempty"`
	IDNumber   string   `json:"id_number,omitempty"`
	Phone      string   `json:"phone,omitempty"`
	Until      string   `json:"until,omitempty"` // last day of the authority
}

// Guardian is the statutory agent of a minor or of an adult who lacks full
// capacity (民法典 arts. 23, 27, 28, 34).
type Guardian struct {
	Name     string `json:"name"`
	Relation string `json:"relation"`
	IDKind   string `json:"id_kind,omitempty"`
	IDNumber string `json:"id_number,omitempty"`
	Phone    string `json:"phone,omitempty"`
}

// Representation tells whom one of many parties chose to speak for it
// (民事诉讼法 art. 56).
type Representation struct {
	// Names are parties of the same side: a name, or #n for the n-th party of
	// the case (from 1) where two bear one name.
	Names []string `json:"names"`
	// MaySettle: the party agreed that they settle, change or give up its claims.
	MaySettle *bool  `json:"may_settle,omitempty"`
	ChosenOn  string `json:"chosen_on,omitempty"`
}

// Delivery is where and how papers reach a party (form F19).
type Delivery struct {
	Recipient    string `json:"recipient,omitempty"` // where it is not the party
	Address      string `json:"address"`
	Phone        string `json:"phone,omitempty"`
	Electronic   *bool  `json:"electronic,omitempty"` // papers may come electronically
	ElectronicTo string `json:"electronic_to,omitempty"`
	ConfirmedOn  string `json:"confirmed_on,omitempty"` // the day on which the party signed for it
}

// MaxRepresentatives bounds whom one party may choose. The court's rule is two
// to five (民诉法解释 art. 78); more warn, many more are refused.
const MaxRepresentatives = 10

// maxName bounds the characters of a person's or organisation's name.
const maxName = 100

// partyRules are the fields of a party, in the order in which they are shown.
var partyRules = []fieldRule{
	{name: "side", form: formCode, list: "side", required: true},
	{name: "kind", form: formCode, list: "kind", required: true},
	{name: "name", form: formText, min: 1, max: maxName, required: true},
	{name: "sex", form: formCode, list: "sex"},
	{name: "ethnicity", form: formCode, list: "ethnicity"},
	{name: "birth_date", form: formDate},
	{name: "id_kind", form: formCode, list: "id_kind"},
	{name: "id_number", form: formText, max: 40},
	{name: "phone", form: formText, max: 40},
	{name: "contact", form: formText, max: 100},
	{name: "address", form: formText, max: 300},
	{name: "occupation", form: formText, max: 100},
	{name: "legal_representative", form: formText, max: 100},
	{name: fieldAgent, form: formParts, parts: agentRules},
	{name: fieldNeeds, form: formCodes, list: "need", max: 12},
	{name: "alias", form: formText, max: 100},
	{name: "contact_phone", form: formText, max: 40},
	{name: "capacity", form: formCode, list: "capacity"},
	{name: fieldGuardian, form: formParts, parts: guardianRules},
	{name: fieldRepresented, form: formParts, parts: representationRules},
	{name: fieldDelivery, form: formParts, parts: deliveryRules},
}

// agentRules are the fields of an agent.
var agentRules = []fieldRule{
	{name: "name", form: formText, min: 1, max: maxName, required: true},
	{name: "kind", form: formCode, list: "agent_kind", required: true},
	{name: "authority", form: formCode, list: "authority", required: true},
	{name: "powers", form: formCodes, list: "agent_power", max: 7},
	{name: "powers_note", form: formText, max: 200},
	{name: "id_kind", form: formCode, list: "id_kind"},
	{name: "id_number", form: formText, max: 40},
	{name: "phone", form: formText, max: 40},
	{name: "until", form: formDate},
}

var guardianRules = []fieldRule{
	{name: "name", form: formText, min: 1, max: maxName, required: true},
	{name: "relation", form: formCode, list: "guardian_relation", required: true},
	{name: "id_kind", form: formCode, list: "id_kind"},
	{name: "id_number", form: formText, max: 40},
	{name: "phone", form: formText, max: 40},
}

var representationRules = []fieldRule{
	{name: fieldNames, form: formNames, min: 1, max: MaxRepresentatives, required: true},
	{name: "may_settle", form: formYesNo},
	{name: "chosen_on", form: formDate},
}

var deliveryRules = []fieldRule{
	{name: "recipient", form: formText, max: 100},
	{name: "address", form: formText, min: 1, max: 300, required: true},
	{name: "phone", form: formText, max: 40},
	{name: "electronic", form: formYesNo},
	{name: "electronic_to", form: formText, max: 100},
	{name: "confirmed_on", form: formDate},
}

// canonical is the party without its entry's id, its sets sorted.
func (p Party) canonical() Party {
	p.ID = ""
	p.Needs = sorted(p.Needs)
	if p.Agent != nil {
		a := *p.Agent
		a.Powers = sorted(a.Powers)
		p.Agent = &a
	}
	return p
}

// named reports whether the party bears a name. Spaces around names do not count.
func (p Party) named(name string) bool {
	return strings.TrimSpace(p.Name) == name
}
