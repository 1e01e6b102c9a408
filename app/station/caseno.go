package station

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"hejie/app/api"
	"hejie/app/casework/data"
	"hejie/app/register"
	"hejie/store"
	"hejie/sync/identity"
)

// parentSlots is the first block of seats that the unit above enrolled into a
// unit that enrols its people itself.
const parentSlots = 100

// desksOf are a unit's seats with the blocks of numbers that are their own. The
// k-th seat that was enrolled has block k. A log has two branches, and who is
// enrolled in one may not be known in the other; so where a unit enrols its own
// people, those that the unit above enrols count from block 100 on. That way no
// two desks ever have one block, and none moves when a seat becomes known late.
// Seats on a fork of the log have none until the fork is settled.
func desksOf(u identity.Unit) []register.Desk {
	var out []register.Desk
	own, above := 0, parentSlots
	for _, s := range u.Seats {
		if s.Machine || s.Waiting {
			continue
		}
		slot := &own
		if u.Issuing != nil && len(out) > 0 && s.Issuer != u.ID {
			slot = &above
		}
		out = append(out, register.Desk{Seat: hexID(s.Key), Slot: *slot})
		*slot++
	}
	return out
}

// allocation says whose the numbers of a unit's series and year are.
func (ss *Session) allocation(u identity.Unit, v register.Register, series string, year int) register.Allocation {
	return register.Allocate(v.Ranges, desksOf(u), ss.Tables(u.ID).Numbering().Block, series, int64(year))
}

// taken are the numbers of a series and year that are gone.
func (ss *Session) taken(rd store.Reader, unit store.ID, v register.Register, series string, year int) (register.Taken, error) {
	used, err := usedNumbers(rd, unit, series, year)
	gone := register.Taken{Used: map[int64]bool{}, Voided: v.VoidedOf(series, int64(year))}
	for n := range used {
		gone.Used[n] = true
	}
	return gone, err
}

// series is the one that another's numbers are drawn from: an agreement bears
// the number of its volume. Empty year: this year.
func (ss *Session) series(unit store.ID, name string) (string, error) {
	t := ss.Tables(unit).Numbering()
	for _, s := range t.Series {
		if s.ID == name && s.As != "" {
			name = s.As
			break
		}
	}
	return name, drawnFrom(t, name)
}

func (ss *Session) seriesName(unit store.ID, series string, lang data.Lang) string {
	for _, s := range ss.Tables(unit).Numbering().Series {
		if s.ID == series {
			return s.Name(string(lang))
		}
	}
	return series
}

// numbering is what this seat needs to number a case of its own unit: used
// within a save, by the reader of the Writer, so that two saves never take one
// number.
type numbering struct {
	ss     *Session
	unit   identity.Unit
	own    register.Register
	series string
	year   int
	alloc  register.Allocation
	gone   register.Taken
}

// numbering reads the numbers of a series (of the numbering table) and year of
// this unit.
func (ss *Session) numbering(rd store.Reader, series string, year int) (*numbering, error) {
	u, err := ss.registerUnit("")
	if err != nil {
		return nil, err
	}
	if year < 1 || year > 9999 {
		return nil, problem(api.CodeInvalidField, "a year has four digits", "field", "year")
	}
	n := &numbering{ss: ss, unit: u, year: year}
	if n.series, err = ss.series(u.ID, series); err != nil {
		return nil, err
	}
	if n.own, err = ss.registerOf(rd, u.ID); err != nil {
		return nil, err
	}
	n.alloc = ss.allocation(u, n.own, n.series, year)
	n.gone, err = ss.taken(rd, u.ID, n.own, n.series, year)
	return n, err
}

// next is the next number of the present seat.
func (n *numbering) next() (int64, error) {
	no, err := n.alloc.Next(hexID(n.ss.seat()), n.gone)
	if err != nil {
		return 0, n.ss.registerError(n.unit, err)
	}
	return no, nil
}

// mayUse tells whether the present seat may give a case this number.
func (n *numbering) mayUse(no int64) error {
	if err := n.alloc.Use(hexID(n.ss.seat()), no, n.gone); err != nil {
		return n.ss.registerError(n.unit, err)
	}
	return nil
}

// text prints a number by the unit's numbering table.
func (n *numbering) text(no int64) (string, error) {
	s, err := n.ss.Tables(n.unit.ID).Numbering().Format(n.series, n.year, n.own.Abbr, int(no))
	return s, tableProblem(err)
}

// Numbers implements api.Registers.
func (ss *Session) Numbers(ctx context.Context, series string, year int) (api.Numbers, error) {
	out := api.Numbers{Desks: []api.DeskNumbers{}, Overlaps: []register.Overlap{}}
	err := ss.view(ctx, func(rd store.Reader) error {
		if year == 0 {
			year, _ = strconv.Atoi(ss.today()[:4])
		}
		n, err := ss.numbering(rd, series, year)
		if err != nil {
			return err
		}
		out.Series, out.Year, out.Used, out.Voided = n.series, year, len(n.gone.Used), len(n.gone.Voided)
		for _, d := range desksOf(n.unit) {
			out.Desks = append(out.Desks, n.desk(d))
		}
		out.Overlaps = append(out.Overlaps, n.alloc.Overlaps...)
		if no, err := n.next(); err != nil {
			r, _ := api.ReasonOf(err)
			out.Why = &r
		} else {
			out.Next = no
			if out.Text, err = n.text(no); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

func (n *numbering) desk(d register.Desk) api.DeskNumbers {
	out := api.DeskNumbers{Seat: d.Seat, SeatName: seatName(n.unit, d.Seat), Here: d.Seat == hexID(n.ss.seat()), Stretches: []api.Stretch{}}
	for _, s := range n.alloc.Of(d.Seat) {
		out.Stretches = append(out.Stretches, api.Stretch{From: s.From, To: s.To})
	}
	return out
}

// overlapsOf are the numbers that two desks claim in any series and year that
// the register has ranges of.
func (ss *Session) overlapsOf(u identity.Unit, v register.Register) []register.Overlap {
	type place struct {
		series string
		year   int64
	}
	var seen []place
	var out []register.Overlap
	for _, r := range v.Ranges {
		at := place{r.Series, r.Year}
		if !slices.Contains(seen, at) {
			seen = append(seen, at)
			out = append(out, ss.allocation(u, v, r.Series, int(r.Year)).Overlaps...)
		}
	}
	return out
}

func (ss *Session) overlapWarning(u identity.Unit, o register.Overlap) api.Reason {
	say := func(lang data.Lang) string {
		return data.Text(lang, "register.overlap", map[string]string{
			"series": ss.seriesName(u.ID, o.Series, lang), "year": fmt.Sprint(o.Year), "from": fmt.Sprint(o.From), "to": fmt.Sprint(o.To),
			"one": seatName(u, o.Seats[0]), "other": seatName(u, o.Seats[1]),
		})
	}
	return api.Reason{Code: "register_overlap", Detail: say(data.English), Texts: &api.Label{ZH: say(data.Chinese), EN: say(data.English)}, Field: register.Ranges}
}
