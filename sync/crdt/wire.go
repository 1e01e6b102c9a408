package crdt

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/fxamacker/cbor/v2"
)

// Keys of a change's map. Numbers are for ever.
const (
	keyKind     = 1
	keyPath     = 2
	keyValue    = 3
	keyReplaces = 4
	keyAfter    = 5
	keyParent   = 6
	keySide     = 7
	keyText     = 8
	keyItems    = 9
	keySpans    = 10
	keyUnread   = 11
)

// FirstIgnored is the first key of changes and bodies that a program which does
// not know it passes over. What stands below must be understood: a change with
// such a key is unknown, an operation with such a body key has no effect.
const FirstIgnored = 128

// keysOf says which keys a change of a kind may have, as bits. Another key
// below FirstIgnored makes the change unknown.
var keysOf = map[ChangeKind]uint16{
	Assign: bits(keyKind, keyPath, keyValue, keyReplaces, keyUnread),
	Add:    bits(keyKind, keyPath, keyValue),
	Remove: bits(keyKind, keyPath, keyReplaces, keyUnread),
	Insert: bits(keyKind, keyPath, keyParent, keySide, keyText, keyItems),
	Delete: bits(keyKind, keyPath, keySpans),
	Event:  bits(keyKind, keyPath, keyValue, keyAfter),
}

func bits(keys ...int) uint16 {
	var b uint16
	for _, k := range keys {
		b |= 1 << k
	}
	return b
}

// wireChange is a known change's map; what is empty is left out.
type wireChange struct {
	Kind     uint8      `cbor:"1,keyasint"`
	Path     []any      `cbor:"2,keyasint,omitempty"`
	Value    any        `cbor:"3,keyasint,omitempty"`
	Replaces []any      `cbor:"4,keyasint,omitempty"`
	After    []any      `cbor:"5,keyasint,omitempty"`
	Parent   []any      `cbor:"6,keyasint,omitempty"`
	Side     uint8      `cbor:"7,keyasint,omitempty"`
	Text     string     `cbor:"8,keyasint,omitempty"`
	Items    []any      `cbor:"9,keyasint,omitempty"`
	Spans    []wireSpan `cbor:"10,keyasint,omitempty"`
	Unread   bool       `cbor:"11,keyasint,omitempty"`
}

type wireRef struct {
	_     struct{} `cbor:",toarray"`
	Op    ID
	Index uint32
}

type wireSpan struct {
	_      struct{} `cbor:",toarray"`
	Ref    any
	Offset uint32
	Count  uint32
}

var cborNull = []byte{0xf6}

func encodeChange(c *Change) (cbor.RawMessage, error) {
	if c.Void {
		return cborNull, nil
	}
	if c.Raw != nil {
		known, err := decodeChange(c.Raw)
		if err != nil {
			return nil, err
		}
		if known.Raw == nil {
			return nil, errors.New("it is kept as unknown, but this program knows it")
		}
		return c.Raw, nil
	}
	if err := checkChange(c); err != nil {
		return nil, err
	}
	w := wireChange{Kind: uint8(c.Kind), Path: pathWire(c.Path), Value: c.Value, Side: uint8(c.Side), Text: c.Text, Items: c.Items, Unread: c.Unread}
	w.Replaces, w.After = refsWire(c.Replaces), refsWire(c.After)
	if c.Kind == Insert && !c.Parent.Root {
		w.Parent = []any{refWire(c.Parent.Ref), c.Parent.Offset}
	}
	for _, s := range c.Spans {
		w.Spans = append(w.Spans, wireSpan{Ref: refWire(s.Ref), Offset: s.Offset, Count: s.Count})
	}
	raw, err := encMode.Marshal(&w)
	if err != nil || len(c.Ignored) == 0 {
		return raw, err
	}
	return withIgnored(raw, c.Ignored)
}

// withIgnored adds the keys that count nothing to a change's map.
func withIgnored(raw []byte, more []UnknownKey) (cbor.RawMessage, error) {
	var m map[uint64]cbor.RawMessage
	if err := decMode.Unmarshal(raw, &m); err != nil {
		return nil, err
	}
	for i, u := range more {
		if u.Key < FirstIgnored || i > 0 && u.Key <= more[i-1].Key {
			return nil, fmt.Errorf("ignored key %d is out of its range or order", u.Key)
		}
		if err := checkCanonical(u.Raw); err != nil {
			return nil, fmt.Errorf("ignored key %d: %w", u.Key, err)
		}
		m[u.Key] = u.Raw
	}
	return encMode.Marshal(m)
}

