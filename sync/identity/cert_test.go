package identity

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// line is a tree of three levels with certificates.
type line struct {
	w                   *world
	town, village       *station
	r                   *Registry
	root, leaf, machine *Cert
}

func newLine(t testing.TB) *line {
	l := &line{w: newWorld(t)}
	l.town = l.w.station("样板镇司法所", Admin)
	l.village = l.w.station("根法院", Mediator, Clerk) // named like the root: names alone must not confuse a chain
	l.w.admit(l.w.root, l.town)
	l.w.admit(l.town, l.village)
	l.r = l.w.all()
	l.root = l.w.root.issuing
	for key, c := range map[SeatKey]**Cert{l.village.seat.Signing.Public(): &l.leaf, l.village.machine.Public(): &l.machine} {
		chain, err := l.r.Chain(key)
		l.w.must(err)
		*c = chain[0]
	}
	return l
}

func TestOpensslVerifiesTheChain(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Fatal("openssl is not installed; `make` installs it, or apt-get install openssl")
	}
	l := newLine(t)
	dir := t.TempDir()
	write := func(name string, certs ...*Cert) string {
		path := filepath.Join(dir, name)
		var b []byte
		for _, c := range certs {
			b = append(b, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.DER})...)
		}
		l.w.must(os.WriteFile(path, b, 0o600))
		return path
	}
	root, chain := write("root.pem", l.root), write("chain.pem", l.town.issuing)
	run := func(args ...string) error {
		out, err := exec.Command(openssl, append([]string{"verify", "-x509_strict", "-CAfile", root}, args...)...).CombinedOutput()
		t.Logf("openssl verify %v: %s", args[len(args)-1], out)
		return err
	}
	for _, c := range []*Cert{l.leaf, l.machine} {
		if err := run("-untrusted", chain, write("leaf.pem", c)); err != nil {
			t.Fatalf("%s: %v", c.Kind, err)
		}
	}
	if err := run("-purpose", "sslserver", "-untrusted", chain, write("machine.pem", l.machine)); err != nil {
		t.Fatal(err)
	}
	if err := run(write("leaf.pem", l.leaf)); err == nil {
		t.Fatal("a leaf without its chain was verified")
	}
	other := newLineNamed(t, "另一棵树")
	if err := run("-untrusted", chain, write("other.pem", other)); err == nil {
		t.Fatal("another tree's leaf was verified")
	}
}

// newLineNamed is a leaf of another tree.
func newLineNamed(t testing.TB, name string) *Cert {
	k, err := NewSigningKey(seeded(name))
	if err != nil {
		t.Fatal(err)
	}
	ca, err := Issue(Subject{Kind: CertIssuing, Unit: ID{9}, Name: "根法院", Key: k.Public()}, k, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, _ := NewSigningKey(seeded(name + "seat"))
	c, err := Issue(Subject{Kind: CertSeat, Unit: ID{9}, Name: name, Key: s.Public(), Roles: []Role{Mediator}}, k, ca)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestChainHoldsUnderAnyClock(t *testing.T) {
	l := newLine(t)
	root := l.w.root.unit.Issuing.Public()
	if err := VerifyChain(l.leaf, []*Cert{l.town.issuing}, root); err != nil {
		t.Fatal(err)
	}
	if err := VerifyChain(l.leaf, []*Cert{l.town.issuing, l.root}, root); err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string]error{
		"no chain":          VerifyChain(l.leaf, nil, root),
		"another root":      VerifyChain(l.leaf, []*Cert{l.town.issuing}, SeatKey{1}),
		"a leaf can't sign": VerifyChain(l.leaf, []*Cert{l.machine}, root),
		"too long":          VerifyChain(l.leaf, make([]*Cert, MaxLevels+2), root),
	} {
		if !errors.Is(bad, ErrCertificate) {
			t.Errorf("%s: %v", name, bad)
		}
	}
	// The standard library takes the chain at CheckTime, on a machine whose clock says 2010 too.
	pool, mid := x509.NewCertPool(), x509.NewCertPool()
	pool.AddCert(l.root.X509())
	mid.AddCert(l.town.issuing.X509())
	for _, at := range []time.Time{CheckTime, time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2150, 1, 1, 0, 0, 0, 0, time.UTC)} {
		if _, err := l.leaf.X509().Verify(x509.VerifyOptions{Roots: pool, Intermediates: mid, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}); err != nil {
			t.Errorf("at %v: %v", at, err)
		}
	}
}

