package station

import (
	"fmt"

	"hejie/store"
	"hejie/sync/dcbor"
	"hejie/sync/exchange"
	"hejie/sync/identity"
	"hejie/sync/oplog"
)

// certificateFile is what an enrolment brings back (FORMAT.md 6): the logs of
// all ancestors from the root down and of the unit, and wraps for the seat.
type certificateFile struct {
	Version uint32   `cbor:"1,keyasint"`
	Kind    uint32   `cbor:"2,keyasint"`
	Frames  [][]byte `cbor:"3,keyasint"`
	Wraps   [][]byte `cbor:"4,keyasint,omitempty"`
}

func (f certificateFile) encode() []byte { return dcbor.Must(f) }

const (
	certificateVersion = 1
	certificateKind    = 1
	// maxCertificate bounds a certificate file: nine logs of some hundred seats.
	maxCertificate = 4 << 20
)

// certificate is a certificate file, read: its frames and what they give.
type certificate struct {
	frames   []exchange.Wire
	registry *identity.Registry
	tree     store.ID
}

func readCertificate(data []byte) (*certificate, error) {
	bad := func(format string, args ...any) error {
		return problem(CodeBadCertificate, "this is no certificate file, or it was changed on its way: "+fmt.Sprintf(format, args...))
	}
	if len(data) > maxCertificate {
		return nil, bad("it has %d bytes", len(data))
	}
	var f certificateFile
	if err := dcbor.Unmarshal(data, &f); err != nil {
		return nil, bad("%v", err)
	}
	if f.Version > certificateVersion {
		return nil, &store.NewerFormatError{Path: "the certificate file", Has: f.Version, Know: certificateVersion}
	}
	if f.Kind != certificateKind || len(f.Frames) == 0 {
		return nil, bad("it holds no logs")
	}
	c := &certificate{}
	for i, b := range f.Frames {
		op, err := oplog.Parse(b)
		if err != nil {
			return nil, bad("entry %d: %v", i+1, err)
		}
		if i == 0 {
			c.tree = op.Header.Owner
			c.registry = identity.NewRegistry(c.tree)
		}
		e, err := identity.EntryOf(op)
		if err != nil || op.Header.Tree != c.tree {
			return nil, bad("entry %d is not of this tree's logs", i+1)
		}
		c.registry.Add(e)
		c.frames = append(c.frames, exchange.Wire{Kind: store.KindOperation, Bytes: b})
	}
	for i, b := range f.Wraps {
		if _, err := oplog.ParseWrap(b); err != nil {
			return nil, bad("wrap %d: %v", i+1, err)
		}
		c.frames = append(c.frames, exchange.Wire{Kind: store.KindWrap, Bytes: b})
	}
	return c, nil
}

// admits finds what the file says of a seat.
func (c *certificate) admits(seat identity.SeatKey) (identity.Unit, identity.Seat, error) {
	id, s, ok := c.registry.Seat(seat)
	if !ok {
		return identity.Unit{}, identity.Seat{}, problem(CodeBadCertificate, "this file admits another station or person: ask for the one made from this computer's request")
	}
	u, _ := c.registry.Unit(id)
	if u.Path == nil || s.Waiting {
		return identity.Unit{}, identity.Seat{}, problem(CodeBadCertificate, "the logs in this file do not lead from the root to this unit: ask for a new file")
	}
	return u, s, nil
}
