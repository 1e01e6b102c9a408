package tables

// content is a table of a set; every set has every table with its type.
func content[T Content](s *Set, table string) T {
	c, ok := s.tables[table].content.(T)
	if !ok {
		panic("tables: a set without " + table)
	}
	return c
}

func (s *Set) authority() *Authority { return content[*Authority](s, TableAuthority) }

// MayPublish tells whether a kind of body (such as sfj) may publish a table
// for the units below it.
func (s *Set) MayPublish(table, body string) bool {
	return s.authority().may(table, body) && s.Second(table, body) == ""
}

// MayPublish tells the same by the program's own authority table.
func MayPublish(table, body string) bool { return Default().MayPublish(table, body) }

// Rights are who may publish which table.
func (s *Set) Rights() []Right { return s.authority().Rows }

// Calendar is the calendar of the holidays table.
func (s *Set) Calendar() *Calendar { return s.calendar }

// Holidays is the holidays table.
func (s *Set) Holidays() *Holidays { return content[*Holidays](s, TableHolidays) }

// Clock is one clock by its id.
func (s *Set) Clock(id string) (Clock, bool) { return find(s.Clocks().Rows, id) }

// Clocks is the clocks table.
func (s *Set) Clocks() *Clocks { return content[*Clocks](s, TableClocks) }

// Run evaluates a clock of the set by its calendar; see [Run]. An unknown id
// is an [*Error].
func (s *Set) Run(clock string, h History) (Reading, error) {
	c, ok := s.Clock(clock)
	if !ok {
		return Reading{}, &Error{Table: TableClocks, Row: "clocks", Code: CodeLacks, Params: map[string]string{"value": shorten(clock)}}
	}
	return Run(s.calendar, c, h)
}

// Bodies is the bodies table.
func (s *Set) Bodies() *Bodies { return content[*Bodies](s, TableBodies) }

// Receivers are the kinds of bodies for a category of disputes and the tags of
// a case: first those that a tag names, then the more special ones.
func (s *Set) Receivers(category string, tags []string) []Body {
	return s.Bodies().receivers(category, tags)
}

// Documents is the documents table.
func (s *Set) Documents() *Documents { return content[*Documents](s, TableDocuments) }

// Numbering is the numbering table.
func (s *Set) Numbering() *Numbering { return content[*Numbering](s, TableNumbering) }

// Confirmation is the confirmation table.
func (s *Set) Confirmation() *Confirmation { return content[*Confirmation](s, TableConfirmation) }

// Need is what is owed to a party with a need; false for no such need.
func (s *Set) Need(need string) (Need, bool) { return find(s.Needs().Rows, need) }

// Needs is the needs table.
func (s *Set) Needs() *Needs { return content[*Needs](s, TableNeeds) }

// Consent is one purpose by its id.
func (s *Set) Consent(id string) (Consent, bool) { return find(s.Consents().Rows, id) }

// Consents is the consents table.
func (s *Set) Consents() *Consents { return content[*Consents](s, TableConsents) }

// Repeats is the table of repeat disputes.
func (s *Set) Repeats() *Repeats { return content[*Repeats](s, TableRepeats) }
