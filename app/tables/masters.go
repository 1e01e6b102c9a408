package tables

import (
	"reflect"
	"slices"
)

// Bodies that the law sets side by side over people's mediation (人民调解法 5): the
// court guides, the justice bureau supervises.
const (
	Court  = "fy"
	Bureau = "sfj"
)

// Masters are both.
func Masters() []string { return []string{Court, Bureau} }

// Of the two, one has each table: the first that the program's own authority
// table names for it. Where none of that kind stands over a unit, the other has
// it. Some tables hold what is of the one and what is of the other; there each
// row has its master, and what the other says of it counts for nothing:
//
//   - clocks and consents: a row names it (authority);
//   - documents: the volume is the bureau's, what goes to a court is the court's;
//   - authority: a row is of who has the table that it speaks of, and the other's
//     right in it stays as it was.
//
// Bodies that are neither (a centre, a judicial office) only refine what both
// leave to them.

// OtherMaster is the court for a bureau, and the bureau for a court.
func OtherMaster(body string) string {
	if body == Court {
		return Bureau
	}
	return Court
}

// parted is a table whose rows have two masters.
type parted interface {
	Content
	// over is the table where it is laid over an earlier one: of each row what
	// its master says.
	over(here Content, by side) Content
	// foreign is the first row of another master in which the table differs from
	// the one here; "" for none.
	foreign(here Content, by side) string
}

// side is a body that publishes, and which masters stand over the unit for
// which it counts.
type side struct {
	body string
	over []string
}

// has reports whether what belongs to a master is the publisher's to say.
func (p side) has(master string) bool {
	return master == "" || master == p.body || !slices.Contains(Masters(), p.body) || !slices.Contains(p.over, master)
}

// Under is the set as it stands for a unit over which bodies of these kinds
// stand, before anything is laid over it.
func (s *Set) Under(bodies []string) *Set {
	out := *s
	out.over = nil
	for _, m := range Masters() {
		if slices.Contains(bodies, m) {
			out.over = append(out.over, m)
		}
	}
	return &out
}

// Over are the masters that stand over the set's unit.
func (s *Set) Over() []string { return s.over }

// Master is the kind of body that has a table where both stand over a unit; ""
// for a table whose rows have two masters.
func Master(table string) string {
	if Parted(table) {
		return ""
	}
	return masterOf(table)
}

// Parted reports whether a table's rows have two masters.
func Parted(table string) bool {
	l := defaults()[table]
	if l == nil {
		return false
	}
	_, two := l.content.(parted)
	return two
}

// masterOf is the first master that the program's own authority table names.
func masterOf(table string) string {
	own, _ := defaults()[TableAuthority].content.(*Authority)
	r, _ := find(own.Rows, table)
	for _, b := range r.Bodies {
		if slices.Contains(Masters(), b) {
			return b
		}
	}
	return ""
}

// Second reports whether a body is a master, and the table the other's: who that
// is, or "".
func (s *Set) Second(table, body string) string {
	if m := Master(table); m != "" && !(side{body, s.over}).has(m) {
		return m
	}
	return ""
}

// Foreign is the first row of a publication that is another master's and differs
// from what stands in the set; "" for none. body is who publishes.
func (s *Set) Foreign(p *Published, body string) string {
	content, two := p.Content.(parted)
	if !two {
		return ""
	}
	return content.foreign(s.tables[p.Table].content, side{body, s.over})
}

// owned is a row that may name whose authority it rests on.
type owned interface {
	identified
	master() string
}

// rowsOver are rows laid over others: each is as its master says. The order is
// that of the later ones; what they may not take away stands behind.
func rowsOver[T owned](here, later []T, by side) (out []T) {
	taken := map[string]bool{}
	for _, r := range later {
		old, known := find(here, r.rowID())
		switch {
		case known && !by.has(old.master()):
			r = old
		case !known && !by.has(r.master()):
			continue
		}
		taken[r.rowID()] = true
		out = append(out, r)
	}
	for _, r := range here {
		if !taken[r.rowID()] && !by.has(r.master()) {
			out = append(out, r)
		}
	}
	return out
}

