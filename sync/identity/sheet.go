package identity

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"hejie/store/host"
	"hejie/sync/dcbor"
	"hejie/sync/seal"
)

// The recovery sheet: 160 random bits as 8 groups of 4 characters of Crockford's
// base 32, then two check groups with one check character a group, so that a
// slip is told by its group.
const (
	sheetBytes  = 20
	sheetGroups = 8
	groupChars  = 4
	sheetChars  = sheetGroups*groupChars + sheetGroups
	crockford   = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
)

// Sheet is what a recovery sheet, or a root's second sheet, says. Keep it out of logs.
type Sheet struct {
	bits [sheetBytes]byte
	// second: a root's second sheet, which stands for its reserve key and opens
	// nothing. Its check characters differ, so that neither is taken for the other.
	second bool
}

// ErrSheet is returned for a text that is no recovery sheet.
var ErrSheet = errors.New("this is no recovery sheet: it has ten groups of four letters and digits")

// SheetError tells which groups of a sheet were typed wrong, from 1: they don't
// fit their characters in the two check groups at the end.
type SheetError struct{ Groups []int }

func (e *SheetError) Error() string {
	return fmt.Sprintf("of the recovery sheet's groups %v is typed wrong, or its place in the two last groups: compare with the paper", e.Groups)
}

// Unwrap says what kind of error it is.
func (e *SheetError) Unwrap() error { return ErrSheet }

// ErrOtherSheet is returned for a recovery sheet where the second one is asked
// for, and the other way round.
var ErrOtherSheet = errors.New("this is the other one of the root's two sheets: take the one that is asked for")

// NewSheet makes a random recovery sheet.
func NewSheet(random host.Random) (Sheet, error) { return newSheet(random, false) }

// NewSecondSheet makes a random second sheet of a root.
func NewSecondSheet(random host.Random) (Sheet, error) { return newSheet(random, true) }

func newSheet(random host.Random, second bool) (Sheet, error) {
	s := Sheet{second: second}
	if _, err := io.ReadFull(random, s.bits[:]); err != nil {
		return Sheet{}, fmt.Errorf("making a recovery sheet: %w", err)
	}
	return s, nil
}

// String hides the sheet from logs; Text shows it.
func (s Sheet) String() string { return "recovery sheet" }

// GoString hides the sheet from %#v.
func (s Sheet) GoString() string { return s.String() }

// Groups are the sheet's 8 groups and its two check groups, 4 characters each.
func (s Sheet) Groups() []string {
	groups := make([]string, 0, sheetGroups+2)
	var check strings.Builder
	for i := range sheetGroups {
		g := s.group(i)
		groups = append(groups, g)
		check.WriteByte(groupCheck(s.check(i), g))
	}
	c := check.String()
	return append(groups, c[:groupChars], c[groupChars:])
}

// Text is the sheet on one line, groups parted by hyphens.
func (s Sheet) Text() string { return strings.Join(s.Groups(), "-") }

// group i holds bits 20·i to 20·i+19.
func (s Sheet) group(i int) string {
	var g [groupChars]byte
	for c := range groupChars {
		var v byte
		for bit := range 5 {
			at := i*groupChars*5 + c*5 + bit
			v = v<<1 | s.bits[at/8]>>(7-at%8)&1
		}
		g[c] = crockford[v]
	}
	return string(g[:])
}

// check is what the check character of group i begins with.
func (s Sheet) check(i int) int {
	if s.second {
		return i + sheetGroups
	}
	return i
}

// groupCheck is i + c0 + αc1 + α²c2 + α³c3 in the field of 32 elements with
// α⁵ = α² + 1. It changes with every one changed character of a group, with any
// two exchanged ones, and where two groups were exchanged most times.
func groupCheck(i int, group string) byte {
	v := byte(i)
	for at := range groupChars {
		c := byte(strings.IndexByte(crockford, group[at]))
		for range at {
			c <<= 1
			if c > 31 {
				c ^= 0b100101
			}
		}
		v ^= c
	}
	return crockford[v]
}

// ParseSheet reads a recovery sheet as people type it: any case, with or without
// hyphens and spaces, O for 0 and I or L for 1. It returns *SheetError for
// groups that were typed wrong, ErrOtherSheet for a second sheet.
func ParseSheet(text string) (Sheet, error) { return parseSheet(text, false) }

