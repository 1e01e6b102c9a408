package identity

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"golang.org/x/crypto/argon2"

	"hejie/store/host"
	"hejie/sync/dcbor"
	"hejie/sync/seal"
)

// Limits of a key file, so that a hostile one costs neither memory nor time.
const (
	// MaxKeyFile bounds the file: MaxSlots slots of at most 700 bytes.
	MaxKeyFile = 64 << 10
	// MaxSlots bounds the seats and sheets of one folder: a court's server.
	MaxSlots = 64
	// MaxArgonMemory is what a 4 GB laptop can spare, in KiB.
	MaxArgonMemory = 512 << 10
	minArgonMemory = 8 << 10
	maxArgonTime   = 16
	maxArgonLanes  = 8
	maxSlotBox     = 512

	keyFileVersion = 1
	saltSize       = 16
)

// Cost is what opening a slot costs (Argon2id, RFC 9106).
type Cost struct {
	Time   uint32
	Memory uint32 // KiB
	Lanes  uint8
}

// DefaultCost takes about 0.2 s on a village laptop (RFC 9106's second choice).
var DefaultCost = Cost{Time: 3, Memory: 64 << 10, Lanes: 2}

func (c Cost) check() error {
	if c.Time < 1 || c.Time > maxArgonTime || c.Memory < minArgonMemory || c.Memory > MaxArgonMemory || c.Lanes < 1 || c.Lanes > maxArgonLanes {
		return fmt.Errorf("%w key file: Argon2id with time %d, memory %d KiB, lanes %d", ErrMalformed, c.Time, c.Memory, c.Lanes)
	}
	return nil
}

// SlotKind says what opens a slot.
type SlotKind uint8

// The kinds of slots.
const (
	SlotSecret SlotKind = 1
	SlotSheet  SlotKind = 2
)

// Slot is one way to open the folder.
type Slot struct {
	Kind SlotKind
	Seat SeatKey // zero in a sheet's slot
	Name string  // of the person, or of the sheet
	salt [saltSize]byte
	cost Cost
	box  []byte
}

// KeyFile opens a data folder: the store key, sealed once for each seat's
// secret and once for each recovery sheet. Its methods change it in memory;
// the caller writes Encode to disk.
type KeyFile struct {
	Store [16]byte // the store's id
	Slots []Slot
}

// The errors about key files.
var (
	// ErrNoSlot is returned when the folder has no slot for that seat, or no sheet's slot.
	ErrNoSlot = errors.New("this folder has no such seat")
	// ErrSlotTaken is returned when a seat has a slot already.
	ErrSlotTaken = errors.New("this folder has that seat already")
)

// Opened is what a slot holds. Seat is empty where a sheet opened it.
type Opened struct {
	Store seal.Key
	Seat  SeatKeys
}

// CreateKeyFile makes a key file with one seat's slot and a new store key.
func CreateKeyFile(random host.Random, seat SeatKeys, name, secret string, cost Cost) (*KeyFile, Opened, error) {
	k := &KeyFile{}
	if _, err := io.ReadFull(random, k.Store[:]); err != nil {
		return nil, Opened{}, fmt.Errorf("making a key file: %w", err)
	}
	key, err := seal.NewKey(random)
	if err != nil {
		return nil, Opened{}, err
	}
	o := Opened{Store: key, Seat: seat}
	return k, o, k.AddSlot(random, o, seat, name, secret, cost)
}

// AddSlot gives one more seat a slot; by is what a present seat (or a sheet)
// opened.
func (k *KeyFile) AddSlot(random host.Random, by Opened, seat SeatKeys, name, secret string, cost Cost) error {
	if err := CheckSecret(secret); err != nil {
		return err
	}
	if err := errors.Join(CheckName(name), cost.check()); err != nil {
		return err
	}
	if _, ok := k.find(seat.Signing.Public()); ok {
		return ErrSlotTaken
	}
	s := Slot{Kind: SlotSecret, Seat: seat.Signing.Public(), Name: name, cost: cost}
	if err := k.close(random, &s, by.Store, seat, secret); err != nil {
		return err
	}
	return k.add(s)
}

