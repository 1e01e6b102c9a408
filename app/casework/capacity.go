package casework

import (
	"time"

	"hejie/app/casework/data"
)

// Capacities for civil acts (table capacity; 民法典 arts. 17 to 22).
const (
	CapacityFull    = "full"
	CapacityLimited = "limited"
	CapacityNone    = "none"
)

const kindPerson = "person"

// born is the birth date of a person: as recorded, or as a resident number
// says; false where neither tells.
func (p Party) born() (time.Time, bool) {
	if t, ok := parseDay(p.BirthDate); ok {
		return t, true
	}
	if p.IDKind == "resident" {
		if code, birth, _, _ := checkResident(normalNumber(p.IDNumber)); code == "" && p.IDNumber != "" {
			return parseDay(birth)
		}
	}
	return time.Time{}, false
}

// AgeOn is the party's age in full years on a day (2026-03-10 or an instant
// with zone), counted from the birthday on; false where it is not a person,
// its birth is not recorded, or the day lies before it.
func (p Party) AgeOn(day string) (int, bool) {
	on, ok := parseDay(BeijingDay(day))
	birth, known := p.born()
	if !ok || !known || p.Kind != kindPerson || on.Before(birth) {
		return 0, false
	}
	years := on.Year() - birth.Year()
	if on.Month() < birth.Month() || on.Month() == birth.Month() && on.Day() < birth.Day() {
		years--
	}
	return years, true
}

// CapacityOn tells which capacity counts on a day: the recorded one, else that
// of the age, else limited where the party is marked as a minor. Of whom
// nothing is known is of full capacity, as every adult is presumed to be
// (民法典 arts. 17 to 20, 24: only a court finds otherwise).
func (p Party) CapacityOn(day string) string {
	ages := data.Persons().Ages
	if p.Kind != kindPerson {
		return CapacityFull
	}
	if p.Capacity != "" {
		return p.Capacity
	}
	age, known := p.AgeOn(day)
	switch {
	case known && age < ages.NoneBelow:
		return CapacityNone
	case known && age < ages.FullFrom, !known && hasCode(p.Needs, "minor"):
		return CapacityLimited
	}
	return CapacityFull
}

// MinorOn reports whether the party is known to be under age on a day.
func (p Party) MinorOn(day string) bool {
	if age, known := p.AgeOn(day); known {
		return age < data.Persons().Ages.FullFrom
	}
	return p.Kind == kindPerson && hasCode(p.Needs, "minor")
}

// ChildOn reports whether every datum about the party is sensitive because of
// its age (个人信息保护法 art. 28). A minor of unknown age counts as a child.
func (p Party) ChildOn(day string) bool {
	if age, known := p.AgeOn(day); known {
		return age < data.Persons().Ages.ChildBelow
	}
	return p.Kind == kindPerson && hasCode(p.Needs, "minor")
}

func hasCode(list []string, code string) bool {
	for _, c := range list {
		if c == code {
			return true
		}
	}
	return false
}
