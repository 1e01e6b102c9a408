package forms

import "fmt"

// Measures in points: A4 with margins that leave room for binding.
const (
	pageWidth, pageHeight   = 595.28, 841.89
	left, right             = 70.0, 60.0
	top, bottom             = 60.0, 62.0
	labelWidth              = 110.0
	gap                     = 8.0
	bodySize, headSize      = 10.5, 12.5
	titleSize, noteSize     = 17.0, 8.5
	leading                 = 1.55 // of the size
	textWidth               = pageWidth - left - right
	footerY                 = 34.0
	spaceBefore, spaceAfter = 12.0, 5.0
)

// words are the few that the page itself says.
var words = map[string]struct{ page, lacking string }{
	"zh": {"第 %d 页，共 %d 页", "〔U+…〕表示字库中没有的字，方括号内为其统一码编号，请手写补上。"},
	"en": {"page %d of %d", "〔U+…〕 stands for a character that the font lacks, by its Unicode number: write it in by hand."},
}

// mark is one line of text on a page, from its left end on the base line.
type mark struct {
	x, y, size float64
	text       string
}

// page is what is drawn on one page.
type page struct {
	marks []mark
	rules []float64 // heights of thin lines across the text
}

// layout flows content down pages.
type layout struct {
	w     *writer
	pages []*page
	y     float64 // of the next line's top, from the page's bottom
}

func (l *layout) newPage() {
	l.pages = append(l.pages, &page{})
	l.y = pageHeight - top
}

// room makes sure that height points are left, on a new page if need be.
func (l *layout) room(height float64) {
	if len(l.pages) == 0 || l.y-height < bottom {
		l.newPage()
	}
}

func (l *layout) put(x, size float64, text string) {
	p := l.pages[len(l.pages)-1]
	p.marks = append(p.marks, mark{x: x, y: l.y - size*1.2, size: size, text: text})
}

// lines writes text from margin to margin, wrapped.
func (l *layout) lines(size float64, text string) {
	for _, line := range l.w.wrap(l.w.clean(text), size, textWidth) {
		l.room(size * leading)
		l.put(left, size, line)
		l.y -= size * leading
	}
}

func (l *layout) section(s Section) {
	if s.Heading != "" {
		// A heading never stands alone at a page's end.
		l.room(spaceBefore + headSize*leading + spaceAfter + 2*bodySize*leading)
		l.y -= spaceBefore
		l.lines(headSize, s.Heading)
		p := l.pages[len(l.pages)-1]
		p.rules = append(p.rules, l.y)
		l.y -= spaceAfter
	}
	for _, text := range s.Paragraphs {
		l.lines(bodySize, text)
	}
	for _, pair := range s.Pairs {
		l.pair(pair)
	}
}

// pair writes a label and its value side by side; each flows on by itself.
func (l *layout) pair(p Pair) {
	if p.Label == "" {
		l.lines(bodySize, p.Value)
		return
	}
	labels := l.w.wrap(l.w.clean(p.Label), bodySize, labelWidth)
	values := l.w.wrap(l.w.clean(p.Value), bodySize, textWidth-labelWidth-gap)
	for i := range max(len(labels), len(values)) {
		l.room(bodySize * leading)
		if i < len(labels) {
			l.put(left, bodySize, labels[i])
		}
		if i < len(values) {
			l.put(left+labelWidth+gap, bodySize, values[i])
		}
		l.y -= bodySize * leading
	}
}

// PDF lays a document out on A4 pages and returns the file and how many pages
// it has. It fails only where the font in the program is damaged.
func PDF(d Document) ([]byte, int, error) {
	f, err := defaultFace()
	if err != nil {
		return nil, 0, err
	}
	say, ok := words[d.Lang]
	if !ok {
		say = words["zh"]
	}
	l := &layout{w: &writer{sub: newSubset(f)}}
	l.newPage()
	l.lines(titleSize, d.Title)
	if d.Subtitle != "" {
		l.lines(bodySize, d.Subtitle)
	}
	for _, s := range d.Sections {
		l.section(s)
	}
	if l.w.lacking {
		l.y -= spaceBefore
		l.lines(noteSize, say.lacking)
	}
	for i, p := range l.pages {
		text := fmt.Sprintf(say.page, i+1, len(l.pages))
		p.marks = append(p.marks, mark{x: (pageWidth - l.w.width(text, noteSize)) / 2, y: footerY, size: noteSize, text: text})
	}
	out, err := writePDF(l)
	return out, len(l.pages), err
}
