package identity

import (
	"bytes"
	"fmt"

	"hejie/sync/dcbor"
	"hejie/sync/oplog"
	"hejie/sync/seal"
)

// DecodeContent reads the content of a log entry. It fails only where the
// whole is not of the form; an item that this program can't read is Unknown.
func DecodeContent(content []byte) ([]Item, error) {
	if len(content) > MaxEntry {
		return nil, fmt.Errorf("%w entry: %d bytes, at most %d", ErrMalformed, len(content), MaxEntry)
	}
	f := readFields("entry", content)
	if f.err != nil {
		return nil, f.err
	}
	var raws []dcbor.Raw
	f.need(1, &raws)
	f.must()
	if f.err != nil {
		return nil, f.err
	}
	if len(raws) > MaxItems {
		return nil, fmt.Errorf("%w entry: %d items, at most %d", ErrMalformed, len(raws), MaxItems)
	}
	items := make([]Item, len(raws))
	for i, raw := range raws {
		if err := dcbor.Check(raw); err != nil {
			return nil, fmt.Errorf("%w entry: item %d: %v", ErrMalformed, i, err)
		}
		it, number, err := decodeItem(raw)
		if err != nil {
			it = &Unknown{Number: number, Raw: bytes.Clone(raw)}
		}
		items[i] = it
	}
	return items, nil
}

// itemError tells why an item of a known type could not be read.
func itemError(u *Unknown) error {
	_, _, err := decodeItem(u.Raw)
	return err
}

var decoders = map[ItemType]func(*fields) (Item, error){
	ItemAdmit: decodeAdmit, ItemSeat: decodeSeat, ItemName: decodeName, ItemRelation: decodeRelation,
	ItemWriter: decodeWriter, ItemReading: decodeReading, ItemSide: decodeSide, ItemTable: decodeTable, ItemMatchingKey: decodeMatchingKey,
	ItemRevoke: decodeRevoke, ItemMove: decodeMove, ItemIssuing: decodeIssuing, ItemSuccessor: decodeSuccessor, ItemPins: decodePins,
	ItemRules: decodeRules, ItemSecondRoot: decodeSecondRoot, ItemAnchors: decodeAnchors,
}

func decodeItem(raw []byte) (Item, ItemType, error) {
	f := readFields("item", raw)
	var number ItemType
	f.need(1, &number)
	if f.err != nil {
		return nil, 0, f.err
	}
	decode := decoders[number]
	if decode == nil {
		decode = laterDecoder(number)
	}
	if decode == nil {
		return nil, number, fmt.Errorf("%w item: type %d", ErrMalformed, number)
	}
	it, err := decode(f)
	f.must() // a field that this program does not know may change what the item means
	if err == nil {
		err = f.err
	}
	return it, number, err
}

// request reads field 2 as a request of one of the kinds, and field 4 as certificates.
func (f *fields) request(kinds ...RequestKind) (*Request, []*Cert, error) {
	raw := f.bytes(2, 1, MaxRequest)
	var ders [][]byte
	f.need(4, &ders)
	if f.err == nil && (len(ders) == 0 || len(ders) > 3) {
		f.fail("%d certificates", len(ders))
	}
	if f.err != nil {
		return nil, nil, f.err
	}
	r, err := ParseRequest(raw)
	if err != nil {
		return nil, nil, err
	}
	if bytes.IndexByte(kindBytes(kinds), byte(r.Kind)) < 0 {
		return nil, nil, fmt.Errorf("%w item: a request of kind %d", ErrMalformed, r.Kind)
	}
	certs := make([]*Cert, len(ders))
	for i, der := range ders {
		if certs[i], err = ParseCert(der); err != nil {
			return nil, nil, err
		}
	}
	return r, certs, nil
}

func kindBytes(kinds []RequestKind) []byte {
	b := make([]byte, len(kinds))
	for i, k := range kinds {
		b[i] = byte(k)
	}
	return b
}

func decodeAdmit(f *fields) (Item, error) {
	r, certs, err := f.request(RequestUnit)
	if err != nil {
		return nil, err
	}
	a := &Admit{Request: r, Person: certs[0], Parent: f.id(5, false), Promise: f.id(7, false)}
	a.ByParent = f.uint(6, 1) == 1
	if a.Parent == nil {
		f.bytes(3, 0, 0)
		if a.ByParent {
			f.fail("a root has no parent to be its station")
		}
		if a.Promise == nil {
			f.fail("a root promises the key on its second sheet, and this one promises none")
		}
	} else if a.Promise != nil {
		f.fail("only a root promises a key on a second sheet")
	} else if seg := f.bytes(3, 2, 2); f.err == nil {
		if a.Segment = Segment(seg); a.Segment == (Segment{}) {
			f.fail("a path segment of zeros")
		}
	}
	want := 2
	if r.Issuing != nil {
		want = 3
	}
	if len(certs) != want {
		f.fail("%d certificates instead of %d", len(certs), want)
	}
	if f.err != nil {
		return nil, f.err
	}
	a.Machine = certs[1]
	if r.Issuing != nil {
		a.Issuing = certs[2]
	}
	return a, a.checkSubjects()
}

