package vectors

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"testing"

	"hejie/sync/dcbor"
	"hejie/sync/identity"
)

// cheap is the least that a slot may cost, so that readers in slow languages keep up.
var cheap = identity.Cost{Time: 1, Memory: 8 << 10, Lanes: 1}

const secret = "八个字的口令真长"

func sortedBy(list []map[string]any, name string) []map[string]any {
	slices.SortFunc(list, func(a, b map[string]any) int { return cmp.Compare(a[name].(string), b[name].(string)) })
	return list
}

func keyFileVectors(*testing.T) []vector {
	c := newCounty()
	v := c.village
	random := seeded("key file")
	kf, by, err := identity.CreateKeyFile(random, v.seat, "赵示和", secret, cheap)
	if err != nil {
		panic(err)
	}
	if err := kf.AddSheet(random, by, v.sheet, v.request.Name); err != nil {
		panic(err)
	}
	second := must(identity.NewSeatKeys(seeded("newcomer")))
	if err := kf.AddSlot(random, by, second, "钱新例", "another secret", identity.Cost{Time: 2, Memory: 9000, Lanes: 2}); err != nil {
		panic(err)
	}
	b := kf.Encode()
	of := func(seat identity.SeatKeys, secret string) fields {
		key, signing, reading := seat.Signing.Public(), seat.Signing.Seed(), seat.Reading.Seed()
		return fields{"file": hexed(b), "store": hexed(kf.Store[:]), "seat": hexed(key[:]), "secret": secret, "storeKey": hexed(by.Store[:]), "signing": hexed(signing[:]), "encryption": hexed(reading[:])}
	}
	bySheet := func(sheet identity.Sheet) fields {
		return fields{"file": hexed(b), "store": hexed(kf.Store[:]), "sheet": sheet.Text(), "storeKey": hexed(by.Store[:])}
	}
	var wire struct {
		Version uint64
		Slots   []dcbor.Raw
	}
	var keys dcbor.Keys
	if err := dcbor.Unmarshal(b, &keys); err != nil {
		panic(err)
	}
	if err := dcbor.Unmarshal(keys[3], &wire.Slots); err != nil {
		panic(err)
	}
	slot := func(f map[uint64]any) []byte {
		return changed(b, map[uint64]any{3: []any{dcbor.Raw(changed(wire.Slots[0], f))}})
	}
	bad := func(expect, name, says string, file []byte) vector {
		f := with(of(v.seat, secret), "file", hexed(file))
		return fault(expect, name, says, f)
	}
	box := func(at int) []byte {
		var inside []byte
		var s dcbor.Keys
		if dcbor.Unmarshal(wire.Slots[0], &s) != nil || dcbor.Unmarshal(s[8], &inside) != nil {
			panic("slot")
		}
		return slot(map[uint64]any{8: flipped(inside, at)})
	}
	return []vector{
		ok("by secret", "Argon2id, then the box.", of(v.seat, secret)),
		ok("by another's secret", "Each seat has its own slot and cost.", of(second, "another secret")),
		ok("by recovery sheet", "The store key only.", bySheet(v.sheet)),
		fault("secret", "wrong secret", "One character less.", with(of(v.seat, secret), "secret", strings.TrimSuffix(secret, "长"))),
		fault("secret", "another's secret", "It opens the other slot only.", of(v.seat, "another secret")),
		fault("secret", "another sheet", "The township's.", bySheet(c.town.sheet)),
		bad("secret", "box changed", "One bit.", box(20)),
		bad("secret", "name in the slot changed", "The box is bound to the rest of its slot.", slot(map[uint64]any{3: "王冒例"})),
		fault("secret", "store id changed", "The box is bound to its store.", with(with(of(v.seat, secret), "file", hexed(changed(b, map[uint64]any{2: [16]byte{1}}))), "store", "01000000000000000000000000000000")),
		bad("newer", "version 2", "A newer program's.", changed(b, map[uint64]any{1: 2})),
		bad("malformed", "unknown field", "A key file has none.", changed(b, map[uint64]any{4: 1})),
		bad("malformed", "unknown field in a slot", "A slot has none.", slot(map[uint64]any{9: 1})),
		bad("malformed", "memory over 512 MiB", "A hostile file must not cost a laptop's memory.", slot(map[uint64]any{6: 512<<10 + 1})),
		bad("malformed", "memory under 8 MiB", "Too cheap to guess.", slot(map[uint64]any{6: 8<<10 - 1})),
		bad("malformed", "time 17", "At most 16.", slot(map[uint64]any{5: 17})),
		bad("malformed", "time 0", "At least 1.", slot(map[uint64]any{5: 0})),
		bad("malformed", "nine lanes", "At most 8.", slot(map[uint64]any{7: 9})),
		bad("malformed", "kind 3", "There is none.", slot(map[uint64]any{1: 3})),
		bad("malformed", "salt of 15 bytes", "16.", slot(map[uint64]any{4: make([]byte, 15)})),
		bad("malformed", "one seat twice", "A seat has one slot.", changed(b, map[uint64]any{3: []any{wire.Slots[0], wire.Slots[0]}})),
		bad("malformed", "cut off", "The last byte is missing.", b[:len(b)-1]),
	}
}

