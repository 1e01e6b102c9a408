package replica

import (
	"bytes"
	"context"
	"testing"

	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/exchange"
	"hejie/sync/oplog"
	"hejie/sync/seal"
)

// A record of a kind that only a later program knows is held, shown as unknown
// and handed on (DESIGN P4), and its lane goes on.
func TestARecordOfALaterKindTravels(t *testing.T) {
	_, town, village, _ := county(t)
	key, err := seal.NewKey(village.random)
	if err != nil {
		t.Fatal(err)
	}
	op := village.forge(oplog.Header{Class: oplog.ClassCase, Kind: 77, Audience: oplog.AudienceStation}, key,
		crdt.Body{Changes: []crdt.Change{{Kind: crdt.Assign, Path: crdt.Path{{Field: "later"}}, Value: "x"}}})
	village.take(village, wires(op.Frame))
	village.newCase("after it")
	meet(village, town)
	err = town.s.View(context.Background(), func(rd store.Reader) error {
		f, err := rd.Frame(op.ID)
		if err == nil && !bytes.Equal(f.Bytes, op.Frame) {
			t.Error("it came changed")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if village.fingerprint(town) != town.fingerprint(village) {
		t.Fatal("not in step")
	}
}

func TestAnUpdatedProgramJudgesAgainWhatWasRefused(t *testing.T) {
	_, town, village, _ := county(t)
	id := village.newCase("a")
	var bad []byte
	_ = village.s.View(context.Background(), func(rd store.Reader) error {
		f, err := rd.Frame(id)
		bad = bytes.Clone(f.Bytes)
		return err
	})
	bad[len(bad)-1] ^= 1
	town.take(village, wires(bad))
	refused := func() int {
		list, err := town.r.Refused(context.Background(), exchange.Peer{Machine: village.machine.Public()})
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	town.reopen()
	if refused() != 1 {
		t.Fatal("the same program forgot what it refused")
	}
	town.program = "a later one"
	town.reopen()
	if refused() != 0 {
		t.Fatal("an updated program still refuses what the one before did")
	}
}
