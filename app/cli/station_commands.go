package cli

import (
	"context"
	"errors"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"hejie/app/api"
	"hejie/app/casework"
	"hejie/app/station"
)

// stationCommands are those that make and look after a station.
func (a *app) stationCommands() []*cobra.Command {
	return []*cobra.Command{
		a.initCommand(), a.enrollCommand(), a.joinCommand(), a.recoverCommand(),
		a.command(spec{use: "seat", key: "seat", subs: []*cobra.Command{a.seatAddCommand()}}),
		a.command(spec{use: "secret", key: "secret", subs: []*cobra.Command{a.secretChangeCommand()}}),
		a.command(spec{use: "units", key: "units", run: a.units}),
		a.command(spec{use: "seats", key: "seats", run: a.seats}),
		a.command(spec{use: "status", key: "status", run: a.status}),
		a.verifyCommand(),
		a.command(spec{use: "rebuild", key: "rebuild", run: a.rebuild}),
		a.serveCommand(),
	}
}

// newcomer are the flags of those who are not enrolled yet.
type newcomer struct {
	root, demo             bool
	unit, unitName, person string
	roles                  []string
	request                string
	recovery, second       string
	newPIN                 string
}

func (n *newcomer) flags(a *app, c *cobra.Command, names ...string) {
	f := c.Flags()
	for _, name := range names {
		switch name {
		case "unit":
			f.StringVar(&n.unit, name, "", a.t("flag.unit"))
		case "unit-name":
			f.StringVar(&n.unitName, name, "", a.t("flag.unit-name"))
		case "seat-name":
			f.StringVar(&n.person, name, "", a.t("flag.seat-name"))
		case "role":
			f.StringSliceVar(&n.roles, name, nil, a.t("flag.role"))
		case "request":
			f.StringVar(&n.request, name, "", a.t("flag.request"))
		case "recovery":
			f.StringVar(&n.recovery, name, "", a.t("flag.recovery"))
		case "second-sheet":
			f.StringVar(&n.second, name, "", a.t("flag.second-sheet"))
		case "new-pin-file":
			f.StringVar(&n.newPIN, name, "", a.t("flag.new-pin-file"))
		}
	}
}

// need refuses a command whose flags of these names are empty.
func (a *app) need(pairs ...string) error {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			return usage("usage.flag_missing", "flag", pairs[i])
		}
	}
	return nil
}

// checkRoles refuses roles that do not exist.
func checkRoles(roles []string) error {
	if len(roles) == 0 {
		return usage("usage.flag_missing", "flag", "role")
	}
	for _, r := range roles {
		if !roleKnown(r) {
			return usage("usage.role", "role", r)
		}
	}
	return nil
}

func (a *app) initCommand() *cobra.Command {
	n := &newcomer{}
	return a.command(spec{
		use: "init (--root [--demo] | --request FILE) --unit CODE --unit-name N --seat-name N --role R[,R]", key: "init",
		flags: func(c *cobra.Command) {
			n.flags(a, c, "unit", "unit-name", "seat-name", "role", "request", "recovery", "second-sheet")
			c.Flags().BoolVar(&n.root, "root", false, a.t("flag.root"))
			c.Flags().BoolVar(&n.demo, "demo", false, a.t("flag.demo"))
		},
		run: func(ctx context.Context, _ []string) error { return a.init(ctx, n) },
	})
}

func (a *app) init(ctx context.Context, n *newcomer) error {
	if n.root == (n.request != "") {
		return usage("usage.init")
	}
	if n.demo && !n.root {
		return usage("usage.init_demo")
	}
	if n.second != "" && !n.root {
		return usage("usage.init_second")
	}
	// One would take the place of the other, and a sheet is shown once only.
	if file := twice(n.recovery, n.second, n.request); file != "" {
		return usage("usage.init_files", "file", file)
	}
	if err := a.need("unit", n.unit, "unit-name", n.unitName, "seat-name", n.person); err != nil {
		return err
	}
	if err := checkRoles(n.roles); err != nil {
		return err
	}
	_, warnings, err := casework.ParseUnitCode(n.unit)
	if err != nil {
		return fieldProblem("--unit", err)
	}
	secret, err := a.newSecret(a.pinFile, envPIN)
	if err == nil {
		err = checkSecret(secret)
	}
	if err != nil {
		return err
	}
	for _, w := range warnings {
		a.note("warning", "text", w.Text(a.lang))
	}
	// A secret that was typed here is not asked for again where another program
	// serves the command.
	a.remember(envPIN, secret)
	return a.withStation(ctx, true, func(st *station.Station) error {
		if n.root {
			return a.initRoot(ctx, st, n, secret)
		}
		return a.initRequest(ctx, st, n, secret)
	})
}

