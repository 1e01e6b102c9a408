package forms

import (
	_ "embed" // the font is part of the program
	"encoding/binary"
	"errors"
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// The regular weight of Noto Sans SC (30,900 characters), under the SIL Open
// Font License in font/OFL.txt; compressed, since its outlines halve.
//
//go:embed font/NotoSansSC-Regular.ttf.zst
var fontFile []byte

// maxFont bounds the font in memory.
const maxFont = 32 << 20

var errFont = errors.New("not a TrueType font that forms can print with")

// face is a TrueType font, read far enough to measure, find and cut glyphs.
type face struct {
	tables   map[string][]byte
	units    int // of one em
	ascent   int
	descent  int // negative
	box      [4]int
	metrics  int // glyphs with an advance of their own
	glyphs   int
	longLoca bool
	cmap     map[rune]uint16
}

// defaultFace unpacks and reads the font once; the file is part of the program
// and read by the tests.
var defaultFace = sync.OnceValues(func() (*face, error) {
	d, err := zstd.NewReader(nil, zstd.WithDecoderMaxMemory(maxFont), zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer d.Close()
	raw, err := d.DecodeAll(fontFile, nil)
	if err != nil {
		return nil, fmt.Errorf("unpacking the font: %w", err)
	}
	return readFace(raw)
})

func u16(b []byte, at int) int { return int(binary.BigEndian.Uint16(b[at:])) }
func i16(b []byte, at int) int { return int(int16(binary.BigEndian.Uint16(b[at:]))) }
func u32(b []byte, at int) int { return int(binary.BigEndian.Uint32(b[at:])) }

// readFace reads a font; a font that is cut short gives errFont.
func readFace(raw []byte) (f *face, err error) {
	defer func() {
		if recover() != nil { // an index beyond the end
			f, err = nil, errFont
		}
	}()
	f = &face{tables: map[string][]byte{}, cmap: map[rune]uint16{}}
	for i := range u16(raw, 4) {
		e := raw[12+16*i:]
		f.tables[string(e[:4])] = raw[u32(e, 8) : u32(e, 8)+u32(e, 12)]
	}
	head, hhea := f.tables["head"], f.tables["hhea"]
	f.units, f.longLoca = u16(head, 18), u16(head, 50) == 1
	f.box = [4]int{i16(head, 36), i16(head, 38), i16(head, 40), i16(head, 42)}
	f.ascent, f.descent, f.metrics = i16(hhea, 4), i16(hhea, 6), u16(hhea, 34)
	f.glyphs = u16(f.tables["maxp"], 4)
	if f.units == 0 || f.metrics == 0 || f.glyphs == 0 || len(f.tables["glyf"]) == 0 {
		return nil, errFont
	}
	f.readCmap(f.tables["cmap"])
	if len(f.cmap) == 0 {
		return nil, errFont
	}
	return f, nil
}

// readCmap reads format 12, which has the characters beyond the first plane;
// every font of that size has it.
func (f *face) readCmap(t []byte) {
	for i := range u16(t, 2) {
		s := t[u32(t, 4+8*i+4):]
		if u16(s, 0) != 12 {
			continue
		}
		for g := range u32(s, 12) {
			from, to, glyph := u32(s, 16+12*g), u32(s, 20+12*g), u32(s, 24+12*g)
			for c := from; c <= to && glyph+c-from < f.glyphs; c++ {
				f.cmap[rune(c)] = uint16(glyph + c - from)
			}
		}
		return
	}
}

// advance is a glyph's width in units of the em.
func (f *face) advance(glyph uint16) int {
	return u16(f.tables["hmtx"], 4*min(int(glyph), f.metrics-1))
}

// outline is a glyph's description; empty for a space.
func (f *face) outline(glyph uint16) []byte {
	loca, g := f.tables["loca"], int(glyph)
	if f.longLoca {
		return f.tables["glyf"][u32(loca, 4*g):u32(loca, 4*g+4)]
	}
	return f.tables["glyf"][2*u16(loca, 2*g) : 2*u16(loca, 2*g+2)]
}
