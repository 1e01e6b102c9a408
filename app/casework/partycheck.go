package casework

import (
	"slices"
	"time"

	"hejie/app/casework/data"
	"hejie/sync/crdt"
)

// PowerSettle is the power to admit, change or waive claims, which only a
// special authority gives (民事诉讼法 art. 62); PowerSign that to take part and
// sign the papers (form F04).
const (
	PowerSettle = "admit_change_waive"
	PowerSign   = "take_part_sign"
	powerOther  = "other"
)

// Reasons of a FieldError about people.
const (
	codePowersGeneral = "powers_general" // a power that a general authority does not give
	codeAmbiguous     = "ambiguous"      // a name that several parties bear
	codeOneself       = "oneself"        // a party that is to represent itself
	codeOtherSide     = "other_side"     // a representative from another side
	codeChain         = "chain"          // a representative who is represented
)

const authoritySpecial = "special"

// parts judges what belongs together in a value of several fields.
func (c *checker) parts(path, name string, fields map[string]crdt.Value) {
	phone := str(fields["phone"])
	if phone != "" && !phoneForm.MatchString(normalNumber(phone)) {
		c.warn(join(path, "phone"), "phone_form")
	}
	switch name {
	case fieldAgent:
		c.agent(path, fields)
	case fieldDelivery:
		if fields["electronic"] == true && str(fields["electronic_to"]) == "" && phone == "" {
			c.warn(join(path, "electronic_to"), "delivery_electronic")
		}
	}
}

func (c *checker) agent(path string, fields map[string]crdt.Value) {
	powers := strs(fields["powers"])
	special := str(fields["authority"]) == authoritySpecial
	switch settles := slices.Contains(powers, PowerSettle); {
	case settles && !special && str(fields["authority"]) != "":
		c.fail(join(path, "powers"), codePowersGeneral)
	case !settles && special && len(powers) > 0:
		c.warn(join(path, "powers"), "powers_special")
	}
	if slices.Contains(powers, powerOther) && str(fields["powers_note"]) == "" {
		c.warn(join(path, "powers_note"), "powers_other")
	}
}

// people judges a party's capacity, guardian, agent and ways to reach it. It
// only warns; day is when the case came in, "" where that is unknown.
func (c *checker) people(path string, p *Party, received time.Time) {
	day := ""
	if !received.IsZero() {
		day = received.In(beijing).Format(dayLayout)
	}
	if p.ContactPhone != "" && !phoneForm.MatchString(normalNumber(p.ContactPhone)) {
		c.warn(join(path, "contact_phone"), "phone_form")
	}
	if p.ContactPhone != "" && p.Contact == "" {
		c.warn(join(path, "contact"), "contact_missing")
	}
	if a := p.Agent; a != nil && a.Until != "" && day != "" && a.Until < day {
		c.warn(join(path, "agent.until"), "agent_expired", "value", a.Until)
	}
	if p.Kind != kindPerson {
		if p.Guardian != nil || p.Capacity != "" {
			c.warn(path, "capacity_person")
		}
		return
	}
	c.capacity(path, p, day)
}

// capacity looks for the guardian whom the law wants (民法典 arts. 19 to 23,
// 27, 28, 34), and for a capacity that the age does not bear out.
func (c *checker) capacity(path string, p *Party, day string) {
	ages := data.Persons().Ages
	age, known := p.AgeOn(day)
	minor, counts := p.MinorOn(day), p.CapacityOn(day)
	switch {
	case p.Guardian == nil && minor && counts != CapacityFull:
		c.warn(join(path, fieldGuardian), "guardian_minor")
	case p.Guardian == nil && counts != CapacityFull:
		c.warn(join(path, fieldGuardian), "guardian_capacity")
	case p.Guardian != nil && counts == CapacityFull:
		c.warn(join(path, fieldGuardian), "guardian_odd")
	case p.Guardian != nil && minor && (p.Guardian.Relation == "spouse" || p.Guardian.Relation == "child"):
		c.warn(join(path, "guardian.relation"), "guardian_relation")
	}
	if p.Guardian != nil && p.Guardian.Name == p.Name {
		c.warn(join(path, "guardian.name"), "guardian_oneself")
	}
	switch {
	case known && age < ages.EarnsFrom && p.Capacity == CapacityFull:
		c.warn(join(path, "capacity"), "capacity_age")
	case known && age < ages.FullFrom && p.Capacity == CapacityFull:
		c.warn(join(path, "capacity"), "capacity_earns")
	case known && age < ages.NoneBelow && p.Capacity == CapacityLimited:
		c.warn(join(path, "capacity"), "capacity_age")
	}
}
