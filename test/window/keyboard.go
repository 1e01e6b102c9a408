//go:build window

package window

import (
	"bytes"
	"fmt"
	"os/exec"
	"regexp"
	"slices"
	"testing"
)

// written are the characters beyond Latin that the tests type. They get keys of
// their own before any window opens: xdotool would otherwise give a spare key
// another meaning for each, and a busy window reads some keys by the old one.
const written = "张三李大样𬘭"

var symbolsHead = regexp.MustCompile(`(?m)^xkb_symbols "[^"]*" \{$`)

// chineseKeys puts the characters on the function keys 13 and up.
func (d *Display) chineseKeys(t *testing.T) {
	t.Helper()
	dump := exec.CommandContext(t.Context(), "xkbcomp", "-w", "0", d.name, "-")
	keymap, err := dump.Output()
	if err != nil {
		t.Fatalf("reading the keyboard of the display: %v: `make setup` installs xkbcomp", err)
	}
	head := symbolsHead.FindIndex(keymap)
	if head == nil {
		t.Fatal("the keyboard of the display has no symbols")
	}
	var keys bytes.Buffer
	number := 13
	for _, r := range written {
		name := fmt.Sprintf("<FK%d>", number)
		// A key is described once: its old line goes.
		keymap = regexp.MustCompile(`(?m)^ *key +`+name+` .*$`).ReplaceAll(keymap, nil)
		fmt.Fprintf(&keys, "\n    key %s { [ U%X ] };", name, r)
		number++
	}
	load := exec.CommandContext(t.Context(), "xkbcomp", "-w", "0", "-", d.name)
	load.Stdin = bytes.NewReader(slices.Concat(keymap[:head[1]], keys.Bytes(), keymap[head[1]:]))
	if out, err := load.CombinedOutput(); err != nil {
		t.Fatalf("giving the display's keyboard its characters: %v\n%s", err, out)
	}
}
