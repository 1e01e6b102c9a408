package casework

import (
	"slices"
)

// dispute is a set of open events that are linked by contradictions: one
// question to a person.
type dispute struct {
	track   string
	open    []int
	choices []int // the open events to choose from: those before which none of the dispute is open
	decider Decider
}

// holds are the tracks that an open dispute of each track holds up: what rests
// on a contested agreement waits; a contested receipt stops no mediation.
var holds = map[string][]string{
	trackMediation:    {trackMediation, trackPerformance, trackConfirmation},
	trackPerformance:  {trackPerformance},
	trackConfirmation: {trackConfirmation},
	trackReferral:     {trackReferral},
}

func (d *dispute) holdsUp(track string) bool { return contains(holds[d.track], track) }

func trackOf(step string) string {
	if r := ruleOf[step]; r != nil {
		return r.track
	}
	return trackMediation
}

// findDisputes groups the open events.
func (c *course) findDisputes() []dispute {
	var out []dispute
	taken := newBitset(len(c.log.events))
	for _, i := range c.open {
		if taken.has(i) {
			continue
		}
		d := dispute{}
		for _, j := range c.contradicting([]int{i}) {
			if c.standing[j] == Open {
				d.open = append(d.open, j)
				taken.set(j)
			}
		}
		c.describe(&d)
		out = append(out, d)
	}
	return out
}

// describe finds a dispute's choices, its track and who decides it: those of
// its weightiest pair, in the order of tracks.
func (c *course) describe(d *dispute) {
	l := c.log
	best := len(tracks)
	for n, i := range d.open {
		first := true
		for _, j := range d.open {
			first = first && !l.events[i].before.has(j)
		}
		if first {
			d.choices = append(d.choices, i)
		}
		for _, j := range d.open[:n] {
			if !l.contradict(i, j) {
				continue
			}
			track := pairTrack(l.events[i].step, l.events[j].step)
			if at := slices.Index(tracks, track); at < best {
				best, d.track, d.decider = at, track, DeciderOf(l.events[i].step, l.events[j].step)
			}
		}
	}
}

// heldUp is the dispute that holds up a track; nil: none does.
func (c *course) heldUp(track string) *dispute {
	for i := range c.disputes {
		if c.disputes[i].holdsUp(track) {
			return &c.disputes[i]
		}
	}
	return nil
}
