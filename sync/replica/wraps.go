package replica

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"hejie/store"
	"hejie/sync/identity"
	"hejie/sync/oplog"
	"hejie/sync/seal"
)

// audienceKey finds the signer's own audience key for (owner, rule), or makes
// one and seals it to every unit of the audience whose reading key is known. A
// key that a former station of the owner has is passed over: it must not open
// what is written under another.
func (w *Writer) audienceKey(owner store.ID, rule oplog.Audience) (seal.Key, error) {
	which := audienceOf{owner, rule}
	if key, ok := w.ring[which]; ok {
		return key, nil
	}
	units := w.r.audienceUnits(owner, rule)
	if !slices.Contains(units, w.signer.Unit) {
		// Where the author's unit was granted the record it is not of the audience
		// by rule, and must still read what its own seat writes.
		units = append(units, w.signer.Unit)
	}
	seat := w.signer.Seat()
	made, err := ids(w.rd, rowKey(rowAudience, owner[:], []byte{byte(rule)}, seat[:]))
	if err != nil {
		return seal.Key{}, err
	}
	for _, c := range made {
		if of, err := w.rd.Get(rowKey(rowAudience, owner[:], []byte{byte(rule)}, seat[:], c[:])); err != nil {
			return seal.Key{}, err
		} else if len(of) > 0 {
			continue // a record's own
		}
		has, err := w.sealedBySelf(c)
		if err != nil {
			return seal.Key{}, err
		}
		if rule != oplog.AudienceTree && slices.ContainsFunc(has, func(u store.ID) bool { return !slices.Contains(units, u) }) {
			continue
		}
		key, ok, err := w.r.keys.resolve(w.rd, c)
		if err != nil {
			return seal.Key{}, err
		}
		if !ok {
			continue
		}
		w.ring[which] = key
		return key, w.sealTo(key, owner, rule, slices.DeleteFunc(units, func(u store.ID) bool { return slices.Contains(has, u) }))
	}
	key, err := seal.NewKey(w.r.random)
	if err != nil {
		return seal.Key{}, err
	}
	w.ring[which], w.keys[key.Commitment()] = key, key
	return key, w.sealTo(key, owner, rule, units)
}

// sealedBySelf are the units to which the signer sealed a key.
func (w *Writer) sealedBySelf(key store.ID) (units []store.ID, err error) {
	err = w.rd.Scan(rowKey(rowWrapUnit, key[:]), nil, false, func(k, _ []byte) (bool, error) {
		if lastID(k) == w.signer.Seat() {
			units = append(units, store.ID(k[33:65]))
		}
		return true, nil
	})
	return units, err
}

func (w *Writer) sealTo(key seal.Key, owner store.ID, rule oplog.Audience, units []store.ID) error {
	for _, unit := range units {
		if err := w.wrapToUnit(key, owner, unit, rule, nil); err != nil {
			return err
		}
	}
	return nil
}

// audienceUnits are the units that a rule names now, in the order of the tree
// from the owner up; of a digest's rule the owner's masters too.
func (r *Replica) audienceUnits(owner store.ID, rule oplog.Audience) []store.ID {
	units := []store.ID{owner}
	if rule != oplog.AudienceTree {
		if station, ok := r.station(owner); ok && station != owner {
			units = append(units, station)
		}
		return units
	}
	units = append(units, r.ancestors(owner)...)
	if u, ok := r.unit(owner); ok {
		for _, master := range u.Masters() {
			if !slices.Contains(units, master) {
				units = append(units, master)
			}
		}
	}
	return units
}

// readersByRule are the units besides those granted that are to read a record:
// the owner, for a digest those above, and the stations or masters at the log
// heads that its accepted operations name.
func (r *Replica) readersByRule(row recordRow) []store.ID {
	units := []store.ID{row.Owner}
	if row.Audience == oplog.AudienceTree {
		units = append(units, r.ancestors(row.Owner)...)
	}
	for _, u := range row.Served {
		if !slices.Contains(units, u) {
			units = append(units, u)
		}
	}
	return units
}

