//go:build desktop

package desktop

import (
	"context"
	"encoding/base64"
	"fmt"
	"sync"

	"github.com/wailsapp/wails/v2/pkg/runtime"
)

// Native is what the page may ask of the machine and a browser could not do.
// The page reaches it as window.go.desktop.Native; each method answers a promise.
type Native struct {
	mu  sync.Mutex      // guards everything that follows
	ctx context.Context // the window's; nil before it started
}

// Filter is one choice of the kinds of files that a dialog shows.
type Filter struct {
	Name    string `json:"name"`    // as shown: "案件 (*.jsonl)"
	Pattern string `json:"pattern"` // "*.jsonl;*.csv"
}

func (n *Native) start(ctx context.Context) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.ctx = ctx
}

func (n *Native) window() (context.Context, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.ctx == nil {
		return nil, errNoWindow
	}
	return n.ctx, nil
}

// raise brings the window to the front.
func (n *Native) raise() {
	ctx, err := n.window()
	if err != nil {
		return
	}
	runtime.WindowUnminimise(ctx)
	runtime.WindowShow(ctx)
}

// SetTitle puts the page's title on the window, the program's name after it.
func (n *Native) SetTitle(title string) error {
	ctx, err := n.window()
	if err != nil {
		return err
	}
	runtime.WindowSetTitle(ctx, windowTitle(title))
	return nil
}

// Print opens the system's print dialog for the page that is shown.
func (n *Native) Print() error {
	ctx, err := n.window()
	if err != nil {
		return err
	}
	runtime.WindowPrint(ctx)
	return nil
}

// SaveFile asks where to save and writes the content (base64) there, whole or
// not at all. It answers false where the person thought better of it.
func (n *Native) SaveFile(title, name, content string) (bool, error) {
	ctx, err := n.window()
	if err != nil {
		return false, err
	}
	bytes, err := base64.StdEncoding.DecodeString(content)
	if err != nil {
		return false, fmt.Errorf("save %s: the page sent damaged content: %w", name, err)
	}
	path, err := runtime.SaveFileDialog(ctx, runtime.SaveDialogOptions{
		Title:                title,
		DefaultFilename:      safeName(name),
		CanCreateDirectories: true,
	})
	if err != nil || path == "" {
		return false, err
	}
	if err := writeWhole(path, bytes); err != nil {
		return false, fmt.Errorf("save %s: %w: choose another folder, or free some space there", path, err)
	}
	return true, nil
}

// OpenFile asks for one file of the kinds given and reads it, up to MaxFile
// bytes. It answers null where the person thought better of it.
func (n *Native) OpenFile(title string, filters []Filter) (*File, error) {
	ctx, err := n.window()
	if err != nil {
		return nil, err
	}
	kinds := make([]runtime.FileFilter, 0, len(filters))
	for _, f := range filters {
		kinds = append(kinds, runtime.FileFilter{DisplayName: f.Name, Pattern: f.Pattern})
	}
	path, err := runtime.OpenFileDialog(ctx, runtime.OpenDialogOptions{Title: title, Filters: kinds})
	if err != nil || path == "" {
		return nil, err
	}
	return readChosen(path)
}
