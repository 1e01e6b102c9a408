package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"hejie/app/bench"
)

// measuring is what `bench` is told.
type measuring struct {
	o            bench.Options
	trace, cases string
}

func (a *app) benchCommand() *cobra.Command {
	m := &measuring{}
	var c *cobra.Command
	c = a.command(spec{
		use: "bench WORKLOAD [--n N] [--d N] [--spread] [--trace FILE] [--seed S] [--cases FILE]", key: "bench", args: cobra.ExactArgs(1),
		flags: func(c *cobra.Command) {
			f := c.Flags()
			f.IntVar(&m.o.N, "n", bench.DefaultCases, a.t("flag.n"))
			f.IntVar(&m.o.D, "d", 0, a.t("flag.d"))
			f.BoolVar(&m.o.Spread, "spread", false, a.t("flag.spread"))
			f.StringVar(&m.trace, "trace", "", a.t("flag.trace"))
			f.Uint64Var(&m.o.Seed, "seed", 1, a.t("flag.seed"))
			f.StringVar(&m.cases, "cases", "", a.t("flag.cases"))
		},
		run: func(ctx context.Context, args []string) error {
			m.o.NoEdits = c.Flags().Changed("d") && m.o.D == 0
			return a.bench(ctx, args[0], m)
		},
	})
	return c
}

func (a *app) bench(_ context.Context, workload string, m *measuring) (err error) {
	known := bench.Workloads()
	for _, bad := range []struct {
		flag       string
		value, low int
	}{{"n", m.o.N, 1}, {"d", m.o.D, 0}} {
		if bad.value < bad.low || bad.value > bench.MaxCases {
			return usage("usage.number", "flag", bad.flag, "low", strconv.Itoa(bad.low), "high", strconv.Itoa(bench.MaxCases), "value", strconv.Itoa(bad.value))
		}
	}
	if workload == "text" && m.trace == "" {
		return usage("usage.trace")
	}
	if m.o.Trace, err = a.optionalInput(m.trace); err != nil {
		return err
	}
	if m.o.Cases, err = a.optionalInput(m.cases); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "hejie-bench-")
	if err != nil {
		return failOn(err, "file.write", "file", os.TempDir())
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	m.o.Dir, m.o.Outside = dir, filepath.Join(dir, "outside")
	m.o.Clock, m.o.Random, m.o.Engine, m.o.Peak = a.set.clock, a.set.random, a.set.engine, peakMemory
	m.o.Say = func(what string) { a.note("bench.running", "name", workload, "what", what) }
	result, err := bench.Run(workload, m.o)
	var wrong *bench.WorkloadError
	if errors.As(err, &wrong) {
		return usage("usage.workload", "name", workload, "known", strings.Join(known, ", "))
	}
	if err != nil {
		return err
	}
	return a.document(result)
}

// optionalInput reads a file where one is named.
func (a *app) optionalInput(name string) ([]byte, error) {
	if name == "" {
		return nil, nil
	}
	return a.input(name)
}
