package forms

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func sample() Document {
	return Document{Title: "李大样与王小例围墙边界邻里纠纷", Subtitle: "青禾县清溪镇河湾村人民调解委员会", Lang: "zh", Sections: []Section{
		{Heading: "当事人", Pairs: []Pair{{"姓名", "李大样"}, {"住址", "河湾村3组12号 Mixed words, and 100 m²"}}},
		{Heading: "纠纷情况", Paragraphs: []string{strings.Repeat("我家与王小例家东西相邻，中间原有一道1998年砌的土墙。", 200)}},
	}}
}

var (
	streamHead = regexp.MustCompile(`<</Length (\d+)/Filter/FlateDecode[^>]*>>\nstream\n`)
	mapping    = regexp.MustCompile(`<(....)> <([0-9A-F]+)>`)
	shown      = regexp.MustCompile(`<([0-9A-F]*)> Tj`)
)

// streams unpacks every stream of a file.
func streams(t testing.TB, pdf []byte) [][]byte {
	t.Helper()
	var out [][]byte
	for _, m := range streamHead.FindAllSubmatchIndex(pdf, -1) {
		n, err := strconv.Atoi(string(pdf[m[2]:m[3]]))
		if err != nil {
			t.Fatal(err)
		}
		z, err := zlib.NewReader(bytes.NewReader(pdf[m[1] : m[1]+n]))
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, raw)
	}
	return out
}

// pageTexts reads a file back as a reader of PDF would: the text of each page,
// line by line, through the CMap.
func pageTexts(t testing.TB, pdf []byte) []string {
	t.Helper()
	var contents []string
	characters := map[string]string{}
	for _, raw := range streams(t, pdf) {
		if bytes.HasPrefix(raw, []byte("0.6 w")) {
			contents = append(contents, string(raw))
		}
		if !bytes.Contains(raw, []byte("begincmap")) {
			continue
		}
		for _, line := range mapping.FindAllSubmatch(raw, -1) {
			var units []uint16
			for i := 0; i < len(line[2]); i += 4 {
				v, err := strconv.ParseUint(string(line[2][i:i+4]), 16, 16)
				if err != nil {
					t.Fatal(err)
				}
				units = append(units, uint16(v))
			}
			characters[string(line[1])] = string(utf16.Decode(units))
		}
	}
	var out []string
	for _, c := range contents {
		var b strings.Builder
		for _, m := range shown.FindAllStringSubmatch(c, -1) {
			for i := 0; i+4 <= len(m[1]); i += 4 {
				s, ok := characters[m[1][i:i+4]]
				if !ok || m[1][i:i+4] == "0000" {
					t.Fatalf("glyph %s has no character, or is the box", m[1][i:i+4])
				}
				b.WriteString(s)
			}
			b.WriteByte('\n')
		}
		out = append(out, b.String())
	}
	return out
}

func TestPDF(t *testing.T) {
	a, pages, err := PDF(sample())
	if err != nil {
		t.Fatal(err)
	}
	b, _, err := PDF(sample())
	if err != nil || !bytes.Equal(a, b) {
		t.Error("the same content gave other bytes", err)
	}
	texts := pageTexts(t, a)
	if len(texts) != pages || pages < 3 {
		t.Fatalf("%d pages, said %d", len(texts), pages)
	}
	for i, text := range texts {
		if want := fmt.Sprintf("第 %d 页，共 %d 页", i+1, pages); !strings.Contains(text, want) {
			t.Errorf("page %d does not say %q", i+1, want)
		}
	}
	for _, want := range []string{"李大样与王小例围墙边界邻里纠纷", "姓名", "河湾村3组12号 Mixed words, and 100 m²"} {
		if !strings.Contains(texts[0], want) {
			t.Errorf("page 1 lacks %q:\n%s", want, texts[0])
		}
	}
	if got := strings.Count(strings.ReplaceAll(strings.Join(texts, ""), "\n", ""), "土墙"); got < 190 {
		t.Errorf("%d of 200 sentences", got)
	}
	if len(a) > 300<<10 {
		t.Errorf("%d bytes: the font is not cut to what is used", len(a))
	}
	checkObjects(t, a)
}