func (a *Admit) checkSubjects() error {
	r := a.Request
	if err := matches(a.Person, r.personSubject(r.Unit)); err != nil {
		return err
	}
	if err := matches(a.Machine, r.machineSubject(r.Unit, r.Name)); err != nil {
		return err
	}
	if a.Issuing != nil {
		return matches(a.Issuing, r.issuingSubject())
	}
	return nil
}

func decodeSeat(f *fields) (Item, error) {
	r, certs, err := f.request(RequestUnit, RequestSeat, RequestRecovered)
	if err != nil {
		return nil, err
	}
	s := &AddSeat{Request: r, Person: certs[0]}
	want := 1
	if r.Machine != nil {
		want = 2
	}
	if len(certs) != want {
		f.fail("%d certificates instead of %d", len(certs), want)
		return nil, f.err
	}
	// A second computer that did not know its unit's id asked as a new unit; the
	// certificate then tells of which unit it is a seat.
	unit := r.Unit
	if r.namesNoUnit() {
		unit = s.Person.Unit
	}
	if err := matches(s.Person, r.personSubject(unit)); err != nil {
		return nil, err
	}
	if r.Machine != nil {
		s.Machine = certs[1]
		// The machine bears the unit's name, which the request does not tell.
		return s, matches(s.Machine, r.machineSubject(unit, s.Machine.Name))
	}
	return s, nil
}

func (r *Request) personSubject(unit ID) Subject {
	return Subject{Kind: CertSeat, Unit: unit, Name: r.SeatName, Key: r.Seat, Roles: r.Roles}
}

func (r *Request) machineSubject(unit ID, unitName string) Subject {
	return Subject{Kind: CertMachine, Unit: unit, Name: unitName, Key: *r.Machine}
}

func (r *Request) issuingSubject() Subject {
	return Subject{Kind: CertIssuing, Unit: r.Unit, Name: r.Name, Key: *r.Issuing}
}

// matches tells whether a certificate says what its request asked for.
func matches(c *Cert, want Subject) error {
	if c.Kind != want.Kind || c.Unit != want.Unit || c.Name != want.Name || c.Key != want.Key || c.uri().RawQuery != want.uri().RawQuery {
		return fmt.Errorf("%w: %s certificate of %q does not say what the request asked for", ErrCertificate, want.Kind, want.Name)
	}
	return nil
}

func (f *fields) day(n uint64) string {
	var v string
	f.need(n, &v)
	if f.err == nil && !oplog.IsDay(v) {
		f.fail("field %d is no day", n)
	}
	return v
}

func decodeName(f *fields) (Item, error) {
	return &Rename{Code: f.code(2), Name: f.name(3), Day: f.day(4)}, nil
}

func decodeRelation(f *fields) (Item, error) {
	r := &Relation{Kind: RelationKind(f.uint(3, 255)), Day: f.day(4)}
	if u := f.id(2, true); u != nil {
		r.Unit = *u
	}
	if r.Kind < RelationStation || r.Kind > RelationCounters {
		f.fail("relation of kind %d", r.Kind)
	}
	return r, nil
}

func decodeWriter(f *fields) (Item, error) {
	w := &Writer{}
	if s := f.id(2, true); s != nil {
		w.Seat = *s
	}
	var branch uint64
	if f.take(3, &branch) {
		if branch != 1 {
			f.fail("branch %d", branch)
		}
		w.OwnBranch = true
	}
	return w, nil
}

func decodeReading(f *fields) (Item, error) {
	r := &ReadingKey{Public: f.bytes(2, seal.PublicKeySize, seal.PublicKeySize)}
	f.need(3, &r.Signature)
	if s := f.id(4, true); s != nil {
		r.Seat = *s
	}
	if f.err == nil {
		if err := checkPublicKey(r.Public); err != nil {
			f.fail("%v", err)
		}
	}
	return r, nil
}

func decodeSide(f *fields) (Item, error) {
	if e := f.id(2, false); e != nil {
		return &RightSide{Entry: *e}, nil
	}
	v := &Void{}
	f.pair(3, &v.Place.Entry, &v.Place.Index)
	if f.err == nil && v.Place.Index >= MaxItems {
		f.fail("an entry has no item %d", v.Place.Index)
	}
	return v, nil
}
