package crdt

import (
	"fmt"
	"reflect"
	"unicode/utf8"
)

var valueMapType = reflect.TypeFor[map[string]any]()

// checkValue reports why v is no Value, or nil.
func checkValue(v Value) error { return checkLevel(v, 1) }

func checkLevel(v Value, level int) error {
	if level > MaxValueDepth {
		return fmt.Errorf("a value is nested deeper than %d levels", MaxValueDepth)
	}
	switch v := v.(type) {
	case nil, bool, int64:
		return nil
	case string:
		if len(v) > MaxText || !utf8.ValidString(v) {
			return fmt.Errorf("a text value is not valid UTF-8 of at most %d bytes", MaxText)
		}
		return nil
	case []byte:
		if len(v) > MaxText {
			return fmt.Errorf("a byte value has %d bytes, at most %d fit", len(v), MaxText)
		}
		return nil
	case []any:
		if len(v) > MaxValueItems {
			return fmt.Errorf("a value's array has %d elements, at most %d fit", len(v), MaxValueItems)
		}
		for _, x := range v {
			if err := checkLevel(x, level+1); err != nil {
				return err
			}
		}
		return nil
	case map[string]any:
		if len(v) > MaxValueItems {
			return fmt.Errorf("a value's map has %d keys, at most %d fit", len(v), MaxValueItems)
		}
		for k, x := range v {
			if !utf8.ValidString(k) {
				return fmt.Errorf("a value's map has a key that is not valid UTF-8")
			}
			if err := checkLevel(x, level+1); err != nil {
				return err
			}
		}
		return nil
	}
	return fmt.Errorf("a value of type %T can't be stored", v)
}

// valueKey is the value's one encoding; equal keys mean equal values. The
// value was checked when its operation was applied.
func valueKey(v Value) string {
	raw, err := encMode.Marshal(v)
	if err != nil {
		panic("crdt: a checked value has no encoding: " + err.Error())
	}
	return string(raw)
}
