package station

import (
	"encoding/hex"

	"hejie/app/casework"
	"hejie/store"
	"hejie/sync/replica"
	"hejie/sync/seal"
)

// Rows by which a case is found that may be the same dispute as another.
var (
	// rowMarkPrefix: mark, case → nothing; of every digest, whether the case is
	// held whole or not.
	rowMarkPrefix = []byte("mark/")
	// rowPeoplePrefix: hash of a number or name with the category, case → nothing;
	// of cases held whole.
	rowPeoplePrefix = []byte("who/")
)

// personKeySize is how much of a hash is kept: enough that no two meet by chance.
const personKeySize = 16

// maxRowPeople bounds the keys of one case: a number and two names a party.
const maxRowPeople = 3 * casework.MaxParties

// personKeys are the hashes by which a case's parties are found. Numbers and
// names lie in the case's row beside them, in the same encrypted rows; hashes
// make keys of one short length.
func personKeys(people []casework.Someone, category string) [][]byte {
	var out [][]byte
	seen := map[string]bool{}
	for _, p := range people {
		for _, text := range p.Keys(category) {
			if seen[text] || len(out) == maxRowPeople {
				continue
			}
			seen[text] = true
			out = append(out, personKey(text))
		}
	}
	return out
}

func personKey(text string) []byte {
	h := seal.Hash("hejie person v1", []byte(text))
	return h[:personKeySize]
}

// markRows writes the rows of a digest's marks in the place of those before.
func markRows(rows replica.Rows, of store.ID, before, now []string) error {
	for _, k := range markKeys(before, of) {
		if err := rows.Delete(k); err != nil {
			return err
		}
	}
	for _, k := range markKeys(now, of) {
		if err := rows.Put(k, nil); err != nil {
			return err
		}
	}
	return nil
}

func markKeys(marks []string, of store.ID) [][]byte {
	var out [][]byte
	for _, m := range marks {
		if b, err := hex.DecodeString(m); err == nil {
			out = append(out, rowOf(rowMarkPrefix, b, of[:]))
		}
	}
	return out
}
