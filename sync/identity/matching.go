package identity

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"slices"

	"hejie/store/host"
	"hejie/sync/seal"
)

// MatchingKey hands the tree's matching key on to a unit (FORMAT.md 6, item 11):
// the secret under which every unit of a tree makes the same mark of the same
// person and cause. The root says it in its own branch, every other parent in
// the parent's branch of the unit that gets it.
type MatchingKey struct {
	// Key is the commitment; only the one that the root's log names first counts,
	// so that nobody between the root and a unit can give it another.
	Key ID
	// For names the unit's reading key to which the key is sealed.
	For    ID
	Sealed []byte
}

// Type implements Item.
func (*MatchingKey) Type() ItemType { return ItemMatchingKey }

func (m *MatchingKey) wire() (any, error) {
	return map[uint64]any{1: ItemMatchingKey, 2: m.Key, 3: m.For, 4: m.Sealed}, nil
}

func decodeMatchingKey(f *fields) (Item, error) {
	m := &MatchingKey{}
	if id := f.id(2, true); id != nil {
		m.Key = *id
	}
	if id := f.id(3, true); id != nil {
		m.For = *id
	}
	m.Sealed = f.bytes(4, seal.SealedKeySize, seal.SealedKeySize)
	return m, nil
}

// NewMatchingKey makes a tree's matching key; only a root does.
func NewMatchingKey(random host.Random) (seal.Key, error) { return seal.NewKey(random) }

// HandMatchingKey is the item that seals the tree's matching key to the reading
// key of one of its units.
func HandMatchingKey(random host.Random, tree, unit ID, reading []byte, key seal.Key) (*MatchingKey, error) {
	m := &MatchingKey{Key: key.Commitment(), For: seal.PublicKeyName(reading)}
	var err error
	if m.Sealed, err = seal.SealTo(random, reading, m.associated(tree, unit), key[:]); err != nil {
		return nil, fmt.Errorf("handing the matching key to unit %x: %w", unit[:4], err)
	}
	return m, nil
}

// Open gives the key, or seal.ErrSealed where the private key is another one or
// what is inside is not the key that the item names.
func (m *MatchingKey) Open(tree, unit ID, private *seal.PrivateKey) (seal.Key, error) {
	plain, err := private.OpenSealed(m.associated(tree, unit), m.Sealed)
	if err != nil {
		return seal.Key{}, err
	}
	if len(plain) != seal.KeySize || seal.Key(plain).Commitment() != m.Key {
		return seal.Key{}, fmt.Errorf("a matching key: %w", seal.ErrSealed)
	}
	return seal.Key(plain), nil
}

// MatchingMark is the mark of a person's number and a cause under a tree's
// matching key: equal for equal ones, and telling nothing to who lacks the key.
// Who holds it can try numbers, so marks are for the tree's own units only.
// number is in half-width capitals without spaces, an old one of 15 digits in
// its form of 18; category is the code of the dispute's kind.
func MatchingMark(key seal.Key, number, category string) [8]byte {
	h := hmac.New(sha256.New, key[:])
	h.Write([]byte("hejie matching mark v1\x00" + number + "\x00" + category))
	return [8]byte(h.Sum(nil)[:8])
}

// associated binds the sealed key to its place, so that it can't be put into
// another unit's log.
func (m *MatchingKey) associated(tree, unit ID) []byte {
	h := seal.Hash("hejie matching key v1", tree[:], unit[:], m.Key[:], m.For[:])
	return h[:]
}

// matching takes a handed key down: of the root what its own branch says, of
// others what the parent says.
func (b *builder) matching(n *node, m *MatchingKey) {
	if (n.Branch == BranchOwn) == (b.l.parent == nil) && n.admin[b.v] {
		b.u.Matching = append(b.u.Matching, m)
	}
}

// MatchingName is the commitment of the tree's matching key: the first that the
// root's log names. false: the tree has none yet.
func (r *Registry) MatchingName() (ID, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.matchingName()
}

func (r *Registry) matchingName() (ID, bool) {
	if root, _ := r.unit(r.tree); len(root.Matching) > 0 {
		return root.Matching[0].Key, true
	}
	return ID{}, false
}

// MatchingFor lists the items that hand the tree's matching key to a unit, in the
// order of its log.
func (r *Registry) MatchingFor(unit ID) []*MatchingKey {
	r.mu.Lock()
	defer r.mu.Unlock()
	name, ok := r.matchingName()
	if !ok {
		return nil
	}
	return r.matchingFor(unit, name)
}

func (r *Registry) matchingFor(unit, name ID) []*MatchingKey {
	u, _ := r.unit(unit)
	return slices.DeleteFunc(u.Matching, func(m *MatchingKey) bool { return m.Key != name })
}

// MatchingOwed lists the units right under parent to which nobody handed the
// tree's matching key yet, sorted by id; none while the tree has none.
func (r *Registry) MatchingOwed(parent ID) []ID {
	r.mu.Lock()
	defer r.mu.Unlock()
	name, ok := r.matchingName()
	if !ok {
		return nil
	}
	var owed []ID
	for l := range r.below[parent] {
		if l.first == nil || !l.first.good || r.current(l.unit) != l || l.parent == nil || l.parent.unit != parent {
			continue
		}
		if len(r.matchingFor(l.unit, name)) == 0 {
			owed = append(owed, l.unit)
		}
	}
	return sortIDs(owed)
}
