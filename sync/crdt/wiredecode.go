package crdt

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/fxamacker/cbor/v2"
)

// decodeChange reads one change. A kind or key that is not known makes it Raw;
// a known one of the wrong form is an error.
func decodeChange(raw cbor.RawMessage) (Change, error) {
	if bytes.Equal(raw, cborNull) {
		return Change{Void: true}, nil
	}
	var m map[uint64]cbor.RawMessage
	if err := decMode.Unmarshal(raw, &m); err != nil {
		return Change{}, errors.New("it is not a map with integer keys")
	}
	var kind uint64
	if err := decMode.Unmarshal(m[keyKind], &kind); err != nil || kind == 0 {
		return Change{}, errors.New("it has no kind")
	}
	if !known(kind, m) {
		return unknownChange(raw, kind, m)
	}
	c := Change{Kind: ChangeKind(kind)}
	c.Parent.Root = c.Kind == Insert
	for key := uint64(keyPath); key <= keyUnread; key++ {
		part, ok := m[key]
		if !ok {
			continue
		}
		err := decodePart(&c, key, part)
		if key == keyValue || key == keyItems {
			if err != nil || !areValues(&c) {
				return unknownChange(raw, kind, m) // a later program's sort of value
			}
		}
		if err != nil {
			return Change{}, fmt.Errorf("key %d: %w", key, err)
		}
	}
	c.Ignored = keysFrom(FirstIgnored, m)
	return c, checkChange(&c)
}

// areValues reports whether what a change writes is within what values are.
func areValues(c *Change) bool {
	return checkValue(c.Value) == nil && !slices.ContainsFunc(c.Items, func(v Value) bool { return checkValue(v) != nil })
}

func known(kind uint64, m map[uint64]cbor.RawMessage) bool {
	if kind > 0xff {
		return false
	}
	keys, ok := keysOf[ChangeKind(kind)]
	for key := range m {
		ok = ok && (key >= FirstIgnored || key <= keyUnread && keys&(1<<key) != 0)
	}
	return ok
}

func unknownChange(raw []byte, kind uint64, m map[uint64]cbor.RawMessage) (Change, error) {
	if err := checkCanonical(raw); err != nil {
		return Change{}, err
	}
	c := Change{Raw: bytes.Clone(raw)}
	if kind <= 0xff {
		c.Kind = ChangeKind(kind)
	}
	if part, ok := m[keyPath]; ok {
		if p, err := decodePath(part); err == nil && checkPath(p) == nil {
			c.Path = p
		}
	}
	if part, ok := m[keyAfter]; ok && kind == uint64(Event) {
		// What the event saw counts for those that saw it.
		if refs, err := decodeRefs(part); err == nil && checkRefs(refs) == nil {
			c.After = refs
		}
	}
	return c, nil
}

func decodePart(c *Change, key uint64, raw cbor.RawMessage) (err error) {
	switch key {
	case keyPath:
		c.Path, err = decodePath(raw)
	case keyValue:
		err = decMode.Unmarshal(raw, &c.Value)
	case keyReplaces:
		c.Replaces, err = decodeRefs(raw)
	case keyAfter:
		c.After, err = decodeRefs(raw)
	case keyParent:
		c.Parent, err = decodeElement(raw)
	case keySide:
		err = decMode.Unmarshal(raw, &c.Side)
	case keyText:
		err = decMode.Unmarshal(raw, &c.Text)
	case keyItems:
		err = decMode.Unmarshal(raw, &c.Items)
	case keySpans:
		c.Spans, err = decodeSpans(raw)
	case keyUnread:
		err = decMode.Unmarshal(raw, &c.Unread)
	}
	return err
}

func decodePath(raw cbor.RawMessage) (Path, error) {
	parts, err := array(raw, MaxPath)
	if err != nil {
		return nil, err
	}
	p := make(Path, len(parts))
	for i, part := range parts {
		if part[0]>>5 == majorText {
			if err := decMode.Unmarshal(part, &p[i].Field); err != nil {
				return nil, err
			}
			if p[i].Field == "" {
				return nil, errors.New("a field without a name")
			}
			continue
		}
		if p[i].Entry, err = decodeRef(part); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// Major types of CBOR's initial byte (RFC 8949 3.1).
const (
	majorUint = 0
	majorText = 3
)

func decodeRef(raw cbor.RawMessage) (Ref, error) {
	if raw[0]>>5 == majorUint {
		var r Ref
		err := decMode.Unmarshal(raw, &r.Index)
		return r, err
	}
	parts, err := array(raw, 2)
	if err != nil || len(parts) != 2 {
		return Ref{}, errors.New("a reference is an index, or an operation and an index")
	}
	var r Ref
	var op []byte
	if err := decMode.Unmarshal(parts[0], &op); err != nil || len(op) != len(r.Op) {
		return Ref{}, errors.New("a reference's operation is not 32 bytes")
	}
	copy(r.Op[:], op)
	if r.Op == (ID{}) {
		return Ref{}, errors.New("a reference to this operation itself is its index alone")
	}
	err = decMode.Unmarshal(parts[1], &r.Index)
	return r, err
}

func decodeRefs(raw cbor.RawMessage) ([]Ref, error) {
	parts, err := array(raw, MaxRefs)
	if err != nil {
		return nil, err
	}
	refs := make([]Ref, len(parts))
	for i, part := range parts {
		if refs[i], err = decodeRef(part); err != nil {
			return nil, err
		}
	}
	return refs, nil
}

func decodeElement(raw cbor.RawMessage) (Element, error) {
	parts, err := array(raw, 2)
	if err != nil || len(parts) != 2 {
		return Element{}, errors.New("an element is a reference and an offset")
	}
	var e Element
	if e.Ref, err = decodeRef(parts[0]); err != nil {
		return e, err
	}
	err = decMode.Unmarshal(parts[1], &e.Offset)
	return e, err
}

func decodeSpans(raw cbor.RawMessage) ([]Span, error) {
	list, err := array(raw, MaxSpans)
	if err != nil {
		return nil, err
	}
	spans := make([]Span, len(list))
	for i, part := range list {
		parts, err := array(part, 3)
		if err != nil || len(parts) != 3 {
			return nil, errors.New("a span is a reference, an offset and a count")
		}
		if spans[i].Ref, err = decodeRef(parts[0]); err != nil {
			return nil, err
		}
		if err := decMode.Unmarshal(parts[1], &spans[i].Offset); err != nil {
			return nil, err
		}
		if err := decMode.Unmarshal(parts[2], &spans[i].Count); err != nil {
			return nil, err
		}
	}
	return spans, nil
}

func array(raw cbor.RawMessage, most int) ([]cbor.RawMessage, error) {
	var parts []cbor.RawMessage
	if err := decMode.Unmarshal(raw, &parts); err != nil {
		return nil, err
	}
	if len(parts) > most {
		return nil, fmt.Errorf("%d elements, at most %d are read", len(parts), most)
	}
	return parts, nil
}