func TestIssuingIsDeterministicAndChecked(t *testing.T) {
	k, _ := NewSigningKey(seeded("ca"))
	other, _ := NewSigningKey(seeded("other"))
	s := Subject{Kind: CertIssuing, Unit: ID{7}, Name: "样板法院", Key: k.Public()}
	ca, err := Issue(s, k, nil)
	if err != nil {
		t.Fatal(err)
	}
	again, _ := Issue(s, k, nil)
	if string(again.DER) != string(ca.DER) {
		t.Fatal("the same subject gives other bytes")
	}
	if !ca.SelfSigned() || ca.Unit != s.Unit || ca.Name != s.Name {
		t.Fatalf("%+v", ca.Subject)
	}
	person := Subject{Kind: CertSeat, Unit: ID{7}, Name: "李大样", Key: other.Public(), Roles: []Role{Admin, Mediator}}
	for name, c := range map[string]struct {
		s      Subject
		key    SigningKey
		issuer *Cert
	}{
		"a person who signs himself": {person, other, nil},
		"a key that is not the CA's": {person, other, ca},
		"roles of a machine":         {Subject{Kind: CertMachine, Unit: ID{7}, Name: "甲", Key: other.Public(), Roles: []Role{Admin}}, k, ca},
		"a person without roles":     {Subject{Kind: CertSeat, Unit: ID{7}, Name: "甲", Key: other.Public()}, k, ca},
		"no name":                    {Subject{Kind: CertMachine, Unit: ID{7}, Key: other.Public()}, k, ca},
		"an unknown kind":            {Subject{Kind: "king", Unit: ID{7}, Name: "甲", Key: other.Public()}, k, ca},
	} {
		if _, err := Issue(c.s, c.key, c.issuer); !errors.Is(err, ErrCertificate) {
			t.Errorf("%s: %v", name, err)
		}
	}
	p, err := Issue(person, k, ca)
	if err != nil || !hasRole(p.Roles, Mediator) || p.SignedBy(k.Public()) != nil || p.SignedBy(other.Public()) == nil {
		t.Fatalf("%v %+v", err, p)
	}
	if got := p.X509().URIs[0].String(); got != "hejie:0700000000000000000000000000000000000000000000000000000000000000/seat?roles=admin,mediator" {
		t.Fatal(got)
	}
}

// TestForeignCertificatesAreRefused changes one thing each of what Issue writes.
func TestForeignCertificatesAreRefused(t *testing.T) {
	k, _ := NewSigningKey(seeded("ca"))
	s := Subject{Kind: CertMachine, Unit: ID{7}, Name: "样板", Key: k.Public()}
	for name, spoil := range map[string]func(*x509.Certificate){
		"another serial":     func(c *x509.Certificate) { c.SerialNumber = big.NewInt(1) },
		"dates":              func(c *x509.Certificate) { c.NotAfter = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC) },
		"a CA":               func(c *x509.Certificate) { c.IsCA = true; c.KeyUsage = x509.KeyUsageCertSign },
		"key usage":          func(c *x509.Certificate) { c.KeyUsage |= x509.KeyUsageCertSign },
		"extended key usage": func(c *x509.Certificate) { c.ExtKeyUsage = nil },
		"a DNS name":         func(c *x509.Certificate) { c.DNSNames = []string{"example.org"} },
		"no URI":             func(c *x509.Certificate) { c.URIs = nil },
		"more of a subject":  func(c *x509.Certificate) { c.Subject.Organization = []string{"x"} },
		"a foreign URI":      func(c *x509.Certificate) { c.URIs[0].Scheme = "https" },
		"a key identifier":   func(c *x509.Certificate) { c.SubjectKeyId = []byte("another") },
		"roles twice":        func(c *x509.Certificate) { c.URIs[0].RawQuery = "roles=a&roles=b" },
		"unknown critical": func(c *x509.Certificate) {
			c.ExtraExtensions = []pkix.Extension{{Id: []int{1, 2, 3, 4}, Critical: true, Value: []byte{5, 0}}}
		},
	} {
		tmpl := template(s)
		spoil(tmpl)
		der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, ed25519.PublicKey(s.Key[:]), k.Private())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if _, err := ParseCert(der); !errors.Is(err, ErrCertificate) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ParseCert(make([]byte, MaxCert+1)); !errors.Is(err, ErrCertificate) {
		t.Error("a huge certificate")
	}
}

