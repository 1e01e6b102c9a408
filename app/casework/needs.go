package casework

import "hejie/app/tables"

// NeedRow says what is owed to a party with a need: one row for each pair. The
// table of what is owed is published; its words and articles stay with it.
type NeedRow struct {
	Need string // code of table need
	Item string // its id in the published table
	Must bool   // the law demands it; else it is good practice
}

// NeedRows are the rows of the published table of needs.
func NeedRows(t *tables.Needs) []NeedRow {
	var out []NeedRow
	for _, need := range t.Rows {
		for _, item := range need.Items {
			out = append(out, NeedRow{Need: need.ID, Item: item.ID, Must: item.Duty == tables.DutyLaw})
		}
	}
	return out
}

// Done is one thing that was done for a party.
type Done struct {
	Party string // id of the party, or its name where it has none
	Need  string // "" where it serves whatever needs it
	Item  string
	By    string // who did it
	On    string // Beijing day
}

// Owed is one thing that a party's needs ask for, and what became of it.
type Owed struct {
	Party string   `json:"party"` // id of the party; "" in a document that comes in
	Name  string   `json:"name"`
	Item  string   `json:"item"`
	Needs []string `json:"needs"` // that ask for it, in the table's order
	Must  bool     `json:"must"`
	Done  bool     `json:"done"`
	By    string   `json:"by,omitempty"` // of the first that did it
	On    string   `json:"on,omitempty"`
}

// Checklist lists what the needs of the parties ask for, by party and then in
// the order of the table, each item once for a party; what serves two needs is
// done for both. It marks what was done, by whom and when: the earliest counts.
func Checklist(all []Party, done []Done, table []NeedRow) []Owed {
	out := []Owed{}
	for i := range all {
		out = append(out, owed(all, i, done, table)...)
	}
	return out
}

func owed(all []Party, at int, done []Done, table []NeedRow) []Owed {
	p := &all[at]
	var out []Owed
	places := map[string]int{}
	for _, row := range table {
		if !hasCode(p.Needs, row.Need) {
			continue
		}
		i, there := places[row.Item]
		if !there {
			i = len(out)
			places[row.Item] = i
			out = append(out, Owed{Party: p.ID, Name: p.Name, Item: row.Item})
		}
		o := &out[i]
		o.Needs = append(o.Needs, row.Need)
		o.Must = o.Must || row.Must
	}
	for i := range out {
		for _, d := range done {
			if out[i].answeredBy(d, all, at) && (!out[i].Done || d.On < out[i].On) {
				out[i].Done, out[i].By, out[i].On = true, d.By, d.On
			}
		}
	}
	return out
}

// answeredBy reports whether something done is what is owed. A name means a
// party only where no other bears it.
func (o *Owed) answeredBy(d Done, all []Party, at int) bool {
	if d.Item != o.Item || d.Need != "" && !hasCode(o.Needs, d.Need) {
		return false
	}
	if o.Party != "" && d.Party == o.Party {
		return true
	}
	found, why := findParty(all, d.Party)
	return why == "" && found == at
}