func sheetVectors(*testing.T) []vector {
	c := newCounty()
	s := c.town.sheet
	bits := make([]byte, 20)
	random := seeded("place town")
	_ = must(identity.NewSeatKeys(random))
	_ = must(identity.NewSigningKey(random))
	_ = must(identity.NewUnitKeys(random, true))
	_, _ = random.Read(bits)
	reading, issuing := c.town.unit.Reading[0].Seed(), c.town.unit.Issuing.Seed()
	of := func(text string) fields {
		return fields{"text": text, "bits": hexed(bits), "escrow": hexed(c.town.request.Escrow), "reading": hexed(reading[:]), "issuing": hexed(issuing[:])}
	}
	text := s.Text()
	typed := strings.ToLower(strings.NewReplacer("0", "o", "1", "l").Replace(strings.ReplaceAll(text, "-", " ")))
	bad := func(expect, name, says, text string) vector { return fault(expect, name, says, of(text)) }
	groups := strings.Split(text, "-")
	next := func(ch byte) string { return map[bool]string{true: "7", false: "8"}[ch != '7'] }
	slip := strings.Join(append([]string{groups[0][:3] + next(groups[0][3])}, groups[1:]...), "-")
	swapped := groups[2][:1] + groups[2][2:3] + groups[2][1:2] + groups[2][3:]
	exchanged := slices.Clone(groups)
	exchanged[2] = swapped
	list := []vector{
		ok("as printed", "Eight groups, then two of check characters.", of(text)),
		ok("as people type it", "Small letters, spaces, o for 0 and l for 1.", of(typed)),
		bad("sheet", "one character wrong", "The first group does not fit its check.", slip),
		bad("sheet", "a group missing", "Nine groups.", strings.Join(groups[:9], "-")),
		bad("sheet", "U", "The letter is not used.", "U"+text[1:]),
		bad("sheet", "another script", "No letter of base 32.", "和"+text[1:]),
		ok("second sheet", "A root's: i + 8 in its check characters.", secondSheet(c.court.second.Text(), c)),
		bad("sheet", "second sheet for the first", "Neither is taken for the other.", c.court.second.Text()),
		fault("sheet", "first sheet for the second", "Neither is taken for the other.", secondSheet(text, c)),
		fault("key", "another unit's escrow", "The sheet does not open it.", with(of(text), "escrow", hexed(c.village.request.Escrow))),
		fault("key", "escrow changed", "One bit.", with(of(text), "escrow", hexed(flipped(c.town.request.Escrow, -1)))),
	}
	if swapped != groups[2] {
		list = append(list, bad("sheet", "two characters exchanged", "The check tells.", strings.Join(exchanged, "-")))
	}
	return list
}

func secondSheet(text string, c *county) fields {
	key, promise := must(c.court.second.ReserveKey()).Public(), must(c.court.second.Promise())
	return fields{"text": text, "reserve": hexed(key[:]), "promise": hexed(promise[:])}
}

func with(f fields, name string, value any) fields {
	f[name] = value
	return f
}

func localVectors(*testing.T) []vector {
	c := newCounty()
	store := recordKey("store")
	random := seeded("local")
	seed := c.village.machine.Seed()
	machine := must(identity.SealLocal(random, store, identity.LabelMachine, seed[:]))
	unit := must(identity.SealLocal(random, store, identity.LabelUnit, c.town.unit.Encode()))
	of := func(label string, box, plain []byte) fields {
		return fields{"storeKey": hexed(store[:]), "label": label, "box": hexed(box), "plain": hexed(plain)}
	}
	other := recordKey("other")
	return []vector{
		ok("keys/machine", "The machine seat's private seed.", of(identity.LabelMachine, machine, seed[:])),
		ok("keys/unit", "The unit's reading seeds and issuing seed.", of(identity.LabelUnit, unit, c.town.unit.Encode())),
		fault("key", "one in the other's place", "The label is part of the seal.", of(identity.LabelUnit, machine, seed[:])),
		fault("key", "another store", "Another key.", with(of(identity.LabelMachine, machine, seed[:]), "storeKey", hexed(other[:]))),
		fault("key", "changed", "One bit.", of(identity.LabelMachine, flipped(machine, 12), seed[:])),
		fault("key", "cut off", "Shorter than nonce and tag.", of(identity.LabelMachine, bytes.Clone(machine[:20]), seed[:])),
	}
}
