package liar

// Wrap is a key sealed for somebody (FORMAT 7).
type Wrap struct {
	ID     ID
	Map    M
	Sealed []byte
	Bytes  []byte
}

// Frame is the wrap as it is pushed.
func (w *Wrap) Frame() Frame { return Frame{FrameWrap, w.Bytes} }

const wrapSealed = 10

func parseWrap(b []byte) (*Wrap, error) {
	var encoded, sealed []byte
	var err error
	if oldWraps() {
		encoded = b[1 : len(b)-64]
	} else if encoded, _, sealed, err = cut(b); err != nil {
		return nil, err
	}
	m, err := Map(encoded)
	if err != nil {
		return nil, err
	}
	if oldWraps() {
		sealed = m.bytes(wrapSealed)
	}
	return &Wrap{ID: H("hejie wrap v1", []byte{suite}, encoded), Map: m, Sealed: sealed, Bytes: b}, nil
}

// bound is what the sealed bytes are bound to: the map without them.
func (w *Wrap) bound() []byte {
	m := w.Map.clone()
	delete(m, wrapSealed)
	return Encode(m)
}

// unlock opens what can be opened of the wraps held.
func (k *Kit) unlock() {
	for _, w := range k.Wraps {
		if w.Map.number(4) != 2 {
			continue
		}
		for _, seed := range k.Reading {
			if key, err := openHPKE(seed, w.bound(), w.Sealed); err == nil {
				k.know(w.Map.id(3), key)
			}
		}
	}
	for _, w := range k.Wraps {
		if w.Map.number(4) != 1 {
			continue
		}
		if kek := k.keys[w.Map.id(5)]; kek != nil {
			if key, ok := unwrapKey(kek, w.Sealed); ok {
				k.know(w.Map.id(3), key)
			}
		}
	}
}

func commitment(key []byte) ID { return H("hejie key v1", key) }

func (k *Kit) know(name ID, key []byte) {
	if len(key) == 32 && commitment(key) == name {
		k.keys[name] = key
	}
}

// NewKey makes a key that the kit knows, and gives its commitment.
func (k *Kit) NewKey() ID {
	key := random(32)
	name := commitment(key)
	k.keys[name] = key
	return name
}

// Wrap rules of an audience.
const (
	RuleStation = 1
	RuleTree    = 2
)

// WrapsForTree are the frames of wraps that give a key of the kit's unit to that
// unit and all above it.
func (k *Kit) WrapsForTree(key ID) ([]Frame, error) {
	var out []Frame
	for _, reader := range append([]ID{k.Unit}, k.Above(k.Unit)...) {
		w, err := k.WrapTo(key, reader, k.Unit, M{11: RuleTree})
		if err != nil {
			return nil, err
		}
		out = append(out, w.Frame())
	}
	return out, nil
}

// WrapTo seals a key that the kit knows to a unit's reading key (method 2). more
// are further fields of the map, or other values of those that it has; absent
// fields are nil.
func (k *Kit) WrapTo(key, reader, owner ID, more M) (*Wrap, error) {
	public, err := k.readingKey(reader)
	if err != nil {
		return nil, err
	}
	m := M{1: k.Tree, 2: k.name(), 3: key, 4: 2, 5: H("hejie public key v1", public), 6: reader, 7: owner, 9: k.stamp()}
	merge(m, more)
	sealed, err := sealHPKE(public, Encode(m), k.keys[key])
	if err != nil {
		return nil, err
	}
	return k.signWrap(m, sealed), nil
}

func (k *Kit) signWrap(m M, sealed []byte) *Wrap {
	var b, encoded []byte
	if oldWraps() {
		m[wrapSealed] = sealed
		encoded = Encode(m)
	} else {
		m[wrapSealed] = H("hejie wrap body v1", sealed)
		encoded = Encode(m)
	}
	id := H("hejie wrap v1", []byte{suite}, encoded)
	if oldWraps() {
		b = append(append([]byte{suite}, encoded...), sign(k.Seat, id)...)
	} else {
		b = join(encoded, sign(k.Seat, id), sealed)
	}
	return &Wrap{ID: id, Map: m, Sealed: sealed, Bytes: b}
}

// merge lays fields over a map; nil takes one away.
func merge(m, more M) {
	for key, v := range more {
		if v == nil {
			delete(m, key)
		} else {
			m[key] = v
		}
	}
}
