//go:build later

package identity

// See later_off.go: the later program knows an item that does nothing.

const itemNote ItemType = 20

type laterNote struct{ text string }

func (*laterNote) Type() ItemType { return itemNote }

func (n *laterNote) wire() (any, error) {
	return struct {
		Type ItemType `cbor:"1,keyasint"`
		Text string   `cbor:"2,keyasint"`
	}{itemNote, n.text}, nil
}

func laterDecoder(number ItemType) func(*fields) (Item, error) {
	if number != itemNote {
		return nil
	}
	return func(f *fields) (Item, error) {
		n := &laterNote{}
		f.need(2, &n.text)
		return n, f.err
	}
}
