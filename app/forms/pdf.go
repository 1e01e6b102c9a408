package forms

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"strings"
	"unicode/utf16"
)

// The numbers of the objects that every file has; pages follow, two each.
const (
	objCatalog = iota + 1
	objPages
	objFont
	objDescendant
	objDescriptor
	objFontFile
	objToUnicode
	objFirstPage
)

// file writes PDF 1.7 objects and remembers where they begin.
type file struct {
	bytes.Buffer
	at  map[int]int
	err error
}

func (f *file) object(n int, body string) {
	f.at[n] = f.Len()
	fmt.Fprintf(f, "%d 0 obj\n%s\nendobj\n", n, body)
}

// stream writes a compressed stream; extra stands in its dictionary.
func (f *file) stream(n int, extra string, content []byte) {
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	if _, err := z.Write(content); err != nil {
		f.err = err
	}
	if err := z.Close(); err != nil {
		f.err = err
	}
	f.at[n] = f.Len()
	fmt.Fprintf(f, "%d 0 obj\n<</Length %d/Filter/FlateDecode%s>>\nstream\n", n, packed.Len(), extra)
	f.Write(packed.Bytes())
	f.WriteString("\nendstream\nendobj\n")
}

// writePDF writes the pages of a layout. It holds no date and no random id, so
// that the same content gives the same bytes.
func writePDF(l *layout) ([]byte, error) {
	f := &file{at: map[int]int{}}
	f.WriteString("%PDF-1.7\n%\xe5\x92\x8c\xe8\xa7\xa3\n")
	f.object(objCatalog, fmt.Sprintf("<</Type/Catalog/Pages %d 0 R>>", objPages))
	var kids strings.Builder
	for i := range l.pages {
		fmt.Fprintf(&kids, "%d 0 R ", objFirstPage+2*i)
	}
	f.object(objPages, fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", len(l.pages), strings.TrimSpace(kids.String())))
	for i, p := range l.pages {
		n := objFirstPage + 2*i
		f.object(n, fmt.Sprintf("<</Type/Page/Parent %d 0 R/MediaBox[0 0 %.2f %.2f]/Resources<</Font<</F1 %d 0 R>>>>/Contents %d 0 R>>",
			objPages, pageWidth, pageHeight, objFont, n+1))
		f.stream(n+1, "", p.content(l.w.sub))
	}
	writeFont(f, l.w.sub)
	last := objFirstPage + 2*len(l.pages)
	start := f.Len()
	fmt.Fprintf(f, "xref\n0 %d\n0000000000 65535 f \n", last)
	for n := 1; n < last; n++ {
		fmt.Fprintf(f, "%010d 00000 n \n", f.at[n])
	}
	fmt.Fprintf(f, "trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n", last, objCatalog, start)
	return f.Bytes(), f.err
}

// content is the page's drawing: glyph numbers in hexadecimal.
func (p *page) content(s *subset) []byte {
	var b bytes.Buffer
	b.WriteString("0.6 w 0.6 G\n")
	for _, y := range p.rules {
		fmt.Fprintf(&b, "%.2f %.2f m %.2f %.2f l S\n", left, y, pageWidth-right, y)
	}
	b.WriteString("BT\n")
	for _, m := range p.marks {
		fmt.Fprintf(&b, "/F1 %.2f Tf 1 0 0 1 %.2f %.2f Tm <", m.size, m.x, m.y)
		for _, r := range m.text {
			fmt.Fprintf(&b, "%04X", s.use(r))
		}
		b.WriteString("> Tj\n")
	}
	b.WriteString("ET\n")
	return b.Bytes()
}

// writeFont embeds the subset: glyphs by number, with their characters, so that
// text can be searched and copied.
func writeFont(f *file, s *subset) {
	const name = "HEJIEA+NotoSansSC-Regular"
	program := s.file() // before the widths: parts of composite glyphs are added here
	em := func(v int) int { return v * 1000 / s.face.units }
	var widths strings.Builder
	for _, glyph := range s.order {
		fmt.Fprintf(&widths, "%d ", em(s.face.advance(glyph)))
	}
	f.object(objFont, fmt.Sprintf("<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>",
		name, objDescendant, objToUnicode))
	f.object(objDescendant, fmt.Sprintf("<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"+
		"/FontDescriptor %d 0 R/CIDToGIDMap/Identity/DW 1000/W[0[%s]]>>", name, objDescriptor, strings.TrimSpace(widths.String())))
	f.object(objDescriptor, fmt.Sprintf("<</Type/FontDescriptor/FontName/%s/Flags 4/FontBBox[%d %d %d %d]/ItalicAngle 0/Ascent %d/Descent %d/CapHeight %d/StemV 80/FontFile2 %d 0 R>>",
		name, em(s.face.box[0]), em(s.face.box[1]), em(s.face.box[2]), em(s.face.box[3]), em(s.face.ascent), em(s.face.descent), em(s.face.ascent), objFontFile))
	f.stream(objFontFile, fmt.Sprintf("/Length1 %d", len(program)), program)
	f.stream(objToUnicode, "", toUnicode(s))
}

// maxMappings is how many lines one block of a CMap may have.
const maxMappings = 100

// toUnicode maps glyph numbers back to characters.
func toUnicode(s *subset) []byte {
	var lines []string
	for n, r := range s.runes {
		if r == 0 {
			continue
		}
		var hex strings.Builder
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&hex, "%04X", unit)
		}
		lines = append(lines, fmt.Sprintf("<%04X> <%s>", n, hex.String()))
	}
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	for len(lines) > 0 {
		block := lines[:min(maxMappings, len(lines))]
		lines = lines[len(block):]
		fmt.Fprintf(&b, "%d beginbfchar\n%s\nendbfchar\n", len(block), strings.Join(block, "\n"))
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\n")
	return b.Bytes()
}
