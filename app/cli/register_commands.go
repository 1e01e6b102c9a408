package cli

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"hejie/app/api"
	"hejie/app/register"
)

// registerCommands are those on units' registers: who belongs to a unit, the
// roster, numbers and sweeps.
func (a *app) registerCommands() []*cobra.Command {
	return []*cobra.Command{
		a.command(spec{use: "unit", key: "unit", subs: []*cobra.Command{
			a.unitShowCommand(), a.unitSetCommand("set", "unit.set"),
			a.entriesCommand("members", register.Members, memberLines), a.entriesCommand("mediators", register.Mediators, mediatorLines),
			a.entriesCommand("ranges", register.Ranges, rangeLines), a.entriesCommand("voided", register.Voided, voidedLines),
			a.entriesCommand("division", register.Divisions, divisionLines), a.unitNumbersCommand(), a.unitHandoverCommand(), a.unitRelateCommand(),
		}}),
		a.command(spec{use: "roster", key: "roster", subs: []*cobra.Command{
			a.rosterListCommand(), a.unitSetCommand("set", "roster.set"), a.rosterSuggestCommand(),
		}}),
		a.command(spec{use: "sweep", key: "sweep", subs: []*cobra.Command{a.sweepAddCommand(), a.sweepListCommand()}}),
	}
}

// ofUnit adds the flag that names another unit.
func (a *app) ofUnit(c *cobra.Command, unit *string) {
	c.Flags().StringVar(unit, "unit", "", a.t("flag.unit.register"))
}

func (a *app) unitShowCommand() *cobra.Command {
	return a.command(spec{
		use: "show [UNIT]", key: "unit.show", args: cobra.MaximumNArgs(1),
		run: func(ctx context.Context, args []string) error {
			unit := strings.Join(args, "")
			return a.session(ctx, func(s api.Session) error {
				v, err := s.Register(ctx, unit)
				if err != nil {
					return err
				}
				return a.answer(v, func(p *printer) { p.register(v) })
			})
		},
	})
}

// register prints a register as people read it.
func (p *printer) register(v api.RegisterView) {
	p.line(v.UnitName + "  " + v.UnitCode)
	for _, f := range []struct{ name, value string }{{"abbr", v.Abbr}, {"address", v.Address}, {"phone", v.Phone}} {
		if f.value != "" {
			p.line(p.name("register_field", f.name) + ": " + f.value)
		}
	}
	if v.MultiEthnic {
		p.line(p.name("register_field", "multi_ethnic"))
	}
	for _, part := range []struct {
		name  string
		lines lister
	}{
		{register.Members, memberLines},
		{register.Mediators, mediatorLines},
		{register.Roster, rosterLines},
		{register.Ranges, rangeLines},
		{register.Voided, voidedLines},
		{register.Sweeps, sweepLines},
		{register.Divisions, divisionLines},
	} {
		if list := part.lines(p, v); len(list) > 0 {
			p.line("")
			p.line("== " + p.name("register_table", part.name))
			p.entries(list)
		}
	}
	for _, r := range v.Warnings {
		p.line("! " + reasonText(p.a.lang, r))
	}
}

// entry is a line of a list: its document and its columns, the id last.
type entry struct {
	doc     any
	columns []string
}

type lister func(p *printer, v api.RegisterView) []entry

func (p *printer) entries(list []entry) {
	for _, e := range list {
		p.columns(e.columns...)
	}
}

// names are codes' words in one column.
func (p *printer) names(list string, codes []string) string {
	var out []string
	for _, c := range codes {
		out = append(out, p.name(list, c))
	}
	return strings.Join(out, ",")
}

func days(from, to string) string {
	if from == "" && to == "" {
		return ""
	}
	return from + "/" + to
}

func memberLines(p *printer, v api.RegisterView) (out []entry) {
	for _, m := range v.Members {
		out = append(out, entry{m, []string{m.Name, p.name("member_role", m.Role), p.name("sex", m.Sex), p.name("ethnicity", m.Ethnicity), days(m.TermStart, m.TermEnd), m.Phone, m.ID}})
	}
	return out
}

func mediatorLines(p *printer, v api.RegisterView) (out []entry) {
	for _, m := range v.Mediators {
		out = append(out, entry{m, []string{
			m.Name, p.name("mediator_kind", m.Kind), m.Licence, p.name("mediator_grade", m.Grade), p.names("category", m.Categories), p.names("sector", m.Sectors),
			strings.Join(m.Languages, ","), m.Contact, days(m.ActiveFrom, m.ActiveTo), m.ID,
		}})
	}
	return out
}

