package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"hejie/app/casework/data"
)

// app is one run of one command.
type app struct {
	w    *world
	set  settings
	own  *owned // the folder, where a running program serves this command; nil: this process is on its own
	args []string
	lang data.Lang

	// The flags that every command takes.
	data, seat, pinFile, language string
	json                          bool
}

// run runs one command in a world and returns its exit status. own is the open
// folder of the program that serves the command, or nil.
func run(ctx context.Context, w *world, s settings, own *owned, args []string) int {
	a := &app{w: w, set: s, own: own, args: args, lang: w.lang}
	// The language is wanted before the arguments are read: help and errors of
	// the reading itself are in it.
	if l := languageArgument(args); l != "" {
		a.lang = languageOf(l)
	}
	root := a.tree()
	root.SetArgs(args)
	root.SetIn(w.stdin)
	root.SetOut(w.stdout)
	root.SetErr(w.stderr)
	err := execute(ctx, root)
	status := statusOf(err)
	var said exitStatus
	if err != nil && !errors.As(err, &said) {
		fmt.Fprintln(w.stderr, "hejie:", sentence(a.lang, err))
	}
	return status
}

// execute runs the command; a defect of the program ends it in a sentence, with
// where it is and nothing of what it was about. In a program that serves others
// the door catches it first.
func execute(ctx context.Context, root *cobra.Command) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fail("door.panic.at", "kind", fmt.Sprintf("%T", r), "at", panicSite())
		}
	}()
	return root.ExecuteContext(ctx)
}

// panicSite is the function and line of this program that panicked.
func panicSite() string {
	const deep = 32
	pcs := make([]uintptr, deep)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(0, pcs)])
	for panicking := false; ; {
		f, more := frames.Next()
		if panicking && strings.HasPrefix(f.Function, "hejie/") {
			return fmt.Sprintf("%s:%d", f.Function, f.Line)
		}
		panicking = panicking || f.Function == "runtime.gopanic"
		if !more {
			return "?"
		}
	}
}

// languageArgument finds --lang before the arguments are read.
func languageArgument(args []string) string {
	for i, arg := range args {
		if v, ok := strings.CutPrefix(arg, "--lang="); ok {
			return v
		}
		if arg == "--lang" && i+1 < len(args) {
			return args[i+1]
		}
		if arg == "--" {
			break
		}
	}
	return ""
}

// folder is the data folder that the caller means.
func (a *app) folder() string {
	switch {
	case a.data != "":
		return a.w.path(a.data)
	case a.w.env[envData] != "":
		return a.w.path(a.w.env[envData])
	}
	return defaultFolder()
}

// defaultFolder is the data folder of who names none.
func defaultFolder() string {
	home, err := os.UserHomeDir()
	if err != nil {
		return "hejie"
	}
	return filepath.Join(home, "hejie")
}

func (a *app) t(key string, params ...string) string { return text(a.lang, key, params...) }

// note tells the person something on stderr.
func (a *app) note(key string, params ...string) { fmt.Fprintln(a.w.stderr, a.t(key, params...)) }

// handler is the body of a command.
type handler func(ctx context.Context, args []string) error

// spec describes one command; its texts lie under help.<key>.
type spec struct {
	use   string // name and arguments
	key   string
	args  cobra.PositionalArgs
	flags func(*cobra.Command)
	run   handler
	subs  []*cobra.Command
	more  func() string // further help, below the long text
}

// command makes a cobra command of a spec.
func (a *app) command(s spec) *cobra.Command {
	c := &cobra.Command{
		Use: s.use, Short: a.t("help." + s.key), Long: a.t("help." + s.key),
		DisableFlagsInUseLine: true, SilenceErrors: true, SilenceUsage: true,
	}
	if _, there := messages()["help."+s.key+".long"]; there {
		c.Long += "\n\n" + a.t("help."+s.key+".long")
	}
	if s.more != nil {
		c.Long += "\n\n" + s.more()
	}
	if s.args == nil {
		s.args = cobra.NoArgs
	}
	c.Args = func(cmd *cobra.Command, args []string) error {
		if err := s.args(cmd, args); err != nil {
			return usage("usage.arguments", "use", cmd.UseLine(), "command", cmd.CommandPath())
		}
		return nil
	}
	if s.run != nil {
		c.RunE = func(cmd *cobra.Command, args []string) error { return s.run(cmd.Context(), args) }
	} else {
		// A word that is no command of this group is wrong usage, and so is none.
		c.Args = cobra.ArbitraryArgs
		c.RunE = func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage("usage.unknown_command", "name", args[0], "command", cmd.CommandPath())
			}
			return usage("usage.command_missing", "command", cmd.CommandPath())
		}
	}
	c.AddCommand(s.subs...)
	if s.flags != nil {
		s.flags(c)
	}
	return c
}

// tree makes all commands.
func (a *app) tree() *cobra.Command {
	root := a.command(spec{use: "hejie", key: "hejie", subs: append(append(append(
		a.stationCommands(), a.caseCommands()...), a.transferCommands()...), append(append(a.tableCommands(), append(a.flowCommands(), a.registerCommands()...)...), a.otherCommands()...)...)})
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetHelpCommand(&cobra.Command{Use: "help [command]", Hidden: true, RunE: func(c *cobra.Command, args []string) error {
		target, rest, err := root.Find(args)
		if err != nil || len(rest) > 0 {
			return usage("usage.unknown_command", "name", strings.Join(args, " "), "command", "hejie")
		}
		return target.Help()
	}})
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return &usageError{key: "usage.flag", params: []string{"why", plainly(err), "command", c.CommandPath()}, err: err}
	})
	root.SetUsageTemplate(a.usageTemplate())
	root.SetHelpTemplate("{{.Long}}\n\n{{.UsageString}}")
	p := root.PersistentFlags()
	p.StringVar(&a.data, "data", "", a.t("flag.data"))
	p.StringVar(&a.seat, "seat", "", a.t("flag.seat"))
	p.StringVar(&a.pinFile, "pin-file", "", a.t("flag.pin-file"))
	p.StringVar(&a.language, "lang", "", a.t("flag.lang"))
	p.BoolVar(&a.json, "json", false, a.t("flag.json"))
	p.BoolP("help", "h", false, a.t("flag.help"))
	root.PersistentPreRunE = func(*cobra.Command, []string) error {
		if a.language != "" && a.language != string(data.Chinese) && a.language != string(data.English) {
			return usage("usage.lang", "value", a.language)
		}
		return nil
	}
	return root
}

// usageTemplate is cobra's with the words of the messages.
func (a *app) usageTemplate() string {
	return a.t("usage.head") + `
  {{.UseLine}}{{if .HasAvailableSubCommands}}

` + a.t("usage.commands") + `{{range .Commands}}{{if .IsAvailableCommand}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{end}}{{if .HasAvailableLocalFlags}}

` + a.t("usage.flags") + `
{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}{{if .HasAvailableInheritedFlags}}

` + a.t("usage.global") + `
{{.InheritedFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}
`
}
