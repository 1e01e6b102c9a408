package station

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"

	"github.com/google/uuid"

	"hejie/app/api"
	"hejie/app/casework/data"
	"hejie/sync/replica"
)

// asking is a save as a client asks for it.
type asking struct {
	token   string // a UUID; empty: none
	what    string // what kind of save, with the name of a step or field
	of      string // the case or unit that it changes; empty: it begins a case
	content []byte // as JSON
}

// save names a save by its token and by what it asks for, so that only the same
// save of the same seat counts as made already. Heads are no part of it: who
// presses again may have seen by then what the first press made.
func (ss *Session) save(a asking) (replica.Save, error) {
	if a.token == "" {
		return replica.Save{}, nil
	}
	id, err := uuid.Parse(a.token)
	if err != nil {
		return replica.Save{}, problem(CodeBadToken, "the token of a save is a UUID")
	}
	h, seat := sha256.New(), ss.seat()
	for _, part := range [][]byte{[]byte("hejie save v1"), seat[:], []byte(a.what), []byte(a.of), plainJSON(a.content)} {
		_ = binary.Write(h, binary.BigEndian, uint64(len(part))) // a hash takes everything
		h.Write(part)
	}
	return replica.Save{Token: id, Asked: [32]byte(h.Sum(nil))}, nil
}

// plainJSON writes JSON in one way, whatever its spaces and the order of its
// names; what is no JSON is left, to be refused by who reads it.
func plainJSON(text []byte) []byte {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return text
	}
	out, err := json.Marshal(v)
	if err != nil {
		return text
	}
	return out
}

// reusedError says that a token made another save before, and which case to look at.
func reusedError(e *replica.TokenReusedError) *api.Error {
	return &api.Error{Reason: api.Reason{
		Code: CodeTokenReused, Detail: data.Text(data.English, "token.reused", nil), Params: map[string]string{"record": hexID(e.Record)},
		Texts: &api.Label{ZH: data.Text(data.Chinese, "token.reused", nil), EN: data.Text(data.English, "token.reused", nil)},
	}, Err: e}
}
