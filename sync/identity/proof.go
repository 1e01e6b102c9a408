package identity

import (
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"hejie/sync/dcbor"
	"hejie/sync/oplog"
)

// LaneProof shows that an operation lies in a pinned lane at or before the pin,
// to who holds a part of the lane only: the audit path of RFC 6962 2.1.1 from
// the operation's id to the pin's root. It is a frame of its own (kind 5, no
// signature, no entry), pulled by whoever needs it; nothing takes one yet.
type LaneProof struct {
	Pin    Pin
	Number uint64 // 1 … Pin.Number
	ID     ID
	Path   []ID
}

// Limits of a proof: a lane of 2^53 operations has a path of 53 hashes.
const (
	maxPath  = 53
	maxProof = 4 << 10
)

// ErrLaneProof is returned for a proof that proves nothing.
var ErrLaneProof = errors.New("the proof does not show that the operation lies in the pinned lane")

type wireProof struct {
	Pin    wirePin `cbor:"1,keyasint"`
	Number uint64  `cbor:"2,keyasint"`
	ID     ID      `cbor:"3,keyasint"`
	Path   []ID    `cbor:"4,keyasint,omitempty"`
}

// leaves is a hash reader over a lane's ids, oldest first.
func leaves(ids []ID) (tlog.HashReaderFunc, error) {
	var stored []tlog.Hash
	read := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, at := range indexes {
			out[i] = stored[at]
		}
		return out, nil
	})
	for i := range ids {
		more, err := tlog.StoredHashes(int64(i), ids[i][:], read)
		if err != nil {
			return nil, fmt.Errorf("hashes of a lane: %w", err)
		}
		stored = append(stored, more...)
	}
	return read, nil
}

// LaneRoot is what a pin says of a lane: the tree hash of RFC 6962 over the ids
// of its operations, the first first.
func LaneRoot(ids []ID) (ID, error) {
	read, err := leaves(ids)
	if err != nil {
		return ID{}, err
	}
	root, err := tlog.TreeHash(int64(len(ids)), read)
	return ID(root), err
}

// ProveLane proves the operation of a number by all ids of the pinned lane.
func ProveLane(pin Pin, ids []ID, number uint64) (*LaneProof, error) {
	if uint64(len(ids)) != pin.Number || number == 0 || number > pin.Number {
		return nil, fmt.Errorf("operation %d of %d, the pin is at %d: %w", number, len(ids), pin.Number, ErrLaneProof)
	}
	read, err := leaves(ids)
	if err != nil {
		return nil, err
	}
	path, err := tlog.ProveRecord(int64(pin.Number), int64(number-1), read)
	if err != nil {
		return nil, fmt.Errorf("a lane's proof: %w", err)
	}
	p := &LaneProof{Pin: pin, Number: number, ID: ids[number-1]}
	for _, h := range path {
		p.Path = append(p.Path, ID(h))
	}
	return p, p.check()
}

func (p *LaneProof) check() error {
	if p.Number == 0 || p.Number > p.Pin.Number || p.Pin.Number > oplog.MaxNumber || p.Pin.Class < oplog.ClassTree || p.Pin.Class > oplog.LastClass || len(p.Path) > maxPath {
		return ErrLaneProof
	}
	path := make(tlog.RecordProof, len(p.Path))
	for i, h := range p.Path {
		path[i] = tlog.Hash(h)
	}
	if tlog.CheckRecord(path, int64(p.Pin.Number), tlog.Hash(p.Pin.Root), int64(p.Number-1), tlog.RecordHash(p.ID[:])) != nil {
		return ErrLaneProof
	}
	if p.Number == p.Pin.Number && p.ID != p.Pin.ID {
		return ErrLaneProof
	}
	return nil
}

// Encode is the proof's frame.
func (p *LaneProof) Encode() []byte {
	return dcbor.Must(wireProof{Pin: wirePins([]Pin{p.Pin})[0], Number: p.Number, ID: p.ID, Path: p.Path})
}

// ParseLaneProof reads a proof and checks its path. Whether the pin is anybody's
// is asked of the logs.
func ParseLaneProof(b []byte) (*LaneProof, error) {
	if len(b) > maxProof {
		return nil, fmt.Errorf("a proof of %d bytes: %w", len(b), ErrLaneProof)
	}
	var w wireProof
	if err := dcbor.Unmarshal(b, &w); err != nil {
		return nil, fmt.Errorf("a lane's proof: %w", err)
	}
	pin := Pin{Seat: w.Pin.Seat, Epoch: w.Pin.Epoch, Owner: w.Pin.Owner, Class: w.Pin.Class, Number: w.Pin.Number, ID: w.Pin.ID, Root: w.Pin.Root}
	p := &LaneProof{Pin: pin, Number: w.Number, ID: w.ID, Path: w.Path}
	return p, p.check()
}
