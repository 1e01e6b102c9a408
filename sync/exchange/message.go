package exchange

import (
	"fmt"
	"io"
	"maps"
	"math"

	"github.com/fxamacker/cbor/v2"

	"hejie/sync/dcbor"
	"hejie/sync/reconcile"
)

// kind of a request. Numbers are for ever.
type kind uint

const (
	kindHello     kind = 1 // compare everything by fingerprints
	kindIntroduce kind = 2 // show the log entries that admit each side
	kindWork      kind = 3 // compare ranges, move frames and receipts
)

// phase says what a reconcile message and wants range over.
type phase uint

const (
	phaseLogs phase = 1 // class tree
	phaseData phase = 2 // wraps, digests, cases
)

// request and response are the messages as docs/format-exchange.md gives them;
// keys 228 and 229 are kept for cursors, and 128 to 227 mean nothing, for ever.
type request struct {
	Version   uint     `cbor:"1,keyasint"` // hello and introduce: the least that is spoken
	Kind      kind     `cbor:"2,keyasint"`
	Tree      []byte   `cbor:"3,keyasint,omitempty"`
	Nonce     []byte   `cbor:"4,keyasint,omitempty"`
	Theirs    []byte   `cbor:"5,keyasint,omitempty"`
	Logs      []byte   `cbor:"6,keyasint,omitempty"`
	Data      []byte   `cbor:"7,keyasint,omitempty"`
	Receipts  []byte   `cbor:"8,keyasint,omitempty"`
	LogCount  uint64   `cbor:"9,keyasint,omitempty"`
	DataCount uint64   `cbor:"10,keyasint,omitempty"`
	Frames    [][]byte `cbor:"11,keyasint,omitempty"`
	Phase     phase    `cbor:"12,keyasint,omitempty"`
	Reconcile []byte   `cbor:"13,keyasint,omitempty"`
	Batch     []byte   `cbor:"14,keyasint,omitempty"`
	Wants     []byte   `cbor:"15,keyasint,omitempty"`
	Held      []byte   `cbor:"16,keyasint,omitempty"`
	AskHeld   bool     `cbor:"17,keyasint,omitempty"`
	New       [][]byte `cbor:"18,keyasint,omitempty"`
	Audit     *audit   `cbor:"19,keyasint,omitempty"`
	Tell      bool     `cbor:"20,keyasint,omitempty"`
	Most      uint     `cbor:"23,keyasint,omitempty"` // hello and introduce: the greatest version spoken, if another
	Cargo     bool     `cbor:"24,keyasint,omitempty"` // give the cargo that is not settled with this unit
	Settled   []byte   `cbor:"25,keyasint,omitempty"` // short names of cargo that came and was judged
}

type audit struct {
	Nonce []byte `cbor:"1,keyasint"`
	Lo    []byte `cbor:"2,keyasint"`
	Hi    []byte `cbor:"3,keyasint"`
}

type response struct {
	Version   uint      `cbor:"1,keyasint"`
	Code      code      `cbor:"2,keyasint,omitempty"`
	Sentence  string    `cbor:"3,keyasint,omitempty"`
	Nonce     []byte    `cbor:"4,keyasint,omitempty"`
	Differ    uint      `cbor:"5,keyasint,omitempty"`
	Proof     []byte    `cbor:"6,keyasint,omitempty"`
	LogCount  uint64    `cbor:"9,keyasint,omitempty"`
	DataCount uint64    `cbor:"10,keyasint,omitempty"`
	Frames    [][]byte  `cbor:"11,keyasint,omitempty"`
	Phase     phase     `cbor:"12,keyasint,omitempty"`
	Reconcile []byte    `cbor:"13,keyasint,omitempty"`
	Batch     []byte    `cbor:"14,keyasint,omitempty"`
	Next      []byte    `cbor:"15,keyasint,omitempty"`
	Lacks     []byte    `cbor:"16,keyasint,omitempty"`
	New       [][]byte  `cbor:"18,keyasint,omitempty"`
	Audit     []byte    `cbor:"19,keyasint,omitempty"`
	Marks     []byte    `cbor:"20,keyasint,omitempty"`
	Outcomes  []byte    `cbor:"21,keyasint,omitempty"`
	Refusals  []refusal `cbor:"22,keyasint,omitempty"`
	Most      uint      `cbor:"23,keyasint,omitempty"` // with code 2: the greatest version spoken, if another
	Cargo     bool      `cbor:"24,keyasint,omitempty"` // hello: there is cargo that is not settled with the caller's unit
}

// Keys that a message of this version may have; others to 127 had to be
// understood, from 128 on they are passed over.
const (
	requestKeys  = 1<<21 - 2 | 1<<23 | 1<<24 | 1<<25
	responseKeys = 1<<23 - 2 | 1<<23 | 1<<24
)

// refusal tells why one frame of a batch was not kept.
type refusal struct {
	Index    uint   `cbor:"1,keyasint"`
	Reason   Reason `cbor:"2,keyasint"`
	Sentence string `cbor:"3,keyasint,omitempty"`
}

// Bits of response.Differ.
const (
	differLogs     = 1
	differData     = 2
	differReceipts = 4
)

// maxItems bounds arrays in a message: refusals and frames of one batch, each
// of which takes some bytes of its own.
const maxItems = 1 << 16

var encoding, decoding = codecs()

func codecs() (cbor.EncMode, cbor.DecMode) {
	enc, err := cbor.CoreDetEncOptions().EncMode()
	if err != nil {
		panic(err) // the options are constants of this file
	}
	// Keys that no struct names are looked at by foreignKeys.
	dec, err := cbor.DecOptions{
		DupMapKey:        cbor.DupMapKeyEnforcedAPF,
		IndefLength:      cbor.IndefLengthForbidden,
		TagsMd:           cbor.TagsForbidden,
		MaxNestedLevels:  8,
		MaxArrayElements: maxItems,
		MaxMapPairs:      256,
	}.DecMode()
	if err != nil {
		panic(err)
	}
	return enc, dec
}

