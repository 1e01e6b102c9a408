package bench

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"hejie/sync/crdt"
)

// maxTrace bounds an unpacked editing trace.
const maxTrace = 1 << 30

// trace is a recorded editing session. Positions count Unicode code points.
type trace struct {
	StartContent string `json:"startContent"`
	EndContent   string `json:"endContent"`
	Txns         []struct {
		Patches []patch `json:"patches"`
	} `json:"txns"`
}

// patch is [position, deleted, inserted].
type patch struct {
	at, deleted int
	inserted    string
}

// UnmarshalJSON implements json.Unmarshaler.
func (p *patch) UnmarshalJSON(raw []byte) error {
	var parts []json.RawMessage
	if err := json.Unmarshal(raw, &parts); err != nil {
		return err
	}
	if len(parts) != 3 {
		return fmt.Errorf("a patch has %d parts instead of 3", len(parts))
	}
	return errors.Join(json.Unmarshal(parts[0], &p.at), json.Unmarshal(parts[1], &p.deleted), json.Unmarshal(parts[2], &p.inserted))
}

func readTrace(raw []byte) (*trace, error) {
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("the trace is no gzip file: %w", err)
	}
	var t trace
	if err := json.NewDecoder(io.LimitReader(z, maxTrace)).Decode(&t); err != nil {
		return nil, fmt.Errorf("the trace is not JSON as expected: %w", err)
	}
	return &t, nil
}

// storyField is the one text that is replayed.
const storyField = "facts"

// text replays an editing trace, one change a keystroke, and encodes the text's
// whole history.
func (r *run) text() error {
	t, err := readTrace(r.Trace)
	if err != nil {
		return err
	}
	r.Say("replaying")
	state := crdt.New(crdt.Schema{storyField: {Kind: crdt.Text}})
	path := crdt.Path{{Field: storyField}}
	n := uint64(0)
	var heads []crdt.ID
	var history [][]crdt.Change // one after the other: each op's heads are the op before
	write := func(changes []crdt.Change) error {
		n++
		history = append(history, changes)
		meta := crdt.Meta{Heads: heads, Stamp: n}
		// Ids that count: envelopes, with their random ids, are no part of this.
		binary.BigEndian.PutUint64(meta.ID[24:], n)
		meta.Name = meta.ID
		heads = []crdt.ID{meta.ID}
		return state.Apply(meta, crdt.Body{Changes: changes})
	}
	r.settle()
	took, err := r.timed(func() error {
		if t.StartContent != "" {
			if err := write(state.TextSplice(path, 0, 0, t.StartContent)); err != nil {
				return err
			}
		}
		for _, txn := range t.Txns {
			for _, p := range txn.Patches {
				r.result.Edits++
				if err := write(state.TextSplice(path, p.at, p.deleted, p.inserted)); err != nil {
					return fmt.Errorf("edit %d: %w", r.result.Edits, err)
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	r.result.Seconds = took.Seconds()
	matches := state.Text(path) == t.EndContent
	r.result.Matches = &matches
	r.Say("encoding")
	// The full history is what every edit said, in order, from which the text
	// and each earlier state follow; compressed as bodies are.
	var bodies []byte
	for _, changes := range history {
		body, err := crdt.EncodeBody(crdt.Body{Changes: changes})
		if err != nil {
			return err
		}
		bodies = append(bodies, body...)
	}
	size, err := compressed(bodies)
	if err != nil {
		return err
	}
	r.result.Bytes = int64(size)
	r.result.Also["bodies_bytes"] = float64(len(bodies))
	encoded := state.Encode()
	r.result.Also["encoded_bytes"] = float64(len(encoded))
	reload, err := r.timed(func() error {
		_, err := crdt.Decode(crdt.Schema{storyField: {Kind: crdt.Text}}, encoded)
		return err
	})
	r.result.Also["reload_ms"] = ms(reload)
	return err
}