// AddSheet gives a recovery sheet a slot.
func (k *KeyFile) AddSheet(random host.Random, by Opened, sheet Sheet, name string) error {
	if err := CheckName(name); err != nil {
		return err
	}
	s := Slot{Kind: SlotSheet, Name: name}
	if _, err := io.ReadFull(random, s.salt[:]); err != nil {
		return fmt.Errorf("making a slot: %w", err)
	}
	key, err := sheet.key(sheetSlotInfo)
	if err != nil {
		return err
	}
	if s.box, err = sealBox(random, key, k.associated(&s), dcbor.Must(wireSlotBox{Store: by.Store})); err != nil {
		return err
	}
	return k.add(s)
}

func (k *KeyFile) add(s Slot) error {
	if len(k.Slots) >= MaxSlots {
		return fmt.Errorf("a folder has at most %d seats", MaxSlots)
	}
	k.Slots = append(k.Slots, s)
	return nil
}

func (k *KeyFile) find(seat SeatKey) (int, bool) {
	i := slices.IndexFunc(k.Slots, func(s Slot) bool { return s.Kind == SlotSecret && s.Seat == seat })
	return i, i >= 0
}

// Unlock opens a seat's slot, or returns ErrNoSlot or ErrWrongSecret.
func (k *KeyFile) Unlock(seat SeatKey, secret string) (Opened, error) {
	i, ok := k.find(seat)
	if !ok {
		return Opened{}, ErrNoSlot
	}
	s := &k.Slots[i]
	if err := s.cost.check(); err != nil {
		return Opened{}, err
	}
	plain, err := openBox(s.secretKey(secret), k.associated(s), s.box)
	if err != nil {
		return Opened{}, ErrWrongSecret
	}
	o, err := readSlotBox(plain, true)
	if err == nil && o.Seat.Signing.Public() != seat {
		err = fmt.Errorf("%w key file: the slot holds another seat's key", ErrMalformed)
	}
	return o, err
}

// ChangeSecret gives a seat a new secret, with a new salt and the cost given.
func (k *KeyFile) ChangeSecret(random host.Random, seat SeatKey, old, secret string, cost Cost) error {
	if err := errors.Join(CheckSecret(secret), cost.check()); err != nil {
		return err
	}
	o, err := k.Unlock(seat, old)
	if err != nil {
		return err
	}
	i, _ := k.find(seat)
	s := k.Slots[i]
	s.cost = cost
	if err := k.close(random, &s, o.Store, o.Seat, secret); err != nil {
		return err
	}
	k.Slots[i] = s
	return nil
}

// RemoveSlot takes a seat's slot away: somebody left.
func (k *KeyFile) RemoveSlot(seat SeatKey) error {
	i, ok := k.find(seat)
	if !ok {
		return ErrNoSlot
	}
	k.Slots = slices.Delete(k.Slots, i, i+1)
	return nil
}

// OpenBySheet opens the folder's store key, never a seat's keys, or returns
// ErrNoSlot or ErrWrongSecret.
func (k *KeyFile) OpenBySheet(sheet Sheet) (Opened, error) {
	key, err := sheet.key(sheetSlotInfo)
	if err != nil {
		return Opened{}, err
	}
	err = ErrNoSlot
	for i := range k.Slots {
		s := &k.Slots[i]
		if s.Kind != SlotSheet {
			continue
		}
		if plain, e := openBox(key, k.associated(s), s.box); e == nil {
			return readSlotBox(plain, false)
		}
		err = ErrWrongSecret
	}
	return Opened{}, err
}

func (k *KeyFile) close(random host.Random, s *Slot, store seal.Key, seat SeatKeys, secret string) error {
	if seat.Reading == nil {
		return fmt.Errorf("making a slot: the seat has no encryption key")
	}
	if _, err := io.ReadFull(random, s.salt[:]); err != nil {
		return fmt.Errorf("making a slot: %w", err)
	}
	signing, reading := seat.Signing.Seed(), seat.Reading.Seed()
	plain := dcbor.Must(wireSlotBox{Store: store, Signing: &signing, Reading: &reading})
	var err error
	s.box, err = sealBox(random, s.secretKey(secret), k.associated(s), plain)
	return err
}

func (s *Slot) secretKey(secret string) seal.Key {
	return seal.Key(argon2.IDKey([]byte(secret), s.salt[:], s.cost.Time, s.cost.Memory, s.cost.Lanes, seal.KeySize))
}

// associated binds a box to its store and to the rest of its slot.
func (k *KeyFile) associated(s *Slot) []byte {
	w := s.wire()
	w.Box = nil
	h := sha256.Sum256(append(k.Store[:], dcbor.Must(w)...))
	return h[:]
}

