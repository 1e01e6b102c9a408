package identity

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"net/url"
	"slices"
	"strings"
	"time"

	"hejie/sync/seal"
)

// CertKind says what a certificate is for; it stands in its URI name.
type CertKind string

// The kinds of certificates.
const (
	CertIssuing CertKind = "admin"   // a unit's issuing certificate, a CA
	CertSeat    CertKind = "seat"    // a person on a device
	CertMachine CertKind = "machine" // a data folder, for TLS
)

// MaxLevels bounds the levels of units below the root: two bytes a level in 16 (FORMAT.md 8).
const MaxLevels = 8

// MaxCert bounds a certificate's DER: names of 64 characters and 16 roles fit
// in 1,500 bytes.
const MaxCert = 4096

// Certificates carry no meaningful dates (DESIGN 3). CheckTime is the time by
// which a library that insists on one checks them; it lies between the two and
// never changes.
var (
	notBefore = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	notAfter  = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
	CheckTime = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
)

// ErrCertificate is returned for a certificate that does not say what it must,
// or that its issuer did not sign.
var ErrCertificate = errors.New("the certificate does not hold")

// Subject is what a certificate says.
type Subject struct {
	Kind  CertKind
	Unit  ID
	Name  string // of the person (CertSeat) or of the unit
	Key   SeatKey
	Roles []Role // CertSeat only; sorted
}

// Cert is a read certificate.
type Cert struct {
	Subject
	DER []byte

	parsed *x509.Certificate
}

// SelfSigned reports whether the certificate is signed by its own key.
func (c *Cert) SelfSigned() bool { return c.SignedBy(c.Key) == nil }

// SignedBy checks the signature under an issuing key.
func (c *Cert) SignedBy(issuer SeatKey) error {
	if !verified(issuer, c.parsed.RawTBSCertificate, c.parsed.Signature) {
		return fmt.Errorf("%w: %s of %q is not signed by key %x", ErrCertificate, c.Kind, c.Name, issuer[:4])
	}
	return nil
}

// X509 is the certificate as the standard library has it.
func (c *Cert) X509() *x509.Certificate { return c.parsed }

// uri is the name that tells unit, kind and roles.
func (s *Subject) uri() *url.URL {
	u := &url.URL{Scheme: "hejie", Opaque: hex.EncodeToString(s.Unit[:]) + "/" + string(s.Kind)}
	if len(s.Roles) > 0 {
		names := make([]string, len(s.Roles))
		for i, r := range s.Roles {
			names[i] = string(r)
		}
		u.RawQuery = "roles=" + strings.Join(names, ",")
	}
	return u
}

func serial(key SeatKey) *big.Int {
	h := seal.Hash("hejie serial v1", key[:])
	return new(big.Int).SetBytes(h[:16])
}

// keyID names a key inside certificates (RFC 7093, method 1).
func keyID(key []byte) []byte {
	h := sha256.Sum256(key)
	return h[:20]
}

func (s *Subject) check() error {
	if err := CheckName(s.Name); err != nil {
		return fmt.Errorf("%w: %v", ErrCertificate, err)
	}
	switch s.Kind {
	case CertSeat:
		if err := checkRoles(s.Roles); err != nil {
			return fmt.Errorf("%w: %v", ErrCertificate, err)
		}
	case CertIssuing, CertMachine:
		if len(s.Roles) > 0 {
			return fmt.Errorf("%w: only seats have roles", ErrCertificate)
		}
	default:
		return fmt.Errorf("%w: kind %q", ErrCertificate, string(s.Kind))
	}
	return nil
}

// Issue signs a certificate. issuer is the issuing unit's own certificate, nil
// for a root, whose issuing certificate signs itself. The same subject and
// issuer give the same bytes.
func Issue(s Subject, key SigningKey, issuer *Cert) (*Cert, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	t := template(s)
	parent := t
	switch {
	case issuer == nil && (s.Kind != CertIssuing || s.Key != key.Public()):
		return nil, fmt.Errorf("%w: only a root's issuing certificate signs itself", ErrCertificate)
	case issuer != nil && (issuer.Kind != CertIssuing || issuer.Key != key.Public()):
		return nil, fmt.Errorf("%w: the issuing key is not that of the issuer's certificate", ErrCertificate)
	case issuer != nil:
		parent = issuer.parsed
	}
	// Ed25519 signs without randomness; the reader is not used.
	der, err := x509.CreateCertificate(rand.Reader, t, parent, ed25519.PublicKey(s.Key[:]), key.Private())
	if err != nil {
		return nil, fmt.Errorf("issuing a certificate for %q: %w", s.Name, err)
	}
	return ParseCert(der)
}

