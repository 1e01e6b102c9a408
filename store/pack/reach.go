package pack

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"sync"

	"hejie/store/host"
)

// The reach (docs/format-packs.md 9.8) is a small file in local/ that says how
// far packs and facts were synced. It has two slots, written in turn and never
// synced by themselves, so that a save costs no second sync: one that is cut
// short leaves the other.
const (
	reachFile  = "reach"
	keptSuffix = "-kept"
	infoReach  = "hejie reach v1"
	infoNonce  = "hejie reach nonce v1"
	// reachSlot is a slot's length in a new file; it is doubled where a note needs it.
	reachSlot = 4 << 10
	// MaxNote bounds a note: some two thousand lanes.
	MaxNote    = 256 << 10
	reachFixed = 8 + 16 + 4 + 8 + 8 + 12 + 4 + 8
	sealNonce  = 12
	// slotOverhead is what a slot has besides its note.
	slotOverhead = sealNonce + 4 + reachFixed + tagSize
)

// Reach keeps the evidence. It is safe for concurrent use.
type Reach struct {
	opts     Options
	aead     cipher.AEAD
	nonceKey []byte

	// mu guards everything that follows.
	mu      sync.Mutex
	f       host.File // nil: not there yet, or nothing is written
	slot    int64     // the length of one; 0: there is no file whose slots are known
	counter uint64
	proof   Evidence
	note    []byte
}

// OpenReach reads the evidence of a folder. What can't be read is no evidence,
// and no error: Evidence.Known says so.
func OpenReach(o Options) (*Reach, error) {
	o.defaults()
	key, err := hkdf.Key(sha256.New, o.Key[:], nil, infoReach, 32)
	if err != nil {
		return nil, fmt.Errorf("derive the key of the reach: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("derive the key of the reach: %w", err)
	}
	r := &Reach{opts: o}
	if r.nonceKey, err = hkdf.Key(sha256.New, o.Key[:], nil, infoNonce, 32); err != nil {
		return nil, fmt.Errorf("derive the key of the reach: %w", err)
	}
	if r.aead, err = cipher.NewGCM(block); err != nil {
		return nil, fmt.Errorf("derive the key of the reach: %w", err)
	}
	b, err := host.ReadFile(o.FS, r.path(), 4*(MaxNote+slotOverhead))
	if err == nil {
		half := int64(len(b) / 2)
		for i := range int64(2) {
			r.read(b[i*half:(i+1)*half], byte(i))
		}
		if r.proof.Known {
			r.slot = half
		}
	}
	if b, err := host.ReadFile(o.FS, r.path()+keptSuffix, 2*(MaxNote+slotOverhead)); err == nil {
		r.read(b, 0)
		r.read(b, 1)
	}
	return r, nil // what can't be read is no evidence
}

func (r *Reach) path() string { return filepath.Join(r.opts.Dir, reachFile) }

// Keep keeps what the reach says now where later notes don't write over it, and
// syncs it: a power cut may tear both slots, and then this is still known.
func (r *Reach) Keep() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.opts.ReadOnly || !r.proof.Known {
		return nil
	}
	return host.WriteFile(r.opts.FS, r.path()+keptSuffix, r.seal(byte(r.counter%2)))
}

// read takes a slot if it is whole and newer.
func (r *Reach) read(b []byte, slot byte) {
	if len(b) < slotOverhead {
		return
	}
	n := binary.BigEndian.Uint32(b[sealNonce:])
	if n < reachFixed+tagSize || int64(n) > int64(len(b)-sealNonce-4) {
		return
	}
	p, err := r.aead.Open(nil, b[:sealNonce], b[sealNonce+4:sealNonce+4+int(n)], []byte{slot})
	if err != nil {
		return
	}
	counter := binary.BigEndian.Uint64(p)
	if r.proof.Known && counter <= r.counter {
		return
	}
	r.counter = counter
	r.proof = Evidence{
		Known: true, Key: true, Made: true, Used: true, StoreID: [16]byte(p[8:24]),
		At: Position{
			File: binary.BigEndian.Uint32(p[24:]), Offset: int64(binary.BigEndian.Uint64(p[28:])),
			Seq:  binary.BigEndian.Uint64(p[36:]),
			Last: Loc{binary.BigEndian.Uint32(p[44:]), binary.BigEndian.Uint32(p[48:]), binary.BigEndian.Uint32(p[52:])},
		},
		FactsFile: binary.BigEndian.Uint32(p[56:]), FactsSize: int64(binary.BigEndian.Uint64(p[60:])),
	}
	r.note = p[reachFixed:]
}

