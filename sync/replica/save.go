package replica

import (
	"errors"
	"fmt"

	"hejie/store"
)

// Save names one save, so that it can come again without being made twice. The
// zero Save has no name and is made whenever it comes.
type Save struct {
	Token [16]byte // the client's, a UUIDv7
	// Asked is a hash of what the save asks for; zero: not told, and then any save
	// with the token is the same.
	Asked [32]byte
}

// TokenReusedError says that a token made another save before: what this one
// asks for was not made.
type TokenReusedError struct {
	Record store.ID // that the earlier save changed
}

func (e *TokenReusedError) Error() string {
	return fmt.Sprintf("this token made another save before, of record %x: nothing of this one was saved; look at what is there and save with a new token", e.Record[:4])
}

// The lengths of a token's row: two ids, and what the save asked for. Saves of
// earlier programs have no such hash.
const (
	tokenRowOld  = 64
	tokenRowFull = 96
)

func tokenRow(record, op store.ID, asked [32]byte) []byte {
	row := append(record[:], op[:]...)
	if asked != ([32]byte{}) {
		row = append(row, asked[:]...)
	}
	return row
}

// before gives the record of the save that carried the token before; zero: none did.
func (s Save) before(rd store.Reader) (store.ID, error) {
	if s.Token == ([16]byte{}) {
		return store.ID{}, nil
	}
	row, err := rd.Get(rowKey(rowToken, s.Token[:]))
	if errors.Is(err, store.ErrNotFound) {
		return store.ID{}, nil
	}
	if err != nil {
		return store.ID{}, err
	}
	if len(row) != tokenRowOld && len(row) != tokenRowFull {
		return store.ID{}, fmt.Errorf("the row of a token has %d bytes", len(row))
	}
	record := store.ID(row[:32])
	if len(row) == tokenRowFull && s.Asked != ([32]byte{}) && s.Asked != [32]byte(row[tokenRowOld:]) {
		return store.ID{}, &TokenReusedError{Record: record}
	}
	return record, nil
}
