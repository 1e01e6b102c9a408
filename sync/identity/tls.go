package identity

import (
	"crypto/ed25519"
	"crypto/tls"
	"errors"
	"fmt"
	"time"
)

// ErrUnknownStation is returned when the other side of a connection is not
// enrolled in this tree, or not known here.
var ErrUnknownStation = errors.New("the other station is not known here: exchange the certificate files first")

// Peer is the other side of a TLS connection.
type Peer struct {
	Machine SeatKey
	// Unit is what the certificate says. Where Known is false only the chain up
	// to the root holds, and the unit is a claim.
	Unit  ID
	Known bool // a held log admits the machine to this unit
}

// TLSIdentity is what a station shows and whom it takes.
type TLSIdentity struct {
	Machine SigningKey
	// Chain is the machine's certificate, then the issuing certificates from its
	// issuer to the root's.
	Chain []*Cert
	// Root is the tree's issuing key.
	Root SeatKey
	// Known tells the unit of a machine seat that a held log admits.
	Known func(machine SeatKey) (unit ID, ok bool)
	// AllowUnknown takes a caller whose chain holds though no held log admits it,
	// so that it can present the entries that do (DESIGN 5).
	AllowUnknown bool
}

// Certificate is the machine's certificate with its chain, for TLS.
func (t *TLSIdentity) Certificate() (tls.Certificate, error) {
	if len(t.Chain) == 0 || t.Chain[0].Key != t.Machine.Public() || t.Chain[0].Kind != CertMachine {
		return tls.Certificate{}, fmt.Errorf("%w: the chain does not begin with this machine's certificate", ErrCertificate)
	}
	c := tls.Certificate{PrivateKey: t.Machine.Private(), Leaf: t.Chain[0].X509()}
	for _, cert := range t.Chain {
		c.Certificate = append(c.Certificate, cert.DER)
	}
	return c, nil
}

// Server is the configuration of a listening station: mutual TLS 1.3.
func (t *TLSIdentity) Server() (*tls.Config, error) {
	c, err := t.config()
	if err != nil {
		return nil, err
	}
	c.ClientAuth = tls.RequireAnyClientCert // checked by VerifyConnection, by our own rules
	return c, nil
}

// Client is the configuration of a calling station. Host names mean nothing:
// the other side is known by its key.
func (t *TLSIdentity) Client() (*tls.Config, error) { return t.config() }

func (t *TLSIdentity) config() (*tls.Config, error) {
	cert, err := t.Certificate()
	if err != nil {
		return nil, err
	}
	return &tls.Config{
		MinVersion:   tls.VersionTLS13,
		Certificates: []tls.Certificate{cert},
		NextProtos:   []string{"h2", "http/1.1"},
		// The library's check needs a clock and names; ours needs neither and
		// runs in VerifyConnection, on resumed connections too.
		InsecureSkipVerify:     true, //nolint:gosec // VerifyConnection checks more, by our own rules
		SessionTicketsDisabled: true, // a ticket has a lifetime, and the clock may be dead
		Time:                   func() time.Time { return CheckTime },
		VerifyConnection: func(s tls.ConnectionState) error {
			_, err := t.Peer(s)
			return err
		},
	}, nil
}

// Peer tells who the other side of a connection is, or why it is not taken.
func (t *TLSIdentity) Peer(s tls.ConnectionState) (Peer, error) {
	if s.Version < tls.VersionTLS13 || len(s.PeerCertificates) == 0 || len(s.PeerCertificates) > MaxLevels+2 {
		return Peer{}, fmt.Errorf("%w: no certificate over TLS 1.3", ErrUnknownStation)
	}
	chain := make([]*Cert, 0, len(s.PeerCertificates))
	for _, x := range s.PeerCertificates {
		c, err := ParseCert(x.Raw)
		if err != nil {
			return Peer{}, err
		}
		chain = append(chain, c)
	}
	leaf := chain[0]
	if leaf.Kind != CertMachine {
		return Peer{}, fmt.Errorf("%w: %q is no machine's certificate", ErrCertificate, leaf.Name)
	}
	if err := VerifyChain(leaf, chain[1:], t.Root); err != nil {
		return Peer{}, err
	}
	if pub, ok := s.PeerCertificates[0].PublicKey.(ed25519.PublicKey); !ok || SeatKey(pub) != leaf.Key {
		return Peer{}, ErrUnknownStation
	}
	p := Peer{Machine: leaf.Key, Unit: leaf.Unit}
	unit, ok := t.Known(leaf.Key)
	if ok && unit != leaf.Unit {
		return Peer{}, fmt.Errorf("%w: the certificate names another unit than the log", ErrUnknownStation)
	}
	p.Known = ok
	if !ok && !t.AllowUnknown {
		return Peer{}, fmt.Errorf("machine %x: %w", leaf.Key[:4], ErrUnknownStation)
	}
	return p, nil
}
