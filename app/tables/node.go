package tables

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of a published table.
const (
	MaxTable = 512 << 10 // bytes of the document; the program's own are under 40 KiB
	MaxRows  = 1000      // entries of one list
	MaxText  = 600       // characters of one text
	maxDepth = 12        // nesting; the tables need seven
)

// node is a JSON value that keeps what Go's own decoding loses: fields that
// come twice, and the exact case of their names.
type node struct {
	kind   nodeKind
	fields []field // of an object
	list   []node
	text   string // of a string, or a number as written
	yes    bool
}

type nodeKind byte

const (
	isNull nodeKind = iota
	isObject
	isList
	isString
	isNumber
	isBool
)

type field struct {
	name string
	node node
}

func (n node) get(name string) (node, bool) {
	for _, f := range n.fields {
		if f.name == name {
			return f.node, true
		}
	}
	return node{}, false
}

// parseNode reads one JSON value and nothing after it.
func parseNode(raw []byte) (node, error) {
	if len(raw) > MaxTable {
		return node{}, &Error{Code: CodeSize, Params: map[string]string{"size": itoa(len(raw)), "limit": itoa(MaxTable)}}
	}
	if !utf8.Valid(raw) {
		return node{}, &Error{Code: CodeEncoding}
	}
	if !json.Valid(raw) {
		return node{}, &Error{Code: CodeSyntax}
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	return readNode(decoder, 0, "")
}

// readNode reads a value whose syntax has been checked.
func readNode(decoder *json.Decoder, depth int, path string) (node, error) {
	if depth > maxDepth {
		return node{}, &Error{Row: path, Code: CodeDeep}
	}
	token, err := decoder.Token()
	if err != nil {
		return node{}, &Error{Row: path, Code: CodeSyntax}
	}
	switch t := token.(type) {
	case json.Delim:
		if t == '{' {
			return readObject(decoder, depth, path)
		}
		return readList(decoder, depth, path)
	case string:
		return node{kind: isString, text: t}, checkText(t, path)
	case json.Number:
		return node{kind: isNumber, text: t.String()}, nil
	case bool:
		return node{kind: isBool, yes: t}, nil
	}
	return node{}, nil
}

func readObject(decoder *json.Decoder, depth int, path string) (node, error) {
	n := node{kind: isObject}
	for decoder.More() {
		token, err := decoder.Token()
		name, ok := token.(string)
		if err != nil || !ok {
			return n, &Error{Row: path, Code: CodeSyntax}
		}
		if err := checkText(name, path); err != nil {
			return n, err
		}
		if len(n.fields) >= MaxRows {
			return n, &Error{Row: path, Code: CodeLong, Params: map[string]string{"limit": itoa(MaxRows)}}
		}
		at := dotted(path, shorten(name))
		if _, twice := n.get(name); twice {
			return n, &Error{Row: at, Code: CodeTwice}
		}
		value, err := readNode(decoder, depth+1, at)
		if err != nil {
			return n, err
		}
		n.fields = append(n.fields, field{name, value})
	}
	_, err := decoder.Token()
	return n, err
}

func readList(decoder *json.Decoder, depth int, path string) (node, error) {
	n := node{kind: isList}
	for decoder.More() {
		if len(n.list) >= MaxRows {
			return n, &Error{Row: path, Code: CodeLong, Params: map[string]string{"limit": itoa(MaxRows)}}
		}
		value, err := readNode(decoder, depth+1, indexed(path, len(n.list)))
		if err != nil {
			return n, err
		}
		n.list = append(n.list, value)
	}
	_, err := decoder.Token()
	return n, err
}

// checkText refuses what no form can print. U+FFFD is what decoding makes of a
// lone surrogate.
func checkText(s, path string) error {
	if strings.ContainsFunc(s, func(r rune) bool { return r == utf8.RuneError || unicode.IsControl(r) }) {
		return &Error{Row: path, Code: CodeEncoding}
	}
	if utf8.RuneCountInString(s) > MaxText {
		return &Error{Row: path, Code: CodeLong, Params: map[string]string{"limit": itoa(MaxText)}}
	}
	return nil
}

func dotted(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func indexed(path string, i int) string { return path + "[" + itoa(i) + "]" }
