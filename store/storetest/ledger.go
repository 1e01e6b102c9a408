package storetest

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"

	"hejie/store"
)

// newRandom is a repeatable source of bytes.
func newRandom(seed uint64) *rand.ChaCha8 {
	var s [32]byte
	binary.BigEndian.PutUint64(s[:], seed)
	return rand.NewChaCha8(s)
}

// keyCount is the row that counts applied frames: applying one twice, or
// losing one, shows in it.
var keyCount = []byte("count")

// errRefused is what Ledger returns for a frame "refuse".
var errRefused = errors.New("refused on purpose")

// Ledger is the suite's Applier. Each frame gives a row by its id, a row by its
// seq, an entry, and one more in the count; some bytes ask for more:
//
//	refuse…       Apply fails
//	panic…        Apply panics
//	leave <hex>   the entry of the frame with that id leaves
//	rows <n> …    n more rows of 100 bytes each
//	large <n> …   one more row of n bytes
type Ledger struct {
	Shape uint32 // Version, and part of each row
}

// Version implements store.Applier.
func (l Ledger) Version() uint32 { return l.Shape }

// Apply implements store.Applier.
func (l Ledger) Apply(tx store.Tx, frames []store.Frame) error {
	for i := range frames {
		if err := l.one(tx, &frames[i]); err != nil {
			return err
		}
	}
	return nil
}

func (l Ledger) one(tx store.Tx, f *store.Frame) error {
	word, rest, _ := strings.Cut(string(f.Bytes), " ")
	switch {
	case strings.HasPrefix(word, "refuse"):
		return errRefused
	case strings.HasPrefix(word, "panic"):
		panic("on purpose")
	}
	held, err := tx.Frame(f.ID)
	if err != nil || held.Seq != f.Seq {
		return fmt.Errorf("the frame being applied is not readable: %w", err)
	}
	count := make([]byte, 8)
	switch b, err := tx.Get(keyCount); {
	case err == nil:
		copy(count, b)
	case !errors.Is(err, store.ErrNotFound):
		return err
	}
	binary.BigEndian.PutUint64(count, binary.BigEndian.Uint64(count)+1)
	if err := errors.Join(
		tx.Put(keyCount, count),
		tx.Put(append([]byte("id/"), f.ID[:]...), fmt.Appendf(nil, "%d %s", l.Shape, f.Bytes)),
		tx.Put(fmt.Appendf(nil, "seq/%08d", f.Seq), f.ID[:]),
		tx.Enter(entryOf(f.ID)),
	); err != nil {
		return err
	}
	return l.more(tx, word, rest, f)
}

func (l Ledger) more(tx store.Tx, word, rest string, f *store.Frame) error {
	arg, _, _ := strings.Cut(rest, " ")
	switch word {
	case "leave":
		b, err := hex.DecodeString(arg)
		if err != nil || len(b) != 32 {
			return nil //nolint:nilerr // words that are no command say nothing
		}
		return tx.Leave(entryOf(store.ID(b)))
	case "rows":
		n, err := strconv.Atoi(arg)
		if err != nil {
			return nil //nolint:nilerr // likewise
		}
		for i := range n {
			if err := tx.Put(fmt.Appendf(nil, "more/%x/%06d", f.ID[:4], i), make([]byte, 100)); err != nil {
				return err
			}
		}
	case "large":
		n, err := strconv.Atoi(arg)
		if err != nil {
			return nil //nolint:nilerr // likewise
		}
		v := make([]byte, n)
		for i := range v {
			v[i] = byte(i * 7)
		}
		return tx.Put(fmt.Appendf(nil, "large/%x", f.ID[:4]), v)
	}
	return nil
}

// entryOf is the entry of a frame: few audiences and owners, and a clock, all
// taken from the id.
func entryOf(id store.ID) store.EntryKey {
	var e store.EntryKey
	e[0] = id[0]%3 + 1
	e[2] = id[1] % 4
	e[18] = id[2] % 4
	binary.BigEndian.PutUint64(e[33:], 1<<60+uint64(id[3])<<20+uint64(id[4])<<8)
	copy(e[41:], id[:])
	return e
}