func rosterLines(p *printer, v api.RegisterView) (out []entry) {
	for _, r := range v.Roster {
		out = append(out, entry{r, []string{
			r.Name, p.name("body", r.Body), p.names("category", r.Categories), p.names("sector", r.Sectors), strings.Join(r.Areas, ","), days(r.ValidFrom, r.ValidTo), r.Contact, r.ID,
		}})
	}
	return out
}

func rangeLines(p *printer, v api.RegisterView) (out []entry) {
	for _, r := range v.Ranges {
		out = append(out, entry{r, []string{p.name("number_series", r.Series), strconv.FormatInt(r.Year, 10), strconv.FormatInt(r.From, 10) + "–" + strconv.FormatInt(r.To, 10), r.Seat, r.ID}})
	}
	return out
}

func voidedLines(p *printer, v api.RegisterView) (out []entry) {
	for _, n := range v.Voided {
		out = append(out, entry{n, []string{p.name("number_series", n.Series), strconv.FormatInt(n.Year, 10), strconv.FormatInt(n.Number, 10), n.Reason, n.ID}})
	}
	return out
}

func sweepLines(p *printer, v api.RegisterView) (out []entry) {
	for _, s := range v.Sweeps {
		out = append(out, entry{s, []string{
			s.Day, s.Area, p.name("sweep_kind", s.Kind), s.Who, p.a.t("sweep.counts", "households", strconv.FormatInt(s.Households, 10), "found", strconv.FormatInt(s.Found, 10), "resolved", strconv.FormatInt(s.Resolved, 10)), s.Note, s.ID,
		}})
	}
	return out
}

func divisionLines(_ *printer, v api.RegisterView) (out []entry) {
	for _, d := range v.Divisions {
		out = append(out, entry{d, []string{d.Code, d.Name, days(d.From, d.To), d.Successor, d.ID}})
	}
	return out
}

// list prints the entries of a register that keep passes, a document a line.
func (a *app) listEntries(ctx context.Context, unit string, lines lister) error {
	return a.session(ctx, func(s api.Session) error {
		v, err := s.Register(ctx, unit)
		if err != nil {
			return err
		}
		p := &printer{a: a}
		for _, e := range lines(p, v) {
			if a.json {
				if err := a.document(e.doc); err != nil {
					return err
				}
				continue
			}
			p.columns(e.columns...)
		}
		return p.flush()
	})
}

// patch saves fields of a register.
func (a *app) patch(ctx context.Context, unit, base string, fields func() (api.Object, error)) error {
	return a.write(ctx, false, func(s api.Session, token string) (api.Saved, error) {
		f, err := fields()
		if err != nil {
			return api.Saved{}, err
		}
		return s.PatchRegister(ctx, token, unit, api.Patch{Base: headsOf(base), Fields: f})
	})
}

// unitSetCommand sets fields by path.
func (a *app) unitSetCommand(use, key string) *cobra.Command {
	var unit, file, base string
	return a.command(spec{
		use: use + " --file F [--unit UNIT] [--base HEADS]", key: key,
		flags: func(c *cobra.Command) {
			a.ofUnit(c, &unit)
			c.Flags().StringVar(&file, "file", "", a.t("flag.file.set"))
			c.Flags().StringVar(&base, "base", "", a.t("flag.base"))
		},
		run: func(ctx context.Context, _ []string) error {
			if err := a.need("file", file); err != nil {
				return err
			}
			return a.patch(ctx, unit, base, func() (api.Object, error) { return a.object(file) })
		},
	})
}

// onePath is a patch of one path.
func onePath(path string, value json.RawMessage) (api.Object, error) {
	return json.Marshal(map[string]json.RawMessage{path: value})
}

// entriesCommand lists one part of a register, adds an entry, changes or
// removes one.
func (a *app) entriesCommand(use, table string, lines lister) *cobra.Command {
	var unit, file, change, remove string
	return a.command(spec{
		use: use + " [--unit UNIT] [--file F [--change ID] | --remove ID]", key: "unit." + use,
		flags: func(c *cobra.Command) {
			a.ofUnit(c, &unit)
			c.Flags().StringVar(&file, "file", "", a.t("flag.file.entry"))
			c.Flags().StringVar(&change, "change", "", a.t("flag.change"))
			c.Flags().StringVar(&remove, "remove", "", a.t("flag.remove"))
		},
		run: func(ctx context.Context, _ []string) error {
			switch {
			case remove != "" && (file != "" || change != ""), change != "" && file == "":
				return usage("usage.entry")
			case remove != "":
				return a.patch(ctx, unit, "", func() (api.Object, error) { return onePath(table+"."+remove, json.RawMessage("null")) })
			case file != "":
				return a.patch(ctx, unit, "", a.entryPatch(table, change, file))
			}
			return a.listEntries(ctx, unit, lines)
		},
	})
}

