package replica

import (
	"context"
	"crypto/ed25519"
	"encoding/binary"
	"slices"
	"testing"

	"hejie/store"
	"hejie/store/host"
	"hejie/sync/dcbor"
	"hejie/sync/exchange"
	"hejie/sync/identity"
	"hejie/sync/oplog"
	"hejie/sync/seal"
)

// stripped is a frame without its body: the head says that there is none.
func stripped(frame []byte, body int) []byte {
	out := slices.Clone(frame[:len(frame)-body])
	clear(out[7:11])
	return out
}

// wrapFrames are the wraps that a node holds.
func (n *node) wrapFrames() (list []*oplog.SealedWrap) {
	n.t.Helper()
	err := n.s.View(context.Background(), func(rd store.Reader) error {
		return rd.Frames(1, func(f store.Frame) (bool, error) {
			if f.Kind != store.KindWrap {
				return true, nil
			}
			w, err := oplog.ParseWrap(slices.Clone(f.Bytes))
			list = append(list, w)
			return true, err
		})
	})
	if err != nil {
		n.t.Fatal(err)
	}
	return list
}

// A wrap whose sealed bytes an erasure took away is as an operation without its
// body: nobody's fault, and kept by nobody whom no erasure tells to.
func TestAWrapWithoutItsSealedBytes(t *testing.T) {
	_, town, village, _ := county(t)
	village.newCase("a")
	made := village.wrapFrames()
	w := made[len(made)-1]
	bare := []exchange.Wire{{Kind: store.KindWrap, Bytes: stripped(w.Frame, len(w.Wrap.Sealed))}}
	if v := town.take(village, bare); v[0].Outcome != exchange.Refused || v[0].Reason != exchange.ReasonNotYet {
		t.Errorf("%+v", v[0])
	}
	if n := town.newer().Refused; n != 0 {
		t.Errorf("%d refused frames are noted", n)
	}
	meet(village, town)
	if v := town.take(village, bare); v[0].Outcome != exchange.Duplicate {
		t.Errorf("held whole, and stripped it is answered with %+v", v[0])
	}
	bare[0].Bytes[len(bare[0].Bytes)-1] ^= 1
	if v := town.take(village, bare); v[0].Reason != exchange.ReasonSignature {
		t.Errorf("with another signature it is answered with %+v", v[0])
	}
}

// A wrap with a key that has to be understood opens nothing here, not a reading
// key either; one with a key that may be passed over does.
func TestANewerWrapOpensNothing(t *testing.T) {
	_, town, _, _ := county(t)
	private := town.unit.Reading[0]
	seed := private.Seed()
	for key, opens := range map[uint64]int{99: 0, 128: 1} {
		seat, err := identity.NewSeatKeys(town.random)
		if err != nil {
			t.Fatal(err)
		}
		w := oplog.Wrap{
			Tree: town.tree, Seat: town.seat.Signing.Public(), Key: private.Name(), Method: oplog.ToSeat,
			For: seat.Reading.Name(), Unit: town.id, Owner: town.id, Stamp: 1,
		}
		var m dcbor.Keys
		if err := dcbor.Unmarshal(w.Associated(), &m); err != nil {
			t.Fatal(err)
		}
		m[key] = dcbor.Must("later")
		sealed, err := seal.SealTo(host.SystemRandom, seat.Reading.Public(), dcbor.Must(m), seed[:])
		if err != nil {
			t.Fatal(err)
		}
		m[10] = dcbor.Must(seal.Hash("hejie wrap body v1", sealed))
		if v := town.take(town, []exchange.Wire{{Kind: store.KindWrap, Bytes: town.wrapOf(dcbor.Must(m), sealed)}}); v[0].Outcome != exchange.Taken {
			t.Fatalf("key %d: %+v", key, v[0])
		}
		if seeds, err := town.r.ReadingSeeds(context.Background(), seat.Reading); err != nil || len(seeds) != opens {
			t.Errorf("key %d: %d reading keys, %v", key, len(seeds), err)
		}
	}
}

// wrapOf signs a wrap's map as it is.
func (n *node) wrapOf(m, sealed []byte) []byte {
	id := seal.Hash("hejie wrap v1", []byte{1}, m)
	digest := seal.Hash("hejie signature v1", id[:])
	frame := binary.BigEndian.AppendUint32([]byte{1}, uint32(len(m)))
	frame = binary.BigEndian.AppendUint16(frame, ed25519.SignatureSize)
	frame = binary.BigEndian.AppendUint32(frame, uint32(len(sealed)))
	return slices.Concat(frame, m, ed25519.Sign(n.seat.Signing.Private(), digest[:]), sealed)
}