// rowsForeign is the first row that rowsOver would not take.
func rowsForeign[T owned](list string, here, later []T, by side) string {
	for i, r := range later {
		old, known := find(here, r.rowID())
		if known && !by.has(old.master()) && !reflect.DeepEqual(old, r) || !known && !by.has(r.master()) {
			return label(list, i, r.rowID())
		}
	}
	for i, r := range here {
		if _, there := find(later, r.rowID()); !there && !by.has(r.master()) {
			return label(list, i, r.rowID())
		}
	}
	return ""
}

// wordsOver are the words that rows use: where rows of both stand, those of both.
func wordsOver[T identified](here, later []T, by side) []T {
	if by.has(Court) && by.has(Bureau) {
		return later
	}
	out := slices.Clone(here)
	for _, w := range later {
		if _, known := find(here, w.rowID()); !known {
			out = append(out, w)
		}
	}
	return out
}

func (c Clock) master() string { return c.Authority }

func (t *Clocks) over(content Content, by side) Content {
	here, ok := content.(*Clocks)
	if !ok {
		return t
	}
	return &Clocks{
		Events: wordsOver(here.Events, t.Events, by), Pauses: wordsOver(here.Pauses, t.Pauses, by), Extenders: wordsOver(here.Extenders, t.Extenders, by),
		Rows: rowsOver(here.Rows, t.Rows, by),
	}
}

func (t *Clocks) foreign(content Content, by side) string {
	here, ok := content.(*Clocks)
	if !ok {
		return ""
	}
	return rowsForeign("clocks", here.Rows, t.Rows, by)
}

func (c Consent) master() string { return c.Authority }

func (t *Consents) over(content Content, by side) Content {
	here, ok := content.(*Consents)
	if !ok {
		return t
	}
	return &Consents{Rows: rowsOver(here.Rows, t.Rows, by)}
}

func (t *Consents) foreign(content Content, by side) string {
	here, ok := content.(*Consents)
	if !ok {
		return ""
	}
	return rowsForeign("consents", here.Rows, t.Rows, by)
}

func (t *Documents) over(content Content, by side) Content {
	here, ok := content.(*Documents)
	if !ok {
		return t
	}
	out := *t
	if !by.has(Bureau) {
		out.Volume = here.Volume
	}
	if !by.has(Court) {
		out.Confirmation, out.Folders = here.Confirmation, here.Folders
	}
	return &out
}

func (t *Documents) foreign(content Content, by side) string {
	here, ok := content.(*Documents)
	switch {
	case !ok:
	case !by.has(Bureau) && !reflect.DeepEqual(here.Volume, t.Volume):
		return "volume"
	case !by.has(Court) && !reflect.DeepEqual(here.Confirmation, t.Confirmation):
		return "confirmation_materials"
	case !by.has(Court) && !reflect.DeepEqual(here.Folders, t.Folders):
		return "export_folders"
	}
	return ""
}

func (r Right) master() string { return masterOf(r.ID) }

// keeps is the right as a later table has it, without a change of the other
// master's part in it.
func (r Right) keeps(later Right, by side) Right {
	for _, m := range Masters() {
		had, has := slices.Contains(r.Bodies, m), slices.Contains(later.Bodies, m)
		switch {
		case by.has(m) || had == has:
		case had:
			later.Bodies = append(slices.Clone(later.Bodies), m)
		default:
			later.Bodies = slices.DeleteFunc(slices.Clone(later.Bodies), func(b string) bool { return b == m })
		}
	}
	return later
}

func (t *Authority) over(content Content, by side) Content {
	here, ok := content.(*Authority)
	if !ok {
		return t
	}
	rows := rowsOver(here.Rows, t.Rows, by)
	for i, r := range rows {
		if old, known := find(here.Rows, r.ID); known {
			rows[i] = old.keeps(r, by)
		}
	}
	return &Authority{Rows: rows}
}

func (t *Authority) foreign(content Content, by side) string {
	here, ok := content.(*Authority)
	if !ok {
		return ""
	}
	return rowsForeign("tables", here.Rows, t.Rows, by)
}