// keyed are those of them that are to have the audience key under which the
// record's own lies; stations that came later get the record's own alone.
func (r *Replica) keyed(row recordRow) []store.ID {
	if row.Audience != oplog.AudienceTree {
		if row.Served = nil; row.Station != nil {
			row.Served = []store.ID{*row.Station}
		}
	}
	return r.readersByRule(row)
}

// wrapToUnit seals a key to a unit's reading key: an audience key of a rule; of
// rule 0 a granted record's; with both a rule and a record a register's own.
func (w *Writer) wrapToUnit(key seal.Key, owner, unit store.ID, rule oplog.Audience, record *store.ID) error {
	reading := w.r.readingKey(unit)
	if reading == nil {
		return nil // owed: made when the key is known
	}
	wrap := oplog.Wrap{
		Tree: w.r.self.Tree, Seat: w.signer.Seat(), Key: key.Commitment(), Method: oplog.ToUnit,
		For: seal.PublicKeyName(reading), Unit: unit, Owner: owner, Stamp: w.r.clock.Next(), Rule: rule, Record: record,
	}
	if err := wrap.Grease(w.r.random); err != nil {
		return err
	}
	sealed, err := seal.SealTo(w.r.random, reading, wrap.Associated(), key[:])
	if err != nil {
		return fmt.Errorf("sealing a key to unit %x: %w", unit[:4], err)
	}
	wrap.Sealed = sealed
	w.sealed[keyFor{wrap.Key, unit}] = true
	return w.addWrap(wrap)
}

// wrapRegisterKey seals a register's key to the owner and every unit above.
func (w *Writer) wrapRegisterKey(record store.ID, row recordRow, key seal.Key) error {
	units := w.r.readersByRule(row)
	if !slices.Contains(units, w.signer.Unit) {
		units = append(units, w.signer.Unit)
	}
	for _, unit := range units {
		if err := w.wrapToUnit(key, row.Owner, unit, row.Audience, &record); err != nil {
			return err
		}
	}
	return nil
}

func (w *Writer) wrapRecordKey(record store.ID, row recordRow, key, audience seal.Key) error {
	sealed, err := audience.WrapKey(key)
	if err != nil {
		return err
	}
	upper := row.Owner
	if station, ok := w.r.station(row.Owner); ok {
		upper = station
	}
	wrap := oplog.Wrap{
		Tree: w.r.self.Tree, Seat: w.signer.Seat(), Key: key.Commitment(), Method: oplog.UnderAudience,
		For: audience.Commitment(), Unit: upper, Owner: row.Owner, Record: &record, Stamp: w.r.clock.Next(), Sealed: sealed,
	}
	if err := wrap.Grease(w.r.random); err != nil {
		return err
	}
	return w.addWrap(wrap)
}

func (w *Writer) addWrap(wrap oplog.Wrap) error {
	s, err := wrap.Sign(w.signer.Key)
	if err != nil {
		return err
	}
	w.add(store.KindWrap, s.ID, s.Frame)
	return nil
}

// Debt is a wrap that is owed: a reader who lacks a key that this node holds or
// should hold.
type Debt struct {
	Key   store.ID // commitment; of a reading key its public key's name
	Owner store.ID
	Rule  oplog.Audience
	Unit  store.ID
	// Record is the granted record, or the register whose key it is.
	Record *store.ID
	Seat   *identity.Seat // the seat that lacks its unit's reading key
}

// Owed lists the wraps that are missing here.
func (r *Replica) Owed(rd store.Reader) ([]Debt, error) {
	debts, err := r.audienceOwed(rd)
	if err != nil {
		return nil, err
	}
	granted, err := r.grantedOwed(rd)
	if err != nil {
		return nil, err
	}
	odd, err := r.oddOwed(rd)
	if err != nil {
		return nil, err
	}
	listed := map[keyFor]bool{}
	for _, d := range append(debts, granted...) {
		listed[keyFor{d.Key, d.Unit}] = true
	}
	odd = slices.DeleteFunc(odd, func(d Debt) bool { return listed[keyFor{d.Key, d.Unit}] })
	seats, err := r.seatsOwed(rd)
	return slices.Concat(debts, granted, odd, seats), err
}

