package cli

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"hejie/app/api"
	"hejie/app/casework/data"
)

// flowCommands tell what waits for whom.
func (a *app) flowCommands() []*cobra.Command {
	return []*cobra.Command{a.command(spec{use: "inbox", key: "inbox", run: a.inbox}), a.dueCommand(), a.lateCommand()}
}

func (a *app) inbox(ctx context.Context, _ []string) error {
	return a.session(ctx, func(s api.Session) error {
		list, err := s.Inbox(ctx)
		if err != nil {
			return err
		}
		p := &printer{a: a}
		for _, i := range list.Items {
			if a.json {
				if err := a.document(i); err != nil {
					return err
				}
				continue
			}
			state := data.Name("referral_state", i.State, a.lang)
			if i.What == "application" {
				state = data.Name("confirmation_state", i.State, a.lang)
			}
			p.columns(i.SentOn, a.in(*i.KindLabel), state, i.FromName, i.Case[:8], i.Title)
		}
		if err := p.flush(); err != nil {
			return err
		}
		return a.leftOut(list.LeftOut)
	})
}

func (a *app) dueCommand() *cobra.Command {
	var q api.DueQuery
	return a.command(spec{
		use: "due [--on DATE] [--all]", key: "due",
		flags: func(c *cobra.Command) {
			c.Flags().StringVar(&q.On, "on", "", a.t("flag.due.on"))
			c.Flags().BoolVar(&q.All, "all", false, a.t("flag.due.all"))
		},
		run: func(ctx context.Context, _ []string) error {
			return a.session(ctx, func(s api.Session) error {
				list, err := s.Due(ctx, q)
				if err != nil {
					return err
				}
				p := &printer{a: a}
				for _, d := range list.Items {
					if a.json {
						if err := a.document(d); err != nil {
							return err
						}
						continue
					}
					left := a.t("due.left", "days", strconv.Itoa(d.DaysLeft))
					if d.DaysOver > 0 {
						left = a.t("due.over", "days", strconv.Itoa(d.DaysOver))
					}
					p.columns(d.DueOn, left, a.in(d.Label), d.Text, d.Case[:8], d.Title)
				}
				if err := p.flush(); err != nil {
					return err
				}
				return a.leftOut(list.LeftOut)
			})
		},
	})
}

// in is a label in the language of the person.
func (a *app) in(l api.Label) string {
	if a.lang == data.English {
		return l.EN
	}
	return l.ZH
}
