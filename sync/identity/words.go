package identity

import (
	_ "embed"
	"strings"

	"hejie/sync/seal"
)

// wordList has one pair a line, Chinese and English. Its order is part of the
// format (FORMAT.md 6) and never changes.
//
//go:embed words.txt
var wordList string

const (
	wordCount = 2048 // 11 bits a word
	wordBits  = 11
)

// Word is one of the six by which two people compare what lies on two screens.
type Word struct{ Chinese, English string }

// SixWords are 66 bits of a hash.
type SixWords [6]Word

// Chinese is the six words on one line.
func (s SixWords) Chinese() string { return s.join(func(w Word) string { return w.Chinese }) }

// English is the six words on one line.
func (s SixWords) English() string { return s.join(func(w Word) string { return w.English }) }

func (s SixWords) join(of func(Word) string) string {
	list := make([]string, len(s))
	for i, w := range s {
		list[i] = of(w)
	}
	return strings.Join(list, " ")
}

var words = readWords(wordList)

func readWords(list string) []Word {
	lines := strings.Split(strings.TrimRight(list, "\n"), "\n")
	w := make([]Word, len(lines))
	for i, line := range lines {
		w[i].Chinese, w[i].English, _ = strings.Cut(line, " ")
	}
	return w
}

// RequestWords are the words that who asks and who enrols compare.
func RequestWords(q *Request) SixWords { return sixWords(q.raw) }

// JoinWords are the words that both sides compare when the certificate file comes back.
func JoinWords(root, parent ID) SixWords { return sixWords(append(root[:], parent[:]...)) }

func sixWords(data []byte) SixWords {
	h := seal.Hash("hejie words v1", data)
	return wordsOf(h[:])
}

// wordsOf takes 11 bits a word from the front of a hash.
func wordsOf(h []byte) SixWords {
	var s SixWords
	for i := range s {
		n := 0
		for bit := i * wordBits; bit < (i+1)*wordBits; bit++ {
			n = n<<1 | int(h[bit/8]>>(7-bit%8)&1)
		}
		s[i] = words[n]
	}
	return s
}
