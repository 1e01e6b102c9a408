package casework

import "hejie/sync/crdt"

// FileNumber is a number that a step gave a file, also one that was voided
// since: it is never used again (DOMAIN 3.3).
type FileNumber struct {
	Unit   crdt.ID // whose series
	Series string  // of the numbering table; empty where it was written by hand
	Year   int64
	N      int64
	Text   string
}

// FileNumbers lists the numbers that a case's steps gave it, whatever became of
// the steps.
func FileNumbers(s *crdt.State) []FileNumber {
	var out []FileNumber
	for _, e := range readLog(s).events {
		if e.step != StepAccept && e.step != StepNumber {
			continue
		}
		if text := str(e.value[keyNumber]); text != "" {
			n := FileNumber{Unit: e.op.Unit, Series: str(e.value[keySeries]), Text: text}
			n.Year, _ = e.value[keyYear].(int64)
			n.N, _ = e.value[keyN].(int64)
			out = append(out, n)
		}
	}
	return out
}
