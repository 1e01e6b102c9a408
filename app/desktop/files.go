package desktop

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode"
)

// Title is the window's title while no page has set another.
const Title = "和解 Hejie"

// MaxFile bounds a file that is handed to the page, in bytes: a county's cases
// of a year fit, and the page holds it in memory three times over.
const MaxFile = 64 << 20

// maxName bounds a suggested file name, in bytes: file systems take 255, and
// the name needs room for what a person adds.
const maxName = 200

var (
	errNoWindow = errors.New("the window is not there yet")
	errTooBig   = fmt.Errorf("the file is over %d MB: use `hejie import` on the command line for it", MaxFile>>20)
)

// File is a file that the person chose.
type File struct {
	Name    string `json:"name"`    // without its folder
	Content string `json:"content"` // in base64
}

// windowTitle puts the program's name after the page's title, once.
func windowTitle(page string) string {
	page = strings.TrimSpace(strings.Map(printable, page))
	switch {
	case page == "":
		return Title
	case strings.HasSuffix(page, Title):
		return page
	}
	return page + " · " + Title
}

func printable(r rune) rune {
	if unicode.IsControl(r) {
		return -1
	}
	return r
}

// safeName makes a file name that every system takes out of a title.
func safeName(name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return printable(r)
	}, name)
	name = strings.Trim(name, " .")
	for len(name) > maxName {
		runes := []rune(name)
		name = string(runes[1:]) // the end holds the kind of file
	}
	if name == "" {
		return "hejie"
	}
	return name
}

// readChosen reads a file that the person chose.
func readChosen(path string) (*File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, MaxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if len(content) > MaxFile {
		return nil, fmt.Errorf("open %s: %w", path, errTooBig)
	}
	return &File{Name: filepath.Base(path), Content: base64.StdEncoding.EncodeToString(content)}, nil
}

// writeWhole writes a file so that its name never holds half of the content:
// beside it first, synced, then renamed over it.
func writeWhole(path string, content []byte) (err error) {
	temp, err := os.CreateTemp(filepath.Dir(path), ".hejie-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(temp.Name()))
		}
	}()
	if _, err := temp.Write(content); err != nil {
		return errors.Join(err, temp.Close())
	}
	if err := temp.Sync(); err != nil {
		return errors.Join(err, temp.Close())
	}
	if err := temp.Close(); err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}
