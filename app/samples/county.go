package samples

import (
	_ "embed" // the county's cases are part of the program
	"encoding/json"
)

//go:embed county.json
var county []byte

// Told is a case as one unit of the demonstration county tells it: its
// document, and the steps that were taken in it, in their order.
type Told struct {
	At       string          `json:"at"` // hewan, qiaotou or township
	Document json.RawMessage `json:"document"`
	Steps    []Taken         `json:"steps"`
}

// Taken is one step of a case with its fields.
type Taken struct {
	Step   string          `json:"step"`
	Fields json.RawMessage `json:"fields"`
}

// County are the cases of the demonstration county beside Wall: seven weeks up
// to 20 March 2026, the spring festival among them, in every state that a case
// can have. No person, firm or place in them is real.
func County() []Told {
	var out []Told
	if err := json.Unmarshal(county, &out); err != nil {
		panic("embedded county: " + err.Error()) // part of the program, read by its tests
	}
	return out
}
