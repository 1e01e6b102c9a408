package tables

// maxRepeatDays bounds the window: a hundred years.
const maxRepeatDays = 36_525

// Repeats is the table of how two cases are looked at together.
type Repeats struct {
	// Days is how far apart two cases may have come in to be shown as one dispute
	// come again; 0: however far.
	Days   int    `json:"days"`
	Source string `json:"source"`
}

func (t *Repeats) check() error {
	if t.Days > maxRepeatDays {
		return outOfBounds("days", t.Days, 0, maxRepeatDays)
	}
	return nil
}