type wireSlotBox struct {
	Store   seal.Key  `cbor:"1,keyasint"`
	Signing *[32]byte `cbor:"2,keyasint,omitempty"`
	Reading *[32]byte `cbor:"3,keyasint,omitempty"`
}

func readSlotBox(plain []byte, seat bool) (Opened, error) {
	f := readFields("slot", plain)
	var o Opened
	if s := f.id(1, true); s != nil {
		o.Store = seal.Key(*s)
	}
	signing, reading := f.id(2, seat), f.id(3, seat)
	if f.err != nil {
		return Opened{}, f.err
	}
	if !seat {
		return o, nil
	}
	o.Seat.Signing = SigningKeyFrom(*signing)
	var err error
	o.Seat.Reading, err = seal.PrivateKeyFrom(*reading)
	return o, err
}

type wireSlot struct {
	Kind   SlotKind `cbor:"1,keyasint"`
	Seat   *SeatKey `cbor:"2,keyasint,omitempty"`
	Name   string   `cbor:"3,keyasint"`
	Salt   [16]byte `cbor:"4,keyasint"`
	Time   uint32   `cbor:"5,keyasint,omitempty"`
	Memory uint32   `cbor:"6,keyasint,omitempty"`
	Lanes  uint8    `cbor:"7,keyasint,omitempty"`
	Box    []byte   `cbor:"8,keyasint,omitempty"`
}

type wireKeyFile struct {
	Version uint64     `cbor:"1,keyasint"`
	Store   [16]byte   `cbor:"2,keyasint"`
	Slots   []wireSlot `cbor:"3,keyasint"`
}

func (s *Slot) wire() wireSlot {
	w := wireSlot{Kind: s.Kind, Name: s.Name, Salt: s.salt, Time: s.cost.Time, Memory: s.cost.Memory, Lanes: s.cost.Lanes, Box: s.box}
	if s.Kind == SlotSecret {
		seat := s.Seat
		w.Seat = &seat
	}
	return w
}

// Encode gives the key file's bytes.
func (k *KeyFile) Encode() []byte {
	w := wireKeyFile{Version: keyFileVersion, Store: k.Store, Slots: []wireSlot{}}
	for i := range k.Slots {
		w.Slots = append(w.Slots, k.Slots[i].wire())
	}
	return dcbor.Must(w)
}

// DecodeKeyFile reads a key file. It returns *NewerError for a newer version
// and ErrMalformed for anything that this program would not write.
func DecodeKeyFile(b []byte) (*KeyFile, error) {
	if len(b) > MaxKeyFile {
		return nil, fmt.Errorf("%w key file: %d bytes, at most %d", ErrMalformed, len(b), MaxKeyFile)
	}
	f := readFields("key file", b)
	if v := f.uint(1, math.MaxInt64); f.err == nil && v != keyFileVersion {
		return nil, &NewerError{"key file", v, keyFileVersion}
	}
	k := &KeyFile{}
	f.need(2, &k.Store)
	var raws []dcbor.Raw
	f.need(3, &raws)
	if f.rest() != nil {
		f.fail("unknown fields")
	}
	if len(raws) > MaxSlots {
		f.fail("%d slots, at most %d", len(raws), MaxSlots)
	}
	if f.err != nil {
		return nil, f.err
	}
	for _, raw := range raws {
		s, err := decodeSlot(raw)
		if err != nil {
			return nil, err
		}
		if _, dup := k.find(s.Seat); dup && s.Kind == SlotSecret {
			return nil, fmt.Errorf("%w key file: two slots of one seat", ErrMalformed)
		}
		k.Slots = append(k.Slots, s)
	}
	return k, nil
}

func decodeSlot(raw []byte) (Slot, error) {
	f := readFields("slot", raw)
	s := Slot{Kind: SlotKind(f.uint(1, 255)), Name: f.name(3)}
	f.need(4, &s.salt)
	switch s.Kind {
	case SlotSecret:
		if seat := f.id(2, true); seat != nil {
			s.Seat = *seat
		}
		s.cost = Cost{uint32(f.uint(5, maxArgonTime)), uint32(f.uint(6, MaxArgonMemory)), uint8(f.uint(7, maxArgonLanes))}
		if f.err == nil {
			f.err = s.cost.check()
		}
	case SlotSheet:
	default:
		f.fail("kind %d", s.Kind)
	}
	s.box = f.bytes(8, 1, maxSlotBox)
	if f.rest() != nil {
		f.fail("unknown fields")
	}
	return s, f.err
}
