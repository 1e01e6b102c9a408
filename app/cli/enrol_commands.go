package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"hejie/app/api"
	"hejie/app/casework/data"
	"hejie/app/station"
)

func roleKnown(role string) bool { return data.Has("role", role) }

// fieldProblem names the flag whose value a rule refused.
func fieldProblem(flag string, err error) error {
	return &failure{key: "field", params: []string{"field", flag, "why", plainly(err)}, err: err}
}

// recovery is where a sheet goes: a file, or once stderr.
type recovery struct {
	a    *app
	out  *output
	said string // key of what is said of it
}

func (a *app) recoveryFile(name string) (*recovery, error) { return a.sheetFile(name, "recovery") }

func (a *app) sheetFile(name, said string) (*recovery, error) {
	if name == "" {
		return &recovery{a: a, said: said}, nil
	}
	// What is there may be the only sheet of another folder.
	if _, err := os.Lstat(a.w.path(name)); err == nil {
		return nil, fail("sheet.exists", "file", name)
	}
	out, err := a.create(name)
	return &recovery{a: a, out: out, said: said}, err
}

func (r *recovery) write(sheet *api.RecoverySheet) error {
	switch {
	case sheet == nil:
		return nil
	case r.out == nil:
		r.a.note(r.said + ".once")
		fmt.Fprintln(r.a.w.stderr, sheet.Text)
		return nil
	}
	if _, err := r.out.Write([]byte(sheet.Text)); err != nil {
		return err
	}
	if err := r.out.commit(); err != nil {
		return err
	}
	r.a.note(r.said+".file", "file", r.out.name)
	return nil
}

func (r *recovery) drop() {
	if r.out != nil {
		r.out.drop()
	}
}

type enrolDone struct {
	Unit   string `json:"unit"`
	Seat   string `json:"seat"`
	Issuer string `json:"issuer"`
}

func (a *app) enrollCommand() *cobra.Command {
	var request, out string
	var r api.EnrolRequest
	return a.command(spec{
		use: "enroll --request FILE --out FILE [--seat-of UNIT | --another-body] [--court UNIT] [--bureau UNIT]", key: "enroll",
		flags: func(c *cobra.Command) {
			c.Flags().StringVar(&request, "request", "", a.t("flag.request.in"))
			c.Flags().StringVar(&out, "out", "", a.t("flag.out"))
			c.Flags().StringVar(&r.SeatOf, "seat-of", "", a.t("flag.seat-of"))
			c.Flags().BoolVar(&r.AnotherBody, "another-body", false, a.t("flag.another-body"))
			c.Flags().StringVar(&r.Court, "court", "", a.t("flag.court"))
			c.Flags().StringVar(&r.Bureau, "bureau", "", a.t("flag.bureau"))
		},
		run: func(ctx context.Context, _ []string) error {
			if err := a.need("request", request, "out", out); err != nil {
				return err
			}
			if r.SeatOf != "" && (r.AnotherBody || r.Court != "" || r.Bureau != "") {
				return usage("usage.enroll")
			}
			return a.session(ctx, func(s api.Session) error { return a.enroll(ctx, s, request, out, r) })
		},
	})
}

func (a *app) enroll(ctx context.Context, s api.Session, request, file string, r api.EnrolRequest) error {
	raw, err := a.input(request)
	if err != nil {
		return err
	}
	r.Request = raw
	preview, err := s.PreviewEnrolment(ctx, raw)
	if err != nil {
		return err
	}
	a.warn(preview.Warnings)
	who := preview.UnitName
	if preview.Kind == "seat" || r.SeatOf != "" {
		who = preview.SeatName
	}
	a.words("words.request", who, preview.Words)
	if err := a.confirm("confirm.words"); err != nil {
		return err
	}
	out, err := a.create(file)
	if err != nil {
		return err
	}
	defer out.drop()
	done, err := s.Enrol(ctx, r)
	if err != nil {
		return err
	}
	if _, err := out.Write(done.File.Data); err != nil {
		return err
	}
	if err := out.commit(); err != nil {
		return err
	}
	a.words("words.root", done.Root.Name, done.Root.Words)
	a.words("words.parent", done.Parent.Name, done.Parent.Words)
	return a.answer(enrolDone{done.Unit, done.Seat, done.Issuer}, func(p *printer) { p.say("enroll.done", "name", who, "file", file) })
}

