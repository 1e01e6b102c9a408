package tables

// Where a duty towards a party comes from.
const (
	DutyLaw      = "law"      // an article asks for it
	DutyPractice = "practice" // good practice that an article supports
)

// NeedIDs are the needs of a party that the program names.
func NeedIDs() []string {
	return []string{"elderly", "vision", "hearing", "speech", "mobility", "illiterate", "language", "dialect", "mental", "minor"}
}

// Needs is the table of what is owed to a party with a need.
type Needs struct {
	Rows []Need `json:"needs"`
}

// Need is one need and what is then owed.
type Need struct {
	ID    string     `json:"id"`
	Zh    string     `json:"zh"`
	En    string     `json:"en"`
	Items []NeedItem `json:"items"`
}

// Name is the need's name in the language.
func (n Need) Name(lang string) string { return Text{n.Zh, n.En}.In(lang) }

func (n Need) rowID() string { return n.ID }

// NeedItem is one thing that is owed.
type NeedItem struct {
	ID      string `json:"id"` // unique in the whole table
	Zh      string `json:"zh"`
	En      string `json:"en"`
	Duty    string `json:"duty"` // DutyLaw, DutyPractice
	Article Text   `json:"article"`
	Source  string `json:"source"`
}

// Text is what is owed, in the language.
func (n NeedItem) Text(lang string) string { return Text{n.Zh, n.En}.In(lang) }

func (n NeedItem) rowID() string { return n.ID }

func (t *Needs) check() error {
	if err := first(checkIDs("needs", t.Rows), checkHas("needs", t.Rows, NeedIDs())); err != nil {
		return err
	}
	seen := map[string]bool{}
	for i, n := range t.Rows {
		row := label("needs", i, n.ID)
		if err := checkIDs(row+".items", n.Items); err != nil {
			return err
		}
		for j, item := range n.Items {
			place := row + "." + label("items", j, item.ID)
			if seen[item.ID] {
				return &Error{Row: place, Code: CodeDuplicate, Params: map[string]string{"value": item.ID}}
			}
			seen[item.ID] = true
			if err := checkAmong(place+".duty", []string{item.Duty}, []string{DutyLaw, DutyPractice}); err != nil {
				return err
			}
		}
	}
	return nil
}
