package replica

import (
	"fmt"

	"hejie/store"
	"hejie/sync/crdt"
)

func loadState(r store.Reader, schema crdt.Schema, record store.ID) (*crdt.State, error) {
	b, err := snapshot(r, record)
	if err != nil {
		return nil, err
	}
	if b == nil {
		return crdt.New(schema), nil
	}
	return crdt.Decode(schema, b)
}

// snapshot reads a record's state as it was written; nil: there is none.
func snapshot(r store.Reader, record store.ID) (b []byte, err error) {
	err = r.Scan(rowKey(rowState, record[:]), nil, false, func(_, v []byte) (bool, error) {
		b = append(b, v...)
		return true, nil
	})
	return b, err
}

// statePiece is how much of a snapshot one row holds: a record of many large
// operations outgrows the store's limit of a row.
const statePiece = 1 << 20

func putState(tx store.Tx, record store.ID, b []byte) error {
	n := byte(0)
	for ; len(b) > 0; n++ {
		if n == 255 {
			return fmt.Errorf("the state of record %x has over %d bytes: %w", record[:4], 255*statePiece, store.ErrTooLarge)
		}
		piece := b[:min(len(b), statePiece)]
		b = b[len(piece):]
		if err := tx.Put(rowKey(rowState, record[:], []byte{n}), piece); err != nil {
			return err
		}
	}
	return nil // a state only grows, so no piece of an earlier one is left behind
}