// checkObjects checks that each entry of the cross-reference table points at
// the object of its number.
func checkObjects(t *testing.T, pdf []byte) {
	t.Helper()
	at := bytes.LastIndex(pdf, []byte("startxref\n"))
	start, err := strconv.Atoi(strings.Fields(string(pdf[at:]))[1])
	if err != nil || !bytes.HasPrefix(pdf[start:], []byte("xref\n")) {
		t.Fatal("startxref points at no table", err)
	}
	objects := 0
	for n, line := range strings.Split(string(pdf[start:at]), "\n")[3:] {
		if !strings.HasSuffix(line, " 00000 n ") {
			break
		}
		offset, err := strconv.Atoi(line[:10])
		if err != nil || !bytes.HasPrefix(pdf[offset:], fmt.Appendf(nil, "%d 0 obj\n", n+1)) {
			t.Errorf("object %d is not where the table says", n+1)
		}
		objects++
	}
	if objects < objFirstPage {
		t.Errorf("%d objects", objects)
	}
}

func TestRareCharacters(t *testing.T) {
	// The font lacks a character of extension G; a variation selector prints nothing.
	pdf, _, err := PDF(Document{Title: "㼆\U00030000·阿不都\uFE00", Lang: "en"})
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(pageTexts(t, pdf), "")
	for _, want := range []string{"㼆〔U+30000〕·阿不都\n", "stands for a character", "page 1 of 1"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %q", want, text)
		}
	}
}

func testFace(t testing.TB) *face {
	t.Helper()
	f, err := defaultFace()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestWrap(t *testing.T) {
	w := &writer{sub: newSubset(testFace(t))}
	tests := []struct {
		text  string
		width float64
		want  string
	}{
		{"甲乙丙丁", 20, "甲乙/丙丁"},
		{"甲乙，丙丁", 20, "甲/乙，/丙丁"},
		{"甲（乙", 20, "甲/（乙"},
		{"one two three", 40, "one two/three"},
		{"甲\n\n乙", 20, "甲//乙"},
		{"甲乙丙", 1, "甲/乙/丙"},
		{"", 20, ""},
	}
	for _, test := range tests {
		if got := strings.Join(w.wrap(test.text, 10, test.width), "/"); got != test.want {
			t.Errorf("wrap(%q, %v) = %q, want %q", test.text, test.width, got, test.want)
		}
	}
}

// TestWrapKeeps holds that breaking loses nothing but blanks, and that lines
// fit but for what can't be broken.
func TestWrapKeeps(t *testing.T) {
	f := testFace(t)
	blanks := strings.NewReplacer(" ", "", "\n", "")
	rapid.Check(t, func(t *rapid.T) {
		w := &writer{sub: newSubset(f)}
		text := w.clean(rapid.StringOf(rapid.SampledFrom([]rune("甲乙丙，。（）《》 ab c-1\n㼆\U00030000·"))).Draw(t, "text"))
		width := rapid.Float64Range(1, 200).Draw(t, "width")
		lines := w.wrap(text, 10, width)
		if got, want := blanks.Replace(strings.Join(lines, "")), blanks.Replace(text); got != want {
			t.Fatalf("%q became %q", want, got)
		}
		for _, line := range lines {
			if w.width(line, 10) > width && utf8.RuneCountInString(line) > 1 {
				t.Fatalf("%q is wider than %v", line, width)
			}
		}
	})
}

// TestSubsetIsAFont reads the cut font back and compares its glyphs.
func TestSubsetIsAFont(t *testing.T) {
	f := testFace(t)
	s := newSubset(f)
	for _, r := range "调解协议 Ångström é①½" {
		s.use(r)
	}
	raw := s.file()
	if sum(raw) != 0xB1B0AFBA {
		t.Errorf("checksum %x", sum(raw))
	}
	got := &face{tables: map[string][]byte{}, longLoca: true}
	for i := range u16(raw, 4) {
		e := raw[12+16*i:]
		got.tables[string(e[:4])] = raw[u32(e, 8) : u32(e, 8)+u32(e, 12)]
	}
	got.metrics = u16(got.tables["hhea"], 34)
	if n := u16(got.tables["maxp"], 4); n != len(s.order) || got.metrics != n {
		t.Fatalf("%d glyphs, %d advances, want %d", n, got.metrics, len(s.order))
	}
	for n, glyph := range s.order {
		if got.advance(uint16(n)) != f.advance(glyph) {
			t.Errorf("glyph %d: advance", n)
		}
		want, have := len(f.outline(glyph)), len(got.outline(uint16(n)))
		if have < want || have > want+3 {
			t.Errorf("glyph %d has %d bytes, want %d", n, have, want)
		}
	}
}

func FuzzReadFace(f *testing.F) {
	f.Add([]byte("\x00\x01\x00\x00\x00\x01"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if face, err := readFace(raw); err == nil && face.glyphs == 0 {
			t.Error("a font without glyphs")
		}
	})
}
