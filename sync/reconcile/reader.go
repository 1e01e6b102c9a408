package reconcile

import (
	"encoding/binary"
	"fmt"
)

// reader cuts a message into its fields and never beyond its end, so a claim
// of a billion entries fails before anything is allocated for them.
type reader struct {
	buf []byte
	pos int
}

func (r *reader) empty() bool { return r.pos == len(r.buf) }

func (r *reader) byte() (byte, error) {
	if r.empty() {
		return 0, fmt.Errorf("%w: it ends too early", ErrMalformed)
	}
	r.pos++
	return r.buf[r.pos-1], nil
}

func (r *reader) bytes(n int) ([]byte, error) {
	if n < 0 || n > len(r.buf)-r.pos {
		return nil, fmt.Errorf("%w: it claims more than it holds", ErrMalformed)
	}
	r.pos += n
	return r.buf[r.pos-n : r.pos], nil
}

func (r *reader) uvarint() (uint64, error) {
	v, n := binary.Uvarint(r.buf[r.pos:])
	if n <= 0 || (n > 1 && r.buf[r.pos+n-1] == 0) {
		return 0, fmt.Errorf("%w: a bad number", ErrMalformed)
	}
	r.pos += n
	return v, nil
}

// items reads a number of fixed-size items that must fit in what is left.
func (r *reader) items(size int) (int, error) {
	n, err := r.uvarint()
	if err != nil {
		return 0, err
	}
	if n > uint64((len(r.buf)-r.pos)/size) {
		return 0, fmt.Errorf("%w: it claims %d items and has not the room", ErrMalformed, n)
	}
	return int(n), nil
}

func (r *reader) shorts() ([]Short, error) {
	n, err := r.items(ShortSize)
	if err != nil {
		return nil, err
	}
	out := make([]Short, n)
	for i := range out {
		b, err := r.bytes(ShortSize)
		if err != nil {
			return nil, err
		}
		out[i] = Short(b)
	}
	return out, nil
}
