package api

// RepeatList is what else looks like a case's dispute come again.
type RepeatList struct {
	Items   []Repeat `json:"items"`
	Days    int      `json:"days" doc:"how far apart the cases may have come in by the table repeats; 0: however far"`
	More    bool     `json:"more,omitempty" doc:"there may be more than were looked at"`
	LeftOut []Reason `json:"left_out,omitempty" doc:"cases that could not be read and were not compared"`
}

// Repeat is another case in the same category, readable here whole or as its
// digest, with some of the same people. It is a hint for a person: nothing
// depends on it, and a unit that lies can make a wrong one.
type Repeat struct {
	Case        string   `json:"case"`
	Like        string   `json:"like" enum:"dispute,person" doc:"dispute: at least two people who stand on different sides; person: one of them"`
	Ground      string   `json:"ground" enum:"same_number,mark,same_name" doc:"the weakest on which it rests"`
	GroundLabel Label    `json:"ground_label"`
	People      int      `json:"people" doc:"how many are the same"`
	Unit        string   `json:"unit"`
	UnitName    string   `json:"unit_name"`
	Category    string   `json:"category"`
	ReceivedOn  string   `json:"received_on" doc:"a Beijing day; of a digest the month"`
	State       State    `json:"state"`
	Title       string   `json:"title,omitempty" doc:"where the other case is readable here"`
	Names       []string `json:"names,omitempty" doc:"who is the same, where the other case is readable here"`
}
