package sim

import (
	"context"
	"crypto/ed25519"
	"encoding/binary"
	"fmt"
	"strings"

	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/exchange"
	"hejie/sync/identity"
	"hejie/sync/oplog"
	"hejie/sync/seal"
)

// What a hostile station writes by hand: operations that its own seat signed well,
// and that no honest program would make. It knows every id and no key but its own.

// forger makes them for one call on one station.
type forger struct {
	*run
	liar, victim *machine
	signer       ed25519.PrivateKey
}

// forge lets the liar bring forged operations to a station, or a stranger frames
// whose signatures are broken.
func (r *run) forge(victim *machine) {
	var liar *machine
	for _, m := range r.md.machines {
		if m.lied && m.up() && m != victim {
			liar = m
		}
	}
	if liar == nil || r.chaos.IntN(4) == 0 {
		r.broken(victim)
		return
	}
	f := &forger{run: r, liar: liar, victim: victim}
	if err := f.unlock(); err != nil {
		r.note(liar, "can't forge: %v", err)
		return
	}
	var list []*oplog.Operation
	for _, make := range []func() []oplog.Header{f.inAnothersCase, f.digestOfAnothersCase, f.forkedLane, f.strayParents} {
		for _, h := range make() {
			if op := f.sign(h); op != nil {
				list = append(list, op)
			}
		}
	}
	wires := make([]exchange.Wire, len(list))
	for i, op := range list {
		r.md.forged[op.ID] = true
		wires[i] = exchange.Wire{Kind: store.KindOperation, Bytes: op.Frame}
	}
	verdicts, err := victim.replica.Take(context.Background(), exchange.Peer{Machine: liar.key, Unit: liar.unit}, wires)
	if err != nil {
		r.trouble(victim, "taking what was forged", err)
		return
	}
	kept := 0
	for i := range verdicts {
		if verdicts[i].Outcome == exchange.Taken {
			kept++
		}
	}
	r.world.Faults[Forged] += len(list)
	r.note(victim, "%s brings %d forged operations, and %d are kept", liar.name, len(list), kept)
	r.seen(victim)
}

// unlock opens the liar's own key file, as its program does.
func (f *forger) unlock() error {
	seat, err := parseID(f.liar.staff[0].seat)
	if err != nil {
		return err
	}
	kf, err := identity.DecodeKeyFile(f.liar.disk.Files()[dataDir+"/keys/keys"])
	if err != nil {
		return err
	}
	opened, err := kf.Unlock(seat, secret)
	if err != nil {
		return err
	}
	f.signer = opened.Seat.Signing.Private()
	return nil
}

// logs are the heads of a unit's log as the victim knows them.
func (f *forger) logs(unit store.ID) []store.ID {
	u, ok := f.victim.replica.Registry().Unit(unit)
	if !ok {
		return nil
	}
	return u.Heads
}

// epoch is one in which nobody writes.
func (f *forger) epoch() (e oplog.Epoch) {
	binary.BigEndian.PutUint64(e[:], f.chaos.Uint64())
	return e
}

// another is a case of somebody else; false: there is none.
func (f *forger) another() (*caseFile, bool) {
	for _, id := range f.md.files() {
		if c := f.md.cases[id]; c.owner != f.liar.unit && f.chaos.IntN(2) == 0 {
			return c, true
		}
	}
	return nil, false
}

// header is of an operation in a record of somebody else.
func (f *forger) header(c *caseFile, record store.ID) oplog.Header {
	return oplog.Header{
		Class: oplog.ClassCase, Kind: oplog.KindCase, Owner: c.owner, OwnerLog: f.logs(c.owner), AuthorLog: f.logs(f.liar.unit),
		Record: &record, Heads: []store.ID{record}, Epoch: f.epoch(), Number: 1,
	}
}

// inAnothersCase: nobody granted it, or it grants itself the case.
func (f *forger) inAnothersCase() []oplog.Header {
	c, ok := f.another()
	if !ok {
		return nil
	}
	plain, granting := f.header(c, c.id), f.header(c, c.id)
	granting.Grants = []store.ID{f.liar.unit}
	asOwn := f.header(c, c.id)
	asOwn.Owner, asOwn.OwnerLog, asOwn.AuthorLog = f.liar.unit, f.logs(f.liar.unit), nil
	return []oplog.Header{plain, granting, asOwn}
}

