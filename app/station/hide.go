package station

import (
	"hejie/sync/oplog"
	"hejie/sync/replica"
)

// Hide implements replica.Policy: it takes back what Rows derived of a record.
// Where a whole case goes, its digest takes its place in lists again.
func (p policy) Hide(rec replica.Record, rows replica.Rows) error {
	switch rec.Kind {
	case oplog.KindCase:
		if err := rows.Delete(rowOf(rowBadCasePrefix, rec.Case[:])); err != nil {
			return err
		}
	case oplog.KindDigest:
		if err := rows.Delete(rowOf(rowBadDigestPrefix, rec.Case[:])); err != nil {
			return err
		}
	}
	return p.hide(rec, rows)
}

// hide is Hide, without what names a record whose rows could not be made.
func (policy) hide(rec replica.Record, rows replica.Rows) error {
	switch rec.Kind {
	case oplog.KindCase:
		if err := hideRow(rows, rowCasePrefix, rec, true); err != nil {
			return err
		}
		if err := compareRow(rows, rowAskedPrefix, rec.ID, nil); err != nil {
			return err
		}
		var dig caseRow
		found, err := getRow(rows, rowOf(rowDigestPrefix, rec.ID[:]), &dig)
		if err != nil || !found {
			return err
		}
		for _, k := range indexKeys(dig, rec.ID) {
			if err := rows.Put(k, nil); err != nil {
				return err
			}
		}
	case oplog.KindDigest:
		if err := compareRow(rows, rowToldPrefix, rec.Case, nil); err != nil {
			return err
		}
		_, whole, err := rows.Get(rowOf(rowCasePrefix, rec.Case[:]))
		if err != nil {
			return err
		}
		var old caseRow
		if _, err := getRow(rows, rowOf(rowDigestPrefix, rec.Case[:]), &old); err != nil {
			return err
		}
		if err := markRows(rows, rec.Case, old.Marks, nil); err != nil {
			return err
		}
		return hideRow(rows, rowDigestPrefix, rec, !whole)
	case oplog.KindRegister:
		return rows.Delete(registerKey(rec))
	}
	return nil
}

// hideRow deletes a case's row and, where it is found by it, its index.
func hideRow(rows replica.Rows, prefix []byte, rec replica.Record, indexed bool) error {
	var old caseRow
	key := rowOf(prefix, rec.Case[:])
	found, err := getRow(rows, key, &old)
	if err != nil || !found {
		return err
	}
	if indexed {
		for _, k := range indexKeys(old, rec.Case) {
			if err := rows.Delete(k); err != nil {
				return err
			}
		}
	}
	return rows.Delete(key)
}
