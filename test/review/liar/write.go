package liar

import (
	"crypto/ed25519"
	"fmt"
	"slices"
)

// Classes and kinds of records, as FORMAT 3 numbers them.
const (
	ClassTree   = 1
	ClassDigest = 2
	ClassCase   = 3

	KindLog    = 1
	KindCase   = 2
	KindNotes  = 3
	KindDigest = 4
)

func (k *Kit) name() ID { return public(k.Seat) }

// NewEpoch begins new lanes.
func (k *Kit) NewEpoch() {
	k.epoch = random(8)
	clear(k.numbers)
	clear(k.previous)
}

// Receipt is a receipt of the folder's machine (FORMAT 11); more are further
// fields or other values of those that it has.
func (k *Kit) Receipt(owner ID, counter uint64, more M) []byte {
	m := M{1: k.Tree, 2: public(k.Machine), 3: k.Unit, 4: counter, 5: []any{}, 7: owner}
	merge(m, more)
	b := Encode(m)
	what := H("hejie receipt v1", b)
	return append(b, ed25519.Sign(k.Machine, what[:])...)
}

// ReceiptLanes counts the lanes of a class that receipts of others than this
// machine name for an owner.
func (k *Kit) ReceiptLanes(receipts [][]byte, owner ID, class uint64) int {
	lanes := map[string]bool{}
	for _, b := range receipts {
		m, err := Map(b[:max(len(b)-64, 0)])
		if err != nil || m.id(7) != owner || m.id(2) == public(k.Machine) {
			continue
		}
		for _, v := range m.list(5) {
			if l, ok := v.([]any); ok && len(l) > 2 && l[2] == class {
				lanes[fmt.Sprint(l[0], l[1])] = true
			}
		}
	}
	return len(lanes)
}

func (k *Kit) stamp() uint64 { k.tick++; return k.tick }

// Draft is an operation before it is sealed and signed.
type Draft struct {
	Owner   ID
	Class   uint64
	Kind    uint64
	Record  ID // zero: a first operation
	Heads   []ID
	Key     ID // that seals the body; zero: not sealed
	Inside  ID // the audience key under which Key stands in the body (field 31)
	Content []byte
	// Plain makes the plaintext of the content; nil: as an honest writer does.
	Plain func([]byte) []byte
	// More are further fields of the header or other values of those that it has;
	// nil takes one away.
	More M
	// Sign makes the signature part; nil: the seat's over the id.
	Sign func(id ID) []byte
}

// Write seals, numbers and signs a draft.
func (k *Kit) Write(d Draft) (*Operation, error) {
	place := lane{d.Owner, d.Class}
	h := M{1: k.Tree, 2: k.name(), 3: k.epoch, 4: d.Owner, 5: d.Class, 6: k.numbers[place] + 1, 9: d.Kind, 14: k.stamp(), 15: 1, 20: random(16)}
	if p := k.previous[place]; p != (ID{}) {
		h[7] = p
	}
	if d.Record != (ID{}) {
		h[8], h[11] = d.Record, Sorted(d.Heads)
	}
	if own := k.LogHeads(d.Owner); len(own) > 0 {
		h[12] = own
	}
	if d.Owner != k.Unit {
		h[13] = k.LogHeads(k.Unit)
	}
	merge(h, d.More)
	plain := Plain
	if d.Class == ClassTree {
		plain = bare
	}
	if d.Plain != nil {
		plain = d.Plain
	}
	body := plain(d.Content)
	if d.Key != (ID{}) {
		key := k.keys[d.Key]
		if key == nil {
			return nil, fmt.Errorf("the key %x is not known here", d.Key[:4])
		}
		h[19] = d.Key
		salt, _ := h[20].([]byte)
		derived := expand(key, salt, "hejie body v1", 44)
		body = gcm(derived[:32]).Seal(nil, derived[32:], body, append([]byte{suite}, Encode(h)...))
	}
	if d.Inside != (ID{}) {
		body = slices.Concat(d.Inside[:], wrapKey(k.keys[d.Inside], k.keys[d.Key]), body)
	}
	if _, given := d.More[21]; !given {
		h[21] = len(body)
	}
	if _, given := d.More[22]; !given {
		h[22] = H("hejie body v1", body)
	}
	header := Encode(h)
	id := H("hejie operation v1", []byte{suite}, header)
	signature := sign(k.Seat, id)
	if d.Sign != nil {
		signature = d.Sign(id)
	}
	k.numbers[place]++
	k.previous[place] = id
	frame := join(header, signature, body)
	if o, err := parseOperation(frame); err == nil {
		return o, nil
	}
	// A header that is no CBOR of the pages can be pushed all the same.
	return &Operation{ID: id, Header: M{}, Body: body, Bytes: frame}, nil
}

// Heads are the heads of a record among the operations held.
func (k *Kit) Heads(record ID) []ID {
	named := map[ID]bool{}
	var ids []ID
	for _, o := range k.Operations {
		if o.record() == record {
			for _, h := range o.Header.list(11) {
				named[toID(h)] = true
			}
		}
	}
	for id, o := range k.Operations {
		if o.record() == record && !named[id] {
			ids = append(ids, id)
		}
	}
	return Sorted(ids)
}

// Digest finds the digest's record of a case.
func (k *Kit) Digest(of ID) (ID, error) {
	for id, o := range k.Operations {
		if o.Header.number(9) == KindDigest && o.Header.id(10) == of && o.Header.id(8) == (ID{}) {
			return id, nil
		}
	}
	return ID{}, fmt.Errorf("no digest of %x is here", of[:4])
}

