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
	if err := first(checkIDs("tables", t.Rows), checkHas("tables", t.Rows, Names())); err != nil {
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
	return ok && slices.Contains(r.Bodies, body)
}