// encode writes a message with a key that means nothing, drawn anew for each: a
// map's last pair, by key order.
func encode(v any, random io.Reader) ([]byte, error) {
	out, err := encoding.Marshal(v)
	if err != nil {
		return nil, err
	}
	var r [3]byte
	if _, err := io.ReadFull(random, r[:]); err != nil {
		return nil, err
	}
	if out[0]&0xe0 == 0xa0 && out[0] < 0xb7 { // a map of fewer than 23 pairs
		out[0]++
		out = append(out, 0x18, dcbor.MustUnderstand+1+r[0]%dcbor.GreaseSpan, 0x42, r[1], r[2])
	}
	return out, nil
}

// decode reads a message whose version was checked.
func decode(data []byte, v any) error {
	if len(data) > MaxMessage {
		return fmt.Errorf("%w: %d bytes: %w", ErrMalformed, len(data), ErrTooLarge)
	}
	err := decoding.Unmarshal(data, v)
	if err != nil {
		if rest, ok := withoutLarge(data); ok {
			err = decoding.Unmarshal(rest, v)
		}
	}
	if err != nil {
		return fmt.Errorf("%w: %v", ErrMalformed, err)
	}
	return nil
}

// withoutLarge is a message without keys from 2^63, which are passed over and
// which the decoder can't meet where a struct is read; false: it has none.
func withoutLarge(data []byte) ([]byte, bool) {
	var keys map[uint64]cbor.RawMessage
	if decoding.Unmarshal(data, &keys) != nil {
		return nil, false
	}
	n := len(keys)
	maps.DeleteFunc(keys, func(key uint64, _ cbor.RawMessage) bool { return key > math.MaxInt64 })
	if len(keys) == n {
		return nil, false
	}
	rest, err := cbor.Marshal(keys)
	return rest, err == nil
}

// versions is what every version of the protocol keeps under keys 1 and 23: the
// least and the greatest that a message is for.
type versions struct {
	Least uint `cbor:"1,keyasint"`
	Most  uint `cbor:"23,keyasint,omitempty"`
}

func versionsOf(data []byte) (v versions, err error) {
	if err := decode(data, &v); err != nil {
		return v, err
	}
	if v.Most == 0 {
		v.Most = v.Least
	}
	if v.Least == 0 || v.Most < v.Least {
		return v, fmt.Errorf("%w: no version", ErrMalformed)
	}
	return v, nil
}

// common is the greatest version that both sides speak; false if there is none.
func (v versions) common() (uint, bool) {
	best := min(v.Most, Version)
	return best, best >= max(v.Least, Oldest)
}

// foreignKeys holds a message to its ranges: ErrNewerMessage where a key that
// has to be understood is not among the known ones.
func foreignKeys(data []byte, known uint64) error {
	var keys map[uint64]cbor.RawMessage
	if err := decoding.Unmarshal(data, &keys); err != nil {
		return fmt.Errorf("%w: %v", ErrMalformed, err)
	}
	for key := range keys {
		if key <= dcbor.MustUnderstand && (key > 63 || known>>key&1 == 0) {
			return fmt.Errorf("key %d: %w", key, ErrNewerMessage)
		}
	}
	return nil
}

func decodeRequest(data []byte) (*request, error) {
	if err := foreignKeys(data, requestKeys); err != nil {
		return nil, err
	}
	var r request
	if err := decode(data, &r); err != nil {
		return nil, err
	}
	if len(r.Settled)%shortCargo != 0 || r.Cargo && len(r.Wants) > 0 {
		return nil, fmt.Errorf("%w: cargo of another form", ErrMalformed)
	}
	if len(r.Reconcile) > MaxReconcile || len(r.Wants) > MaxReconcile || len(r.Held)%shortReceipt != 0 || size(r.New) > MaxReceipts || size(r.Frames) > MaxIntroduction {
		return nil, fmt.Errorf("%w: a part over its limit", ErrMalformed)
	}
	return &r, nil
}

// decodeResponse reads a response; with a code it is returned beside the error.
func decodeResponse(data []byte) (*response, error) {
	v, err := versionsOf(data)
	if err != nil {
		return nil, err
	}
	if _, ok := v.common(); !ok {
		return nil, &VersionError{Ours: Version, Theirs: v.Most}
	}
	if err := foreignKeys(data, responseKeys); err != nil {
		return nil, err
	}
	var r response
	if err := decode(data, &r); err != nil {
		return nil, err
	}
	if err := r.Code.err(v.Most); err != nil {
		return &r, err
	}
	if len(r.Reconcile) > 2*MaxReconcile || len(r.Lacks)%shortReceipt != 0 || size(r.New) > MaxReceipts || size(r.Frames) > MaxIntroduction {
		return nil, fmt.Errorf("%w: a part over its limit", ErrMalformed)
	}
	return &r, nil
}

func size(list [][]byte) int {
	n := 0
	for _, b := range list {
		n += len(b)
	}
	return n
}

func nonceOf(b []byte) (n [16]byte, err error) {
	if len(b) != len(n) {
		return n, fmt.Errorf("%w: a nonce of %d bytes", ErrMalformed, len(b))
	}
	return [16]byte(b), nil
}

// saltOf is the salt of everything after hello.
func saltOf(nonce, theirs [16]byte) reconcile.Salt { return reconcile.NewSalt(nonce, theirs) }
