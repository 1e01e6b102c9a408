package cli

import (
	"context"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"hejie/app/api"
)

func (a *app) status(ctx context.Context, _ []string) error {
	return a.session(ctx, func(s api.Session) error {
		st, err := s.Status(ctx)
		if err != nil {
			return err
		}
		return a.answer(st, func(p *printer) { p.status(st) })
	})
}

func (p *printer) status(st api.Status) {
	p.say("status.unit", "name", st.UnitName, "code", st.UnitCode)
	if st.Demo {
		p.say("status.demo")
	}
	p.say("status.held", "records", strconv.Itoa(st.Records), "operations", strconv.Itoa(st.Operations), "bytes", bytesText(st.PackBytes))
	if st.Conflicts > 0 {
		p.say("status.conflicts", "n", strconv.Itoa(st.Conflicts))
	}
	for _, c := range []struct {
		key string
		n   int
	}{{"status.late", st.Late}, {"status.waiting", st.Waiting}, {"status.refused", st.Refused}, {"status.newer", st.Newer}, {"status.owed", st.Owed}} {
		if c.n > 0 {
			p.say(c.key, "n", strconv.Itoa(c.n))
		}
	}
	for _, x := range st.Senders {
		name := x.UnitName
		if name == "" {
			name = x.Machine[:12]
		}
		p.say("status.sender", "name", name, "n", strconv.Itoa(x.Waiting))
	}
	p.say("status.unsent", "n", strconv.Itoa(st.Unsent))
	for _, partner := range st.Peers {
		key, at := "status.peer_never", ""
		switch {
		case partner.InStepAt != "":
			key, at = "status.peer_in_step", partner.InStepAt
		case partner.CheckedAt != "":
			key, at = "status.peer_checked", partner.CheckedAt
		}
		p.say(key, "name", partner.UnitName, "at", at, "n", strconv.Itoa(partner.Waiting))
		if partner.Trouble != nil {
			p.line("  " + reasonText(p.a.lang, *partner.Trouble))
		}
	}
	if st.FreeBytes >= 0 {
		p.say("status.disk", "bytes", bytesText(st.FreeBytes))
	}
	p.say("status.clock", "at", st.Clock)
	for _, r := range st.Wrong {
		p.line("! " + reasonText(p.a.lang, r))
	}
}

// bytesText is a size as people read it.
func bytesText(n int64) string {
	const step = 1024
	switch {
	case n < step:
		return strconv.FormatInt(n, 10) + " B"
	case n < step*step:
		return strconv.FormatFloat(float64(n)/step, 'f', 1, 64) + " KiB"
	case n < step*step*step:
		return strconv.FormatFloat(float64(n)/step/step, 'f', 1, 64) + " MiB"
	}
	return strconv.FormatFloat(float64(n)/step/step/step, 'f', 1, 64) + " GiB"
}

func (a *app) verifyCommand() *cobra.Command {
	accept := false
	return a.command(spec{
		use: "verify", key: "verify",
		flags: func(c *cobra.Command) {
			c.Flags().BoolVar(&accept, "accept-loss", false, a.t("flag.accept-loss"))
		},
		run: func(ctx context.Context, _ []string) error { return a.verify(ctx, accept) },
	})
}

// verify checks everything; accept gives up before what is lost here.
func (a *app) verify(ctx context.Context, accept bool) error {
	return a.session(ctx, func(s api.Session) error {
		if accept {
			lost, err := s.AcceptLoss(ctx)
			if err != nil {
				return err
			}
			a.note("verify.accepted", "n", strconv.Itoa(lost.Operations))
		}
		v, err := s.Verify(ctx)
		if err != nil {
			return err
		}
		err = a.answer(v, func(p *printer) {
			p.say("verify.done", "n", strconv.Itoa(v.Operations), "bad", strconv.Itoa(len(v.Bad)))
			for _, d := range v.Bad {
				p.columns(d.Where, d.What, d.ID)
			}
			if len(v.Healed) > 0 {
				p.say("verify.healed", "n", strconv.Itoa(len(v.Healed)))
			}
			for _, d := range v.Healed {
				p.columns(d.Where, d.What, d.ID)
			}
			if len(v.Newer) > 0 {
				p.say("verify.newer", "n", strconv.Itoa(len(v.Newer)))
			}
			for _, d := range v.Newer {
				p.columns(d.Where, d.What, d.ID)
			}
		})
		if err == nil && len(v.Bad) > 0 {
			err = fail("verify.bad", "n", strconv.Itoa(len(v.Bad)), "where", v.Bad[0].Where, "what", v.Bad[0].What)
		}
		return err
	})
}

func (a *app) rebuild(ctx context.Context, _ []string) error {
	return a.session(ctx, func(s api.Session) error {
		r, err := s.Rebuild(ctx)
		if err != nil {
			return err
		}
		return a.answer(r, func(p *printer) {
			p.say("rebuild.done", "n", strconv.Itoa(r.Records), "seconds", secondsText(r.Seconds))
		})
	})
}

func secondsText(s float64) string {
	return strconv.FormatFloat(time.Duration(s*float64(time.Second)).Seconds(), 'f', 2, 64)
}
