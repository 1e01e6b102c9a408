//go:build window

package window

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
)

// The screen of most offices this is for.
const screen = "1366x768x24"

// starting bounds what a slow machine may take to show something.
const starting = 90 * time.Second

// Display is an X server without a screen.
type Display struct {
	name string
}

// StartDisplay starts an X server under a number that is free, until the test ends.
func StartDisplay(t *testing.T) *Display {
	t.Helper()
	number, report, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer number.Close()
	server := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", screen, "-nolisten", "tcp", "-noreset")
	server.ExtraFiles = []*os.File{report}
	if err := server.Start(); err != nil {
		t.Fatalf("starting Xvfb: %v: `make setup` installs it", err)
	}
	report.Close()
	t.Cleanup(func() { end(t, server) })
	line, err := bufio.NewReader(number).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb did not say its number: %v", err)
	}
	d := &Display{name: ":" + strings.TrimSpace(line)}
	d.chineseKeys(t)
	return d
}

// StartBus starts a session bus of its own and gives its address: windows that
// share it find each other.
func StartBus(t *testing.T) string {
	t.Helper()
	bus := exec.Command("dbus-daemon", "--session", "--nofork", "--print-address=1")
	out, err := bus.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := bus.Start(); err != nil {
		t.Fatalf("starting dbus-daemon: %v: `make setup` installs it", err)
	}
	t.Cleanup(func() { end(t, bus) })
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("dbus-daemon did not say its address: %v", err)
	}
	return strings.TrimSpace(address)
}

// end ends a process that this test started.
func end(t *testing.T, command *exec.Cmd) {
	t.Helper()
	if err := command.Process.Kill(); err != nil {
		return // it has ended already
	}
	_ = command.Wait() // it was killed: the error says so
}

// xdotool runs one command of xdotool and gives what it prints.
func (d *Display) xdotool(ctx context.Context, args ...string) (string, error) {
	command := exec.CommandContext(ctx, "xdotool", args...)
	command.Env = append(os.Environ(), "DISPLAY="+d.name)
	var problems bytes.Buffer
	command.Stderr = &problems
	out, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("xdotool %s: %w %s", strings.Join(args, " "), err, problems.String())
	}
	return strings.TrimSpace(string(out)), nil
}

// WaitWindow waits for a window whose title matches the pattern (a regular
// expression) and gives its number.
func (d *Display) WaitWindow(t *testing.T, pattern string) string {
	t.Helper()
	// Without --sync: xdotool ends with an error where a window goes while it looks.
	number := ""
	d.until(t, func() bool {
		found, err := d.xdotool(t.Context(), "search", "--onlyvisible", "--name", pattern)
		number, _, _ = strings.Cut(found, "\n")
		return err == nil && number != ""
	}, func() string { return "no window with the title " + pattern })
	return number
}

// Titles are the titles of the windows that can be seen.
func (d *Display) Titles(t *testing.T) []string {
	t.Helper()
	numbers, err := d.xdotool(t.Context(), "search", "--onlyvisible", "--name", ".")
	if err != nil {
		return nil // xdotool fails where it finds none
	}
	var titles []string
	for number := range strings.SplitSeq(numbers, "\n") {
		title, err := d.xdotool(t.Context(), "getwindowname", number)
		if err == nil {
			titles = append(titles, title)
		}
	}
	return titles
}

// Focus gives the keyboard to a window: there is no window manager to do it.
func (d *Display) Focus(t *testing.T, number string) {
	t.Helper()
	d.must(t, "windowfocus", "--sync", number)
}

// Key presses keys one after another, named as xdotool names them: "Tab", "ctrl+a".
func (d *Display) Key(t *testing.T, keys ...string) {
	t.Helper()
	d.must(t, append([]string{"key", "--clearmodifiers", "--delay", "40"}, keys...)...)
}

// Type types text: Latin letters and what is written on this display's keys.
func (d *Display) Type(t *testing.T, text string) {
	t.Helper()
	for _, r := range text {
		if r > unicode.MaxASCII && !strings.ContainsRune(written, r) {
			t.Fatalf("no key has %q: add it to those that are written", r)
		}
	}
	d.must(t, "type", "--clearmodifiers", "--delay", "40", text)
}

// Click clicks at a place of the screen.
func (d *Display) Click(t *testing.T, x, y int) {
	t.Helper()
	d.must(t, "mousemove", strconv.Itoa(x), strconv.Itoa(y), "click", "1")
}

func (d *Display) must(t *testing.T, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), starting)
	defer cancel()
	if _, err := d.xdotool(ctx, args...); err != nil {
		t.Fatal(err)
	}
}

// Picture is what the screen shows.
func (d *Display) Picture(t *testing.T) image.Image {
	t.Helper()
	picture, err := png.Decode(bytes.NewReader(d.shot(t)))
	if err != nil {
		t.Fatalf("reading the picture of the screen: %v", err)
	}
	return picture
}

// Save puts what the screen shows into a PNG file.
func (d *Display) Save(t *testing.T, path string) {
	t.Helper()
	if err := os.WriteFile(path, d.shot(t), 0o644); err != nil {
		t.Fatal(err)
	}
}

func (d *Display) shot(t *testing.T) []byte {
	t.Helper()
	command := exec.CommandContext(t.Context(), "import", "-display", d.name, "-window", "root", "png:-")
	out, err := command.Output()
	if err != nil {
		t.Fatalf("taking a picture of the screen: %v", err)
	}
	return out
}

// WaitColour waits until at least so many pixels of the screen have exactly
// this colour: the page that has it was drawn.
func (d *Display) WaitColour(t *testing.T, want color.RGBA, pixels int) {
	t.Helper()
	found := 0
	d.until(t, func() bool {
		found = count(d.Picture(t), want)
		return found >= pixels
	}, func() string { return fmt.Sprintf("%d pixels of the screen are %v, want %d", found, want, pixels) })
}

// WaitStill waits until two pictures of the screen, one after another, are the
// same: all that was to be drawn was drawn, and no cursor blinks.
func (d *Display) WaitStill(t *testing.T) {
	t.Helper()
	var before []byte
	d.until(t, func() bool {
		now := d.shot(t)
		same := bytes.Equal(before, now)
		before = now
		return same
	}, func() string { return "the screen goes on changing" })
}

// WaitTitles waits until so many windows with this in their titles can be seen.
func (d *Display) WaitTitles(t *testing.T, part string, want int) {
	t.Helper()
	found := 0
	d.until(t, func() bool {
		found = 0
		for _, title := range d.Titles(t) {
			if strings.Contains(title, part) {
				found++
			}
		}
		return found == want
	}, func() string { return fmt.Sprintf("%d windows are called %q, want %d", found, part, want) })
}

// until looks at the display again and again: X tells nobody what was drawn.
func (d *Display) until(t *testing.T, holds func() bool, why func() string) {
	t.Helper()
	deadline := time.NewTimer(starting)
	defer deadline.Stop()
	again := time.NewTicker(200 * time.Millisecond)
	defer again.Stop()
	for !holds() {
		select {
		case <-again.C:
		case <-deadline.C:
			t.Fatalf("%s; the titles are %q", why(), d.Titles(t))
		}
	}
}

func count(picture image.Image, want color.RGBA) int {
	found := 0
	bounds := picture.Bounds()
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			if color.RGBAModel.Convert(picture.At(x, y)) == want {
				found++
			}
		}
	}
	return found
}
