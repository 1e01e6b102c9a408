package cli

import (
	"context"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"hejie/app/sim"
)

// maxSeeds and maxSteps bound what one command plays.
const (
	maxSeeds = 1_000_000
	maxSteps = 1_000_000
)

// simulating is what `sim` is told.
type simulating struct {
	o     sim.Options
	seeds int
	trace bool
}

func (a *app) simCommand() *cobra.Command {
	s := &simulating{}
	return a.command(spec{
		use: "sim --seed S --nodes N --steps N [--seeds N] [--trace]", key: "sim",
		flags: func(c *cobra.Command) {
			f := c.Flags()
			f.Uint64Var(&s.o.Seed, "seed", 1, a.t("flag.sim.seed"))
			f.IntVar(&s.o.Nodes, "nodes", 5, a.t("flag.sim.nodes"))
			f.IntVar(&s.o.Steps, "steps", 120, a.t("flag.sim.steps"))
			f.IntVar(&s.seeds, "seeds", 1, a.t("flag.sim.seeds"))
			f.BoolVar(&s.trace, "trace", false, a.t("flag.sim.trace"))
		},
		run: func(ctx context.Context, _ []string) error { return a.simulate(ctx, s) },
	})
}

func (a *app) simulate(ctx context.Context, s *simulating) error {
	for _, bad := range []struct {
		flag             string
		value, low, high int
	}{{"nodes", s.o.Nodes, sim.MinNodes, sim.MaxNodes}, {"steps", s.o.Steps, 1, maxSteps}, {"seeds", s.seeds, 1, maxSeeds}} {
		if bad.value < bad.low || bad.value > bad.high {
			return usage("usage.number", "flag", bad.flag, "low", strconv.Itoa(bad.low), "high", strconv.Itoa(bad.high), "value", strconv.Itoa(bad.value))
		}
	}
	sum := sim.Summarise(s.o)
	for o := s.o; sum.Seeds < s.seeds && ctx.Err() == nil; o.Seed++ {
		r, err := sim.Run(o)
		if err != nil {
			return err
		}
		sum.Add(r)
		if s.trace || len(r.Wrong) > 0 {
			for _, l := range r.Trace {
				fmt.Fprintln(a.w.stderr, l)
			}
		}
	}
	if err := a.answer(sum, func(p *printer) { p.simulated(sum) }); err != nil {
		return err
	}
	if len(sum.Wrong) > 0 {
		w := sum.Wrong[0]
		return fail("sim.wrong", "seed", strconv.FormatUint(w.Seed, 10), "nodes", strconv.Itoa(sum.Nodes), "steps", strconv.Itoa(sum.Steps), "rule", w.Rule, "where", w.Where, "what", w.What)
	}
	return ctx.Err()
}

// simulated lays a summary out: what ran, what went wrong by chance, what people did.
func (p *printer) simulated(s *sim.Summary) {
	p.say("sim.ran", "seeds", strconv.Itoa(s.Seeds), "seed", strconv.FormatUint(s.Seed, 10), "nodes", strconv.Itoa(s.Nodes), "steps", strconv.Itoa(s.Steps),
		"saves", strconv.Itoa(s.Saves), "operations", strconv.Itoa(s.Held), "quiet", strconv.Itoa(s.Quiet), "hash", s.Hash)
	for _, f := range sim.Counted(s.Faults) {
		p.columns("", strconv.Itoa(s.Faults[f]), string(f))
	}
	for _, d := range sim.Counted(s.Did) {
		p.columns("", strconv.Itoa(s.Did[d]), d)
	}
}
