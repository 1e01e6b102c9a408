package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"hejie/app/api"
	"hejie/app/casework"
	"hejie/app/casework/data"
)

// caseCommands are those on one case or on the list of them.
func (a *app) caseCommands() []*cobra.Command {
	return []*cobra.Command{a.command(spec{use: "case", key: "case", subs: []*cobra.Command{
		a.caseNewCommand(), a.caseOralCommand(), a.caseLeadCommand(), a.caseGetCommand(), a.caseSetCommand(), a.caseActCommand(), a.caseListCommand(),
		a.caseHistoryCommand(), a.caseRepeatsCommand(), a.caseConflictsCommand(), a.caseSettleCommand(), a.caseFormCommand(), a.caseDocketCommand(),
	}})}
}

// savedDone is what a write of a case answers.
type savedDone struct {
	ID    string     `json:"id"`
	State *api.State `json:"state,omitempty"`
	Heads []string   `json:"heads,omitempty"`
	Added []string   `json:"added,omitempty"`
}

// saved prints what a write made durable.
func (a *app) saved(s api.Saved, withState bool) error {
	a.warn(s.Warnings)
	done := savedDone{ID: s.ID, Heads: s.Heads, Added: s.Added}
	if withState {
		done.State = s.State
	}
	return a.answer(done, func(p *printer) {
		if s.State != nil {
			p.say("case.saved_state", "id", s.ID, "state", p.state(*s.State))
			return
		}
		p.say("case.saved", "id", s.ID)
	})
}

// write signs in, makes a token and runs a write.
func (a *app) write(ctx context.Context, withState bool, do func(s api.Session, token string) (api.Saved, error)) error {
	return a.session(ctx, func(s api.Session) error {
		token, err := a.token()
		if err != nil {
			return err
		}
		saved, err := do(s, token)
		if err != nil {
			return err
		}
		return a.saved(saved, withState)
	})
}

func (a *app) caseNewCommand() *cobra.Command {
	var file string
	return a.command(spec{
		use: "new --file F", key: "case.new",
		flags: func(c *cobra.Command) { c.Flags().StringVar(&file, "file", "", a.t("flag.file.case")) },
		run: func(ctx context.Context, _ []string) error {
			if err := a.need("file", file); err != nil {
				return err
			}
			return a.write(ctx, false, func(s api.Session, token string) (api.Saved, error) {
				raw, err := a.input(file)
				if err != nil {
					return api.Saved{}, err
				}
				return s.NewCase(ctx, token, raw)
			})
		},
	})
}

func (a *app) caseGetCommand() *cobra.Command {
	return a.command(spec{
		use: "get ID", key: "case.get", args: cobra.ExactArgs(1),
		run: func(ctx context.Context, args []string) error {
			return a.session(ctx, func(s api.Session) error {
				v, err := s.Case(ctx, args[0])
				if err != nil {
					return err
				}
				if a.json {
					return a.document(v.Undated())
				}
				sheet, err := s.Sheet(ctx, args[0], string(a.lang))
				if err != nil {
					return err
				}
				p := &printer{a: a}
				p.sheet(sheet)
				return p.flush()
			})
		},
	})
}

// sheet prints a case's plain summary.
func (p *printer) sheet(s api.Sheet) {
	p.line(s.Title)
	if s.Subtitle != "" {
		p.line(s.Subtitle)
	}
	for _, part := range s.Sections {
		p.line("")
		p.line("== " + part.Heading)
		for _, pair := range part.Pairs {
			p.line("  " + strings.TrimSuffix(pair.Label, ":") + ": " + pair.Value)
		}
		for _, text := range part.Paragraphs {
			p.line("  " + text)
		}
		if len(part.Rows) > 0 {
			p.columns(append([]string{" "}, part.Columns...)...)
		}
		for _, row := range part.Rows {
			p.columns(append([]string{" "}, row...)...)
		}
	}
}

func (a *app) caseSetCommand() *cobra.Command {
	var file, base string
	return a.command(spec{
		use: "set ID --file F [--base HEADS]", key: "case.set", args: cobra.ExactArgs(1),
		flags: func(c *cobra.Command) {
			c.Flags().StringVar(&file, "file", "", a.t("flag.file.set"))
			c.Flags().StringVar(&base, "base", "", a.t("flag.base"))
		},
		run: func(ctx context.Context, args []string) error {
			if err := a.need("file", file); err != nil {
				return err
			}
			return a.write(ctx, false, func(s api.Session, token string) (api.Saved, error) {
				fields, err := a.object(file)
				if err != nil {
					return api.Saved{}, err
				}
				return s.PatchCase(ctx, token, args[0], api.Patch{Base: headsOf(base), Fields: fields})
			})
		},
	})
}

