package identity

import (
	"fmt"
	"io"

	"hejie/sync/dcbor"
)

// Grease lets about one in sixteen items of a log entry's content bear a field
// that means nothing, so that no program comes to rely on knowing all fields
// (FORMAT.md 1). Content that has no room for it stays as it is.
func Grease(content []byte, random io.Reader) ([]byte, error) {
	var entry struct {
		Items []dcbor.Raw `cbor:"1,keyasint"`
	}
	if err := dcbor.Unmarshal(content, &entry); err != nil {
		return nil, fmt.Errorf("an entry to be greased: %w", err)
	}
	var keys dcbor.Keys
	if err := dcbor.Unmarshal(content, &keys); err != nil {
		return nil, fmt.Errorf("an entry to be greased: %w", err)
	}
	for i, raw := range entry.Items {
		more, err := dcbor.Grease(random)
		if err != nil {
			return nil, err
		}
		entry.Items[i] = greased(raw, more)
	}
	keys[1] = dcbor.Must(entry.Items)
	out, err := dcbor.Marshal(keys)
	if err != nil {
		return nil, fmt.Errorf("greasing an entry: %w", err)
	}
	if len(out) > MaxEntry {
		return content, nil
	}
	return out, nil
}

// greased is an item with further fields; one that is no map stays as it is.
func greased(item dcbor.Raw, more dcbor.Keys) dcbor.Raw {
	var fields dcbor.Keys
	if len(more) == 0 || dcbor.Unmarshal(item, &fields) != nil {
		return item
	}
	for n, raw := range more {
		if _, taken := fields[n]; !taken {
			fields[n] = raw
		}
	}
	return dcbor.Must(fields)
}