// Evidence is what the reach says now.
func (r *Reach) Evidence() (proof Evidence, note []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.proof, append([]byte(nil), r.note...)
}

// Packs notes up to where the packs are synced. A nil note keeps the last one.
func (r *Reach) Packs(storeID [16]byte, at Position, note []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.proof.StoreID = storeID
	// The evidence never goes back: what was there and is lost stays told.
	if at.Seq >= r.proof.At.Seq {
		r.proof.At = at
	}
	if note != nil && len(note) <= MaxNote {
		r.note = append(r.note[:0], note...)
	}
	return r.write()
}

// Facts notes up to where the facts are synced.
func (r *Reach) Facts(file uint32, size int64) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.proof.FactsFile, r.proof.FactsSize = file, size
	return r.write()
}

// write writes the older slot; the caller holds mu.
func (r *Reach) write() error {
	if r.opts.ReadOnly {
		return nil
	}
	r.counter++
	b := r.seal(byte(r.counter % 2))
	if r.f == nil && int64(len(b)) <= r.slot {
		if f, err := r.opts.FS.Append(r.path()); err == nil {
			r.f = f
		}
	}
	if r.f == nil || int64(len(b)) > r.slot {
		return r.remake(b)
	}
	if _, err := r.f.WriteAt(b, int64(r.counter%2)*r.slot); err != nil {
		return fmt.Errorf("write %s: %w", r.path(), err)
	}
	r.proof.Known = true
	return nil
}

func (r *Reach) seal(slot byte) []byte {
	p := binary.BigEndian.AppendUint64(make([]byte, 0, reachFixed+len(r.note)), r.counter)
	p = append(p, r.proof.StoreID[:]...)
	at := r.proof.At
	p = binary.BigEndian.AppendUint32(p, at.File)
	p = binary.BigEndian.AppendUint64(p, uint64(at.Offset))
	p = binary.BigEndian.AppendUint64(p, at.Seq)
	for _, n := range []uint32{at.Last.File, at.Last.Offset, at.Last.Length, r.proof.FactsFile} {
		p = binary.BigEndian.AppendUint32(p, n)
	}
	p = append(binary.BigEndian.AppendUint64(p, uint64(r.proof.FactsSize)), r.note...)
	// A counter may come twice, after a folder was restored; a nonce made of what
	// it seals comes twice only for the same.
	mac := hmac.New(sha256.New, r.nonceKey)
	mac.Write(p)
	b := append(make([]byte, 0, sealNonce+4+len(p)+tagSize), mac.Sum(nil)[:sealNonce]...)
	b = binary.BigEndian.AppendUint32(b, uint32(len(p)+tagSize))
	return r.aead.Seal(b, b[:sealNonce], p, []byte{slot})
}

// remake writes the file anew, synced, with room for the slot: where there is
// none, and where a note outgrows it.
func (r *Reach) remake(slot []byte) error {
	size := int64(reachSlot)
	for size < int64(len(slot)) {
		size *= 2
	}
	if r.f != nil {
		_ = r.f.Close() // it is replaced
		r.f = nil
	}
	b := make([]byte, 2*size)
	copy(b[int64(r.counter%2)*size:], slot)
	if err := host.WriteFile(r.opts.FS, r.path(), b); err != nil {
		return err
	}
	f, err := r.opts.FS.Append(r.path())
	if err != nil {
		return fmt.Errorf("open %s: %w", r.path(), err)
	}
	r.f, r.slot, r.proof.Known = f, size, true
	return nil
}

// Close closes the file.
func (r *Reach) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.f == nil {
		return nil
	}
	f := r.f
	r.f = nil
	if err := f.Close(); err != nil && !errors.Is(err, fs.ErrClosed) {
		return fmt.Errorf("close %s: %w", r.path(), err)
	}
	return nil
}
