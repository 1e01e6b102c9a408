package identity

import "fmt"

// Issuer certifies for a unit: its issuing key and certificate.
type Issuer struct {
	Key  SigningKey
	Cert *Cert
}

// AdmitRoot is the first entry's item of a tree: the root certifies itself, and
// promises the reserve key of its second sheet (Sheet.Promise).
func AdmitRoot(q *Request, issuing SigningKey, promise ID) (*Admit, error) {
	if q.Kind != RequestUnit || q.Issuing == nil || *q.Issuing != issuing.Public() {
		return nil, fmt.Errorf("a root needs a person with the role admin: only an admin can admit units")
	}
	cert, err := Issue(q.issuingSubject(), issuing, nil)
	if err != nil {
		return nil, err
	}
	a := &Admit{Request: q, Issuing: cert, Promise: &promise}
	return a, a.certify(Issuer{issuing, cert})
}

// AdmitUnit is the first entry's item of a unit's log, made by its parent.
// segment comes from Registry.FreeSegment; byParent says whether the parent is
// the unit's station.
func AdmitUnit(q *Request, by Issuer, segment Segment, byParent bool) (*Admit, error) {
	if q.Kind != RequestUnit {
		return nil, fmt.Errorf("the request asks for a seat, not for a new unit: enrol it as a seat of its unit")
	}
	parent := by.Cert.Unit
	a := &Admit{Request: q, Segment: segment, Parent: &parent, ByParent: byParent}
	if q.Issuing != nil {
		cert, err := Issue(q.issuingSubject(), by.Key, by.Cert)
		if err != nil {
			return nil, err
		}
		a.Issuing = cert
	}
	return a, a.certify(by)
}

func (a *Admit) certify(by Issuer) (err error) {
	if a.Person, err = Issue(a.Request.personSubject(a.Request.Unit), by.Key, by.Cert); err != nil {
		return err
	}
	a.Machine, err = Issue(a.Request.machineSubject(a.Request.Unit, a.Request.Name), by.Key, by.Cert)
	return err
}

// AdmitSeat is the item that enrols one more person. by is the unit itself in
// its own branch, its parent in the parent's branch; unitName stands in the
// certificate of a new machine.
//
// A second computer of a unit that did not know the unit's id asks as a new
// unit (RequestUnit): it is enrolled as a seat of unit all the same, and the
// unit keys that it made are not used.
func AdmitSeat(q *Request, by Issuer, unit ID, unitName string) (*AddSeat, error) {
	if !q.namesNoUnit() && q.Unit != unit {
		return nil, fmt.Errorf("the request asks for a seat of another unit")
	}
	s := &AddSeat{Request: q}
	var err error
	if s.Person, err = Issue(q.personSubject(unit), by.Key, by.Cert); err != nil {
		return nil, err
	}
	if q.Machine != nil {
		s.Machine, err = Issue(q.machineSubject(unit, unitName), by.Key, by.Cert)
	}
	return s, err
}

// ReplaceReadingKey is the item that gives a unit a new reading key; a present
// person signs it.
func ReplaceReadingKey(unit *Unit, public []byte, signer SigningKey) *ReadingKey {
	d := ReadingKeyDigest(unit.ID, unit.Reading, public)
	return &ReadingKey{Public: public, Seat: signer.Public(), Signature: signer.sign(d)}
}
