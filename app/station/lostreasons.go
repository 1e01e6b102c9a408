package station

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"hejie/app/api"
	"hejie/store"
)

// The codes of what `status` says of losses, besides those of files.
const (
	CodeFramesLost = "frames_lost"  // so many frames can't be read
	CodeOwnLost    = "own_lost"     // so many own operations are known by number and not here
	CodePacksLost  = "packs_behind" // the packs hold less than they held
	CodeReachLost  = "reach_lost"   // nobody can tell whether the packs hold all that they held
	CodeReadOnly   = "read_only"    // nothing can be saved here
	CodeKeysAwait  = "keys_awaited" // the unit's reading key has not come yet
	maxDamageTold  = 5              // places that `status` names; `verify` names all
)

// lostFiles are the files beside the packs that are missing or damaged and that
// the station works without.
func (o *opened) lostFiles() []api.Reason {
	o.mu.Lock()
	defer o.mu.Unlock()
	if r, ok := api.ReasonOf(o.lostUnit); ok {
		r.Params = map[string]string{"file": unitFile}
		return []api.Reason{r}
	}
	return nil
}

// Losses tells what this folder lost or can't do, in general and without its
// places, for whoever opens it; none where nobody has.
func (s *Station) Losses(ctx context.Context) []api.Reason {
	o := s.shown.Load()
	if o == nil {
		return nil
	}
	all, err := o.lostReasons(ctx)
	if err != nil {
		return nil // the command itself will say what fails
	}
	return slices.DeleteFunc(all, func(r api.Reason) bool { return r.Code == CodeDamaged })
}

// lostReasons tells what this folder lost or can't do, worst first, with the way
// out of each.
func (o *opened) lostReasons(ctx context.Context) ([]api.Reason, error) {
	out := []api.Reason{}
	if err := o.maySave(); err != nil {
		out = append(out, api.Reason{Code: CodeReadOnly, Detail: err.Error()})
	}
	out = append(out, o.lostFiles()...)
	o.mu.Lock()
	if o.lostUnit == nil && len(o.unit.Reading) == 0 {
		out = append(out, api.Reason{Code: CodeKeysAwait, Detail: "the reading key of this unit has not come to this computer yet, so that no case can be read or saved: synchronise with another station of this unit or the one above"})
	}
	o.mu.Unlock()
	var known, own uint64
	var places []store.Loss
	if err := o.replica.View(ctx, func(rd store.Reader) (err error) {
		if own, err = o.replica.OwnLost(rd); err != nil {
			return err
		}
		return rd.Missing(func(l store.Loss) (bool, error) {
			if l.Known() {
				known++
			}
			if len(places) < maxDamageTold {
				places = append(places, l)
			}
			return true, nil
		})
	}); err != nil {
		return nil, err
	}
	if own == 0 && len(places) == 0 {
		return out, nil // places that stay bad in the packs cost nothing any more
	}
	switch reach := o.store.Reach(); {
	case reach.Unknown:
		out = append(out, api.Reason{Code: CodeReachLost, Detail: "local/reach, which tells how far the files in packs/ went, is missing or damaged, so that nobody can say whether all is here. Synchronise: what other stations have comes back. New saves are numbered apart, nothing is overwritten"})
	case reach.Behind:
		out = append(out, api.Reason{Code: CodePacksLost, Detail: "the files in packs/ hold less than they held when this program last ran: a file was cut, replaced or removed. Put them back from a copy, or synchronise: what other stations have comes back. New saves are numbered apart, nothing is overwritten"})
	}
	if own > 0 {
		out = append(out, api.Reason{Code: CodeOwnLost, Detail: fmt.Sprintf("%d operations that were saved on this computer are not here any more: put the files of packs/ back from a copy, or synchronise with the stations that have them; what nobody has can be given up with `verify --accept-loss`", own), Params: map[string]string{"count": strconv.FormatUint(own, 10)}})
	}
	if known > 0 {
		out = append(out, api.Reason{Code: CodeFramesLost, Detail: fmt.Sprintf("%d operations or keys can't be read on this disk any more: synchronise, so that they are fetched again; `verify` names them", known), Params: map[string]string{"count": strconv.FormatUint(known, 10)}})
	}
	for _, l := range places {
		out = append(out, damagedAt(l.Where, l.What))
	}
	return out, nil
}

func damagedAt(where, what string) api.Reason {
	return api.Reason{Code: CodeDamaged, Detail: fmt.Sprintf("%s: %s; synchronise, so that what was there is fetched again", where, what), Params: map[string]string{"where": where}}
}
