//go:build window

package window

import (
	"image/color"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const title = "和解 Hejie"

// TestOpensAndCloses is the least that a person expects: the window comes with
// its name on it, shows a page and ends in good order.
func TestOpensAndCloses(t *testing.T) {
	d := StartDisplay(t)
	p := Start(t, d, Binary)
	d.WaitWindow(t, title+"$")
	p.Terminate(t)
	if status := p.WaitExit(t); status != 0 {
		t.Errorf("the window ended with %d:\n%s", status, p.Problems())
	}
}

// TestSaysWhatFailed gives the window a file for its data folder: there must be
// a page that says so, not a window that never comes.
func TestSaysWhatFailed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	d := StartDisplay(t)
	p := Start(t, d, Binary, "HEJIE_DATA="+filepath.Join(file, "hejie"))
	d.WaitWindow(t, title+"$")
	// The bar beside the reason has the colour of failures, 4 pixels wide.
	d.WaitColour(t, color.RGBA{0xa3, 0x20, 0x18, 0xff}, 100)
	if pictures := os.Getenv("HEJIE_SHOTS"); pictures != "" {
		d.Save(t, filepath.Join(pictures, "window-failure.png"))
	}
	if !p.Running() {
		t.Errorf("the window ended:\n%s", p.Problems())
	}
}

// TestSecondLaunchEnds: a second window on the same folder gives way to the first.
func TestSecondLaunchEnds(t *testing.T) {
	bus := "DBUS_SESSION_BUS_ADDRESS=" + StartBus(t)
	data := "HEJIE_DATA=" + t.TempDir()
	d := StartDisplay(t)
	first := Start(t, d, Binary, bus, data)
	d.WaitWindow(t, title+"$")
	second := Start(t, d, Binary, bus, data)
	second.WaitExit(t)
	if !first.Running() {
		t.Error("the first window ended")
	}
	d.WaitTitles(t, title, 1)
	// Another folder is another matter.
	other := Start(t, d, Binary, bus, "HEJIE_DATA="+t.TempDir())
	d.WaitTitles(t, title, 2)
	if !other.Running() || !first.Running() {
		t.Error("a window ended because another folder's was opened")
	}
}

// TestNoDisplayIsSaid: without a display there is a sentence, not a panic.
func TestNoDisplayIsSaid(t *testing.T) {
	command := exec.CommandContext(t.Context(), Binary)
	command.Env = []string{"HOME=" + t.TempDir()}
	out, err := command.CombinedOutput()
	if err == nil || command.ProcessState.ExitCode() != 1 || !strings.Contains(string(out), "hejie serve") {
		t.Errorf("ended with %v and said %q", err, out)
	}
}
