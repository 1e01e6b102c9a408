package cli

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"hejie/app/api"
	"hejie/app/docket"
)

type docketDone struct {
	Dir string `json:"dir"`
	api.DocketSummary
}

func (a *app) caseDocketCommand() *cobra.Command {
	var out, materials string
	var r api.DocketRequest
	return a.command(spec{
		use: "docket ID --out DIR [--materials DIR] [--kind suit|confirmation] [--at TIME]", key: "case.docket", args: cobra.ExactArgs(1),
		flags: func(c *cobra.Command) {
			c.Flags().StringVar(&out, "out", "", a.t("flag.docket.out"))
			c.Flags().StringVar(&materials, "materials", "", a.t("flag.docket.materials"))
			c.Flags().StringVar(&r.Kind, "kind", "", a.t("flag.docket.kind"))
			c.Flags().StringVar(&r.At, "at", "", a.t("flag.docket.at"))
		},
		run: func(ctx context.Context, args []string) error {
			if err := a.need("out", out); err != nil {
				return err
			}
			if err := a.roomFor(out); err != nil {
				return err
			}
			r.Lang = string(a.lang)
			files, err := a.materials(ctx, materials, &r)
			if err != nil {
				return err
			}
			return a.session(ctx, func(s api.Session) error {
				f, err := s.Docket(ctx, args[0], r)
				if err != nil {
					return err
				}
				if err := a.writeDocket(ctx, out, f, files); err != nil {
					return err
				}
				return a.docketed(out, f.DocketSummary)
			})
		},
	})
}

// docketed tells what the folder holds, and what was left out of it.
func (a *app) docketed(out string, s api.DocketSummary) error {
	a.warn(s.Warnings)
	for _, name := range s.Unlisted {
		a.note("docket.unlisted", "file", name)
	}
	return a.answer(docketDone{out, s}, func(p *printer) {
		p.say("docket.done", "folder", out, "kind", p.a.t("docket.kind."+s.Kind), "n", strconv.Itoa(s.Documents),
			"made", strconv.Itoa(s.Made), "enclosed", strconv.Itoa(s.Enclosed), "paper", strconv.Itoa(s.Paper), "missing", strconv.Itoa(s.Missing))
	})
}

// materials finds the files below a folder and what they are known by. Links are
// not followed: they may lead anywhere.
func (a *app) materials(ctx context.Context, dir string, r *api.DocketRequest) (map[string]string, error) {
	found := map[string]string{}
	if dir == "" {
		return found, nil
	}
	root := a.w.path(dir)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		hash, size, err := a.hash(path)
		if err != nil {
			return err
		}
		if _, twice := found[hash]; !twice {
			found[hash] = path
		}
		r.Have = append(r.Have, api.DocketHave{SHA256: hash, Name: filepath.ToSlash(name), Bytes: size})
		return nil
	})
	if err != nil {
		return nil, failOn(err, "file.read", "file", dir)
	}
	return found, nil
}

func (a *app) hash(path string) (hash string, size int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	h := sha256.New()
	size, err = io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), size, err
}

// writeDocket writes the folder; where anything fails none of it is there.
func (a *app) writeDocket(ctx context.Context, out string, f api.DocketFolder, files map[string]string) error {
	w, err := a.makeFolder(out)
	if err != nil {
		return err
	}
	defer w.drop()
	for _, dir := range f.Dirs {
		if err := w.folder(dir); err != nil {
			return err
		}
	}
	for _, file := range f.Files {
		if err := w.file(file.Path, bytes.NewReader(file.Data)); err != nil {
			return err
		}
	}
	for _, c := range f.Copies {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := a.enclose(w, files[c.SHA256], c); err != nil {
			return err
		}
	}
	return w.commit()
}

// enclose copies a paper's file, and sees to it that it is still the one that
// the cover tells of.
func (a *app) enclose(w *newFolder, from string, c api.DocketCopy) error {
	f, err := os.Open(from)
	if err != nil {
		return failOn(err, "file.read", "file", from)
	}
	defer f.Close()
	h := sha256.New()
	if err := w.file(c.Path, io.TeeReader(f, h)); err != nil {
		return err
	}
	if hex.EncodeToString(h.Sum(nil)) != c.SHA256 {
		return fail("docket.changed", "file", from)
	}
	return nil
}

// coverLine takes the case document out of a cover, as one line for import.
func coverLine(name string, raw []byte) ([]byte, error) {
	var cover struct {
		Format  string          `json:"format"`
		Version int             `json:"version"`
		Case    json.RawMessage `json:"case"`
	}
	if err := json.Unmarshal(raw, &cover); err != nil || cover.Format != docket.Format || len(cover.Case) == 0 {
		return nil, fail("import.no_cover", "file", name)
	}
	if cover.Version > docket.Version {
		return nil, fail("import.newer_cover", "file", name, "version", strconv.Itoa(cover.Version))
	}
	var line bytes.Buffer
	if err := json.Compact(&line, cover.Case); err != nil {
		return nil, fail("import.no_cover", "file", name)
	}
	return line.Bytes(), nil
}
