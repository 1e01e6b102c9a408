package cli

import (
	"context"

	"github.com/spf13/cobra"
)

// otherCommands need no station of the caller's.
func (a *app) otherCommands() []*cobra.Command {
	return []*cobra.Command{
		a.demoCommand(), a.benchCommand(), a.simCommand(), a.command(spec{use: "version", key: "version", run: a.version}),
	}
}

type versionLine struct {
	Version string `json:"version"`
}

func (a *app) version(context.Context, []string) error {
	return a.answer(versionLine{Version}, func(p *printer) { p.line("hejie " + Version) })
}
