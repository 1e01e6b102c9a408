package review

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"testing"

	"hejie/test/review/liar"
)

// TestBrokenPlaintext is the rest of F2: a body that opens to what nobody can
// unpack is shown as its author's fault, and what builds on it goes on.
func TestBrokenPlaintext(t *testing.T) {
	length := func(n int) []byte { return binary.AppendUvarint(nil, uint64(n)) }
	tries := map[string]func([]byte) []byte{
		"no bytes":              func([]byte) []byte { return nil },
		"one byte":              func([]byte) []byte { return []byte{0} },
		"padding that is not 0": func(c []byte) []byte { return append(liar.Plain(c), 1) },
		"a length beyond":       func(c []byte) []byte { return slices.Concat([]byte{0}, length(len(c)+100), c) },
		"a length too short":    func(c []byte) []byte { return slices.Concat([]byte{0}, length(len(c)-1), c) },
		"a length in two forms": func(c []byte) []byte {
			return slices.Concat([]byte{0, byte(len(c)&0x7f) | 0x80, byte(len(c)>>7) | 0x80, 0}, c)
		},
		"a length of ten bytes":  func(c []byte) []byte { return slices.Concat([]byte{0}, bytes.Repeat([]byte{0xff}, 10), c) },
		"content over its bound": func(c []byte) []byte { return slices.Concat([]byte{0}, length(900_001), make([]byte, 900_001)) },
		"no frame of zstd":       liar.Compressed(1),
		"no frame, dictionary":   liar.Compressed(2),
	}
	m := meet(t, len(tries))
	names := slices.Sorted(maps.Keys(tries))
	broken := map[string]string{}
	for i, name := range names {
		o := m.edit(m.liar, m.cases[i], func(d *liar.Draft) { d.Plain = tries[name] }, liar.Assign("title", "新题目"))
		broken[name] = hex.EncodeToString(o.ID[:])
		later := m.edit(m.liar, m.cases[i], nil, liar.Assign("place", "河湾村9组", m.liar.Live(id(t, m.cases[i]), "place")...))
		m.push(m.liar, m.address, 1, o, later)
	}
	verified, _, _ := m.town.Try("verify")
	for i, name := range names {
		got := shown(m.town, m.cases[i])
		if got["title"] != title || got["place"] != "河湾村9组" {
			t.Errorf("%s: title %v, place %v", name, got["title"], got["place"])
		}
		if !unknown(got) || !strings.Contains(verified, broken[name]) {
			t.Errorf("%s: on the case %v; verify names it: %t", name, got["unknown"], strings.Contains(verified, broken[name]))
		}
		set(m.town, m.cases[i], `{"place":"河湾村7组"}`)
		if got := shown(m.town, m.cases[i]); got["place"] != "河湾村7组" {
			t.Errorf("%s: a save of the town: %v", name, got["place"])
		}
		m.town.Run("case", "history", m.cases[i])
	}
	m.stillWell(t)
}
