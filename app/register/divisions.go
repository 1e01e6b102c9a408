package register

// DivisionOn is a division's name and whether it stood on a day, as the
// register's changes tell; false where they say nothing of it. Figures go by
// the code at the time of the case (DOMAIN 5.3).
func (v Register) DivisionOn(code, day string) (DivisionChange, bool) {
	for _, d := range v.Divisions {
		if d.Code == code && (d.From == "" || d.From <= day) && (d.To == "" || day <= d.To) {
			return d, true
		}
	}
	return DivisionChange{}, false
}

// SuccessorOn follows mergers: the code under which a division goes on a day.
// A code of which nothing is known, or that stands, is its own.
func (v Register) SuccessorOn(code, day string) string {
	seen := map[string]bool{}
	for !seen[code] {
		seen[code] = true
		if _, stands := v.DivisionOn(code, day); stands {
			return code
		}
		next := ""
		for _, d := range v.Divisions {
			if d.Code == code && d.Successor != "" && d.To != "" && d.To < day {
				next = d.Successor // the last one of the order by From
			}
		}
		if next == "" {
			return code
		}
		code = next
	}
	return code // a circle of mergers: nobody can say
}
