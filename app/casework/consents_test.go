package casework_test

import (
	"slices"
	"testing"

	"hejie/app/casework/data"
	"hejie/app/tables"
)

// TestPurposesAreTheTables: what can be recorded of a party is what the table of
// consents asks for, under the same names; a step may know more.
func TestPurposesAreTheTables(t *testing.T) {
	for _, row := range tables.Default().Consents().Rows {
		list := "consent"
		if row.Kind == tables.ConsentNotice {
			list = "notice"
		}
		if !slices.ContainsFunc(data.List(list), func(c data.Code) bool { return c.Code == row.ID }) {
			t.Errorf("%s can't be recorded: no %s of that name", row.ID, list)
		}
	}
}
