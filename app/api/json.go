package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
)

// maxDepth bounds nesting of JSON taken in: the deepest document is a patch
// with an agreement's terms, under ten levels.
const maxDepth = 64

var strictJSON = huma.Format{Marshal: EncodeJSON, Unmarshal: decodeJSON}

// EncodeJSON writes a value of this package's types as the API does: members in
// the order of the types, no HTML escapes, a newline at the end, and never null
// for a list or an object. The command line writes its documents with it, so
// that both doors give the same bytes.
func EncodeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(withoutNil(v))
}

func indented(v any) ([]byte, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, raw, "", "  "); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// decodeJSON refuses what encoding/json lets pass: broken UTF-8, half
// surrogate pairs, a name twice in one object, deep nesting.
func decodeJSON(data []byte, v any) error {
	if err := checkJSON(data); err != nil {
		return err
	}
	return json.Unmarshal(data, v)
}

var (
	errUTF8      = errors.New("the text is not valid UTF-8")
	errSurrogate = errors.New("the text holds half of a surrogate pair")
	errDepth     = fmt.Errorf("the JSON is nested deeper than %d levels", maxDepth)
)

func checkJSON(data []byte) error {
	if !utf8.Valid(data) {
		return errUTF8
	}
	if halfSurrogate(data) {
		return errSurrogate
	}
	return checkTokens(json.NewDecoder(bytes.NewReader(data)))
}

// checkTokens walks the tokens, keeping for each open object the names seen.
func checkTokens(d *json.Decoder) error {
	type level struct {
		names map[string]bool // nil: an array
		name  bool            // the next string is a name
	}
	var open []level
	d.UseNumber()
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil // json.Unmarshal refuses what is cut short or follows
		}
		if err != nil {
			return err
		}
		if n, isDelim := t.(json.Delim); isDelim && (n == '}' || n == ']') {
			open = open[:len(open)-1]
			continue
		}
		if len(open) > 0 {
			top := &open[len(open)-1]
			if top.names != nil {
				if top.name {
					name, isName := t.(string)
					if !isName || top.names[name] {
						return errors.New("a name stands twice in one object")
					}
					top.names[name], top.name = true, false
					continue
				}
				top.name = true
			}
		}
		switch t {
		case json.Delim('{'):
			open = append(open, level{names: map[string]bool{}, name: true})
		case json.Delim('['):
			open = append(open, level{})
		}
		if len(open) > maxDepth {
			return errDepth
		}
	}
}

// halfSurrogate finds a \uD800 to \uDFFF escape that is no pair.
func halfSurrogate(data []byte) bool {
	for i := 0; i < len(data); i++ {
		if data[i] != '\\' || i+1 >= len(data) {
			continue
		}
		i++
		if data[i] != 'u' {
			continue
		}
		u := hex4(data, i+1)
		i += 4
		switch {
		case u >= 0xdc00 && u <= 0xdfff:
			return true
		case u >= 0xd800 && u <= 0xdbff:
			if i+2 >= len(data) || data[i+1] != '\\' || data[i+2] != 'u' {
				return true
			}
			if low := hex4(data, i+3); low < 0xdc00 || low > 0xdfff {
				return true
			}
			i += 6
		}
	}
	return false
}

// hex4 reads four hexadecimal digits; -1 if they are not there.
func hex4(data []byte, at int) int {
	if at+4 > len(data) {
		return -1
	}
	n := 0
	for _, c := range data[at : at+4] {
		switch {
		case c >= '0' && c <= '9':
			n = n<<4 | int(c-'0')
		case c >= 'a' && c <= 'f':
			n = n<<4 | int(c-'a'+10)
		case c >= 'A' && c <= 'F':
			n = n<<4 | int(c-'A'+10)
		default:
			return -1
		}
	}
	return n
}

// withoutNil returns v with every nil slice and map in it, but those left out
// when empty, made empty. It copies what it changes.
func withoutNil(v any) any {
	if v == nil {
		return nil
	}
	r := reflect.ValueOf(v)
	if r.Kind() == reflect.Pointer && !r.IsNil() {
		c := reflect.New(r.Type().Elem())
		c.Elem().Set(fill(r.Elem()))
		return c.Interface()
	}
	return fill(r).Interface()
}

var typeMarshaler = reflect.TypeFor[json.Marshaler]()

func fill(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.Slice:
		if v.Type().Implements(typeMarshaler) {
			return v // raw JSON: nil is null, and empty would be no JSON
		}
		if v.IsNil() {
			return reflect.MakeSlice(v.Type(), 0, 0)
		}
		if !holdsMore(v.Type().Elem()) {
			return v
		}
		c := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			c.Index(i).Set(fill(v.Index(i)))
		}
		return c
	case reflect.Map:
		if v.IsNil() {
			return reflect.MakeMap(v.Type())
		}
		return v
	case reflect.Pointer:
		if v.IsNil() || v.Type().Elem().Kind() != reflect.Struct {
			return v
		}
		c := reflect.New(v.Type().Elem())
		c.Elem().Set(fill(v.Elem()))
		return c
	case reflect.Struct:
		if !holdsMore(v.Type()) {
			return v
		}
		c := reflect.New(v.Type()).Elem()
		c.Set(v)
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				c.Field(i).Set(fill(v.Field(i)))
			}
		}
		return c
	default:
		return v
	}
}

// holdsMore tells whether values of a type can hold a nil slice or map.
func holdsMore(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Slice, reflect.Map, reflect.Pointer, reflect.Struct:
		return true
	default:
		return false
	}
}