// object reads a file that must hold a JSON object. What is in it is judged by
// casework.
func (a *app) object(file string) (api.Object, error) {
	raw, err := a.input(file)
	if err != nil {
		return nil, err
	}
	trimmed := bytes.TrimSpace(raw)
	if len(trimmed) == 0 || trimmed[0] != '{' {
		return nil, fail("file.object", "file", file)
	}
	return api.Object(trimmed), nil
}

// headsOf reads heads separated by commas or spaces; nil: those here now.
func headsOf(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}

func (a *app) caseActCommand() *cobra.Command {
	var file, base string
	var dry bool
	return a.command(spec{
		use: "act ID STEP [--file F] [--base HEADS] [--dry-run]", key: "case.act", args: cobra.ExactArgs(2), more: a.stepsHelp,
		flags: func(c *cobra.Command) {
			c.Flags().StringVar(&file, "file", "", a.t("flag.file.act"))
			c.Flags().StringVar(&base, "base", "", a.t("flag.base.act"))
			c.Flags().BoolVar(&dry, "dry-run", false, a.t("flag.dry-run"))
		},
		run: func(ctx context.Context, args []string) error {
			if dry {
				return a.previewStep(ctx, args[0], args[1], file, headsOf(base))
			}
			return a.write(ctx, true, func(s api.Session, token string) (api.Saved, error) {
				fields, err := a.stepFields(file)
				if err != nil {
					return api.Saved{}, err
				}
				return s.Act(ctx, token, args[0], args[1], json.RawMessage(fields), headsOf(base)...)
			})
		},
	})
}

// stepFields reads the fields of a step; without a file it has none.
func (a *app) stepFields(file string) (api.Object, error) {
	if file == "" {
		return api.Object("{}"), nil
	}
	return a.object(file)
}

// stepsHelp lists the steps with their fields, as casework has them.
func (a *app) stepsHelp() string {
	var b strings.Builder
	b.WriteString(a.t("steps.head"))
	track := ""
	for _, step := range casework.StepNames() {
		if now := casework.StepTrack(step); now != track {
			track = now
			b.WriteString("\n\n== " + data.Name("track", track, a.lang))
		}
		b.WriteString("\n\n  " + step + "  " + data.Name("step", step, a.lang))
		for _, f := range casework.StepFields(step) {
			b.WriteString("\n      " + a.stepField(f))
			for _, inner := range f.Fields {
				b.WriteString("\n          " + a.stepField(inner))
			}
		}
	}
	return b.String()
}

func (a *app) stepField(f casework.FieldSpec) string {
	s := f.Name + ": " + a.t("field.type."+f.Type)
	if !f.Required {
		s += a.t("field.optional")
	}
	if f.List != "" {
		var codes []string
		for _, c := range data.List(f.List) {
			codes = append(codes, c.Code)
		}
		s += " (" + strings.Join(codes, ", ") + ")"
	}
	return s
}

func (a *app) caseListCommand() *cobra.Command {
	q := api.CaseQuery{}
	limit := 0
	return a.command(spec{
		use: "list [--state S] [--category C] [--unit U] [--query TEXT] [--from D --to D] [--limit N] [--after TOKEN]", key: "case.list",
		flags: func(c *cobra.Command) {
			f := c.Flags()
			f.StringVar(&q.State, "state", "", a.t("flag.state"))
			f.StringVar(&q.Category, "category", "", a.t("flag.category"))
			f.StringVar(&q.Unit, "unit", "", a.t("flag.unit.filter"))
			f.StringVar(&q.Text, "query", "", a.t("flag.query"))
			f.StringVar(&q.From, "from", "", a.t("flag.from"))
			f.StringVar(&q.To, "to", "", a.t("flag.to"))
			f.IntVar(&limit, "limit", 0, a.t("flag.limit"))
			f.StringVar(&q.After, "after", "", a.t("flag.after"))
		},
		run: func(ctx context.Context, _ []string) error {
			if limit < 0 {
				return usage("usage.limit", "value", strconv.Itoa(limit))
			}
			return a.session(ctx, func(s api.Session) error { return a.list(ctx, s, q, limit) })
		},
	})
}

// listPage is how many rows are asked for at once: the most that a page holds.
const listPage = 1000

type afterLine struct {
	After string `json:"after"`
}

