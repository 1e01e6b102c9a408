package identity

import (
	"crypto/ed25519"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"math/big"
	"time"

	"hejie/sync/seal"
)

// ErrNoMachine is returned when the other side of a connection shows no key
// that a machine could have.
var ErrNoMachine = errors.New("the other side shows no machine's key over TLS 1.3")

// TLSIdentity is what a station shows over TLS: its machine's key and nothing
// else. Who the machine is the logs say, after it has proved the key: whoever
// connects and belongs to nobody learns no unit and no name (DESIGN 12).
type TLSIdentity struct {
	Machine SigningKey
}

// bareFrom and bareUntil bound a certificate that nobody dates.
var (
	bareFrom  = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	bareUntil = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
)

// Certificate carries the machine's key: self-signed, without a subject, a unit
// or a chain, the same bytes each time.
func (t *TLSIdentity) Certificate() (tls.Certificate, error) {
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: bareFrom, NotAfter: bareUntil}
	key := t.Machine.Private()
	der, err := x509.CreateCertificate(noRandom{}, template, template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("this machine's certificate for TLS: %w", err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}

// noRandom is for signatures that draw nothing.
type noRandom struct{}

func (noRandom) Read([]byte) (int, error) { return 0, errors.New("a certificate draws no randomness") }

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
		// The library would look for a chain, dates and names. There are none: the
		// handshake proves the key, the exchange looks it up in the logs.
		InsecureSkipVerify:     true, //nolint:gosec // see above
		SessionTicketsDisabled: true, // a ticket has a lifetime, and the clock may be dead
		Time:                   func() time.Time { return CheckTime },
		VerifyConnection: func(s tls.ConnectionState) error {
			_, err := MachineOfTLS(s)
			return err
		},
	}, nil
}

// MachineOfTLS is the key that the other side of a connection has proved. What
// else its certificate says is not looked at.
func MachineOfTLS(s tls.ConnectionState) (SeatKey, error) {
	if s.Version < tls.VersionTLS13 || len(s.PeerCertificates) == 0 {
		return SeatKey{}, ErrNoMachine
	}
	pub, ok := s.PeerCertificates[0].PublicKey.(ed25519.PublicKey)
	if !ok || seal.CheckPublicKey(pub) != nil {
		return SeatKey{}, ErrNoMachine
	}
	return SeatKey(pub), nil
}