func FuzzCert(f *testing.F) {
	l := newLine(f)
	for _, c := range []*Cert{l.root, l.leaf, l.machine} {
		f.Add(c.DER)
	}
	f.Fuzz(func(t *testing.T, der []byte) {
		c, err := ParseCert(der)
		if err != nil {
			return
		}
		if c.check() != nil || c.X509().URIs[0].String() != c.uri().String() {
			t.Fatalf("taken though it does not say what it must: %+v", c.Subject)
		}
	})
}

// shake runs a handshake over an in-memory connection.
func shake(t *testing.T, server, client *tls.Config) (s, c tls.ConnectionState, serverErr, clientErr error) {
	t.Helper()
	a, b := net.Pipe()
	sc, cc := tls.Server(a, server), tls.Client(b, client)
	done := make(chan error, 1)
	go func() {
		err := sc.Handshake()
		if err == nil {
			_, err = sc.Write([]byte{1})
		}
		_ = a.Close()
		done <- err
	}()
	clientErr = cc.Handshake()
	if clientErr == nil {
		_, clientErr = cc.Read(make([]byte, 1))
	}
	_ = b.Close()
	serverErr = <-done
	return sc.ConnectionState(), cc.ConnectionState(), serverErr, clientErr
}

func TestTLSShowsABareKey(t *testing.T) {
	l := newLine(t)
	town, village := &TLSIdentity{l.town.machine}, &TLSIdentity{l.village.machine}
	sc, err := town.Server()
	l.w.must(err)
	cc, err := village.Client()
	l.w.must(err)
	ss, cs, serr, cerr := shake(t, sc, cc)
	if serr != nil || cerr != nil {
		t.Fatal(serr, cerr)
	}
	if m, err := MachineOfTLS(ss); err != nil || m != l.village.machine.Public() {
		t.Fatal(m, err)
	}
	if m, err := MachineOfTLS(cs); err != nil || m != l.town.machine.Public() {
		t.Fatal(m, err)
	}
	x := cs.PeerCertificates
	if len(x) != 1 || x[0].Subject.String() != "" || x[0].Issuer.String() != "" || len(x[0].Extensions) != 0 || len(x[0].URIs)+len(x[0].DNSNames) != 0 || x[0].SerialNumber.Int64() != 1 {
		t.Fatalf("it says more than a key: %d certificates, %q, %d extensions", len(x), x[0].Subject, len(x[0].Extensions))
	}
	again, err := town.Certificate()
	l.w.must(err)
	if !bytes.Equal(again.Certificate[0], x[0].Raw) {
		t.Fatal("two certificates of one key differ")
	}

	t.Run("another kind of key", func(t *testing.T) {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		l.w.must(err)
		template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: bareFrom, NotAfter: bareUntil}
		der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
		l.w.must(err)
		cfg := cc.Clone()
		cfg.Certificates = []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}
		if _, _, serr, _ := shake(t, sc, cfg); !errors.Is(serr, ErrNoMachine) {
			t.Fatalf("server: %v", serr)
		}
	})
	t.Run("no certificate", func(t *testing.T) {
		cfg := cc.Clone()
		cfg.Certificates = nil
		if _, _, serr, _ := shake(t, sc, cfg); serr == nil {
			t.Fatal("taken")
		}
	})
	t.Run("TLS 1.2", func(t *testing.T) {
		cfg := cc.Clone()
		cfg.MinVersion, cfg.MaxVersion = tls.VersionTLS12, tls.VersionTLS12
		if _, _, serr, _ := shake(t, sc, cfg); serr == nil {
			t.Fatal("taken")
		}
	})
}

func TestLibp2pNamesTheMachine(t *testing.T) {
	k, _ := NewSigningKey(seeded("machine"))
	p, err := k.Libp2p()
	if err != nil {
		t.Fatal(err)
	}
	id, err := PeerID(k.Public())
	if err != nil || !id.MatchesPrivateKey(p) {
		t.Fatal(id, err)
	}
	if back, err := MachineOf(id); err != nil || back != k.Public() {
		t.Fatal(back, err)
	}
	if _, err := MachineOf("nonsense"); err == nil {
		t.Fatal("nonsense is a machine")
	}
}
