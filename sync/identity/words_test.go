package identity

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"
)

func TestWordsAreToldApart(t *testing.T) {
	if len(words) != wordCount {
		t.Fatalf("%d words instead of %d", len(words), wordCount)
	}
	tone := pinyin.NewArgs()
	tone.Style = pinyin.Tone3
	plain := pinyin.NewArgs()
	english := regexp.MustCompile(`^[a-z]{2,16}$`)
	seen := map[string]int{}
	for i, w := range words {
		if utf8.RuneCountInString(w.Chinese) != 2 || strings.ContainsFunc(w.Chinese, func(r rune) bool { return !unicode.Is(unicode.Han, r) }) {
			t.Errorf("line %d: %q is no pair of characters", i+1, w.Chinese)
		}
		if !english.MatchString(w.English) {
			t.Errorf("line %d: %q is no English word", i+1, w.English)
		}
		// Said aloud, with tones and without: dialects shift tones.
		keys := []string{
			"zh " + w.Chinese, "en " + w.English,
			"tone " + strings.Join(pinyin.LazyPinyin(w.Chinese, tone), " "),
			"plain " + strings.Join(pinyin.LazyPinyin(w.Chinese, plain), " "),
		}
		for _, k := range keys {
			if other, ok := seen[k]; ok {
				t.Errorf("lines %d and %d are both %q", other+1, i+1, k)
			}
			seen[k] = i
		}
	}
}

func TestSixWordsFollowTheHash(t *testing.T) {
	root, parent := ID{1}, ID{2}
	got := JoinWords(root, parent)
	if again := JoinWords(root, parent); again != got {
		t.Fatal("the same ids give other words")
	}
	if JoinWords(parent, root) == got || JoinWords(root, root) == got {
		t.Fatal("other ids give the same words")
	}
	if got.Chinese() == "" || len(strings.Fields(got.Chinese())) != 6 || len(strings.Fields(got.English())) != 6 {
		t.Fatalf("%s / %s", got.Chinese(), got.English())
	}
	unit, seat, _ := sampleRequests(t)
	if RequestWords(unit) == RequestWords(seat) {
		t.Fatal("two requests have the same words")
	}
	parsed, err := ParseRequest(unit.Bytes())
	if err != nil || RequestWords(parsed) != RequestWords(unit) {
		t.Fatal("both sides see other words", err)
	}
	// The list's order is part of the format.
	const fixed = "214740c2af86b3e405ee9bed7347c0179eb083ee1a97caf3790b31d6572ab175"
	if got := fmt.Sprintf("%x", sha256.Sum256([]byte(wordList))); got != fixed {
		t.Errorf("the word list changed: %s", got)
	}
	zeros, ones := wordsOf(make([]byte, 32)), wordsOf(bytes.Repeat([]byte{0xff}, 32))
	if zeros[5] != words[0] || ones[0] != words[wordCount-1] || zeros[0].Chinese != "老虎" {
		t.Errorf("%v %v", zeros, ones)
	}
}
