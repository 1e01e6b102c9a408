package tables

import "slices"

// Bodies is the table of which kinds of bodies receive which matters. The
// bodies themselves are units of the tree; here are only their kinds.
type Bodies struct {
	Sectors []Named `json:"sectors"`
	Rows    []Body  `json:"bodies"`
}

// Body is a family of bodies and what it receives.
type Body struct {
	ID         string   `json:"id"`
	Zh         string   `json:"zh"`
	En         string   `json:"en"`
	Kinds      []string `json:"kinds"`                // codes of bodies, such as gh
	Sectors    []string `json:"sectors"`              // of Bodies.Sectors
	Categories []string `json:"categories,omitempty"` // of disputes; absent: by tags or sectors alone
	Tags       []string `json:"tags,omitempty"`       // of cases, such as veteran
	Certain    bool     `json:"certain,omitempty"`    // the source was read; otherwise to be checked locally
	Source     string   `json:"source"`
}

// Name is the row's name in the language.
func (b Body) Name(lang string) string { return Text{b.Zh, b.En}.In(lang) }

func (b Body) rowID() string { return b.ID }

// Categories are the codes of the program's categories of disputes. Every one
// has a receiver in a bodies table; a table may name more.
func Categories() []string {
	return []string{"01", "02", "03", "04", "05", "06", "07", "08", "09", "10a", "10b", "11", "12a", "12b", "13", "14", "15", "99"}
}

func (t *Bodies) check() error {
	if err := first(checkIDs("sectors", t.Sectors), checkIDs("bodies", t.Rows)); err != nil {
		return err
	}
	var received []string
	for i, b := range t.Rows {
		row := label("bodies", i, b.ID)
		err := first(
			checkCodes(row+".kinds", b.Kinds),
			checkAmong(row+".sectors", b.Sectors, ids(t.Sectors)),
			checkCodes(row+".categories", b.Categories),
			checkCodes(row+".tags", b.Tags),
		)
		if err != nil {
			return err
		}
		received = append(received, b.Categories...)
	}
	for _, c := range Categories() {
		if !slices.Contains(received, c) {
			return &Error{Row: "bodies", Code: CodeUnassigned, Params: map[string]string{"value": c}}
		}
	}
	return nil
}

// receivers are the rows for a category and tags: first those that a tag
// names, then those of the category with the fewest categories, since they
// are the more special, and in the order of the table.
func (t *Bodies) receivers(category string, tags []string) []Body {
	var byTag, byCategory []Body
	for _, b := range t.Rows {
		switch {
		case slices.ContainsFunc(b.Tags, func(tag string) bool { return slices.Contains(tags, tag) }):
			byTag = append(byTag, b)
		case slices.Contains(b.Categories, category):
			byCategory = append(byCategory, b)
		}
	}
	slices.SortStableFunc(byCategory, func(a, b Body) int { return len(a.Categories) - len(b.Categories) })
	return append(byTag, byCategory...)
}