// unitRelateCommand names who guides and supervises a unit.
func (a *app) unitRelateCommand() *cobra.Command {
	var r api.RelateRequest
	return a.command(spec{
		use: "relate UNIT --court UNIT|--bureau UNIT", key: "unit.relate", args: cobra.ExactArgs(1),
		flags: func(c *cobra.Command) {
			c.Flags().StringVar(&r.Court, "court", "", a.t("flag.court"))
			c.Flags().StringVar(&r.Bureau, "bureau", "", a.t("flag.bureau"))
		},
		run: func(ctx context.Context, args []string) error {
			if r.Court == "" && r.Bureau == "" {
				return usage("usage.relate")
			}
			r.Unit = args[0]
			return a.session(ctx, func(s api.Session) error {
				done, err := s.Relate(ctx, r)
				if err != nil {
					return err
				}
				return a.answer(done, func(p *printer) {
					p.say("unit.related", "unit", r.Unit)
					if done.Waiting > 0 {
						p.say("unit.related.waiting", "n", strconv.Itoa(done.Waiting))
					}
				})
			})
		},
	})
}

type joinDone struct {
	Unit string `json:"unit"`
	Seat string `json:"seat"`
}

func (a *app) joinCommand() *cobra.Command {
	var file string
	return a.command(spec{
		use: "join --certificate FILE", key: "join",
		flags: func(c *cobra.Command) { c.Flags().StringVar(&file, "certificate", "", a.t("flag.certificate")) },
		run: func(ctx context.Context, _ []string) error {
			if err := a.need("certificate", file); err != nil {
				return err
			}
			return a.withStation(ctx, false, func(st *station.Station) error { return a.join(ctx, st, file) })
		},
	})
}

func (a *app) join(ctx context.Context, st *station.Station, file string) error {
	raw, err := a.input(file)
	if err != nil {
		return err
	}
	state, err := st.SetupState(ctx)
	if r, ok := api.ReasonOf(err); ok && r.Code == station.CodeLostState {
		err = nil // the certificate says whose folder it is
	}
	if err != nil {
		return err
	}
	var done api.SetupDone
	if state.State == api.SetupReady {
		done, err = a.joinSeat(ctx, st, raw)
	} else {
		done, err = a.joinUnit(ctx, st, raw)
	}
	if err != nil {
		return err
	}
	return a.answer(joinDone{done.Unit, done.Seat}, func(p *printer) { p.say("join.done", "seat", done.Seat) })
}

// joinUnit takes the certificate of a folder that can't work yet.
func (a *app) joinUnit(ctx context.Context, st *station.Station, raw []byte) (api.SetupDone, error) {
	preview, err := st.PreviewJoin(ctx, api.JoinRequest{Certificate: raw})
	if err != nil {
		return api.SetupDone{}, err
	}
	a.words("words.root", preview.Root.Name, preview.Root.Words)
	a.words("words.parent", preview.Parent.Name, preview.Parent.Words)
	if err := a.confirm("confirm.words"); err != nil {
		return api.SetupDone{}, err
	}
	secret, err := a.secret("secret.ask", "name", preview.SeatName)
	if err != nil {
		return api.SetupDone{}, err
	}
	var done api.SetupDone
	err = a.patiently(ctx, func() error {
		done, err = st.Join(ctx, api.JoinRequest{Certificate: raw, Secret: secret})
		return err
	})
	return done, err
}

// joinSeat takes the certificate of one more seat of a folder that works. Any
// seat of the folder may bring it.
func (a *app) joinSeat(ctx context.Context, st *station.Station, raw []byte) (api.SetupDone, error) {
	s, err := a.signInAny(ctx, st)
	if err != nil {
		return api.SetupDone{}, err
	}
	done, err := s.JoinSeat(ctx, raw)
	return done, errors.Join(err, s.Close())
}

// signInAny signs in as --seat says, or as the one seat that can work already.
func (a *app) signInAny(ctx context.Context, st *station.Station) (api.Session, error) {
	if a.seat == "" {
		seats, err := st.SeatsHere(ctx)
		if err != nil {
			return nil, err
		}
		var able []api.SeatHere
		for _, h := range seats {
			if !h.Awaiting {
				able = append(able, h)
			}
		}
		if len(able) == 1 {
			a.seat = able[0].Seat
		}
	}
	return a.signIn(ctx, st)
}

func (a *app) units(ctx context.Context, _ []string) error {
	return a.session(ctx, func(s api.Session) error {
		units, err := s.Units(ctx)
		if err != nil {
			return err
		}
		for _, u := range units {
			if err := a.answer(u, func(p *printer) { p.columns(u.Code, u.Name, u.Unit) }); err != nil {
				return err
			}
		}
		return nil
	})
}

func (a *app) seats(ctx context.Context, _ []string) error {
	return a.session(ctx, func(s api.Session) error {
		seats, err := s.Seats(ctx)
		if err != nil {
			return err
		}
		for _, v := range seats {
			if err := a.answer(v, func(p *printer) { p.columns(v.SeatName, a.roles(v.Roles), v.UnitName, v.Seat) }); err != nil {
				return err
			}
		}
		return nil
	})
}

// roles are the words of roles.
func (a *app) roles(codes []string) string {
	words := make([]string, len(codes))
	for i, c := range codes {
		words[i] = data.Name("role", c, a.lang)
	}
	return strings.Join(words, a.t("list.and"))
}
