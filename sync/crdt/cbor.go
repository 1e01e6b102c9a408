package crdt

import (
	"bytes"
	"errors"

	"github.com/fxamacker/cbor/v2"
)

// encMode writes RFC 8949 4.2.1 (core deterministic encoding), without tags.
var encMode = must(func() (cbor.EncMode, error) {
	o := cbor.CoreDetEncOptions()
	o.TagsMd = cbor.TagsForbidden
	o.NilContainers = cbor.NilContainerAsEmpty // nil and empty are one value
	return o.EncMode()
})

// decMode reads what encMode writes; encoding again and comparing finds the rest.
var decMode = must(decOptions(maxElements, maxPairs).DecMode)

// anyMode reads values whose shape this program does not know.
var anyMode = must(func() (cbor.DecMode, error) {
	o := decOptions(maxElements, maxPairs)
	o.DefaultMapType = nil
	o.IntDec = cbor.IntDecConvertNone
	return o.DecMode()
})

func decOptions(elements, pairs int) cbor.DecOptions {
	return cbor.DecOptions{
		DupMapKey:        cbor.DupMapKeyEnforcedAPF,
		IndefLength:      cbor.IndefLengthForbidden,
		TagsMd:           cbor.TagsForbidden,
		MaxNestedLevels:  maxNesting,
		MaxArrayElements: elements,
		MaxMapPairs:      pairs,
		IntDec:           cbor.IntDecConvertSignedOrFail,
		DefaultMapType:   valueMapType,
		UTF8:             cbor.UTF8RejectInvalid,
	}
}

// must builds a mode from options that are constants of this program; failing
// is a defect that any test finds.
func must[M any](build func() (M, error)) M {
	m, err := build()
	if err != nil {
		panic(err)
	}
	return m
}

var errNotCanonical = errors.New("not in the one deterministic encoding, or with floats, tags or simple values")

// checkCanonical checks one whole CBOR item of unknown meaning: deterministic,
// and of nothing but integers, texts, bytes, arrays, maps, true, false, null.
func checkCanonical(raw []byte) error {
	var v any
	if err := anyMode.Unmarshal(raw, &v); err != nil {
		return err
	}
	if !plain(v) {
		return errNotCanonical
	}
	again, err := encMode.Marshal(v)
	if err != nil {
		return err
	}
	if !bytes.Equal(again, raw) {
		return errNotCanonical
	}
	return nil
}

func plain(v any) bool {
	switch v := v.(type) {
	case nil, bool, int64, uint64, string, []byte, cbor.ByteString:
		return true
	case []any:
		for _, x := range v {
			if !plain(x) {
				return false
			}
		}
		return true
	case map[any]any:
		for k, x := range v {
			if !plain(k) || !plain(x) {
				return false
			}
		}
		return true
	}
	return false
}
