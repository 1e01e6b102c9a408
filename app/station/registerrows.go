package station

import (
	"encoding/binary"
	"fmt"

	"hejie/app/register"
	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/replica"
)

// The rows by which registers and numbers are found. Ids are 32 bytes.
var (
	rowRegisterPrefix = []byte("reg/") // owner, register record → nothing
	// rowUsedPrefix: unit, series, 0, year, number, case → nothing. The rows of
	// cases write them (usedNumberKey) for each number that a case bears.
	rowUsedPrefix = []byte("num/")
)

// judgeRegister tells whether the author of a register's operation might write
// it: the unit itself and its station, each part by its roles.
func judgeRegister(a replica.Author, body crdt.Body) string {
	works := a.Relation == replica.Owner || a.Relation == replica.Station
	return register.Judge(body.Changes, roleStrings(a.Roles), works)
}

// registerRows notes whose register a record is.
func registerRows(rec replica.Record, rows replica.Rows) error {
	return rows.Put(registerKey(rec), nil)
}

func registerKey(rec replica.Record) []byte {
	return rowOf(rowRegisterPrefix, rec.Owner[:], rec.ID[:])
}

// usedNumberKey is the row that says that a case of a unit bears a number of a
// series (the one that its numbers are drawn from) and year. n is from 1 to
// numbers.MaxN.
func usedNumberKey(unit store.ID, series string, year int, n int64, of store.ID) []byte {
	return rowOf(usedNumberPrefix(unit, series, year), binary.BigEndian.AppendUint32(nil, uint32(n)), of[:])
}

func usedNumberPrefix(unit store.ID, series string, year int) []byte {
	return rowOf(rowUsedPrefix, unit[:], []byte(series), []byte{0}, fmt.Appendf(nil, "%04d", year))
}

// usedNumbers are the numbers of a series and year that a unit's cases bear,
// each with the cases that bear it: more than one where two desks used a number
// apart, which honest programs don't.
func usedNumbers(rd store.Reader, unit store.ID, series string, year int) (map[int64][]store.ID, error) {
	prefix := usedNumberPrefix(unit, series, year)
	out := map[int64][]store.ID{}
	err := replica.ScanApp(rd, prefix, nil, false, func(k, _ []byte) (bool, error) {
		if rest := k[len(prefix):]; len(rest) == 4+len(store.ID{}) {
			n := int64(binary.BigEndian.Uint32(rest))
			out[n] = append(out[n], store.ID(rest[4:]))
		}
		return true, nil
	})
	return out, err
}
