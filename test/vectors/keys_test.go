package vectors

import (
	"bytes"
	"testing"

	"hejie/store"
	"hejie/store/host"
	"hejie/sync/dcbor"
	"hejie/sync/identity"
	"hejie/sync/oplog"
	"hejie/sync/replica"
	"hejie/sync/seal"
)

func keyVectors(*testing.T) []vector {
	c := newCounty()
	key := recordKey("case")
	commitment := key.Commitment()
	reading := c.village.unit.Reading[0]
	seed, name := reading.Seed(), reading.Name()
	signing, public := c.village.seat.Signing.Seed(), c.village.seat.Signing.Public()
	return []vector{
		ok("symmetric key", "A record key and its commitment.", fields{"key": hexed(key[:]), "name_": hexed(commitment[:])}),
		ok("reading key", "An X-Wing key from its 32-byte seed, and its name.", fields{"seed": hexed(seed[:]), "public": hexed(reading.Public()), "name_": hexed(name[:])}),
		ok("signing key", "An Ed25519 key from its seed.", fields{"signing": hexed(signing[:]), "public": hexed(public[:])}),
	}
}

func (c *county) wrap(method oplog.Method) oplog.Wrap {
	record := store.ID(bytes.Repeat([]byte{0x22}, 32))
	w := oplog.Wrap{Tree: c.court.id, Seat: c.village.request.Seat, Method: method, Unit: c.town.id, Owner: c.village.id, Stamp: firstStamp + 2<<16}
	if method == oplog.UnderAudience {
		w.Record = &record
	}
	return w
}

