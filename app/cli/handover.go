package cli

import (
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"hejie/app/api"
)

// unitHandoverCommand hands somebody's open cases over; without --from it lists
// the open cases by mediator.
func (a *app) unitHandoverCommand() *cobra.Command {
	var r api.HandoverRequest
	return a.command(spec{
		use: "handover [NAME] | handover --from NAME --to NAME[,NAME] --reason R", key: "unit.handover", args: cobra.MaximumNArgs(1),
		flags: func(c *cobra.Command) {
			f := c.Flags()
			a.ofUnit(c, &r.Unit)
			f.StringVar(&r.From, "from", "", a.t("flag.handover.from"))
			f.StringSliceVar(&r.To, "to", nil, a.t("flag.handover.to"))
			f.StringVar(&r.Reason, "reason", "left", a.t("flag.handover.reason"))
			f.StringVar(&r.Note, "note", "", a.t("flag.handover.note"))
			f.StringVar(&r.At, "at", "", a.t("flag.handover.at"))
			f.StringSliceVar(&r.Cases, "case", nil, a.t("flag.handover.case"))
			f.StringSliceVar(&r.Agreed, "agreed", nil, a.t("flag.handover.agreed"))
			f.StringVar(&r.How, "how", "", a.t("flag.handover.how"))
			f.BoolVar(&r.LeaveRegister, "leave-register", false, a.t("flag.handover.leave"))
			f.BoolVar(&r.DryRun, "dry-run", false, a.t("flag.dry-run"))
		},
		run: func(ctx context.Context, args []string) error {
			switch {
			case r.From == "" && len(r.To) > 0, r.From != "" && len(args) > 0:
				return usage("usage.handover")
			case r.From == "":
				return a.listOpen(ctx, strings.Join(args, ""))
			}
			return a.handOver(ctx, r)
		},
	})
}

// listOpen lists the open cases by mediator.
func (a *app) listOpen(ctx context.Context, name string) error {
	return a.session(ctx, func(s api.Session) error {
		list, err := s.OpenOf(ctx, name)
		if err != nil {
			return err
		}
		for _, m := range list {
			if err := a.answer(m, func(p *printer) {
				name := m.Mediator
				if name == "" {
					name = p.a.t("handover.nobody")
				}
				for _, row := range m.Cases {
					p.columns(name, row.ID, row.ReceivedOn, p.state(row.State), row.Title)
				}
			}); err != nil {
				return err
			}
		}
		return nil
	})
}

// handoverDone is the last line of a hand-over.
type handoverDone struct {
	DryRun       bool          `json:"dry_run"`
	Done         int           `json:"done"`
	NeedsParties int           `json:"needs_parties"`
	Refused      int           `json:"refused"`
	Register     []string      `json:"register"`
	Else         api.StillOpen `json:"else"`
	LeftOut      []api.Reason  `json:"left_out,omitempty"`
}

// handOver prints a line a case and what is left.
func (a *app) handOver(ctx context.Context, r api.HandoverRequest) error {
	return a.session(ctx, func(s api.Session) error {
		h, err := s.HandOver(ctx, r)
		if err != nil {
			return err
		}
		done := handoverDone{DryRun: h.DryRun, Register: h.Register, Else: h.Else, LeftOut: h.LeftOut}
		a.warn(h.LeftOut)
		for _, c := range h.Cases {
			switch c.Status {
			case "done":
				done.Done++
			case "needs_parties":
				done.NeedsParties++
			default:
				done.Refused++
			}
			if err := a.answer(c, func(p *printer) { p.handedOver(c) }); err != nil {
				return err
			}
		}
		return a.answer(done, func(p *printer) {
			counts := []string{"done", strconv.Itoa(done.Done), "parties", strconv.Itoa(done.NeedsParties), "refused", strconv.Itoa(done.Refused)}
			if h.DryRun {
				p.say("handover.sum.would", counts...)
			} else {
				p.say("handover.sum", counts...)
			}
			if len(h.Register) > 0 {
				p.say("handover.register", "paths", strings.Join(h.Register, ", "))
			}
			for _, left := range []struct {
				key string
				n   int
			}{{"handover.else.ended", h.Else.Ended}, {"handover.else.drafts", h.Else.Drafts}, {"handover.else.below", h.Else.Below}} {
				if left.n > 0 {
					p.say(left.key, "name", h.From, "n", strconv.Itoa(left.n))
				}
			}
		})
	})
}

func (p *printer) handedOver(c api.HandedOver) {
	why := strings.Join(c.After, ",")
	if c.Why != nil {
		why = reasonText(p.a.lang, *c.Why)
	}
	p.columns(p.a.t("handover."+c.Status), c.Case[:8], c.Title, strings.Join(c.Before, ","), why, c.NextDue)
	for _, w := range c.Warnings {
		p.line("! " + reasonText(p.a.lang, w))
	}
}
