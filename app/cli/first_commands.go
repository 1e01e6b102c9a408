package cli

import (
	"context"

	"github.com/spf13/cobra"

	"hejie/app/api"
)

// caseOralCommand records an agreement reached on the spot.
func (a *app) caseOralCommand() *cobra.Command {
	return a.firstCommand("oral", api.Session.NewOral)
}

// caseLeadCommand records what a sweep or a grid worker found.
func (a *app) caseLeadCommand() *cobra.Command {
	return a.firstCommand("lead", api.Session.NewLead)
}

// firstCommand makes a case with its first steps from a file.
func (a *app) firstCommand(name string, save func(api.Session, context.Context, string, []byte) (api.Saved, error)) *cobra.Command {
	var file string
	return a.command(spec{
		use: name + " --file F", key: "case." + name,
		flags: func(c *cobra.Command) { c.Flags().StringVar(&file, "file", "", a.t("flag.file."+name)) },
		run: func(ctx context.Context, _ []string) error {
			if err := a.need("file", file); err != nil {
				return err
			}
			return a.write(ctx, true, func(s api.Session, token string) (api.Saved, error) {
				raw, err := a.input(file)
				if err != nil {
					return api.Saved{}, err
				}
				return save(s, ctx, token, raw)
			})
		},
	})
}
