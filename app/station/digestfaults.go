package station

import (
	"bytes"
	"context"
	"fmt"

	"hejie/app/api"
	"hejie/app/casework"
	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/oplog"
	"hejie/sync/replica"
)

// Rows by which a case and its digest are compared: what the case asks for, what
// the digest tells, and the cases where the two differ. Who reads only one of
// them compares nothing.
var (
	rowAskedPrefix   = []byte("ask/") // case → casework.Asked
	rowToldPrefix    = []byte("tell/")
	rowDiffersPrefix = []byte("diff/") // case → nothing
)

// maxMended bounds the projections that one save makes anew beside its own; the
// next save makes the rest.
const maxMended = 16

// maxNamed bounds the cases whose faults status names; it counts them all.
const maxNamed = 20

// compareRow notes one side of the comparison; nil takes it back.
func compareRow(rows replica.Rows, prefix []byte, id store.ID, hash []byte) error {
	key := rowOf(prefix, id[:])
	var err error
	if hash == nil {
		err = rows.Delete(key)
	} else {
		err = rows.Put(key, hash)
	}
	if err != nil {
		return err
	}
	asked, reads, err := rows.Get(rowOf(rowAskedPrefix, id[:]))
	if err != nil {
		return err
	}
	told, has, err := rows.Get(rowOf(rowToldPrefix, id[:]))
	if err != nil {
		return err
	}
	if reads && has && !bytes.Equal(asked, told) {
		return rows.Put(rowOf(rowDiffersPrefix, id[:]), nil)
	}
	return rows.Delete(rowOf(rowDiffersPrefix, id[:]))
}

// compared are a record's accepted operations as casework compares them. What
// this program can't read counts as there and is not judged.
func (ss *Session) compared(rd store.Reader, record store.ID) ([]casework.Compared, error) {
	_, s, err := ss.open.replica.State(rd, record)
	if err != nil {
		return nil, err
	}
	var out []casework.Compared
	err = ss.open.replica.Operations(rd, record, func(w replica.Written) error {
		if !s.Has(w.Op.ID) || w.Late != "" {
			return nil
		}
		c := casework.Compared{Meta: w.Meta, Schema: w.Op.Header.Schema, Changes: w.Body.Changes}
		// A body that is no list of changes is a fault of its author's program, in a
		// projection too: it tells nothing.
		if w.Why != crdt.BrokenBody && (w.Why != 0 || !w.Readable) {
			c.Schema = 0 // no projection has this number
		}
		out = append(out, c)
		return nil
	})
	return out, err
}

// digestFaults compares a case that is read here with its digest. The operations
// of the case are by their ids.
func (ss *Session) digestFaults(rd store.Reader, id, digest store.ID) ([]casework.DigestFault, map[store.ID][]crdt.Change, error) {
	_, differs, err := replica.AppRow(rd, rowOf(rowDiffersPrefix, id[:]))
	if err != nil || !differs {
		return nil, nil, err
	}
	whole, err := ss.compared(rd, id)
	if err != nil {
		return nil, nil, err
	}
	told, err := ss.compared(rd, digest)
	if err != nil {
		return nil, nil, err
	}
	ops := map[store.ID][]crdt.Change{}
	for _, op := range whole {
		ops[op.ID] = op.Changes
	}
	return casework.CompareDigest(whole, told), ops, nil
}

// mend makes anew, in a save of the case, the projections that are missing or
// false, as far as this person may take their steps: whoever projects again and
// has seen the fault takes its place.
func (ss *Session) mend(w *replica.Writer, id, digest store.ID) error {
	faults, ops, err := ss.digestFaults(w.Reader(), id, digest)
	if err != nil || len(faults) == 0 {
		return err
	}
	rec, _, err := ss.open.replica.State(w.Reader(), id)
	if err != nil {
		return err
	}
	room, err := w.Room(digest)
	if err != nil {
		return err
	}
	made, done := 0, map[store.ID]bool{}
	for _, f := range faults {
		shown := projected(ops[f.Case])
		if done[f.Case] || made == maxMended || casework.Judge(shown, ss.actor(rec.Owner, rec.Grants), nil) != nil {
			continue
		}
		// What is made for another weighs on this person's account in the digest, of
		// which at least half is for his own work: what a modified program leaves out
		// may be more than all of it.
		weight := (&crdt.Body{Changes: shown}).Weight(0)
		if room < weight+replica.MaxWeight/2 {
			continue
		}
		room -= weight
		if _, err := w.Append(digest, nil, crdt.Body{Changes: shown}, &f.Case); err != nil {
			return err
		}
		done[f.Case] = true
		made++
	}
	return nil
}

// digestReasons names the cases whose digest lacks something or says another
// thing than the case, with the authors.
func (ss *Session) digestReasons(ctx context.Context) (out []api.Reason, err error) {
	err = ss.view(ctx, func(rd store.Reader) error {
		ids, err := appIDs(rd, rowDiffersPrefix)
		if err != nil {
			return err
		}
		for _, id := range ids[:min(len(ids), maxNamed)] {
			digests, err := ss.open.replica.RecordsOf(rd, id, oplog.KindDigest)
			if err != nil {
				return err
			}
			if len(digests) == 0 {
				continue
			}
			faults, _, err := ss.digestFaults(rd, id, digests[0])
			if err != nil {
				return err
			}
			out = append(out, ss.faultReasons(id, faults)...)
		}
		return nil
	})
	return out, err
}

// faultReasons says each kind of fault of a case once for each author.
func (ss *Session) faultReasons(id store.ID, faults []casework.DigestFault) []api.Reason {
	var out []api.Reason
	said := map[string]bool{}
	for _, f := range faults {
		unit, name := ss.unitName(hexID(f.Unit)), ss.personName(f.Seat)
		key := f.Fault + unit + name
		if said[key] {
			continue
		}
		said[key] = true
		detail := fmt.Sprintf("the figures of case %x lack what %s (%s) wrote: the next save of the case adds it", id[:4], name, unit)
		if f.Fault == casework.DigestFalse {
			detail = fmt.Sprintf("%s (%s) wrote figures of case %x that say another thing than the case: its next save puts them right", name, unit, id[:4])
		}
		out = append(out, api.Reason{Code: "digest_" + f.Fault, Detail: detail, Params: map[string]string{"case": hexID(id), "seat": name, "unit": unit}})
	}
	return out
}
