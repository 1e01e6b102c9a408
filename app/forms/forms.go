// Package forms renders documents for paper.
//
// It is for laying out labelled sections on pages with fonts that show every
// Chinese character. It may not know lifecycle rules, and it reads no clock,
// disk or network. Main invariant: the same document gives the same pages.
package forms

// Document is what is to be printed.
type Document struct {
	Title    string
	Subtitle string
	Lang     string // zh or en
	Sections []Section
}

// Section is one part: labelled lines, then running text.
type Section struct {
	Heading    string
	Pairs      []Pair
	Paragraphs []string
}

// Pair is a label and what stands beside it.
type Pair struct{ Label, Value string }
