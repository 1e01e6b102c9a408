package liar

import (
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/mlkem"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"math/big"
	"net/url"
	"time"
)

// Admission is a new unit, as its parent would admit it (FORMAT 6); callers may
// alter the request before it is signed, the certificates, and the item.
type Admission struct {
	Code, Name, Person string
	Request            func(M)                 // before it is signed
	Proofs             func(B)                 // after
	Certificate        func(*x509.Certificate) // each of them
	Item               func(M)
	Segment            []byte
}

func newSigner() ed25519.PrivateKey {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		panic(err) // it never fails
	}
	return key
}

// newReader is an X-Wing public key.
func newReader() []byte {
	d, err := mlkem.GenerateKey768()
	if err != nil {
		panic(err)
	}
	x, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		panic(err)
	}
	return append(d.EncapsulationKey().Bytes(), x.PublicKey().Bytes()...)
}

// Admit writes the first entry of a new unit's log, under the kit's unit.
func (k *Kit) Admit(a Admission) (*Operation, error) {
	seat, machine := newSigner(), newSigner()
	request := M{1: 1, 2: 1, 3: a.Code, 4: a.Name, 5: a.Person, 6: []any{"mediator"}, 7: public(seat), 8: newReader(), 9: public(machine), 10: newReader(), 13: random(80)}
	if a.Request != nil {
		a.Request(request)
	}
	digest := H("hejie request v1", Encode(request))
	proofs := B{}
	for _, key := range []ed25519.PrivateKey{seat, machine} {
		id := public(key)
		proofs[string(id[:])] = ed25519.Sign(key, digest[:])
	}
	if a.Proofs != nil {
		a.Proofs(proofs)
	}
	request[15] = proofs
	id := public(seat)
	unit := H("hejie unit v1", id[:])
	item, _, err := k.admission(k.Unit)
	if err != nil {
		return nil, err
	}
	own := item.list(4)
	der, _ := own[2].([]byte)
	issuer, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	issuing := ed25519.NewKeyFromSeed(k.Issuing)
	var certificates []any
	for i, key := range []ed25519.PrivateKey{seat, machine} {
		template := certificate(public(key), unit, []string{"seat", "machine"}[i], []string{a.Person, a.Name}[i])
		if i == 0 {
			template.URIs[0].RawQuery = "roles=mediator"
		} else {
			template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
		}
		if a.Certificate != nil {
			a.Certificate(template)
		}
		der, err := x509.CreateCertificate(nil, template, issuer, key.Public(), issuing)
		if err != nil {
			return nil, err
		}
		certificates = append(certificates, der)
	}
	admit := M{1: itemAdmit, 2: Encode(request), 3: a.Segment, 4: certificates, 5: k.Unit, 6: 1}
	if a.Item != nil {
		a.Item(admit)
	}
	draft := Draft{Owner: unit, Class: ClassTree, Kind: KindLog, Content: Encode(M{1: []any{admit}}), More: M{12: nil, 13: k.LogHeads(k.Unit), 16: 2, 24: BranchParent}}
	return k.Write(draft)
}

func certificate(key, unit ID, kind, name string) *x509.Certificate {
	serial := H("hejie serial v1", key[:])
	named := sha256.Sum256(key[:])
	return &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(serial[:16]),
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:     time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
		URIs:         []*url.URL{{Scheme: "hejie", Opaque: hex.EncodeToString(unit[:]) + "/" + kind}},
		KeyUsage:     x509.KeyUsageDigitalSignature, BasicConstraintsValid: true,
		SubjectKeyId: named[:20],
	}
}
