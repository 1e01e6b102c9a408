package tables

import (
	"reflect"
	"strconv"
	"strings"
)

// fill puts a JSON value into a Go value, strictly: every field of a struct
// has to be there unless it is marked omitempty, none may be there that the
// struct lacks, and no text or list that is there may be empty. The kinds are
// those of the tables: structs, pointers to structs, slices, strings, whole
// numbers and booleans.
func fill(path string, n node, v reflect.Value) error {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return fill(path, n, v.Elem())
	case reflect.Struct:
		return fillStruct(path, n, v)
	case reflect.Slice:
		return fillSlice(path, n, v)
	case reflect.String:
		return fillString(path, n, v)
	case reflect.Int:
		return fillInt(path, n, v)
	case reflect.Bool:
		if n.kind != isBool {
			return wrongType(path, "type.bool")
		}
		v.SetBool(n.yes)
		return nil
	}
	panic("tables: no rule for a field of kind " + v.Kind().String())
}

func fillStruct(path string, n node, v reflect.Value) error {
	if n.kind != isObject {
		return wrongType(path, "type.object")
	}
	known := map[string]bool{}
	if err := fillFields(path, n, v, known); err != nil {
		return err
	}
	for _, f := range n.fields {
		if !known[f.name] {
			return &Error{Row: dotted(path, shorten(f.name)), Code: CodeUnknown}
		}
	}
	return nil
}

func fillFields(path string, n node, v reflect.Value, known map[string]bool) error {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Anonymous {
			if err := fillFields(path, n, v.Field(i), known); err != nil {
				return err
			}
			continue
		}
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.IsExported() || name == "-" {
			continue
		}
		known[name] = true
		value, there := n.get(name)
		if !there {
			if options == "omitempty" {
				continue
			}
			return &Error{Row: dotted(path, name), Code: CodeMissing}
		}
		if err := fill(dotted(path, name), value, v.Field(i)); err != nil {
			return err
		}
	}
	return nil
}

func fillSlice(path string, n node, v reflect.Value) error {
	if n.kind != isList {
		return wrongType(path, "type.list")
	}
	if len(n.list) == 0 {
		return &Error{Row: path, Code: CodeEmpty}
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.list), len(n.list)))
	for i, item := range n.list {
		if err := fill(rowPath(path, i, item), item, v.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

// rowPath names a row by its place, and by its id for a person who looks for it.
func rowPath(path string, i int, row node) string {
	at := indexed(path, i)
	for _, key := range []string{"id", "year"} {
		if id, ok := row.get(key); ok && id.text != "" {
			return at + " (" + shorten(id.text) + ")"
		}
	}
	return at
}

func fillString(path string, n node, v reflect.Value) error {
	if n.kind != isString {
		return wrongType(path, "type.text")
	}
	if strings.TrimSpace(n.text) == "" {
		return &Error{Row: path, Code: CodeEmpty}
	}
	v.SetString(n.text)
	return nil
}

// maxNumber bounds every number of a table, so that sums of them stay far from
// the bounds of an int.
const maxNumber = 1_000_000

func fillInt(path string, n node, v reflect.Value) error {
	if n.kind != isNumber {
		return wrongType(path, "type.number")
	}
	i, err := strconv.Atoi(n.text)
	if err != nil {
		return wrongType(path, "type.number")
	}
	if i < 0 || i > maxNumber {
		return outOfBounds(path, i, 0, maxNumber)
	}
	v.SetInt(int64(i))
	return nil
}

// wrongType names the kind that is wanted by the id of its word.
func wrongType(path, want string) error {
	return &Error{Row: path, Code: CodeType, Params: map[string]string{paramWant: want}}
}

func outOfBounds(path string, value, least, most int) error {
	return &Error{Row: path, Code: CodeNumber, Params: map[string]string{"value": itoa(value), "least": itoa(least), "most": itoa(most)}}
}