// ParseSecondSheet reads a root's second sheet, as ParseSheet does the first.
func ParseSecondSheet(text string) (Sheet, error) { return parseSheet(text, true) }

func parseSheet(text string, second bool) (Sheet, error) {
	chars, err := sheetCharacters(text)
	if err != nil {
		return Sheet{}, err
	}
	s, wrong := sheetOf(chars, second)
	if wrong == nil {
		return s, nil
	}
	if _, other := sheetOf(chars, !second); other == nil {
		return Sheet{}, ErrOtherSheet
	}
	return Sheet{}, &SheetError{wrong}
}

// sheetOf reads the characters of a sheet of one kind; wrong are the groups that
// don't fit their check characters, from 1.
func sheetOf(chars []byte, second bool) (s Sheet, wrong []int) {
	s.second = second
	for i := range sheetGroups {
		g := string(chars[i*groupChars : (i+1)*groupChars])
		if groupCheck(s.check(i), g) != chars[sheetGroups*groupChars+i] {
			wrong = append(wrong, i+1)
		}
		s.setGroup(i, g)
	}
	return s, wrong
}

func sheetCharacters(text string) ([]byte, error) {
	var chars []byte
	for _, r := range strings.ToUpper(text) {
		switch r {
		case '-', ' ', '\t', '\n', '\r', '\u3000', '－', '—', '–', '_':
			continue
		case 'O':
			r = '0'
		case 'I', 'L':
			r = '1'
		}
		if r > 'Z' || strings.IndexByte(crockford, byte(r)) < 0 {
			return nil, fmt.Errorf("%w; %q is not used in it", ErrSheet, r)
		}
		chars = append(chars, byte(r))
	}
	if len(chars) != sheetChars {
		return nil, fmt.Errorf("%w; this has %d characters instead of %d", ErrSheet, len(chars), sheetChars)
	}
	return chars, nil
}

func (s *Sheet) setGroup(i int, group string) {
	for c := range groupChars {
		v := byte(strings.IndexByte(crockford, group[c]))
		for bit := range 5 {
			at := i*groupChars*5 + c*5 + bit
			s.bits[at/8] |= v >> (4 - bit) & 1 << (7 - at%8)
		}
	}
}

func (s Sheet) key(info string) (seal.Key, error) { return derive(s.bits[:], info) }

const (
	sheetInfo     = "hejie sheet v1"
	sheetSlotInfo = "hejie sheet slot v1"
)

type wireEscrow struct {
	Reading [seal.SeedSize]byte `cbor:"1,keyasint"`
	Issuing *[32]byte           `cbor:"2,keyasint,omitempty"`
}

// SealEscrow seals a unit's keys to its recovery sheet. They lie with the parent,
// who can't open them.
func SealEscrow(random host.Random, s Sheet, u UnitKeys) ([]byte, error) {
	if len(u.Reading) == 0 {
		return nil, fmt.Errorf("sealing the unit's keys to the recovery sheet: there is no reading key")
	}
	w := wireEscrow{Reading: u.Reading[len(u.Reading)-1].Seed()}
	if u.Issuing != nil {
		seed := u.Issuing.Seed()
		w.Issuing = &seed
	}
	k, err := s.key(sheetInfo)
	if err != nil {
		return nil, err
	}
	return sealBox(random, k, nil, dcbor.Must(w))
}

// OpenEscrow opens what SealEscrow sealed, or returns seal.ErrSealed.
func OpenEscrow(s Sheet, escrow []byte) (UnitKeys, error) {
	k, err := s.key(sheetInfo)
	if err != nil {
		return UnitKeys{}, err
	}
	plain, err := openBox(k, nil, escrow)
	if err != nil {
		return UnitKeys{}, fmt.Errorf("the unit's keys under the recovery sheet: %w", err)
	}
	f := readFields("escrow", plain)
	reading, issuing := f.id(1, true), f.id(2, false)
	f.rest()
	if f.err != nil {
		return UnitKeys{}, f.err
	}
	r, err := seal.PrivateKeyFrom(*reading)
	if err != nil {
		return UnitKeys{}, err
	}
	u := UnitKeys{Reading: []*seal.PrivateKey{r}}
	if issuing != nil {
		i := SigningKeyFrom(*issuing)
		u.Issuing = &i
	}
	return u, nil
}
