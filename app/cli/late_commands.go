package cli

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"hejie/app/api"
)

// lateCommand shows and takes in what waits for a director.
func (a *app) lateCommand() *cobra.Command {
	var allOf string
	return a.command(spec{use: "late", key: "late", subs: []*cobra.Command{
		a.command(spec{use: "list", key: "late.list", run: a.lateList}),
		a.command(spec{
			use: "adopt ID|--all-of SEAT", key: "late.adopt", args: cobra.MaximumNArgs(1),
			flags: func(c *cobra.Command) { c.Flags().StringVar(&allOf, "all-of", "", a.t("flag.late.all_of")) },
			run: func(ctx context.Context, args []string) error {
				switch {
				case allOf != "":
					return fail("late.all_of") // whole queues come with revocation
				case len(args) == 0:
					return usage("usage.late_id")
				}
				return a.lateAdopt(ctx, args[0])
			},
		}),
	}})
}

func (a *app) lateList(ctx context.Context, _ []string) error {
	return a.session(ctx, func(s api.Session) error {
		list, err := s.Late(ctx)
		if err != nil {
			return err
		}
		p := &printer{a: a}
		for _, l := range list.Items {
			if a.json {
				if err := a.document(l); err != nil {
					return err
				}
				continue
			}
			title := l.Title
			if title == "" {
				title = a.t("late.untitled")
			}
			p.columns(l.ID[:12], a.t("late.kind."+l.Kind), title, l.By.SeatName, l.By.UnitName, strconv.Itoa(l.Changes), reasonText(a.lang, l.Why))
		}
		return p.flush()
	})
}

func (a *app) lateAdopt(ctx context.Context, id string) error {
	token, err := a.token()
	if err != nil {
		return err
	}
	return a.session(ctx, func(s api.Session) error {
		done, err := s.Adopt(ctx, token, id)
		if err != nil {
			return err
		}
		return a.answer(done, func(p *printer) { p.say("late.adopted", "n", strconv.Itoa(done.Adopted)) })
	})
}
