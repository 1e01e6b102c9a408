package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"hejie/app/api"
	"hejie/app/casework/data"
	"hejie/app/tables"
	"hejie/sync/identity"
)

// tableCommands are those on the data tables that an authority may change.
func (a *app) tableCommands() []*cobra.Command {
	return []*cobra.Command{a.command(spec{use: "table", key: "table", subs: []*cobra.Command{
		a.tablePublishCommand(), a.command(spec{use: "list", key: "table.list", run: a.tableList}), a.tableShowCommand(), a.tableCheckCommand(),
	}})}
}

// tableFile makes a command that reads one table's document.
func (a *app) tableFile(use string, run func(ctx context.Context, document []byte) error) *cobra.Command {
	var file string
	return a.command(spec{
		use: use + " --file F", key: "table." + use,
		flags: func(c *cobra.Command) { c.Flags().StringVar(&file, "file", "", a.t("flag.file.table")) },
		run: func(ctx context.Context, _ []string) error {
			if err := a.need("file", file); err != nil {
				return err
			}
			document, err := a.input(file)
			if err != nil {
				return err
			}
			return run(ctx, document)
		},
	})
}

func (a *app) tablePublishCommand() *cobra.Command {
	return a.tableFile("publish", func(ctx context.Context, document []byte) error {
		return a.session(ctx, func(s api.Session) error {
			done, err := s.PublishTable(ctx, document)
			if err != nil {
				return err
			}
			return a.answer(done, func(p *printer) {
				p.say("table.published", "table", done.Table, "version", strconv.Itoa(done.Version), "day", done.ValidFrom)
			})
		})
	})
}

type tableChecked struct {
	Table     string `json:"table"`
	Version   int    `json:"version"`
	ValidFrom string `json:"valid_from"`
	Source    string `json:"source"`
}

// tableCheckCommand needs no station: whether a table is whole follows from the
// document alone.
func (a *app) tableCheckCommand() *cobra.Command {
	return a.tableFile("check", func(_ context.Context, document []byte) error {
		if len(document) > identity.MaxTable {
			return fail("table.too_large", "size", strconv.Itoa(len(document)), "limit", strconv.Itoa(identity.MaxTable))
		}
		t, err := tables.Parse(document)
		var wrong *tables.Error
		if errors.As(err, &wrong) {
			return fail("table.bad", "why", tableFault(a.lang, wrong))
		}
		if err != nil {
			return err
		}
		return a.answer(tableChecked{t.Table, t.Version, t.ValidFrom, t.Source}, func(p *printer) {
			p.say("table.good", "table", t.Table, "version", strconv.Itoa(t.Version), "day", t.ValidFrom)
		})
	})
}

// tableFault says where a table is wrong, why, and what to do.
func tableFault(lang data.Lang, e *tables.Error) string {
	colon, then := marks(lang)
	s := e.Why(string(lang))
	if where := e.Where(); where != "" {
		s = where + colon + s
	}
	if hint := e.Hint(string(lang)); hint != "" {
		s += then + hint
	}
	return s
}

func (a *app) tableList(ctx context.Context, _ []string) error {
	return a.session(ctx, func(s api.Session) error {
		list, err := s.ListTables(ctx, "")
		if err != nil {
			return err
		}
		if a.json {
			for _, line := range list {
				if err := a.document(line); err != nil {
					return err
				}
			}
			return nil
		}
		p := &printer{a: a}
		for _, line := range list {
			p.tableLine(line)
		}
		return p.flush()
	})
}

func (p *printer) tableLine(line api.TableLine) {
	from, state := line.UnitName, p.a.t("table.effective")
	if line.Unit == "" {
		from = p.a.t("table.own")
	}
	if !line.Effective {
		state = p.a.t("table.why." + line.Why)
	}
	title := line.Table
	if line.Title != nil {
		title = line.Title.EN
		if p.a.lang == data.Chinese {
			title = line.Title.ZH
		}
	}
	p.columns(line.Table, title, strconv.Itoa(line.Version), line.ValidFrom, from, state, line.Source)
}

func (a *app) tableShowCommand() *cobra.Command {
	var unit string
	return a.command(spec{
		use: "show NAME [--unit CODE]", key: "table.show", args: cobra.ExactArgs(1),
		flags: func(c *cobra.Command) { c.Flags().StringVar(&unit, "unit", "", a.t("flag.unit.table")) },
		run: func(ctx context.Context, args []string) error {
			return a.session(ctx, func(s api.Session) error {
				t, err := s.Table(ctx, args[0], unit)
				if err != nil {
					return err
				}
				// The document alone, as publishing takes it.
				if a.json {
					return a.document(t.Document)
				}
				var b bytes.Buffer
				if err := json.Indent(&b, t.Document, "", "  "); err != nil {
					return err
				}
				return a.answer(nil, func(p *printer) { p.line(strings.TrimSpace(b.String())) })
			})
		},
	})
}