// audienceOwed lists the units that lack an audience key which their rule gives
// them, or a register's key.
func (r *Replica) audienceOwed(rd store.Reader) ([]Debt, error) {
	var all []Debt
	seen := map[store.ID]bool{}
	err := rd.Scan([]byte{rowAudience}, nil, false, func(k, of []byte) (bool, error) {
		d := Debt{Key: lastID(k), Owner: store.ID(k[1:33]), Rule: oplog.Audience(k[33])}
		if len(of) > 0 {
			record := store.ID(of)
			d.Record = &record
		}
		if !seen[d.Key] {
			seen[d.Key] = true
			all = append(all, d)
		}
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	var debts []Debt
	for _, d := range all {
		units, err := r.keyHolders(rd, d)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(units, r.self.Unit) {
			// What a granted unit made comes by here on its way to the audience. Who is
			// neither of them has nothing to hand on, and is not told what they have.
			if _, ok, err := r.keys.resolve(rd, d.Key); err != nil {
				return nil, err
			} else if !ok {
				continue
			}
		}
		for _, unit := range units {
			if !r.hears(d.Owner, d.Rule, unit) {
				continue
			}
			done, err := r.sealedTo(rd, d.Key, unit, units)
			if err != nil {
				return nil, err
			}
			if !done {
				d.Unit = unit
				debts = append(debts, d)
			}
		}
	}
	return debts, nil
}

// hears reports whether what is sealed to a unit of an audience comes by here:
// to a master beside the tree comes its own alone.
func (r *Replica) hears(owner store.ID, rule oplog.Audience, unit store.ID) bool {
	return r.between(owner, unit) || rule == oplog.AudienceTree && slices.Contains(r.ancestors(owner), r.self.Unit)
}

// keyHolders are the units that are to have an audience key: the owner, by the
// rule of digests those above, and whom the records under the key say.
func (r *Replica) keyHolders(rd store.Reader, d Debt) ([]store.ID, error) {
	units := []store.ID{d.Owner}
	if d.Rule == oplog.AudienceTree {
		units = append(units, r.ancestors(d.Owner)...)
	}
	// Thousands of records may lie under one key: one look for each unit.
	var from []byte
	for {
		var unit *store.ID
		if err := rd.Scan(rowKey(rowServes, d.Key[:]), from, false, func(k, _ []byte) (bool, error) {
			id := store.ID(k[33:65])
			unit = &id
			return false, nil
		}); err != nil {
			return nil, err
		}
		if unit == nil {
			return units, nil
		}
		if !slices.Contains(units, *unit) {
			units = append(units, *unit)
		}
		from = append(rowKey(rowServes, d.Key[:], unit[:]), bytes.Repeat([]byte{0xff}, len(store.ID{})+1)...)
	}
}

// seatsOwed lists the seats of this unit that lack its reading key.
func (r *Replica) seatsOwed(rd store.Reader) ([]Debt, error) {
	unit, ok := r.unit(r.self.Unit)
	if !ok || unit.Reading == nil {
		return nil, nil
	}
	name := seal.PublicKeyName(unit.Reading)
	have := map[store.ID]bool{}
	wraps, err := ids(rd, rowKey(rowWrapKey, name[:]))
	if err != nil {
		return nil, err
	}
	for _, id := range wraps {
		w, err := heldWrap(rd, id)
		if err != nil {
			return nil, err
		}
		// Only this unit's people hold its reading key: nobody else's wrap of it opens.
		if w != nil && w.Wrap.Method == oplog.ToSeat && r.isOf(w.Wrap.Seat, unit.ID) {
			have[w.Wrap.For] = true
		}
	}
	var debts []Debt
	for i := range unit.Seats {
		s := &unit.Seats[i]
		// The first person holds the reading key from the beginning.
		first := s.AdmittedBy == unit.First
		if s.Machine || first || have[seal.PublicKeyName(s.EncKey)] {
			continue
		}
		// Whom the unit above enrolled is given the key only where that unit reads
		// the files anyway, as their station: otherwise a parent could read for a
		// unit by enrolling somebody in it (DESIGN 5, P6). Such a person is enrolled
		// by the unit itself, or comes with its recovery sheet.
		if s.Issuer != unit.ID && unit.Station != s.Issuer {
			continue
		}
		debts = append(debts, Debt{Key: name, Owner: unit.ID, Unit: unit.ID, Seat: s})
	}
	return debts, nil
}

// Pay makes the owed wraps that this node can make and returns how many it made.
func (r *Replica) Pay(ctx context.Context, signer Signer) (int, error) {
	paid := 0
	_, err := r.Write(ctx, signer, Save{}, func(w *Writer) error {
		debts, err := r.Owed(w.rd)
		if err != nil {
			return err
		}
		for _, d := range debts {
			before := w.Len()
			if d.Seat != nil {
				err = w.wrapToSeat(d)
			} else {
				key, ok, e := r.keys.resolve(w.rd, d.Key)
				if err = e; err == nil && ok && d.Rule != 0 { // of a grant an accepted operation is the proof
					ok, err = r.provenAudience(w.rd, d, signer.Seat())
				}
				if err == nil && ok {
					err = w.wrapToUnit(key, d.Owner, d.Unit, d.Rule, d.Record)
				}
			}
			if err != nil {
				return err
			}
			paid += w.Len() - before
			if w.Len() >= store.MaxAppend-1 {
				return nil
			}
		}
		return nil
	})
	return paid, err
}

// isOf reports whether a unit's log enrols the seat.
func (r *Replica) isOf(seat oplog.Seat, unit store.ID) bool {
	u, ok := r.unit(unit)
	if !ok {
		return false
	}
	_, ok = u.Seat(seat)
	return ok
}

// provenAudience reports whether somebody who knew the key said that it is the
// audience key of this owner and rule: only then it may be sealed to the units
// that the rule names. A wrap says it under its seal; a wrap that does not open
// here proves nothing, unless this person made it himself.
func (r *Replica) provenAudience(rd store.Reader, d Debt, self oplog.Seat) (bool, error) {
	wraps, err := ids(rd, rowKey(rowWrapKey, d.Key[:]))
	if err != nil {
		return false, err
	}
	for _, id := range wraps {
		s, err := heldWrap(rd, id)
		if err != nil {
			return false, err
		}
		if s == nil || len(s.Unknown) > 0 || s.Wrap.Method != oplog.ToUnit || s.Wrap.Owner != d.Owner || s.Wrap.Rule != d.Rule {
			continue
		}
		if s.Wrap.Seat == self {
			return true, nil
		}
		if _, ok, err := r.keys.openWrap(rd, s.Wrap, 1); err != nil || ok {
			return ok, err
		}
	}
	return false, nil
}

func (w *Writer) wrapToSeat(d Debt) error {
	private := w.r.keys.privateKey(d.Key)
	if private == nil {
		return nil
	}
	wrap := oplog.Wrap{
		Tree: w.r.self.Tree, Seat: w.signer.Seat(), Key: d.Key, Method: oplog.ToSeat,
		For: seal.PublicKeyName(d.Seat.EncKey), Unit: d.Unit, Owner: d.Unit, Stamp: w.r.clock.Next(),
	}
	seed := private.Seed()
	if err := wrap.Grease(w.r.random); err != nil {
		return err
	}
	sealed, err := seal.SealTo(w.r.random, d.Seat.EncKey, wrap.Associated(), seed[:])
	if err != nil {
		return err
	}
	wrap.Sealed = sealed
	return w.addWrap(wrap)
}

// WrapsFor are the frames of the wraps made for a seat's encryption key.
func (r *Replica) WrapsFor(rd store.Reader, public []byte) ([][]byte, error) {
	name := seal.PublicKeyName(public)
	list, err := ids(rd, rowKey(rowWrapFor, name[:]))
	if err != nil {
		return nil, err
	}
	var out [][]byte
	for _, id := range list {
		f, err := rd.Frame(id)
		if unreadable(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, f.Bytes)
	}
	return out, nil
}