// Changes is a body: one change each.
func Changes(changes ...M) []byte {
	list := make([]any, len(changes))
	for i, c := range changes {
		list[i] = c
	}
	return Encode(M{1: list})
}

// Assign sets a register; replaces are refs that it replaces.
func Assign(path string, value any, replaces ...any) M {
	c := M{1: 1, 2: []any{path}}
	if value != nil {
		c[3] = value
	}
	if len(replaces) > 0 {
		c[4] = replaces
	}
	return c
}

// Live are the refs of the assignments to a field that stand in the operations
// of a record held here, those of whatever was replaced left out.
func (k *Kit) Live(record ID, path string) []any {
	gone := map[string]bool{}
	type ref struct {
		id    ID
		index int
	}
	var refs []ref
	for id, o := range k.Operations {
		if o.record() != record {
			continue
		}
		body, err := k.Open(o)
		if err != nil {
			continue
		}
		for i, v := range body.list(1) {
			c, _ := v.(M)
			p := c.list(2)
			if c.number(1) != 1 || len(p) != 1 || p[0] != path {
				continue
			}
			refs = append(refs, ref{id, i})
			for _, r := range c.list(4) {
				if pair, ok := r.([]any); ok && len(pair) == 2 {
					gone[fmt.Sprint(toID(pair[0]), pair[1])] = true
				}
			}
		}
	}
	slices.SortFunc(refs, func(a, b ref) int { return slices.Compare(a.id[:], b.id[:]) })
	var live []any
	for _, r := range refs {
		if !gone[fmt.Sprint(r.id, uint64(r.index))] {
			live = append(live, []any{r.id, r.index})
		}
	}
	return live
}

// Open reads the body of an operation whose key is known here.
func (k *Kit) Open(o *Operation) (M, error) {
	key := k.keys[o.Header.id(19)]
	if key == nil {
		return nil, fmt.Errorf("the key of %x is not known here", o.ID[:4])
	}
	bound := o.Header.clone()
	delete(bound, 21)
	delete(bound, 22)
	derived := expand(key, o.Header.bytes(20), "hejie body v1", 44)
	plain, err := gcm(derived[:32]).Open(nil, derived[32:], o.Body, append([]byte{suite}, Encode(bound)...))
	if err != nil {
		return nil, err
	}
	c, err := content(plain)
	if err != nil {
		return nil, err
	}
	return Map(c)
}

// Edit is a draft on a case that the kit holds and can read.
func (k *Kit) Edit(of ID, changes ...M) (Draft, error) {
	return k.edit(of, ClassCase, KindCase, changes)
}

func (k *Kit) edit(record ID, class, kind uint64, changes []M) (Draft, error) {
	heads := k.Heads(record)
	begun := k.Operations[record]
	if begun == nil || len(heads) == 0 {
		return Draft{}, fmt.Errorf("record %x is not here", record[:4])
	}
	last := k.Operations[heads[0]]
	return Draft{Owner: begun.Header.id(4), Class: class, Kind: kind, Record: record, Heads: heads, Key: last.Header.id(19), Content: Changes(changes...)}, nil
}

// Keep takes an operation into what the kit holds, so that the next names it.
func (k *Kit) Keep(o *Operation) { k.Operations[o.ID] = o }

// Branches of a unit's log.
const (
	BranchOwn    = 1
	BranchParent = 2
)

// Entry is a draft of the next entry of a branch of a unit's log.
func (k *Kit) Entry(unit ID, branch int, list ...M) (Draft, error) {
	entries, heads := k.log(unit)
	if len(entries) == 0 {
		return Draft{}, fmt.Errorf("the log of unit %x is not here", unit[:4])
	}
	record := entries[0].record()
	head := heads[branch-1]
	if head == (ID{}) {
		head = record // the first entry of the own branch names the log's first
	}
	content := make([]any, len(list))
	for i := range list {
		content[i] = list[i]
	}
	return Draft{Owner: unit, Class: ClassTree, Kind: KindLog, Record: record, Heads: []ID{head}, Content: Encode(M{1: content}), More: M{24: branch}}, nil
}

// SignHash signs 32 bytes as they are.
func (k *Kit) SignHash(what ID) []byte { return ed25519.Sign(k.Seat, what[:]) }

// Signature is the seat's over an id.
func (k *Kit) Signature(id ID) []byte { return sign(k.Seat, id) }

// Body is a list of changes that was encoded.
type Body []byte

// First is its first change, as the caller may alter it.
func (b Body) First() M {
	m, err := Map(b)
	if err != nil {
		panic(err) // it is what Changes made
	}
	c, _ := m.list(1)[0].(M)
	return c
}

// ReceiptSeat is the seat's key: no machine's.
func (k *Kit) ReceiptSeat() ID { return k.name() }

// First is a ref of the first entry added to a map of a record.
func (k *Kit) First(record ID, path string) any {
	for id, o := range k.Operations {
		if o.record() != record {
			continue
		}
		body, err := k.Open(o)
		if err != nil {
			continue
		}
		for i, v := range body.list(1) {
			c, _ := v.(M)
			if p := c.list(2); c.number(1) == 2 && len(p) == 1 && p[0] == path {
				return []any{id, i}
			}
		}
	}
	return []any{H("nobody"), 0}
}
