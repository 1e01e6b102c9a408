package tables

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// idForm is the form of every id: of rows, bodies, categories and forms.
var idForm = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,40}$`)

// label names a row by list, place and id, as [rowPath] does while reading.
func label(list string, i int, id string) string {
	return fmt.Sprintf("%s[%d] (%s)", list, i, shorten(id))
}

// checkMaster holds that a row is of the court or of the bureau, if it says.
func checkMaster(row, authority string) error {
	if authority == "" {
		return nil
	}
	return checkAmong(row+".authority", []string{authority}, Masters())
}

// checkIDs holds that ids are well formed and unique in their list.
func checkIDs[T identified](list string, rows []T) error {
	seen := map[string]bool{}
	for i, r := range rows {
		id := r.rowID()
		if !idForm.MatchString(id) {
			return &Error{Row: label(list, i, id), Code: CodeID, Params: map[string]string{"value": shorten(id)}}
		}
		if seen[id] {
			return &Error{Row: label(list, i, id), Code: CodeDuplicate, Params: map[string]string{"value": id}}
		}
		seen[id] = true
	}
	return nil
}

// checkHas holds that the rows that the program names are there.
func checkHas[T identified](list string, rows []T, need []string) error {
	have := ids(rows)
	for _, id := range need {
		if !slices.Contains(have, id) {
			return &Error{Row: list, Code: CodeLacks, Params: map[string]string{"value": id}}
		}
	}
	return nil
}

// checkAmong holds that values are of those that can stand there, each once.
func checkAmong(row string, values, choices []string) error {
	for i, v := range values {
		if !slices.Contains(choices, v) {
			return &Error{Row: row, Code: CodeChoice, Params: map[string]string{"value": shorten(v), "choices": strings.Join(choices, ", ")}}
		}
		if slices.Contains(values[:i], v) {
			return &Error{Row: row, Code: CodeDuplicate, Params: map[string]string{"value": v}}
		}
	}
	return nil
}

// checkCodes holds that values have the form of codes, each once.
func checkCodes(row string, values []string) error {
	for i, v := range values {
		if !idForm.MatchString(v) {
			return &Error{Row: row, Code: CodeID, Params: map[string]string{"value": shorten(v)}}
		}
		if slices.Contains(values[:i], v) {
			return &Error{Row: row, Code: CodeDuplicate, Params: map[string]string{"value": v}}
		}
	}
	return nil
}

// checkPosition holds that the rows of an order are numbered 1, 2, 3 ….
func checkPosition(row string, i, position int) error {
	if position != i+1 {
		return &Error{Row: row, Code: CodePosition, Params: map[string]string{"value": itoa(position), paramWant: itoa(i + 1)}}
	}
	return nil
}

// first returns the first error.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
