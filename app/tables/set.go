package tables

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
)

// Set are the tables as they stand for one unit: the program's own, overlaid
// with what the units above it published. It never changes; what the
// accessors return is shared and must not be changed either.
type Set struct {
	over      []string    // the masters that stand over the unit; none: as if each stood alone
	published []Published // all that were laid over the defaults, as given
	tables    map[string]*layer
	calendar  *Calendar
}

// layer is one table as it stands.
type layer struct {
	content Content
	origin  Origin
}

// Origin says where a table as it stands comes from. Publisher is empty for
// the program's own.
type Origin struct {
	Publisher string `json:"publisher,omitempty"`
	Body      string `json:"body,omitempty"`
	Version   int    `json:"version"`
	ValidFrom string `json:"valid_from"`
	Source    string `json:"source"`
	// Double: the publisher gave this version twice with different content
	// (two of its desks, apart). One was picked alike everywhere; a person
	// should publish a later version.
	Double bool `json:"double,omitempty"`
}

// With lays publications over the set and returns the new one; the old stays
// as it is. They come in the order from the root downwards: units in the order
// in which each is first named, those of sets before first. Of one unit the
// later version counts, whatever the order; holidays are laid year by year,
// every other table as a
// whole, save for rows that are another master's (masters.go). A unit must be entitled to a table by the
// authority table as the units above it left it. The error is an [*Error] that
// names the first publication that can't stand; then there is no new set.
func (s *Set) With(published []Published) (*Set, error) {
	all := append(slices.Clone(s.published), published...)
	out := &Set{over: s.over, published: all, tables: map[string]*layer{}}
	for name, l := range defaults() {
		out.tables[name] = l
	}
	for _, unit := range byPublisher(all) {
		above := out.authority()
		for _, p := range unit {
			if err := out.allowed(above, p); err != nil {
				return nil, err
			}
		}
		for _, p := range unit {
			out.lay(p)
		}
	}
	out.finish()
	return out, nil
}

func (s *Set) finish() {
	h, _ := s.tables[TableHolidays].content.(*Holidays)
	s.calendar = newCalendar(h.Years)
}

func (s *Set) allowed(above *Authority, p Published) error {
	if p.Content == nil || p.Publisher == "" || p.Body == "" {
		return &Error{Table: p.Table, Code: CodePublisher}
	}
	if !above.may(p.Table, p.Body) {
		return &Error{Table: p.Table, Row: p.Publisher, Code: CodeAuthority, Params: map[string]string{"body": shorten(p.Body)}}
	}
	if m := s.Second(p.Table, p.Body); m != "" {
		return &Error{Table: p.Table, Row: p.Publisher, Code: CodeMaster, Params: map[string]string{"name": m}}
	}
	return nil
}

// byPublisher groups publications by unit in the order of its first, and
// orders each group by version. Two of the same version are ordered by their
// content, so that every node picks the same.
func byPublisher(all []Published) [][]Published {
	var out [][]Published
	for _, p := range all {
		i := slices.IndexFunc(out, func(unit []Published) bool { return unit[0].Publisher == p.Publisher })
		if i < 0 {
			out = append(out, []Published{p})
			continue
		}
		out[i] = append(out[i], p)
	}
	for _, unit := range out {
		slices.SortStableFunc(unit, func(a, b Published) int {
			if c := cmp.Or(cmp.Compare(a.Version, b.Version), cmp.Compare(a.Table, b.Table)); c != 0 {
				return c
			}
			return bytes.Compare(a.bytes(), b.bytes())
		})
	}
	return out
}

// bytes is the document as the program writes it.
func (p Published) bytes() []byte {
	raw, err := json.Marshal(p)
	if err != nil {
		panic("tables: a table that can't be written: " + err.Error())
	}
	return raw
}

func (s *Set) lay(p Published) {
	old := s.tables[p.Table]
	origin := Origin{Publisher: p.Publisher, Body: p.Body, Version: p.Version, ValidFrom: p.ValidFrom, Source: p.Source}
	if old.origin.Publisher == p.Publisher && old.origin.Version == p.Version {
		origin.Double = old.origin.Double || !bytes.Equal(p.bytes(), s.Document(p.Table).bytes())
	}
	content := p.Content
	switch later := content.(type) {
	case *Holidays:
		if here, ok := old.content.(*Holidays); ok {
			content = here.over(later)
		}
	case parted:
		content = later.over(old.content, side{p.Body, s.over})
	}
	s.tables[p.Table] = &layer{content: content, origin: origin}
}

// Document is a table as it stands, as a document: where someone begins who
// wants to publish a changed one. nil for no such table. Its JSON is taken by
// [Parse], save for holidays between whose years one is missing.
func (s *Set) Document(table string) *Published {
	l := s.tables[table]
	if l == nil {
		return nil
	}
	return &Published{
		Table: table, Version: l.origin.Version, ValidFrom: l.origin.ValidFrom, Source: l.origin.Source, Content: l.content,
		Publisher: l.origin.Publisher, Body: l.origin.Body,
	}
}

// Origin says where a table as it stands comes from.
func (s *Set) Origin(table string) Origin {
	if l := s.tables[table]; l != nil {
		return l.origin
	}
	return Origin{}
}

// InForce leaves out what is not valid yet on a day. Holidays are never left
// out: they say themselves of which days they speak, and a period that ends
// next year needs next year's days today. A bad day leaves nothing out.
func InForce(published []Published, today string) []Published {
	if !ValidDay(today) {
		return published
	}
	return slices.DeleteFunc(slices.Clone(published), func(p Published) bool {
		return p.Table != TableHolidays && p.ValidFrom > today
	})
}
