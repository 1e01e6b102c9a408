package forms

import (
	"encoding/binary"
	"slices"
)

// subset is the part of a face that one document uses: glyphs renumbered in the
// order in which they are first needed.
type subset struct {
	face  *face
	order []uint16          // new number -> glyph of the face; 0 is the missing glyph
	index map[uint16]uint16 // glyph of the face -> new number
	runes []rune            // new number -> the character it was needed for; 0: part of another
}

func newSubset(f *face) *subset {
	return &subset{face: f, order: []uint16{0}, index: map[uint16]uint16{0: 0}, runes: []rune{0}}
}

// use gives the new number of a character's glyph.
func (s *subset) use(r rune) uint16 {
	glyph := s.face.cmap[r]
	n := s.add(glyph)
	if s.runes[n] == 0 {
		s.runes[n] = r
	}
	return n
}

func (s *subset) add(glyph uint16) uint16 {
	if n, ok := s.index[glyph]; ok {
		return n
	}
	n := uint16(len(s.order))
	s.index[glyph] = n
	s.order = append(s.order, glyph)
	s.runes = append(s.runes, 0)
	return n
}

// The flags of a composite glyph's parts (OpenType, glyf).
const (
	argsAreWords   = 0x0001
	haveScale      = 0x0008
	moreComponents = 0x0020
	haveXYScale    = 0x0040
	haveTwoByTwo   = 0x0080
)

// renumber points a composite glyph's parts to their new numbers, adding those
// that are not in the subset yet.
func (s *subset) renumber(outline []byte) []byte {
	if len(outline) < 10 || i16(outline, 0) >= 0 {
		return outline
	}
	out := slices.Clone(outline)
	for at := 10; at+4 <= len(out); {
		flags := u16(out, at)
		part := s.add(binary.BigEndian.Uint16(out[at+2:]))
		binary.BigEndian.PutUint16(out[at+2:], part)
		at += 6
		if flags&argsAreWords != 0 {
			at += 2
		}
		switch {
		case flags&haveScale != 0:
			at += 2
		case flags&haveXYScale != 0:
			at += 4
		case flags&haveTwoByTwo != 0:
			at += 8
		}
		if flags&moreComponents == 0 {
			break
		}
	}
	return out
}

// file is the subset as a TrueType font.
func (s *subset) file() []byte {
	var glyf, loca, hmtx []byte
	for n := range len(s.order) { // grows while composites add their parts
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		glyf = append(glyf, s.renumber(s.face.outline(s.order[n]))...)
		for len(glyf)%4 != 0 {
			glyf = append(glyf, 0)
		}
		hmtx = binary.BigEndian.AppendUint16(hmtx, uint16(s.face.advance(s.order[n])))
		hmtx = append(hmtx, 0, 0)
	}
	loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
	count := uint16(len(s.order))
	head, hhea, maxp := slices.Clone(s.face.tables["head"]), slices.Clone(s.face.tables["hhea"]), slices.Clone(s.face.tables["maxp"])
	binary.BigEndian.PutUint32(head[8:], 0)  // the checksum of the whole, filled below
	binary.BigEndian.PutUint16(head[50:], 1) // long offsets
	binary.BigEndian.PutUint16(hhea[34:], count)
	binary.BigEndian.PutUint16(maxp[4:], count)
	return assemble([]table{{"glyf", glyf}, {"head", head}, {"hhea", hhea}, {"hmtx", hmtx}, {"loca", loca}, {"maxp", maxp}})
}

type table struct {
	tag  string
	data []byte
}

// assemble writes a font file of tables in the order of their tags.
func assemble(tables []table) []byte {
	n := len(tables)
	power := 1
	log := 0
	for power*2 <= n {
		power *= 2
		log++
	}
	out := binary.BigEndian.AppendUint32(nil, 0x00010000)
	for _, v := range []int{n, power * 16, log, n*16 - power*16} {
		out = binary.BigEndian.AppendUint16(out, uint16(v))
	}
	at := 12 + 16*n
	headAt := 0
	for _, t := range tables {
		if t.tag == "head" {
			headAt = at
		}
		out = append(out, t.tag...)
		for _, v := range []int{int(sum(t.data)), at, len(t.data)} {
			out = binary.BigEndian.AppendUint32(out, uint32(v))
		}
		at += (len(t.data) + 3) / 4 * 4
	}
	for _, t := range tables {
		out = append(out, t.data...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
	}
	binary.BigEndian.PutUint32(out[headAt+8:], 0xB1B0AFBA-sum(out))
	return out
}

// sum is TrueType's checksum: of 32-bit words, the last padded with zeros.
func sum(data []byte) uint32 {
	var total uint32
	for len(data) >= 4 {
		total += binary.BigEndian.Uint32(data)
		data = data[4:]
	}
	var last [4]byte
	copy(last[:], data)
	return total + binary.BigEndian.Uint32(last[:])
}
