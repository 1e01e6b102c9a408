package cli

import (
	"bytes"
	"context"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"hejie/app/api"
	"hejie/app/station"
)

// transferCommands bring cases in and out, and exchange with other stations.
func (a *app) transferCommands() []*cobra.Command {
	return []*cobra.Command{a.importCommand(), a.exportCommand(), a.syncCommand()}
}

// importPiece is how many lines are taken at once: few enough that progress is
// seen and that a program that serves others stays quick.
const importPiece = 500

func (a *app) importCommand() *cobra.Command {
	return a.command(spec{
		use: "import FILE", key: "import", args: cobra.ExactArgs(1),
		run: func(ctx context.Context, args []string) error {
			if !isCover(args[0]) {
				if err := linesFile(args[0]); err != nil {
					return err
				}
			}
			return a.session(ctx, func(s api.Session) error { return a.importFile(ctx, s, args[0]) })
		},
	})
}

// isCover tells of the cover of a folder for a court, which holds one document.
func isCover(name string) bool { return strings.EqualFold(filepath.Ext(name), ".json") }

// linesFile refuses a kind of file that is not lines of case documents.
func linesFile(name string) error {
	if ext := strings.ToLower(filepath.Ext(name)); ext != ".jsonl" && name != "-" {
		return usage("usage.jsonl", "file", name)
	}
	return nil
}

func (a *app) importFile(ctx context.Context, s api.Session, file string) error {
	raw, err := a.input(file)
	if err == nil && isCover(file) {
		raw, err = coverLine(file, raw)
	}
	if err != nil {
		return err
	}
	all := api.ImportResult{Refused: []api.RefusedRow{}}
	for row := 0; len(raw) > 0; {
		piece, lines := cutLines(raw, importPiece)
		raw = raw[len(piece):]
		r, err := s.Import(ctx, piece)
		all.Added, all.Same = all.Added+r.Added, all.Same+r.Same
		for _, bad := range r.Refused {
			bad.Row += row
			all.Refused = append(all.Refused, bad)
		}
		if err != nil {
			return failOn(err, "import.stopped", "added", strconv.Itoa(all.Added), "why", sentence(a.lang, err))
		}
		row += lines
		if len(raw) > 0 {
			a.note("import.progress", "n", strconv.Itoa(row))
		}
	}
	err = a.answer(all, func(p *printer) {
		p.say("import.done", "added", strconv.Itoa(all.Added), "same", strconv.Itoa(all.Same), "refused", strconv.Itoa(len(all.Refused)))
		for _, r := range all.Refused {
			p.say("import.refused", "row", strconv.Itoa(r.Row), "why", p.why(r))
		}
	})
	if err == nil && all.Added+all.Same == 0 && len(all.Refused) > 0 {
		first := all.Refused[0]
		err = fail("import.nothing", "file", file, "row", strconv.Itoa(first.Row), "why", (&printer{a: a}).why(first))
	}
	return err
}

func (p *printer) why(r api.RefusedRow) string {
	return reasonText(p.a.lang, api.Reason{Code: r.Code, Detail: oneLine(r.Why), Field: r.Field, Texts: r.Texts})
}

// cutLines gives the first n lines of text, with their ends, and how many they are.
func cutLines(text []byte, n int) ([]byte, int) {
	at, lines := 0, 0
	for lines < n && at < len(text) {
		lines++
		i := bytes.IndexByte(text[at:], '\n')
		if i < 0 {
			return text, lines
		}
		at += i + 1
	}
	return text[:at], lines
}

type exportDone struct {
	Cases   int          `json:"cases"`
	LeftOut []api.Reason `json:"left_out,omitempty"`
}

// exportPage is how many cases are asked for at once.
const exportPage = 500

func (a *app) exportCommand() *cobra.Command {
	var file string
	return a.command(spec{
		use: "export --out F", key: "export",
		flags: func(c *cobra.Command) { c.Flags().StringVar(&file, "out", "", a.t("flag.out")) },
		run: func(ctx context.Context, _ []string) error {
			if err := a.need("out", file); err != nil {
				return err
			}
			if err := linesFile(file); err != nil || file == "-" {
				return usage("usage.jsonl", "file", file)
			}
			return a.session(ctx, func(s api.Session) error { return a.export(ctx, s, file) })
		},
	})
}

func (a *app) export(ctx context.Context, s api.Session, file string) error {
	out, err := a.create(file)
	if err != nil {
		return err
	}
	defer out.drop()
	done := exportDone{}
	for after := ""; ; {
		page, err := s.Export(ctx, after, exportPage)
		if err != nil {
			return err
		}
		if _, err := out.Write([]byte(page.Lines)); err != nil {
			return err
		}
		done.Cases += page.Cases
		done.LeftOut = append(done.LeftOut, page.LeftOut...)
		if after = page.After; after == "" {
			break
		}
		a.note("export.progress", "n", strconv.Itoa(done.Cases))
	}
	if err := out.commit(); err != nil {
		return err
	}
	a.warn(done.LeftOut)
	return a.answer(done, func(p *printer) { p.say("export.done", "n", strconv.Itoa(done.Cases), "file", file) })
}

func (a *app) syncCommand() *cobra.Command {
	return a.command(spec{
		use: "sync PEER", key: "sync", args: cobra.ExactArgs(1),
		run: func(ctx context.Context, args []string) error {
			return a.withSession(ctx, func(st *station.Station, s api.Session) error {
				if err := a.lookAround(ctx, st, s, args[0]); err != nil {
					return err
				}
				r, err := s.SyncWith(ctx, args[0])
				if err != nil {
					return err
				}
				return a.answer(r, func(p *printer) {
					key := "sync.done"
					if r.InStep {
						key = "sync.in_step"
					}
					p.say(key, "sent", strconv.Itoa(r.Sent), "received", strconv.Itoa(r.Received), "refused", strconv.Itoa(r.Refused),
						"bytes", bytesText(r.BytesSent+r.BytesReceived), "seconds", secondsText(r.Seconds))
				})
			})
		},
	})
}

// How long a command looks for a unit on the local network. Stations answer
// such a question within a second or two.
const (
	lookTime  = 5 * time.Second
	lookEvery = 100 * time.Millisecond
)

// lookAround looks for a unit on the local network, where no address of it is
// known and no running program looks all the time.
func (a *app) lookAround(ctx context.Context, st *station.Station, s api.Session, peer string) error {
	if a.own != nil || strings.HasPrefix(peer, "/") || strings.Contains(peer, "://") {
		return nil
	}
	units, err := s.Units(ctx)
	if err != nil {
		return err
	}
	wanted := map[string]bool{}
	for _, u := range units {
		if (u.Code == peer || u.Unit == peer) && !u.Own {
			wanted[u.Unit] = true
		}
	}
	if len(wanted) == 0 {
		return nil // what is wrong with it is said by the exchange
	}
	known := func() (bool, error) {
		peers, err := s.Peers(ctx)
		return slices.ContainsFunc(peers, func(p api.Peer) bool {
			return wanted[p.Unit] && len(p.Addresses)+len(p.Found) > 0
		}), err
	}
	if there, err := known(); there || err != nil {
		return err
	}
	a.note("sync.looking", "peer", peer)
	if _, err := st.Serve(station.Listen{P2P: localRoads, Announce: true}); err != nil {
		return err
	}
	for began := a.set.clock.Now(); a.set.clock.Now().Sub(began) < lookTime; {
		if there, err := known(); there || err != nil {
			return err
		}
		if err := waitFor(ctx, lookEvery); err != nil {
			return err
		}
	}
	return nil
}