// digestOfAnothersCase: figures that its owner did not tell, in a digest's record
// that is there.
func (f *forger) digestOfAnothersCase() []oplog.Header {
	for _, id := range f.md.order() {
		o := f.md.ops[id]
		if o.forged || o.header.Kind != oplog.KindDigest || o.header.Owner == f.liar.unit || f.chaos.IntN(2) == 0 {
			continue
		}
		h := f.header(&caseFile{owner: o.header.Owner}, o.record)
		of := o.of
		h.Class, h.Kind, h.Case, h.Projects = oplog.ClassDigest, oplog.KindDigest, &of, &of
		return []oplog.Header{h}
	}
	return nil
}

// forkedLane: two begin records of its own under one number.
func (f *forger) forkedLane() []oplog.Header {
	h := oplog.Header{
		Class: oplog.ClassCase, Kind: oplog.KindCase, Owner: f.liar.unit, OwnerLog: f.logs(f.liar.unit), Audience: oplog.AudienceStation,
		Epoch: f.epoch(), Number: 1,
	}
	return []oplog.Header{h, h}
}

// strayParents: heads of another record, a number whose earlier ones never were.
func (f *forger) strayParents() []oplog.Header {
	c, ok := f.another()
	d, also := f.another()
	if !ok || !also {
		return nil
	}
	stray, far := f.header(c, c.id), f.header(c, c.id)
	stray.Heads = []store.ID{d.id}
	before := d.id
	far.Number, far.Previous = 1000, &before
	return []oplog.Header{stray, far}
}

// sign makes an operation of a header with a key that the liar draws; nil: the
// format itself forbids it.
func (f *forger) sign(h oplog.Header) *oplog.Operation {
	f.marks++
	random := f.world.Random(fmt.Sprint("forger ", f.marks))
	h.Tree, h.Stamp = f.liar.replica.Self().Tree, f.chaos.Uint64()>>20
	key, err := seal.NewKey(random)
	if err != nil {
		return nil
	}
	changes := make([]crdt.Change, 0, 60)
	for i := range 60 {
		changes = append(changes, crdt.Change{Kind: crdt.Assign, Path: crdt.Path{{Field: "title"}}, Value: strings.Repeat("假", 1+i)})
	}
	content, err := crdt.EncodeBody(crdt.Body{Changes: changes})
	if err != nil {
		return nil
	}
	op, err := oplog.Make(h, key, content, f.signer, random)
	if err != nil {
		f.note(f.liar, "can't sign a %s: %v", kindOf(&operation{header: h}), err)
		return nil
	}
	return op
}

// broken lets a stranger introduce himself with frames of others in which a bit
// is another.
func (r *run) broken(victim *machine) {
	r.seen(victim) // messages that came late brought what nobody looked at
	var frames [][]byte
	for _, id := range r.md.order() {
		if !victim.holds(id) || r.chaos.IntN(3) > 0 {
			continue
		}
		_ = victim.replica.View(context.Background(), func(rd store.Reader) error { // what can't be read is no matter
			f, err := rd.Frame(id)
			if err == nil {
				b := append([]byte(nil), f.Bytes...)
				b[r.chaos.IntN(len(b))] ^= 1 << r.chaos.IntN(8)
				frames = append(frames, b)
			}
			return err
		})
		if len(frames) == 8 {
			break
		}
	}
	if len(frames) == 0 {
		return
	}
	r.world.Faults[Broken] += len(frames)
	before := len(victim.held)
	err := victim.replica.Introduce(context.Background(), frames)
	if err != nil {
		r.trouble(victim, "hearing a stranger", err)
		return
	}
	r.note(victim, "a stranger brings %d frames with broken signatures", len(frames))
	if r.seen(victim); len(victim.held) > before {
		r.fail(ruleWhole, victim.name, "it kept %d frames whose signature is broken", len(victim.held)-before)
	}
}
