package casework

import (
	"testing"

	"hejie/app/casework/data"
)

// TestEverySensitiveFieldIsReached: a row that nothing reads would mask nothing.
func TestEverySensitiveFieldIsReached(t *testing.T) {
	p := Party{Agent: &Agent{}, Guardian: &Guardian{}, Delivery: &Delivery{}}
	texts := p.texts()
	seen := map[string]bool{}
	for _, row := range data.Persons().Sensitive {
		if seen[row.Field] {
			t.Errorf("%s is there twice", row.Field)
		}
		seen[row.Field] = true
		switch {
		case row.Field == fieldNeeds && row.Mask == "health", row.Field == "texts" && row.Mask == "text":
		case texts[row.Field] == nil:
			t.Errorf("%s is no text of a party", row.Field)
		case masks[row.Mask] == nil:
			t.Errorf("%s: no mask %s", row.Field, row.Mask)
		}
	}
	for field := range texts {
		if !seen[field] {
			t.Errorf("%s is not in the table", field)
		}
	}
}