func template(s Subject) *x509.Certificate {
	t := &x509.Certificate{
		SerialNumber:          serial(s.Key),
		Subject:               pkix.Name{CommonName: s.Name},
		NotBefore:             notBefore,
		NotAfter:              notAfter,
		BasicConstraintsValid: true,
		SubjectKeyId:          keyID(s.Key[:]),
		URIs:                  []*url.URL{s.uri()},
		KeyUsage:              x509.KeyUsageDigitalSignature,
	}
	switch s.Kind {
	case CertIssuing:
		t.IsCA = true
		t.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign
	case CertMachine:
		t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	}
	return t
}

// ParseCert reads a certificate and checks everything in it but the signature:
// it must say what Issue would have written.
func ParseCert(der []byte) (*Cert, error) {
	if len(der) > MaxCert {
		return nil, fmt.Errorf("%w: %d bytes, at most %d", ErrCertificate, len(der), MaxCert)
	}
	x, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrCertificate, err)
	}
	pub, ok := x.PublicKey.(ed25519.PublicKey)
	if !ok || x.SignatureAlgorithm != x509.PureEd25519 || len(x.Signature) != ed25519.SignatureSize {
		return nil, fmt.Errorf("%w: not Ed25519", ErrCertificate)
	}
	if err := seal.CheckPublicKey(pub); err != nil {
		return nil, fmt.Errorf("%w: %v", ErrCertificate, err)
	}
	if len(x.URIs) != 1 {
		return nil, fmt.Errorf("%w: %d URI names", ErrCertificate, len(x.URIs))
	}
	c := &Cert{DER: slices.Clone(der), parsed: x}
	c.Key, c.Name = SeatKey(pub), x.Subject.CommonName
	if err := c.readURI(x.URIs[0]); err != nil {
		return nil, err
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	want := template(c.Subject)
	for _, rule := range []struct {
		broken bool
		what   string
	}{
		{x.Version != 3, "version"},
		{x.SerialNumber.Cmp(want.SerialNumber) != 0, "serial number"},
		{!x.NotBefore.Equal(notBefore) || !x.NotAfter.Equal(notAfter), "dates"},
		{!bytes.Equal(x.SubjectKeyId, want.SubjectKeyId), "key identifier"},
		{x.Subject.ToRDNSequence().String() != want.Subject.ToRDNSequence().String(), "subject"},
		{!x.BasicConstraintsValid || x.IsCA != want.IsCA || x.MaxPathLen > 0 || x.MaxPathLenZero, "basic constraints"},
		{x.KeyUsage != want.KeyUsage || !slices.Equal(x.ExtKeyUsage, want.ExtKeyUsage) || len(x.UnknownExtKeyUsage) > 0, "key usage"},
		{len(x.DNSNames)+len(x.EmailAddresses)+len(x.IPAddresses) > 0, "other names"},
		{len(x.UnhandledCriticalExtensions) > 0, "critical extensions"},
	} {
		if rule.broken {
			return nil, fmt.Errorf("%w: %s of %q", ErrCertificate, rule.what, c.Name)
		}
	}
	return c, nil
}

// readURI reads hejie:<unit id>/<kind>?roles=a,b.
func (c *Cert) readURI(u *url.URL) error {
	id, kind, ok := strings.Cut(u.Opaque, "/")
	raw, err := hex.DecodeString(id)
	if u.Scheme != "hejie" || !ok || err != nil || len(raw) != len(ID{}) {
		return fmt.Errorf("%w: name %q", ErrCertificate, u)
	}
	c.Unit, c.Kind = ID(raw), CertKind(kind)
	if list, ok := strings.CutPrefix(u.RawQuery, "roles="); ok {
		for name := range strings.SplitSeq(list, ",") {
			c.Roles = append(c.Roles, Role(name))
		}
	}
	if want := c.uri(); want.String() != u.String() {
		return fmt.Errorf("%w: name %q", ErrCertificate, u)
	}
	return nil
}

// VerifyChain checks that leaf is signed by the first of chain, each of those
// by the next, and the last by the root's issuing key; the root's own
// certificate may end the chain. No clock is read.
func VerifyChain(leaf *Cert, chain []*Cert, root SeatKey) error {
	if len(chain) > MaxLevels+1 {
		return fmt.Errorf("%w: a chain of %d", ErrCertificate, len(chain))
	}
	c := leaf
	for _, next := range chain {
		if next.Kind != CertIssuing {
			return fmt.Errorf("%w: %q can't issue", ErrCertificate, next.Name)
		}
		if err := c.SignedBy(next.Key); err != nil {
			return err
		}
		c = next
	}
	return c.SignedBy(root)
}
