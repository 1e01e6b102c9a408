package packstore

import (
	"encoding/binary"
	"errors"

	"hejie/store"
	"hejie/store/pack"
)

// layoutVersion is raised when the rows below change; the engine is then
// derived anew.
const layoutVersion = 1

// First bytes of the engine's rows.
const (
	rowMeta    = 0x01
	rowID      = 0x02 // ‖ id → seq 8 ‖ loc 12
	rowSeq     = 0x03 // ‖ seq 8 → loc 12 ‖ id 32
	rowNode    = 0x04 // entryset's nodes
	rowEntry   = 0x05 // entryset's entries
	rowDerived = 0x06 // ‖ the Applier's keys
)

var (
	positionKey = []byte{rowMeta, 'p'}
	nodePrefix  = []byte{rowNode}
	entryPrefix = []byte{rowEntry}
)

func idKey(id store.ID) []byte { return append([]byte{rowID}, id[:]...) }

func seqKey(seq uint64) []byte { return binary.BigEndian.AppendUint64([]byte{rowSeq}, seq) }

func derivedKey(key []byte) []byte {
	return append(append(make([]byte, 0, 1+len(key)), rowDerived), key...)
}

const locSize = 12

func appendLoc(b []byte, l pack.Loc) []byte {
	b = binary.BigEndian.AppendUint32(b, l.File)
	b = binary.BigEndian.AppendUint32(b, l.Offset)
	return binary.BigEndian.AppendUint32(b, l.Length)
}

func readLoc(b []byte) pack.Loc {
	return pack.Loc{
		File: binary.BigEndian.Uint32(b), Offset: binary.BigEndian.Uint32(b[4:]), Length: binary.BigEndian.Uint32(b[8:]),
	}
}

var errRow = errors.New("a row of the frame index has a wrong length")

// indexRow is what the index knows of a frame.
type indexRow struct {
	seq uint64
	loc pack.Loc
	id  store.ID
}

func (r indexRow) byID() []byte {
	return appendLoc(binary.BigEndian.AppendUint64(nil, r.seq), r.loc)
}

func (r indexRow) bySeq() []byte { return append(appendLoc(nil, r.loc), r.id[:]...) }

func readByID(id store.ID, b []byte) (indexRow, error) {
	if len(b) != 8+locSize {
		return indexRow{}, errRow
	}
	return indexRow{id: id, seq: binary.BigEndian.Uint64(b), loc: readLoc(b[8:])}, nil
}

func readBySeq(key, b []byte) (indexRow, error) {
	if len(key) != 9 || len(b) != locSize+32 {
		return indexRow{}, errRow
	}
	return indexRow{seq: binary.BigEndian.Uint64(key[1:]), loc: readLoc(b), id: store.ID(b[locSize:])}, nil
}

// state is the engine's position row: of what its other rows are derived.
type state struct {
	layout  uint32
	applier uint32
	storeID [16]byte
	frames  uint64
	at      pack.Position
	solid   mark
}

// mark is a moment of the past: how many frames were held, up to which seq.
type mark struct{ seq, frames uint64 }

const stateSize = 4 + 4 + 16 + 8 + 4 + 8 + 8 + locSize + 8 + 8

func (s state) encode() []byte {
	b := binary.BigEndian.AppendUint32(make([]byte, 0, stateSize), s.layout)
	b = binary.BigEndian.AppendUint32(b, s.applier)
	b = append(b, s.storeID[:]...)
	b = binary.BigEndian.AppendUint64(b, s.frames)
	b = binary.BigEndian.AppendUint32(b, s.at.File)
	b = binary.BigEndian.AppendUint64(b, uint64(s.at.Offset))
	b = binary.BigEndian.AppendUint64(b, s.at.Seq)
	b = appendLoc(b, s.at.Last)
	b = binary.BigEndian.AppendUint64(b, s.solid.seq)
	return binary.BigEndian.AppendUint64(b, s.solid.frames)
}

func decodeState(b []byte) (state, bool) {
	if len(b) != stateSize {
		return state{}, false
	}
	return state{
		layout: binary.BigEndian.Uint32(b), applier: binary.BigEndian.Uint32(b[4:]), storeID: [16]byte(b[8:24]),
		frames: binary.BigEndian.Uint64(b[24:]),
		at: pack.Position{
			File: binary.BigEndian.Uint32(b[32:]), Offset: int64(binary.BigEndian.Uint64(b[36:])),
			Seq: binary.BigEndian.Uint64(b[44:]), Last: readLoc(b[52:]),
		},
		solid: mark{seq: binary.BigEndian.Uint64(b[64:]), frames: binary.BigEndian.Uint64(b[72:])},
	}, true
}
