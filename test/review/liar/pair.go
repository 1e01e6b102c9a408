package liar

// Pair is how two operations stand under one signature (FORMAT 2): Place is what
// each says of its own place among the ids.
type Pair struct{ Place []byte }

// WritePair writes a case operation and the digest operation that projects it
// under one signature; digest gets the id of the first.
func (k *Kit) WritePair(p *Pair, operation Draft, digest func(projects ID) Draft) (*Operation, *Operation, error) {
	o, err := k.Write(operation)
	if err != nil {
		return nil, nil, err
	}
	d, err := k.Write(digest(o.ID))
	if err != nil {
		return nil, nil, err
	}
	all := H("hejie save v1", []byte{suite, 2}, o.ID[:], d.ID[:])
	signature := k.SignHash(all)
	for i, x := range []*Operation{o, d} {
		other := d.ID
		if i == 1 {
			other = o.ID
		}
		part := append(append([]byte{}, signature...), p.Place[i])
		x.Bytes = join(x.HeaderBytes(), append(part, other[:]...), x.Body)
	}
	return o, d, nil
}