// twice is a file that is named more than once, "" where each stands alone.
func twice(files ...string) string {
	seen := map[string]bool{}
	for _, file := range files {
		if file == "" {
			continue
		}
		full, err := filepath.Abs(file)
		if err != nil {
			full = filepath.Clean(file)
		}
		if seen[full] {
			return file
		}
		seen[full] = true
	}
	return ""
}

// remember keeps a secret that a person typed for a command that is sent on.
func (a *app) remember(env, secret string) {
	if a.own == nil && a.w.env[env] == "" {
		a.w.env[env] = secret
	}
}

type initDone struct {
	Unit string `json:"unit"`
	Seat string `json:"seat"`
	Role string `json:"role,omitempty"`
}

func (a *app) initRoot(ctx context.Context, st *station.Station, n *newcomer, secret string) error {
	sheet, err := a.recoveryFile(n.recovery)
	if err != nil {
		return err
	}
	defer sheet.drop()
	second, err := a.sheetFile(n.second, "second")
	if err != nil {
		return err
	}
	defer second.drop()
	done, err := st.InitRoot(ctx, api.RootRequest{Unit: n.unit, UnitName: n.unitName, SeatName: n.person, Roles: n.roles, Secret: secret, Demo: n.demo})
	if err != nil {
		return err
	}
	if err := errors.Join(sheet.write(done.Recovery), second.write(done.Second)); err != nil {
		return err
	}
	return a.answer(initDone{done.Unit, done.Seat, done.Role}, func(p *printer) {
		p.say("init.root", "name", n.unitName, "unit", done.Unit, "seat", done.Seat)
	})
}

func (a *app) initRequest(ctx context.Context, st *station.Station, n *newcomer, secret string) error {
	sheet, err := a.recoveryFile(n.recovery)
	if err != nil {
		return err
	}
	defer sheet.drop()
	out, err := a.create(n.request)
	if err != nil {
		return err
	}
	defer out.drop()
	r, err := st.RequestEnrolment(ctx, api.EnrolmentRequest{Unit: n.unit, UnitName: n.unitName, SeatName: n.person, Roles: n.roles, Secret: secret})
	if err != nil {
		return err
	}
	if err := sheet.write(r.Recovery); err != nil {
		return err
	}
	return a.finishRequest(r, out, initDone{r.Unit, r.Seat, strings.Join(n.roles, ",")}, n.unitName)
}

// finishRequest writes the request's file, shows its words and prints the answer.
func (a *app) finishRequest(r api.RequestFile, out *output, done any, name string) error {
	if _, err := out.Write(r.File.Data); err != nil {
		return err
	}
	if err := out.commit(); err != nil {
		return err
	}
	a.words("words.request", name, r.Words)
	return a.answer(done, func(p *printer) { p.say("init.request", "file", out.name, "seat", r.Seat) })
}

func (a *app) seatAddCommand() *cobra.Command {
	n := &newcomer{}
	return a.command(spec{
		use: "add --seat-name N --role R[,R] --request FILE --new-pin-file F", key: "seat.add",
		flags: func(c *cobra.Command) { n.flags(a, c, "seat-name", "role", "request", "new-pin-file") },
		run: func(ctx context.Context, _ []string) error {
			if err := a.need("seat-name", n.person, "request", n.request); err != nil {
				return err
			}
			if err := checkRoles(n.roles); err != nil {
				return err
			}
			return a.session(ctx, func(s api.Session) error { return a.addSeat(ctx, s, n) })
		},
	})
}