func wrapVectors(*testing.T) []vector {
	c := newCounty()
	signer := c.village.seat.Signing.Private()
	record, audience := recordKey("case"), recordKey("audience")
	under := c.wrap(oplog.UnderAudience)
	under.Key, under.For, under.Sealed = record.Commitment(), audience.Commitment(), must(audience.WrapKey(record))
	one := must(under.Sign(signer))
	toUnit := c.wrap(oplog.ToUnit)
	toUnit.Key, toUnit.For, toUnit.Rule = audience.Commitment(), c.town.unit.Reading[0].Name(), oplog.AudienceStation
	toUnit.Sealed = must(seal.SealTo(host.SystemRandom, c.town.unit.Reading[0].Public(), toUnit.Associated(), audience[:]))
	two := must(toUnit.Sign(signer))
	toSeat := c.wrap(oplog.ToSeat)
	inside := c.village.unit.Reading[0].Seed()
	toSeat.Unit, toSeat.Key, toSeat.For = c.village.id, c.village.unit.Reading[0].Name(), c.village.seat.Reading.Name()
	toSeat.Sealed = must(seal.SealTo(host.SystemRandom, c.village.seat.Reading.Public(), toSeat.Associated(), inside[:]))
	three := must(toSeat.Sign(signer))
	successor := c.wrap(oplog.Successor)
	successor.Unit, successor.Key, successor.For = c.town.id, c.village.unit.Reading[0].Name(), c.town.unit.Reading[0].Name()
	successor.Sealed = must(seal.SealTo(host.SystemRandom, c.town.unit.Reading[0].Public(), successor.Associated(), inside[:]))
	four := must(successor.Sign(signer))
	of := func(w *oplog.SealedWrap) fields {
		return fields{"frame": hexed(w.Frame), "id": hexed(w.ID[:]), "method": int(w.Wrap.Method)}
	}
	with := func(f fields, name string, value []byte) fields {
		f[name] = hexed(value)
		return f
	}
	townSeed, seatSeed, hillSeed := c.town.unit.Reading[0].Seed(), c.village.seat.Reading.Seed(), c.hill.unit.Reading[0].Seed()
	wrong := under
	wrong.Key = audience.Commitment()
	misnamed := must(wrong.Sign(signer))
	damaged := under
	damaged.Sealed = flipped(under.Sealed, 5)
	changedInside := must(damaged.Sign(signer))
	moved := toUnit
	moved.Owner = c.hill.id
	relabelled := must(moved.Sign(signer))
	bad := func(expect, name, says string, frame []byte) vector {
		return fault(expect, name, says, fields{"frame": hexed(frame)})
	}
	n := int(one.Frame[3])<<8 | int(one.Frame[4]) // length of the map
	m, body := one.Frame[11:11+n], one.Wrap.Sealed
	again := func(f map[uint64]any) []byte { return wrapOf(changed(m, f), body, c) }
	sealed := func(f map[uint64]any, body []byte) []byte {
		f[10] = seal.Hash("hejie wrap body v1", body)
		return wrapOf(changed(m, f), body, c)
	}
	list := []vector{
		ok("record key under an audience key", "AES-KW.", with(with(of(one), "key", audience[:]), "opens", record[:])),
		kept(ok("audience key to a unit", "HPKE to the unit's reading key.", with(with(of(two), "seed", townSeed[:]), "opens", audience[:]))),
		kept(ok("reading key to a seat", "HPKE to the seat's encryption key; inside is the private seed.", with(with(of(three), "seed", seatSeed[:]), "opens", inside[:]))),
		kept(ok("reading key to a successor", "Method 4: the private seed of a closed unit, to the reading key of the one that follows.", with(with(of(four), "seed", townSeed[:]), "opens", inside[:]))),
		ok("with later fields", "Kept and handed on. With 12, that must be understood, it opens nothing here; 128 may be passed over.", laterWrap(m, body, c)),
		fault("key", "another audience key", "It is not the one that is named.", with(with(of(one), "key", record[:]), "opens", record[:])),
		kept(fault("key", "another unit's reading key", "It is not the one that is named.", with(with(of(two), "seed", hillSeed[:]), "opens", audience[:]))),
		fault("key", "another key inside", "What is inside is not what the wrap names.", with(with(of(misnamed), "key", audience[:]), "opens", record[:])),
		fault("key", "sealed bytes changed, signed again", "The signature fits and AES-KW does not.", with(with(of(changedInside), "key", audience[:]), "opens", record[:])),
		kept(fault("key", "another owner, signed again", "The map is what the key is sealed to.", with(with(of(relabelled), "seed", townSeed[:]), "opens", audience[:]))),
	}
	return append(list,
		bad("suite", "suite 2", "Not malformed, but not known.", append([]byte{2}, one.Frame[1:]...)),
		bad("signature", "signature changed", "One bit.", flipped(one.Frame, 11+n)),
		bad("signature", "owner changed", "One bit of the map.", flipped(one.Frame, 11+bytes.Index(m, c.village.id[:]))),
		bad("body", "sealed bytes changed", "The map names their hash.", flipped(one.Frame, -1)),
		bad("without", "sealed bytes taken away", "As after an erasure: nobody keeps it so whom no order tells to.", assemble(1, m, one.Frame[11+n:11+n+64], nil)),
		bad("malformed", "short", "No map at all.", one.Frame[:40]),
		bad("malformed", "map over 4,096 bytes", "Larger than any wrap.", again(map[uint64]any{12: make([]byte, 4096)})),
		bad("malformed", "not canonical", "The key 1 in two bytes.", wrapOf(append([]byte{m[0], 0x18, 0x01}, m[2:]...), body, c)),
		bad("newer", "method 5", "Not wrong, but not known.", again(map[uint64]any{4: 5})),
		bad("newer", "method 256", "Not wrong, but not known.", again(map[uint64]any{4: 256})),
		bad("newer", "rule 4", "Not wrong, but not known.", again(map[uint64]any{11: 4})),
		bad("malformed", "method 0", "There is none.", again(map[uint64]any{4: 0})),
		bad("malformed", "method 1 with 48 bytes", "A wrapped key has 40.", sealed(map[uint64]any{}, make([]byte, 48))),
		bad("malformed", "method 2 with 40 bytes", "HPKE has 1,168.", again(map[uint64]any{4: 2})),
		bad("malformed", "method 4 with 40 bytes", "HPKE has 1,168.", again(map[uint64]any{4: 4})),
		bad("malformed", "method 1 without its record", "It opens one record.", again(map[uint64]any{8: nil})),
		bad("malformed", "nothing named as sealed", "Field 10 is missing.", again(map[uint64]any{10: nil})),
		bad("malformed", "owner of 31 bytes", "An id has 32.", again(map[uint64]any{7: make([]byte, 31)})),
		bad("malformed", "no stamp", "Field 9 is missing.", again(map[uint64]any{9: nil})),
		bad("malformed", "rule 0", "What is zero is left out.", again(map[uint64]any{11: 0})),
		bad("malformed", "seat of small order", "No signing key.", again(map[uint64]any{2: append([]byte{1}, make([]byte, 31)...)})),
		bad("malformed", "signature of two frames", "Only a case's operation and its digest share one.", assemble(1, m, make([]byte, 97), body)),
	)
}

