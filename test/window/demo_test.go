//go:build window

package window

import (
	"image/color"
	"path/filepath"
	"testing"
)

// TestTheDemonstrationInTheWindow opens a village of the demonstration county,
// its list and a case; with HEJIE_SHOTS set it draws both, as in the readme.
func TestTheDemonstrationInTheWindow(t *testing.T) {
	f := folder{t, filepath.Join(t.TempDir(), "county")}
	f.hejie("", "demo", "--data", f.path)
	f.path = filepath.Join(f.path, "hewan")
	d := StartDisplay(t)
	Start(t, d, Binary, f.env())
	window := d.WaitWindow(t, title+"$")
	d.WaitColour(t, accent, 2000)
	d.Focus(t, window)
	d.Type(t, "qinghe-2026")
	d.Key(t, "Return")
	d.WaitWindow(t, "^案件 · "+title)
	d.WaitColour(t, color.RGBA{0xe4, 0xed, 0xf8, 0xff}, 500) // something waits for a person: the cases are there
	d.WaitStill(t)
	d.Shot(t, "window-list")
	d.Key(t, "Tab")
	d.until(t, func() bool {
		d.Key(t, "Down", "Return")
		return len(matching(d.Titles(t), "纠纷 · "+title)) == 1
	}, func() string { return "no case of the list opens" })
	d.WaitStill(t)
	d.Shot(t, "window-case")
}
