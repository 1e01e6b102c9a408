package identity

import (
	"errors"
	"fmt"
	"unicode"
	"unicode/utf8"

	"hejie/sync/dcbor"
)

// ErrMalformed is returned for bytes that are not of the form of FORMAT.md 6 or 7.
var ErrMalformed = errors.New("malformed")

// Limits of the texts in requests, certificates and logs.
const (
	// MaxCode bounds a unit's code: a division code, a body code and a serial need 20 bytes.
	MaxCode = 40
	// MaxName bounds names of units and persons in Unicode code points; X.509
	// allows a common name no more.
	MaxName = 64
	// MaxRoles bounds the roles of one seat; seven are known.
	MaxRoles = 16
	maxRole  = 20 // bytes of a role's name
)

// fields reads a CBOR map of small integer keys. The first thing that is wrong
// stays in err; later calls do nothing. What nobody took stays in keys.
type fields struct {
	what string
	keys dcbor.Keys
	err  error
}

func readFields(what string, data []byte) *fields {
	f := &fields{what: what}
	if err := dcbor.Unmarshal(data, &f.keys); err != nil {
		f.fail("%v", err)
	} else if f.keys == nil {
		f.fail("not a map")
	}
	return f
}

func (f *fields) fail(format string, args ...any) {
	if f.err == nil {
		f.err = fmt.Errorf("%w %s: %s", ErrMalformed, f.what, fmt.Sprintf(format, args...))
	}
}

// take decodes field n into v, if it is there.
func (f *fields) take(n uint64, v any) bool {
	raw, ok := f.keys[n]
	if !ok || f.err != nil {
		return false
	}
	delete(f.keys, n)
	f.part(n, raw, v)
	return f.err == nil
}

func (f *fields) need(n uint64, v any) {
	if !f.take(n, v) {
		f.fail("field %d is missing", n)
	}
}

// id reads a 32-byte string; must says whether it has to be there.
func (f *fields) id(n uint64, must bool) *ID {
	var v ID
	if f.take(n, &v) {
		return &v
	}
	if must {
		f.fail("field %d is missing", n)
	}
	return nil
}

// bytes reads a byte string of lo to hi bytes.
func (f *fields) bytes(n uint64, lo, hi int) []byte {
	var v []byte
	f.need(n, &v)
	if f.err == nil && (len(v) < lo || len(v) > hi) {
		f.fail("field %d has %d bytes, %d to %d are allowed", n, len(v), lo, hi)
	}
	return v
}

func (f *fields) uint(n, hi uint64) uint64 {
	var v uint64
	f.need(n, &v)
	if f.err == nil && v > hi {
		f.fail("field %d is %d, at most %d", n, v, hi)
	}
	return v
}

func (f *fields) name(n uint64) string {
	var v string
	f.need(n, &v)
	if f.err == nil {
		if err := CheckName(v); err != nil {
			f.fail("field %d: %v", n, err)
		}
	}
	return v
}

func (f *fields) code(n uint64) string {
	var v string
	f.need(n, &v)
	if f.err == nil && !validCode(v) {
		f.fail("field %d is no unit code", n)
	}
	return v
}

// pair reads an array of exactly two values.
func (f *fields) pair(n uint64, a, b any) {
	var raws []dcbor.Raw
	f.need(n, &raws)
	if f.err == nil && len(raws) != 2 {
		f.fail("field %d has %d parts instead of 2", n, len(raws))
	}
	if f.err == nil {
		f.part(n, raws[0], a)
		f.part(n, raws[1], b)
	}
}

// part decodes one value of field n, which must have exactly that form.
func (f *fields) part(n uint64, raw dcbor.Raw, v any) {
	if f.err != nil {
		return
	}
	if err := dcbor.Unmarshal(raw, v); err != nil {
		f.fail("field %d: %v", n, err)
		return
	}
	// A value of another length or type may decode and lose something.
	if again, err := dcbor.Marshal(v); err != nil || string(again) != string(raw) {
		f.fail("field %d has the wrong form", n)
	}
}

// must fails where a field is left that has to be understood; greater ones may be
// ignored.
func (f *fields) must() {
	for n := range f.rest() {
		if n <= dcbor.MustUnderstand {
			f.fail("unknown field %d", n)
		}
	}
}

// rest gives the fields that nobody took, which a newer program wrote. They
// must be well formed.
func (f *fields) rest() dcbor.Keys {
	for n, raw := range f.keys {
		if err := dcbor.Check(raw); err != nil {
			f.fail("field %d: %v", n, err)
		}
	}
	if len(f.keys) == 0 {
		return nil
	}
	return f.keys
}

// CheckName tells whether a text can name a unit or a person: 1 to 64 visible
// code points without space at the ends.
func CheckName(name string) error {
	n := utf8.RuneCountInString(name)
	if !utf8.ValidString(name) || n == 0 || n > MaxName {
		return fmt.Errorf("a name has 1 to %d characters, this has %d", MaxName, n)
	}
	for _, r := range name {
		if unicode.IsControl(r) || (unicode.IsSpace(r) && r != ' ') || r == utf8.RuneError || unicode.Is(unicode.Bidi_Control, r) {
			return errors.New("a name has a character that can't be shown")
		}
	}
	if name[0] == ' ' || name[len(name)-1] == ' ' {
		return errors.New("a name begins or ends with a space")
	}
	return nil
}

func validCode(code string) bool {
	if code == "" || len(code) > MaxCode {
		return false
	}
	for i := range len(code) {
		if c := code[i]; c <= ' ' || c > '~' {
			return false
		}
	}
	return true
}