// list prints up to limit rows, all of them where it is 0.
func (a *app) list(ctx context.Context, s api.Session, q api.CaseQuery, limit int) error {
	for left := limit; ; {
		q.Limit = listPage
		if limit > 0 {
			q.Limit = min(listPage, left)
		}
		page, err := s.ListCases(ctx, q)
		if err != nil {
			return err
		}
		for _, row := range page.Cases {
			if err := a.answer(row, func(p *printer) {
				p.columns(row.ID, row.ReceivedOn, p.name("category", row.Category), p.state(row.State), row.UnitName, row.Title)
			}); err != nil {
				return err
			}
		}
		if err := a.leftOut(page.LeftOut); err != nil {
			return err
		}
		q.After = page.After
		left -= len(page.Cases)
		if q.After == "" {
			return nil
		}
		if limit > 0 && left <= 0 {
			return a.answer(afterLine{page.After}, func(p *printer) { p.say("list.more", "after", page.After) })
		}
	}
}

func (a *app) caseHistoryCommand() *cobra.Command {
	return a.command(spec{
		use: "history ID", key: "case.history", args: cobra.ExactArgs(1),
		run: func(ctx context.Context, args []string) error {
			return a.session(ctx, func(s api.Session) error {
				lines, err := s.History(ctx, args[0])
				if err != nil {
					return err
				}
				for _, l := range lines {
					if err := a.answer(l, func(p *printer) {
						what := l.Field
						if l.Step != "" {
							what = p.name("step", l.Step)
						}
						p.columns(l.Written, l.UnitName, l.SeatName, p.a.t("change."+l.Kind), what, valueText(l.From), valueText(l.To), l.Remark)
					}); err != nil {
						return err
					}
				}
				return nil
			})
		},
	})
}

// valueText is a value in one line.
func valueText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return "?"
	}
	return strings.TrimSpace(b.String())
}

func (a *app) caseConflictsCommand() *cobra.Command {
	return a.command(spec{
		use: "conflicts [ID]", key: "case.conflicts", args: cobra.MaximumNArgs(1),
		run: func(ctx context.Context, args []string) error {
			id := ""
			if len(args) > 0 {
				id = args[0]
			}
			return a.session(ctx, func(s api.Session) error {
				list, err := s.Conflicts(ctx, id)
				if err != nil {
					return err
				}
				for _, c := range list.Conflicts {
					if err := a.answer(c, func(p *printer) {
						p.columns(c.Case, p.name("field", c.Field), c.Title)
						for _, v := range c.Values {
							p.columns("", p.statement(v.Value), v.UnitName, v.SeatName)
						}
						p.columns("", a.t("conflict.why", "why", a.in(c.Why), "who", a.in(c.Decides)))
					}); err != nil {
						return err
					}
				}
				return a.leftOut(list.LeftOut)
			})
		},
	})
}

func (a *app) caseSettleCommand() *cobra.Command {
	var field, value, base string
	return a.command(spec{
		use: "settle ID --field PATH --value JSON", key: "case.settle", args: cobra.ExactArgs(1),
		flags: func(c *cobra.Command) {
			c.Flags().StringVar(&field, "field", "", a.t("flag.field"))
			c.Flags().StringVar(&value, "value", "", a.t("flag.value"))
			c.Flags().StringVar(&base, "base", "", a.t("flag.base"))
		},
		run: func(ctx context.Context, args []string) error {
			if err := a.need("field", field, "value", value); err != nil {
				return err
			}
			if !json.Valid([]byte(value)) {
				return usage("usage.value", "value", value)
			}
			return a.write(ctx, false, func(s api.Session, token string) (api.Saved, error) {
				return s.Settle(ctx, token, args[0], api.Settlement{Field: field, Value: json.RawMessage(value), Base: headsOf(base)})
			})
		},
	})
}

type formDone struct {
	Pages int `json:"pages"`
}

func (a *app) caseFormCommand() *cobra.Command {
	var out string
	return a.command(spec{
		use: "form ID FORM --out F.pdf", key: "case.form", args: cobra.ExactArgs(2),
		flags: func(c *cobra.Command) { c.Flags().StringVar(&out, "out", "", a.t("flag.out")) },
		run: func(ctx context.Context, args []string) error {
			if err := a.need("out", out); err != nil {
				return err
			}
			return a.session(ctx, func(s api.Session) error {
				f, err := s.Form(ctx, args[0], args[1], string(a.lang))
				if err != nil {
					return err
				}
				if err := a.save(out, f.File.Data); err != nil {
					return err
				}
				return a.answer(formDone{f.Pages}, func(p *printer) { p.say("form.done", "file", out, "n", strconv.Itoa(f.Pages)) })
			})
		},
	})
}
