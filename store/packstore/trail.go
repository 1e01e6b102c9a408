package packstore

// An engine that does not sync each write may, at power loss, lose a stretch of
// writes and keep later ones: its logs are several files, and only the newest is
// written out by a sync. So the position row also names a moment so long ago
// that everything before it is in the engine's durable files, and the next
// opening counts the frames since: each write brought some.
const (
	// trailStep is how many bytes of rows lie between two marks.
	trailStep = 4 << 20
	// trailLength is more than an engine may hold in logs that are not flushed:
	// for Badger three memtables of 16 MiB and their overhead.
	trailLength = 64 << 20
)

// trail are marks in the order of writing.
type trail []trailMark

type trailMark struct {
	mark
	after int // bytes written since
}

// solid is the mark that is long enough ago; the zero mark is the beginning.
func (t trail) solid() mark {
	if len(t) == 0 {
		return mark{}
	}
	return t[0].mark
}

// wrote notes a write of rows that led to a mark.
func (t *trail) wrote(size int, m mark) {
	l := *t
	if len(l) == 0 {
		l = append(l, trailMark{})
	}
	for i := range l {
		l[i].after += size
	}
	if l[len(l)-1].after >= trailStep {
		l = append(l, trailMark{mark: m})
	}
	for len(l) > 1 && l[1].after >= trailLength {
		l = l[1:]
	}
	*t = l
}