func (a *app) addSeat(ctx context.Context, s api.Session, n *newcomer) error {
	secret, err := a.newSecret(n.newPIN, envNewPIN)
	if err == nil {
		err = checkSecret(secret)
	}
	if err != nil {
		return err
	}
	out, err := a.create(n.request)
	if err != nil {
		return err
	}
	defer out.drop()
	r, err := s.AddSeat(ctx, api.AddSeatRequest{SeatName: n.person, Roles: n.roles, Secret: secret})
	if err != nil {
		return err
	}
	return a.finishRequest(r, out, seatDone{r.Seat}, n.person)
}

type seatDone struct {
	Seat string `json:"seat"`
}

func (a *app) secretChangeCommand() *cobra.Command {
	n := &newcomer{}
	return a.command(spec{
		use: "change --new-pin-file F", key: "secret.change",
		flags: func(c *cobra.Command) { n.flags(a, c, "new-pin-file") },
		run: func(ctx context.Context, _ []string) error {
			return a.session(ctx, func(s api.Session) error { return a.changeSecret(ctx, s, n) })
		},
	})
}

func (a *app) changeSecret(ctx context.Context, s api.Session, n *newcomer) error {
	person, err := s.Person(ctx)
	if err != nil {
		return err
	}
	previous, err := a.secret("secret.ask", "name", person.SeatName)
	if err != nil {
		return err
	}
	next, err := a.newSecret(n.newPIN, envNewPIN)
	if err == nil {
		err = checkSecret(next)
	}
	if err == nil {
		err = a.patiently(ctx, func() error { return s.ChangeSecret(ctx, previous, next) })
	}
	if err != nil {
		return err
	}
	return a.answer(seatDone{person.Seat}, func(p *printer) { p.say("secret.changed", "name", person.SeatName) })
}

func (a *app) recoverCommand() *cobra.Command {
	n := &newcomer{}
	var sheet string
	return a.command(spec{
		use: "recover --sheet FILE --seat-name N --request FILE [--role R[,R]]", key: "recover",
		flags: func(c *cobra.Command) {
			n.flags(a, c, "seat-name", "role", "request", "new-pin-file")
			c.Flags().StringVar(&sheet, "sheet", "", a.t("flag.sheet"))
		},
		run: func(ctx context.Context, _ []string) error {
			if err := a.need("sheet", sheet, "seat-name", n.person, "request", n.request); err != nil {
				return err
			}
			if len(n.roles) > 0 {
				if err := checkRoles(n.roles); err != nil {
					return err
				}
			}
			return a.withStation(ctx, false, func(st *station.Station) error { return a.recover(ctx, st, sheet, n) })
		},
	})
}

func (a *app) recover(ctx context.Context, st *station.Station, sheetFile string, n *newcomer) error {
	sheet, err := a.input(sheetFile)
	if err != nil {
		return err
	}
	// The new secret may come as the only one there is, or as the new one.
	file, env := n.newPIN, envNewPIN
	if file == "" && a.w.env[envNewPIN] == "" {
		file, env = a.pinFile, envPIN
	}
	secret, err := a.newSecret(file, env)
	if err == nil {
		err = checkSecret(secret)
	}
	if err != nil {
		return err
	}
	out, err := a.create(n.request)
	if err != nil {
		return err
	}
	defer out.drop()
	var r api.RequestFile
	err = a.patiently(ctx, func() error {
		r, err = st.Recover(ctx, api.RecoverRequest{Sheet: sheetCode(string(sheet)), SeatName: n.person, Roles: n.roles, Secret: secret})
		return err
	})
	if err != nil {
		return err
	}
	return a.finishRequest(r, out, seatDone{r.Seat}, n.person)
}

// sheetGroup is a line of the printed sheet: a number or a check's name, and
// four characters.
var sheetGroup = regexp.MustCompile(`(?m)^\s*(?:\d+|校验\s?\d|check \d)\s+([0-9A-Za-z]{4})\s*$`)

// sheetGroups is how many of them a sheet has.
const sheetGroups = 10

// sheetCode finds the code on a whole sheet, as init writes it to a file; what
// is no such sheet is taken as the code itself.
func sheetCode(text string) string {
	found := sheetGroup.FindAllStringSubmatch(text, sheetGroups) // the page says it twice
	if len(found) < sheetGroups {
		return text
	}
	groups := make([]string, len(found))
	for i, m := range found {
		groups[i] = m[1]
	}
	return strings.Join(groups, "-")
}
