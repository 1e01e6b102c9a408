package cli

import (
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"hejie/app/api"
	"hejie/app/casework/data"
)

// caseRepeatsCommand lists the cases that look like the same dispute.
func (a *app) caseRepeatsCommand() *cobra.Command {
	return a.command(spec{
		use: "repeats ID", key: "case.repeats", args: cobra.ExactArgs(1), more: a.repeatsHelp,
		run: func(ctx context.Context, args []string) error {
			return a.session(ctx, func(s api.Session) error {
				list, err := s.Repeats(ctx, args[0])
				if err != nil {
					return err
				}
				for _, r := range list.Items {
					if err := a.answer(r, func(p *printer) {
						p.columns(r.ReceivedOn, p.name("repeat_like", r.Like), a.in(r.GroundLabel), a.t("repeats.people", "n", strconv.Itoa(r.People)),
							r.UnitName, p.state(r.State), r.Case[:8], r.Title, strings.Join(r.Names, a.t("list.and")))
					}); err != nil {
						return err
					}
				}
				if list.More {
					a.note("repeats.more")
				}
				return a.leftOut(list.LeftOut)
			})
		},
	})
}

// repeatsHelp says what the words of a line mean.
func (a *app) repeatsHelp() string {
	var b strings.Builder
	b.WriteString(a.t("repeats.words"))
	for _, list := range []string{"repeat_like", "repeat_ground"} {
		for _, c := range data.List(list) {
			b.WriteString("\n  " + c.Code + "  " + c.Name(a.lang))
		}
	}
	return b.String()
}
