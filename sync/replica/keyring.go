package replica

import (
	"sync"

	"hejie/store"
	"hejie/sync/oplog"
	"hejie/sync/seal"
)

// keyring holds the private keys that this node may use and the symmetric keys
// that they opened. It only ever grows while the program runs.
type keyring struct {
	mu      sync.Mutex
	private map[store.ID]*seal.PrivateKey // name of the public key → key
	open    map[store.ID]seal.Key         // commitment → key, as found in wraps
}

func newKeyring() *keyring {
	return &keyring{private: map[store.ID]*seal.PrivateKey{}, open: map[store.ID]seal.Key{}}
}

func (k *keyring) addPrivate(p *seal.PrivateKey) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, held := k.private[p.Name()]; held {
		return false
	}
	k.private[p.Name()] = p
	return true
}

func (k *keyring) privateKey(name store.ID) *seal.PrivateKey {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.private[name]
}

func (k *keyring) known(c store.ID) (seal.Key, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	key, ok := k.open[c]
	return key, ok
}

func (k *keyring) note(key seal.Key) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.open[key.Commitment()] = key
}

// resolve finds a symmetric key by its commitment: among those opened before,
// or through the wraps held. false: it can't be opened here (now).
func (k *keyring) resolve(r store.Reader, commitment store.ID) (seal.Key, bool, error) {
	return k.resolveDepth(r, commitment, 2)
}

// resolveDepth follows at most two wraps: a record key under an audience key
// under a reading key.
func (k *keyring) resolveDepth(r store.Reader, commitment store.ID, depth int) (seal.Key, bool, error) {
	if key, ok := k.known(commitment); ok {
		return key, true, nil
	}
	if depth == 0 {
		return seal.Key{}, false, nil
	}
	wraps, err := ids(r, rowKey(rowWrapKey, commitment[:]))
	if err != nil {
		return seal.Key{}, false, err
	}
	for _, id := range wraps {
		w, err := heldWrap(r, id)
		if err != nil {
			return seal.Key{}, false, err
		}
		if w == nil || len(w.Unknown) > 0 {
			continue // a newer program says something of it that has to be understood
		}
		key, ok, err := k.openWrap(r, w.Wrap, depth)
		if err != nil {
			return seal.Key{}, false, err
		}
		if ok {
			k.note(key)
			return key, true, nil
		}
	}
	return k.inside(r, commitment, depth)
}

// inside finds a record key in an operation that bears it under an audience key.
// One that bears another key than its header names is its author's lie.
func (k *keyring) inside(r store.Reader, commitment store.ID, depth int) (seal.Key, bool, error) {
	bearers, err := ids(r, rowKey(rowInside, commitment[:]))
	if err != nil {
		return seal.Key{}, false, err
	}
	for _, id := range bearers {
		op, err := heldOperation(r, id)
		if err != nil {
			return seal.Key{}, false, err
		}
		if op == nil {
			continue
		}
		audience, wrapped, ok := op.Inside()
		if !ok {
			continue
		}
		under, ok, err := k.resolveDepth(r, audience, depth-1)
		if err != nil {
			return seal.Key{}, false, err
		}
		if !ok {
			continue
		}
		if key, err := under.UnwrapKey(wrapped); err == nil && key.Commitment() == commitment {
			k.note(key)
			return key, true, nil
		}
	}
	return seal.Key{}, false, nil
}

// openWrap opens one wrap. A wrap that opens to another key than it names is a
// lie of its maker and counts as not opened.
func (k *keyring) openWrap(r store.Reader, w oplog.Wrap, depth int) (seal.Key, bool, error) {
	var key seal.Key
	switch w.Method {
	case oplog.ToUnit:
		private := k.privateKey(w.For)
		if private == nil {
			return seal.Key{}, false, nil
		}
		if plain, err := private.OpenSealed(w.Associated(), w.Sealed); err == nil && len(plain) == seal.KeySize {
			key = seal.Key(plain)
		}
	case oplog.UnderAudience:
		under, ok, err := k.resolveDepth(r, w.For, depth-1)
		if err != nil || !ok {
			return seal.Key{}, false, err
		}
		if inner, err := under.UnwrapKey(w.Sealed); err == nil {
			key = inner
		}
	default:
		return seal.Key{}, false, nil
	}
	return key, key.Commitment() == w.Key, nil
}