// entryPatch is the patch that adds the entry of a file, or changes one.
func (a *app) entryPatch(table, id, file string) func() (api.Object, error) {
	return func() (api.Object, error) {
		fields, err := a.object(file)
		if err != nil {
			return nil, err
		}
		if !json.Valid(fields) {
			return nil, fail("file.object", "file", file)
		}
		if id == "" {
			id = "+"
		}
		return onePath(table+"."+id, json.RawMessage(fields))
	}
}

func (a *app) unitNumbersCommand() *cobra.Command {
	var series string
	var year int
	return a.command(spec{
		use: "numbers [--series S] [--year Y]", key: "unit.numbers",
		flags: func(c *cobra.Command) {
			c.Flags().StringVar(&series, "series", "volume", a.t("flag.series"))
			c.Flags().IntVar(&year, "year", 0, a.t("flag.year"))
		},
		run: func(ctx context.Context, _ []string) error {
			return a.session(ctx, func(s api.Session) error {
				n, err := s.Numbers(ctx, series, year)
				if err != nil {
					return err
				}
				return a.answer(n, func(p *printer) { p.numbers(n) })
			})
		},
	})
}

func (p *printer) numbers(n api.Numbers) {
	if n.Why != nil {
		p.line(reasonText(p.a.lang, *n.Why))
	} else {
		p.say("numbers.next", "text", n.Text)
	}
	for _, d := range n.Desks {
		var stretches []string
		for _, s := range d.Stretches {
			stretches = append(stretches, strconv.FormatInt(s.From, 10)+"–"+strconv.FormatInt(s.To, 10))
		}
		p.columns(d.SeatName, strings.Join(stretches, ","), d.Seat)
	}
	for _, o := range n.Overlaps {
		p.say("numbers.overlap", "from", strconv.FormatInt(o.From, 10), "to", strconv.FormatInt(o.To, 10))
	}
}

func (a *app) rosterListCommand() *cobra.Command {
	var unit string
	return a.command(spec{
		use: "list [--unit UNIT]", key: "roster.list", flags: func(c *cobra.Command) { a.ofUnit(c, &unit) },
		run: func(ctx context.Context, _ []string) error { return a.listEntries(ctx, unit, rosterLines) },
	})
}

func (a *app) rosterSuggestCommand() *cobra.Command {
	q := api.SuggestQuery{}
	return a.command(spec{
		use: "suggest CASE [--list mediators|roster] [--language L[,L]]", key: "roster.suggest", args: cobra.ExactArgs(1),
		flags: func(c *cobra.Command) {
			c.Flags().StringVar(&q.List, "list", "", a.t("flag.list"))
			c.Flags().StringSliceVar(&q.Languages, "language", nil, a.t("flag.language"))
		},
		run: func(ctx context.Context, args []string) error {
			if q.List != "" && q.List != register.Mediators && q.List != register.Roster {
				return usage("usage.list", "value", q.List)
			}
			q.Case = args[0]
			return a.session(ctx, func(s api.Session) error {
				list, err := s.SuggestFor(ctx, q)
				if err != nil {
					return err
				}
				for _, x := range list.Suggestions {
					if err := a.answer(x, func(p *printer) {
						p.columns(p.a.t("suggest."+x.Place), x.Name, x.Suggestion.Line(p.a.lang))
					}); err != nil {
						return err
					}
				}
				return nil
			})
		},
	})
}

func (a *app) sweepAddCommand() *cobra.Command {
	var file string
	return a.command(spec{
		use: "add --file F", key: "sweep.add", flags: func(c *cobra.Command) { c.Flags().StringVar(&file, "file", "", a.t("flag.file.sweep")) },
		run: func(ctx context.Context, _ []string) error {
			if err := a.need("file", file); err != nil {
				return err
			}
			return a.patch(ctx, "", "", a.entryPatch(register.Sweeps, "", file))
		},
	})
}

func (a *app) sweepListCommand() *cobra.Command {
	var unit, from, to string
	return a.command(spec{
		use: "list [--unit UNIT] [--from D --to D]", key: "sweep.list",
		flags: func(c *cobra.Command) {
			a.ofUnit(c, &unit)
			c.Flags().StringVar(&from, "from", "", a.t("flag.sweep.from"))
			c.Flags().StringVar(&to, "to", "", a.t("flag.sweep.to"))
		},
		run: func(ctx context.Context, _ []string) error {
			return a.listEntries(ctx, unit, func(p *printer, v api.RegisterView) (out []entry) {
				for i, e := range sweepLines(p, v) {
					if day := v.Sweeps[i].Day; (from == "" || day >= from) && (to == "" || day <= to) {
						out = append(out, e)
					}
				}
				return out
			})
		},
	})
}