func refWire(r Ref) any {
	if r.Op == (ID{}) {
		return r.Index
	}
	return wireRef{Op: r.Op, Index: r.Index}
}

func refsWire(refs []Ref) []any {
	var out []any
	for _, r := range refs {
		out = append(out, refWire(r))
	}
	return out
}

func pathWire(p Path) []any {
	var out []any
	for _, s := range p {
		if s.Field != "" {
			out = append(out, s.Field)
		} else {
			out = append(out, refWire(s.Entry))
		}
	}
	return out
}

// checkChange checks a known change against every rule and limit of the form,
// not against a schema.
func checkChange(c *Change) error {
	if err := checkPath(c.Path); err != nil {
		return err
	}
	keys, ok := keysOf[c.Kind]
	if !ok {
		return fmt.Errorf("its kind %d is not known", c.Kind)
	}
	has := func(key int, present bool) bool { return present && keys&(1<<key) == 0 }
	insert := c.Kind == Insert
	switch {
	case has(keyValue, c.Value != nil), has(keyReplaces, len(c.Replaces) > 0), has(keyAfter, len(c.After) > 0),
		has(keySide, c.Side != 0), has(keyText, c.Text != ""), has(keyItems, len(c.Items) > 0),
		has(keySpans, len(c.Spans) > 0), has(keyParent, c.Parent != (Element{})), has(keyUnread, c.Unread):
		return fmt.Errorf("it has a field that its kind %d does not have", c.Kind)
	case insert && (c.Text == "") == (len(c.Items) == 0):
		return errors.New("an insertion has either text or items")
	case insert && c.Parent.Root && c.Parent != (Element{Root: true}):
		return errors.New("the root element has neither operation nor offset")
	case c.Side > Right:
		return fmt.Errorf("its side %d is neither left nor right", c.Side)
	case len(c.Text) > MaxText || !utf8.ValidString(c.Text):
		return fmt.Errorf("its text is not valid UTF-8 of at most %d bytes", MaxText)
	case len(c.Items) > MaxItems:
		return fmt.Errorf("it has %d items, at most %d fit", len(c.Items), MaxItems)
	case c.Kind == Remove && len(c.Replaces) == 0, c.Kind == Delete && len(c.Spans) == 0:
		return errors.New("it removes nothing")
	}
	if err := checkSpans(c.Spans); err != nil {
		return err
	}
	if err := cmp.Or(checkRefs(c.Replaces), checkRefs(c.After), checkValue(c.Value)); err != nil {
		return err
	}
	for _, v := range c.Items {
		if err := checkValue(v); err != nil {
			return err
		}
	}
	return nil
}

func checkSpans(spans []Span) error {
	if len(spans) > MaxSpans {
		return fmt.Errorf("it has %d spans, at most %d fit", len(spans), MaxSpans)
	}
	for _, s := range spans {
		if s.Count == 0 || s.Offset+s.Count < s.Offset {
			return errors.New("a span is empty or too long")
		}
	}
	return nil
}

func checkRefs(refs []Ref) error {
	if len(refs) > MaxRefs {
		return fmt.Errorf("it names %d others, at most %d fit", len(refs), MaxRefs)
	}
	for i := 1; i < len(refs); i++ {
		if CompareRefs(refs[i-1], refs[i]) >= 0 {
			return errors.New("what it names is not sorted, or repeated")
		}
	}
	return nil
}

// CompareRefs orders references by operation, then index.
func CompareRefs(a, b Ref) int {
	if c := bytes.Compare(a.Op[:], b.Op[:]); c != 0 {
		return c
	}
	return cmp.Compare(a.Index, b.Index)
}

func checkPath(p Path) error {
	if len(p) == 0 || len(p) > MaxPath {
		return fmt.Errorf("its path has %d segments, 1 to %d are allowed", len(p), MaxPath)
	}
	for _, s := range p {
		if s.Field == "" {
			continue
		}
		if s.Entry != (Ref{}) {
			return errors.New("a segment of its path names both a field and an entry")
		}
		if !validField(s.Field) {
			return errors.New("a field's name is not 1 to 64 bytes of a-z 0-9 _")
		}
	}
	return nil
}

func validField(name string) bool {
	if len(name) == 0 || len(name) > MaxFieldName {
		return false
	}
	for i := range len(name) {
		c := name[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return true
}
