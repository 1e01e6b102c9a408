package casework

import (
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Limits of what is read, checked before anything is made of it.
const (
	// MaxDocument bounds one document's bytes: it must fit into a frame with
	// all its changes (store.MaxFrame).
	MaxDocument = 1 << 20
	// MaxDepth bounds nesting: documents need four levels, what is far beyond
	// is an attack on the reader's stack.
	MaxDepth = 64
)

// nodeKind is a JSON value's kind.
type nodeKind uint8

const (
	nodeNull nodeKind = iota
	nodeBool
	nodeNumber // text as written
	nodeString
	nodeArray
	nodeObject
)

// node is a JSON value that keeps the order of keys and numbers as written, so
// that every complaint can name its place and 1.0 is not taken for 1.
type node struct {
	kind  nodeKind
	text  string // of a string or number
	truth bool
	items []*node
	keys  []string
}

func (n *node) get(key string) *node {
	for i, k := range n.keys {
		if k == key {
			return n.items[i]
		}
	}
	return nil
}

// reader parses strict JSON (RFC 8259): valid UTF-8, no lone surrogates, no
// key twice, nothing after the value.
type reader struct {
	src   []byte
	pos   int
	depth int
	path  []string
}

// parseJSON reads one JSON value within the limits.
func parseJSON(src []byte) (*node, *FieldError) {
	if len(src) > MaxDocument {
		return nil, &FieldError{Code: CodeTooLarge, Params: map[string]string{
			"size": fmt.Sprint(len(src)), "limit": fmt.Sprint(MaxDocument),
		}}
	}
	if !utf8.Valid(src) {
		at := 0
		for at < len(src) {
			r, n := utf8.DecodeRune(src[at:])
			if r == utf8.RuneError && n == 1 {
				break
			}
			at += n
		}
		return nil, &FieldError{Code: CodeEncoding, Params: map[string]string{"at": fmt.Sprint(at)}}
	}
	r := &reader{src: src}
	r.space()
	if r.pos == len(r.src) {
		return nil, &FieldError{Code: CodeEmpty}
	}
	n, err := r.value()
	if err != nil {
		return nil, err
	}
	r.space()
	if r.pos != len(r.src) {
		return nil, r.syntax("after")
	}
	return n, nil
}

func (r *reader) where() string { return strings.Join(r.path, "") }

func (r *reader) fail(code string, params map[string]string) *FieldError {
	return &FieldError{Path: strings.TrimPrefix(r.where(), "."), Code: code, Params: params}
}

func (r *reader) syntax(detail string) *FieldError {
	return r.fail(CodeSyntax, map[string]string{"at": fmt.Sprint(r.pos), "detail": detail})
}

func (r *reader) space() {
	for r.pos < len(r.src) {
		switch r.src[r.pos] {
		case ' ', '\t', '\n', '\r':
			r.pos++
		default:
			return
		}
	}
}

func (r *reader) peek() byte {
	if r.pos < len(r.src) {
		return r.src[r.pos]
	}
	return 0
}

func (r *reader) value() (*node, *FieldError) {
	switch c := r.peek(); {
	case c == '{' || c == '[':
		r.depth++
		defer func() { r.depth-- }()
		if r.depth > MaxDepth {
			// Deep paths are no help to anyone: name only the top of it.
			r.path = r.path[:min(len(r.path), 1)]
			return nil, r.fail(CodeTooDeep, map[string]string{"limit": fmt.Sprint(MaxDepth)})
		}
		if c == '{' {
			return r.object()
		}
		return r.array()
	case c == '"':
		s, err := r.str()
		return &node{kind: nodeString, text: s}, err
	case c == '-' || (c >= '0' && c <= '9'):
		return r.number()
	default:
		return r.word()
	}
}

func (r *reader) word() (*node, *FieldError) {
	for _, w := range []struct {
		text string
		node node
	}{{"null", node{}}, {"true", node{kind: nodeBool, truth: true}}, {"false", node{kind: nodeBool}}} {
		if strings.HasPrefix(string(r.src[r.pos:min(len(r.src), r.pos+5)]), w.text) {
			r.pos += len(w.text)
			n := w.node
			return &n, nil
		}
	}
	return nil, r.syntax("value")
}

func (r *reader) object() (*node, *FieldError) {
	out := &node{kind: nodeObject}
	seen := map[string]bool{}
	r.pos++
	r.space()
	if r.peek() == '}' {
		r.pos++
		return out, nil
	}
	for {
		r.space()
		if r.peek() != '"' {
			return nil, r.syntax("key")
		}
		key, err := r.str()
		if err != nil {
			return nil, err
		}
		r.path = append(r.path, "."+shorten(key))
		if seen[key] {
			return nil, r.fail(CodeDuplicate, map[string]string{"what": shorten(key)})
		}
		seen[key] = true
		r.space()
		if r.peek() != ':' {
			return nil, r.syntax("colon")
		}
		r.pos++
		r.space()
		v, err := r.value()
		if err != nil {
			return nil, err
		}
		r.path = r.path[:len(r.path)-1]
		out.keys, out.items = append(out.keys, key), append(out.items, v)
		more, err := r.next('}')
		if err != nil || !more {
			return out, err
		}
	}
}

func (r *reader) array() (*node, *FieldError) {
	out := &node{kind: nodeArray}
	r.pos++
	r.space()
	if r.peek() == ']' {
		r.pos++
		return out, nil
	}
	for {
		r.path = append(r.path, fmt.Sprintf("[%d]", len(out.items)))
		r.space()
		v, err := r.value()
		if err != nil {
			return nil, err
		}
		r.path = r.path[:len(r.path)-1]
		out.items = append(out.items, v)
		more, err := r.next(']')
		if err != nil || !more {
			return out, err
		}
	}
}

// next takes the comma before another item, or the end.
func (r *reader) next(end byte) (bool, *FieldError) {
	r.space()
	switch r.peek() {
	case ',':
		r.pos++
		return true, nil
	case end:
		r.pos++
		return false, nil
	}
	return false, r.syntax("comma")
}

func (r *reader) number() (*node, *FieldError) {
	start := r.pos
	if r.peek() == '-' {
		r.pos++
	}
	switch {
	case r.peek() == '0':
		r.pos++
	case !r.digits():
		return nil, r.syntax("digit")
	}
	if r.peek() == '.' {
		r.pos++
		if !r.digits() {
			return nil, r.syntax("digit")
		}
	}
	if c := r.peek(); c == 'e' || c == 'E' {
		r.pos++
		if c := r.peek(); c == '+' || c == '-' {
			r.pos++
		}
		if !r.digits() {
			return nil, r.syntax("digit")
		}
	}
	return &node{kind: nodeNumber, text: string(r.src[start:r.pos])}, nil
}

func (r *reader) digits() bool {
	start := r.pos
	for c := r.peek(); c >= '0' && c <= '9'; c = r.peek() {
		r.pos++
	}
	return r.pos > start
}

func (r *reader) str() (string, *FieldError) {
	r.pos++
	var b strings.Builder
	for {
		if r.pos >= len(r.src) {
			return "", r.syntax("unended")
		}
		switch c := r.src[r.pos]; {
		case c == '"':
			r.pos++
			return b.String(), nil
		case c < ' ':
			return "", r.syntax("control")
		case c == '\\':
			if err := r.escape(&b); err != nil {
				return "", err
			}
		default:
			b.WriteByte(c)
			r.pos++
		}
	}
}

const (
	escapes   = `"\/bfnrt`
	unescaped = "\"\\/\b\f\n\r\t"
)

func (r *reader) escape(b *strings.Builder) *FieldError {
	r.pos++
	c := r.peek()
	if i := strings.IndexByte(escapes, c); i >= 0 && c != 0 {
		b.WriteByte(unescaped[i])
		r.pos++
		return nil
	}
	if c != 'u' {
		return r.syntax("escape")
	}
	first, ok := r.hex4()
	if !ok {
		return r.syntax("hex")
	}
	if !utf16.IsSurrogate(first) {
		b.WriteRune(first)
		return nil
	}
	if r.peek() == '\\' && r.pos+1 < len(r.src) && r.src[r.pos+1] == 'u' {
		r.pos++
		if second, ok := r.hex4(); ok {
			if whole := utf16.DecodeRune(first, second); whole != utf8.RuneError {
				b.WriteRune(whole)
				return nil
			}
		}
	}
	return r.fail(CodeEncoding, map[string]string{"at": fmt.Sprint(r.pos)})
}

// hex4 reads the digits after the u at pos.
func (r *reader) hex4() (rune, bool) {
	r.pos++
	if r.pos+4 > len(r.src) {
		return 0, false
	}
	var v rune
	for _, c := range r.src[r.pos : r.pos+4] {
		i := strings.IndexByte("0123456789abcdefABCDEF", c)
		if i < 0 {
			return 0, false
		}
		if i > 15 {
			i -= 6
		}
		v = v<<4 | rune(i)
	}
	r.pos += 4
	return v, true
}

// shownKey bounds how much of a foreign key an error repeats.
const shownKey = 40

func shorten(s string) string {
	if utf8.RuneCountInString(s) <= shownKey {
		return s
	}
	return string([]rune(s)[:shownKey]) + "…"
}
