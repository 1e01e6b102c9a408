//go:build window

package window

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// reported is one line of the probe.
type reported[T any] struct {
	Kind  string `json:"kind"`
	Value T      `json:"value"`
}

// expect reads the next report, which must be of this kind.
func expect[T any](t *testing.T, p *Program, kind string) T {
	t.Helper()
	var r reported[T]
	p.Report(t, &r)
	if r.Kind != kind {
		t.Fatalf("the page reported %q, want %q: %+v", r.Kind, kind, r.Value)
	}
	return r.Value
}

func buildProbe(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "probe")
	tags := os.Getenv("DESKTOP_TAGS")
	if tags == "" {
		tags = "desktop,production,webkit2_41"
	}
	out, err := exec.CommandContext(t.Context(), "go", "build", "-tags", tags, "-o", binary, "./probe").CombinedOutput()
	if err != nil {
		t.Fatalf("building the probe: %v\n%s", err, out)
	}
	return binary
}

// TestWhatTheInterfaceRestsOn runs the probe's page in the project's window:
// what fails here fails in every screen.
func TestWhatTheInterfaceRestsOn(t *testing.T) {
	d := StartDisplay(t)
	p := Start(t, d, buildProbe(t))
	window := d.WaitWindow(t, title+"$")

	type digest struct {
		Bytes  int    `json:"bytes"`
		SHA256 string `json:"sha256"`
	}
	upload := expect[struct {
		Sent string `json:"sent"`
		Got  digest `json:"got"`
	}](t, p, "upload")
	if upload.Got.Bytes != 1<<20 || upload.Got.SHA256 != upload.Sent {
		t.Errorf("the page sent 1 MiB with hash %s, the handler got %+v", upload.Sent, upload.Got)
	}

	if events := expect[[]int](t, p, "stream"); len(events) != 3 || events[2] != 3 {
		t.Errorf("the page saw the events %v, want 1 2 3", events)
	}
	// Both come now, in either order: the page goes on, and the handler of the
	// stream that it closed ends.
	var kinds []string
	for range 2 {
		var r reported[bool]
		p.Report(t, &r)
		kinds = append(kinds, r.Kind)
	}
	if both := strings.Join(kinds, ", "); !strings.Contains(both, "ready") || !strings.Contains(both, "stream ended") {
		t.Fatalf("after the stream came %s", both)
	}

	d.Focus(t, window)
	d.Type(t, "张三 abc 7")
	d.Key(t, "Return")
	if text := expect[string](t, p, "typed"); text != "张三 abc 7" {
		t.Errorf("typed %q", text)
	}

	d.Key(t, "F2")
	d.WaitWindow(t, "^案件 · "+title)

	saveAndOpen(t, d, p, window)

	p.Terminate(t)
	if !expect[bool](t, p, "closed") {
		t.Error("the folder was not closed")
	}
	if status := p.WaitExit(t); status != 0 {
		t.Errorf("ended with %d", status)
	}
}

// saveAndOpen uses the two file dialogs as a person does.
func saveAndOpen(t *testing.T, d *Display, p *Program, window string) {
	t.Helper()
	folder := t.TempDir()
	path := filepath.Join(folder, "hejie.txt")

	d.Key(t, "F4")
	d.Focus(t, d.WaitWindow(t, "^保存$"))
	d.Key(t, "ctrl+a")
	d.Type(t, path)
	d.Key(t, "Return")
	if !expect[bool](t, p, "saved") {
		t.Fatal("the page was told that nothing was saved")
	}
	if content, err := os.ReadFile(path); err != nil || string(content) != "saved by the page" {
		t.Errorf("the file holds %q (%v)", content, err)
	}

	// The answer comes before the dialog is gone. GTK may lose the first key that
	// comes right after (its release still arrives), as a person would see and press again.
	d.WaitTitles(t, "保存", 0)
	d.Focus(t, window)
	d.until(t, func() bool { d.Key(t, "F6"); return len(matching(d.Titles(t), "打开")) == 1 }, func() string { return "no dialog to open a file" })
	d.Focus(t, d.WaitWindow(t, "^打开$"))
	d.Type(t, path)
	d.Key(t, "Return")
	opened := expect[struct {
		Name string `json:"name"`
		Text string `json:"text"`
	}](t, p, "opened")
	if opened.Name != "hejie.txt" || opened.Text != "saved by the page" {
		t.Errorf("opened %+v", opened)
	}
}
