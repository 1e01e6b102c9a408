package tables

import (
	"cmp"
	"slices"
)

// extended is an Extension with its days read.
type extended struct {
	Extension

	on, until day
}

// extend moves the last day by the extensions that count, in the order of the
// days they were made; it tells whether any did.
func (r *run) extend(list []Extension, limited bool) (bool, error) {
	sorted, err := readExtensions(list)
	if err != nil {
		return false, err
	}
	nominal := r.current
	found := false
	for _, e := range sorted {
		if !r.mayExtend(e) {
			continue
		}
		if limited && r.clock.Extend.MaxDays > 0 && e.until > nominal+day(r.clock.Extend.MaxDays) {
			r.warn(WarnTooLong, map[string]string{"until": e.Until, "days": itoa(r.clock.Extend.MaxDays)})
			e.until = nominal + day(r.clock.Extend.MaxDays)
		}
		if (limited || found) && e.until <= r.current {
			r.warn(WarnShorter, map[string]string{"until": e.Until, "due": r.current.String()})
			continue
		}
		if limited || found {
			r.judgeTime(e)
		}
		r.current, found = e.until, true
		// Who set the new day knew of the pauses until then.
		r.shift(func(s span) bool { return s.from > e.on })
	}
	return found, nil
}

func readExtensions(list []Extension) ([]extended, error) {
	out := make([]extended, len(list))
	for i, e := range list {
		row := indexed("extensions", i)
		on, err := parseDay(e.On)
		if err != nil {
			return nil, at(row+".on", err)
		}
		until, err := parseDay(e.Until)
		if err != nil {
			return nil, at(row+".until", err)
		}
		if until < on {
			return nil, &Error{Row: row, Code: CodeOrder, Params: map[string]string{"from": e.On, "to": e.Until}}
		}
		out[i] = extended{Extension: e, on: on, until: until}
	}
	slices.SortStableFunc(out, func(a, b extended) int {
		return cmp.Or(cmp.Compare(a.on, b.on), cmp.Compare(a.until, b.until))
	})
	return out, nil
}

// mayExtend tells whether an extension counts, and warns where it does not.
func (r *run) mayExtend(e extended) bool {
	rule := r.clock.Extend
	switch {
	case rule == nil || !slices.Contains(rule.By, e.By):
		r.warn(WarnNotAllowed, map[string]string{"until": e.Until, "by": shorten(e.By)})
	case rule.Agreed && !e.Agreed:
		r.warn(WarnNotAgreed, map[string]string{"until": e.Until})
	case e.on < r.start:
		r.warn(WarnExtendedEarly, map[string]string{"until": e.Until, "on": e.On})
	case r.hasEnded && e.on > r.ended:
		r.warn(WarnExtendedPending, map[string]string{"until": e.Until, "on": e.On})
	default:
		return true
	}
	return false
}

// judgeTime warns of an extension that came after the clock had run out. It
// counts all the same: 宁波市人民调解条例 art. 27 knows agreement after the time,
// and whether it is good is for a person to say.
func (r *run) judgeTime(e extended) {
	if last, _, _ := r.cal.last(r.current, nil); e.on > last {
		r.warn(WarnExtendedLate, map[string]string{"on": e.On, "due": last.String()})
	}
}