func laterWrap(m, body []byte, c *county) fields {
	m = changed(m, map[uint64]any{12: "later", 128: "ignored"})
	frame := wrapOf(m, body, c)
	id := seal.Hash("hejie wrap v1", []byte{1}, m)
	return fields{"frame": hexed(frame), "id": hexed(id[:]), "method": 1, "later": []uint64{12}}
}

// wrapOf signs any map as a wrap of the village's person.
func wrapOf(m, body []byte, c *county) []byte {
	id := seal.Hash("hejie wrap v1", []byte{1}, m)
	return assemble(1, m, signed("hejie signature v1", id[:], c.village.seat.Signing), body)
}

func receiptVectors(*testing.T) []vector {
	c := newCounty()
	seat := c.village.request.Seat
	run := func(from, to uint64) replica.ReceiptRun {
		return replica.ReceiptRun{From: from, To: to, Last: seal.Hash("vector run", []byte{byte(from), byte(to)})}
	}
	r := replica.Receipt{Tree: c.court.id, Machine: c.town.machine.Public(), Unit: c.town.id, Counter: 3, Owner: c.village.id, Lanes: []replica.ReceiptLane{
		{Seat: seat, Epoch: oplog.Epoch{1}, Class: oplog.ClassDigest, Runs: []replica.ReceiptRun{run(1, 7)}},
		{Seat: seat, Epoch: oplog.Epoch{1}, Class: oplog.ClassCase, Runs: []replica.ReceiptRun{run(1, 4), run(6, 6), run(9, 12)}},
		{Seat: seat, Epoch: oplog.Epoch{2}, Class: oplog.ClassCase, Runs: []replica.ReceiptRun{run(1, 1)}},
	}}
	m := dcbor.Must(r)
	r.Refused = []oplog.ID{c.hill.id}
	refusing := dcbor.Must(r)
	narrow := replica.Receipt{Tree: c.court.id, Machine: c.town.machine.Public(), Unit: c.town.id, Counter: 3, Owner: c.hill.id, Lanes: r.Lanes, For: &c.village.id}
	var lanes []any
	for _, l := range r.Lanes {
		var runs []any
		for _, x := range l.Runs {
			runs = append(runs, []any{x.From, x.To, hexed(x.Last[:])})
		}
		lanes = append(lanes, []any{hexed(l.Seat[:]), hexed(l.Epoch[:]), int(l.Class), runs})
	}
	sign := func(m []byte, by identity.SigningKey) string {
		return hexed(append(bytes.Clone(m), signed("hejie receipt v1", m, by)...))
	}
	machine, owner := c.town.machine.Public(), c.village.id
	full := func(m []byte) fields {
		return fields{"receipt": sign(m, c.town.machine), "machine": hexed(machine[:]), "owner": hexed(owner[:]), "counter": 3, "lanes": lanes}
	}
	bad := func(expect, name, says, receipt string) vector {
		return fault(expect, name, says, fields{"receipt": receipt})
	}
	forVillage := full(dcbor.Must(narrow))
	forVillage["owner"], forVillage["for"] = hexed(c.hill.id[:]), hexed(c.village.id[:])
	greatest := full(changed(m, map[uint64]any{4: uint64(1) << 53}))
	greatest["counter"] = uint64(1) << 53
	other := run(5, 6)
	sides := []replica.ReceiptRun{run(1, 4), {From: 5, To: 5, Last: oplog.ID{1}}, other}
	r.Refused, r.Lanes = nil, []replica.ReceiptLane{{Seat: seat, Epoch: oplog.Epoch{1}, Class: oplog.ClassCase, Runs: sides}}
	forked := full(dcbor.Must(r))
	var told []any
	for _, x := range sides {
		told = append(told, []any{x.From, x.To, hexed(x.Last[:])})
	}
	forked["lanes"] = []any{[]any{hexed(seat[:]), hexed(r.Lanes[0].Epoch[:]), int(oplog.ClassCase), told}}
	lane := func(class int, runs ...any) map[uint64]any {
		return map[uint64]any{5: []any{[]any{seat, oplog.Epoch{1}, class, runs}}}
	}
	with := func(f map[uint64]any) string { return sign(changed(m, f), c.town.machine) }
	return []vector{
		ok("three lanes", "What the township's machine holds of the village's lanes, with gaps.", full(m)),
		ok("with a refused id", "Field 6 is there only where something was refused.", full(refusing)),
		ok("with a later field", "Unknown keys are kept.", full(changed(m, map[uint64]any{200: "later"}))),
		ok("a part", "The second of three: it counts for what it says.", full(changed(m, map[uint64]any{8: []any{2, 3}}))),
		ok("what it lacks and has whole", "Commitments of keys that are missing, carry-outs, lists of attachments.", full(changed(m, map[uint64]any{10: []oplog.ID{{1}}, 11: []oplog.ID{{2}}, 12: []oplog.ID{{3}, {4}}}))),
		ok("the greatest counter", "2^53; nothing greater comes.", greatest),
		ok("both sides of a fork", "Two runs from the same number.", forked),
		ok("for a granted unit", "What the township's machine holds of the village's people's lanes in hill's records: it goes to the village, not to hill.", forVillage),
		bad("signature", "another machine's", "Signed by a key that it does not name.", sign(m, c.village.machine)),
		bad("signature", "counter changed", "One bit.", hexed(flipped(append(bytes.Clone(m), signed("hejie receipt v1", m, c.town.machine)...), bytes.Index(m, []byte{0x04, 0x03})+1))),
		bad("malformed", "too short", "Only a signature.", hexed(make([]byte, 64))),
		bad("malformed", "no owner", "A receipt is for one owner's lanes.", with(map[uint64]any{7: nil})),
		bad("malformed", "a lane of three parts", "Seat, epoch, class, runs.", with(map[uint64]any{5: []any{[]any{seat, oplog.Epoch{1}, 3}}})),
		bad("malformed", "refused list empty", "What is empty is left out.", with(map[uint64]any{6: []any{}})),
		bad("malformed", "a run of two", "From, to and the id at to.", with(lane(3, []any{1, 2}))),
		bad("malformed", "counter 0", "From 1.", with(map[uint64]any{4: 0})),
		bad("malformed", "counter 2^53+1", "Else one machine has the last word for ever.", with(map[uint64]any{4: uint64(1)<<53 + 1})),
		bad("malformed", "part 0", "From 1.", with(map[uint64]any{8: []any{0, 2}})),
		bad("malformed", "part 3 of 2", "No part beyond the last.", with(map[uint64]any{8: []any{3, 2}})),
		bad("malformed", "part 1 of 1", "One part is no part.", with(map[uint64]any{8: []any{1, 1}})),
		bad("malformed", "17 parts", "At most 16.", with(map[uint64]any{8: []any{1, 17}})),
		bad("malformed", "a lane of a log", "Receipts tell of classes 2 to 15.", with(lane(1, []any{1, 2, seat}))),
		bad("malformed", "a lane without runs", "What is not held is left out.", with(lane(3))),
		bad("malformed", "runs not sorted", "By from, to, id.", with(lane(3, []any{5, 6, seat}, []any{1, 2, seat}))),
		bad("malformed", "a run backwards", "From is at most to.", with(lane(3, []any{3, 2, seat}))),
		bad("malformed", "missing keys not sorted", "Ids ascend, none twice.", with(map[uint64]any{12: []oplog.ID{{2}, {1}}})),
		bad("malformed", "a lane of class 16", "Receipts tell of classes 2 to 15.", with(lane(16, []any{1, 2, seat}))),
		bad("malformed", "machine of small order", "No signing key.", with(map[uint64]any{2: smallOrder(0)})),
		bad("malformed", "machine of 31 bytes", "A key has 32.", with(map[uint64]any{2: machine[:31]})),
	}
}
