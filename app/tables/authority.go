package tables

import "slices"

// Authority is the table of which kinds of bodies may publish which table for
// the units below them.
type Authority struct {
	Rows []Right `json:"tables"`
}

// Right is who may publish one table.
type Right struct {
	ID     string   `json:"id"` // of a table
	Zh     string   `json:"zh"`
	En     string   `json:"en"`
	Bodies []string `json:"bodies"` // codes of bodies, such as sfj
	Source string   `json:"source"`
}

// Name is the table's name in the language.
func (r Right) Name(lang string) string { return Text{r.Zh, r.En}.In(lang) }

func (r Right) rowID() string { return r.ID }

func (t *Authority) check() error {
	if err := first(checkIDs("tables", t.Rows), checkHas("tables", t.Rows, firstNames())); err != nil {
		return err
	}
	for i, r := range t.Rows {
		row := label("tables", i, r.ID)
		if err := first(checkAmong(row, []string{r.ID}, Names()), checkCodes(row+".bodies", r.Bodies)); err != nil {
			return err
		}
	}
	return nil
}

func (t *Authority) may(table, body string) bool {
	r, ok := find(t.Rows, table)
	if !ok { // an authority table from before there was that table
		if own, isAuthority := defaults()[TableAuthority].content.(*Authority); isAuthority {
			r, ok = find(own.Rows, table)
		}
	}
	return ok && slices.Contains(r.Bodies, body)
}

// firstNames are the tables that every authority table has to name: those that
// there were when the first was published. Of later ones it may say nothing,
// and who may publish them is then as the program's own table says, so that a
// newer program does not refuse what an older one took.
func firstNames() []string {
	return slices.DeleteFunc(Names(), func(name string) bool { return name == TableRepeats })
}
