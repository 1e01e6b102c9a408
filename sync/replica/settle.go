package replica

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"hejie/store"
	engine "hejie/store/rows"
	"hejie/sync/oplog"
)

// Judging and folding are done where nobody waits for them. An append places its
// operations, and judges under the lock what costs little; what may cost more is
// noted as due (rowDue) and judged afterwards on a state that is read without any
// lock. What follows from it is written in one step, if nobody changed the records
// meanwhile; else it is done again. So a dear record slows nobody but who writes in
// it, and after a crash the rows say what is left to do.

// Bounds of what is judged under the lock. A unit of weight costs some 3 to 10 µs
// to decode, fold and show.
const (
	// largeWeight is from where on a record is judged and shown outside of the lock
	// alone, and read from its operations: a usual case weighs 50 to 1,000.
	largeWeight = 8_000
	// inlineContent is the largest body, in bytes, that is folded under the lock.
	inlineContent = 64 << 10
	// inlineRoom is what one append may cost under the lock, in bytes of bodies or,
	// for a record's state that has to be read for it, its weight times weightBytes.
	inlineRoom  = 1 << 20
	weightBytes = 32
	// settleRoom is the same for what is judged in one step outside of it.
	settleRoom = 4 << 20
)

// Marks in the place of an operation's id in rowDue: no hash will be one.
var (
	dueAgain = store.ID{}     // the whole record is judged again
	dueShow  = store.ID{0: 1} // its rows are derived again
)

// settling is one run of judging outside of the lock.
type settling struct {
	records map[store.ID]bool // that it judges
	changed map[store.ID]bool // by others since it began
	logs    bool              // a log was changed since then
}

// dueList is what is known to be due, by record.
type dueList struct {
	mu      sync.Mutex
	records map[store.ID]uint64 // → weight, as far as it was known
	added   map[store.ID]bool   // since fresh was asked
	runs    map[*settling]bool  // under way
	light   sync.Mutex          // one run of usual records at a time
	dear    sync.Mutex          // one of large ones
	large   uint64              // largeWeight, but in tests

	// The last run over a large record, and those that wait for it to have rested.
	took   time.Duration
	ended  time.Time
	parked map[store.ID]bool
}

func (d *dueList) add(record store.ID, weight uint64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.records == nil {
		d.records, d.added = map[store.ID]uint64{}, map[store.ID]bool{}
	}
	d.records[record] = max(weight, d.records[record])
	d.added[record] = true
}

// fresh are the records that became due since it was asked last. Whoever made them
// so settles them; writeMu tells one from another.
func (d *dueList) fresh() map[store.ID]bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := d.added
	if d.records != nil {
		d.added = map[store.ID]bool{}
	}
	return out
}

// fits reports whether a record is for a run over usual records, or over the large
// ones of somebody.
func (d *dueList) fits(id store.ID, own map[store.ID]bool, large bool) bool {
	if d.records[id] <= d.large {
		return !large
	}
	return large && own[id]
}

func (d *dueList) has(own map[store.ID]bool, large bool) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	for id := range d.records {
		if d.fits(id, own, large) {
			return true
		}
	}
	return false
}

// take takes out as many usual records as one run may judge, or one large one.
func (d *dueList) take(own map[store.ID]bool, large bool) (out []store.ID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var list []store.ID
	for id := range d.records {
		if d.fits(id, own, large) {
			list = append(list, id)
		}
	}
	slices.SortFunc(list, compareIDs)
	room := uint64(settleRoom)
	for _, id := range list {
		cost := (d.records[id] + 32) * weightBytes
		if len(out) > 0 && (large || cost > room) {
			break
		}
		room -= min(room, cost)
		out = append(out, id)
		delete(d.records, id)
	}
	return out
}

// begin notes a run; what changes its records from here on is told to it.
func (d *dueList) begin(records []store.ID) *settling {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := &settling{records: map[store.ID]bool{}, changed: map[store.ID]bool{}}
	for _, id := range records {
		s.records[id] = true
	}
	if d.runs == nil {
		d.runs = map[*settling]bool{}
	}
	d.runs[s] = true
	return s
}

func (d *dueList) end(s *settling) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.runs, s)
}

// note tells the runs under way, but for the one that did it, what an apply changes.
func (d *dueList) note(a *apply) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for s := range d.runs {
		if s == a.settling {
			continue
		}
		s.logs = s.logs || a.logs
		for id := range a.records {
			s.changed[id] = true
		}
	}
}

// overtaken reports whether what a run read is not so any more.
func (d *dueList) overtaken(s *settling, a *apply) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if s.logs {
		return true
	}
	for id := range a.records {
		if s.changed[id] {
			return true
		}
	}
	return false
}

// errOvertaken is returned by a run that has to be done again.
var errOvertaken = errors.New("what was judged was changed meanwhile")

// settleTries is how often a run is done without the lock before it is done under it.
const settleTries = 4

// JudgeDue judges all that is due. What was cut off is taken up at the next opening.
func (r *Replica) JudgeDue(ctx context.Context) error {
	var all map[store.ID]bool
	if err := r.store.View(ctx, func(rd store.Reader) (err error) {
		all, err = r.allDue(rd)
		return err
	}); err != nil {
		return err
	}
	return r.judgeDue(ctx, all)
}

// allDue notes everything that the rows say is due; it returns the records.
func (r *Replica) allDue(rd store.Reader) (map[store.ID]bool, error) {
	out := map[store.ID]bool{}
	err := rd.Scan([]byte{rowDue}, nil, false, func(k, _ []byte) (bool, error) {
		id := store.ID(k[1:33])
		if out[id] {
			return true, nil
		}
		out[id] = true
		var row recordRow
		_, err := load(rd, rowKey(rowRecord, id[:]), &row)
		r.due.add(id, row.Weight)
		return true, err
	})
	return out, err
}

// judgeDue judges what is due of usual records, whoever brought it, and of the large
// ones what is the caller's: others who bring little don't wait for those.
func (r *Replica) judgeDue(ctx context.Context, own map[store.ID]bool) error {
	if own == nil {
		own = map[store.ID]bool{}
	}
	for {
		light, err := r.settleSome(ctx, &r.due.light, own, false)
		if err != nil {
			return err
		}
		dear, err := r.settleSome(ctx, &r.due.dear, own, true)
		if err != nil || !light && !dear {
			return err
		}
	}
}

// judgeAfter is judgeDue after an append: what was appended is held whatever comes
// of it, and who brought it may have gone. What is left the next one takes up.
func (r *Replica) judgeAfter(ctx context.Context, own map[store.ID]bool) {
	_ = r.judgeDue(context.WithoutCancel(ctx), own) // a store that fails tells the next who asks
}

// dearRest is for how many times as long as a run over a large record took no other
// begins for what others send: whoever fills a record up takes a twentieth of the
// machine at most, however many operations that are. They are judged together then.
const (
	dearRest    = 20
	maxDearRest = 30 * time.Second
)

// rests is how long runs over large records that others fill rest from now on.
func (d *dueList) rests(now time.Time) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	rest := min(dearRest*d.took, maxDearRest) - now.Sub(d.ended)
	return max(0, min(rest, maxDearRest)) // a clock may jump
}

// ran notes how long a run over a large record took.
func (d *dueList) ran(began, ended time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.took, d.ended = max(0, ended.Sub(began)), ended
}

// park leaves large records to the run that begins after a rest; it reports whether
// the caller is the first, who sees to that run.
func (d *dueList) park(own map[store.ID]bool) (first bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	first = len(d.parked) == 0
	if first {
		d.parked = map[store.ID]bool{}
	}
	maps.Copy(d.parked, own)
	return first
}

func (d *dueList) unpark() map[store.ID]bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	own := d.parked
	d.parked = nil
	return own
}

// judgeTaken is judgeAfter for what others sent: large records wait until the last
// run over one has rested. A program that ends meanwhile finds them in its rows.
func (r *Replica) judgeTaken(ctx context.Context, own map[store.ID]bool) {
	ctx = context.WithoutCancel(ctx)
	for r.due.has(own, true) {
		if rest := r.due.rests(r.source.Now()); rest > 0 && r.after != nil {
			if r.due.park(own) {
				r.after(rest, func() { r.judgeTaken(ctx, r.due.unpark()) })
			}
			own = nil
			break
		}
		if _, err := r.settleSome(ctx, &r.due.dear, own, true); err != nil {
			return // as in judgeAfter
		}
	}
	r.judgeAfter(ctx, own)
}

// settleSome is judgeDue for the usual or the large records; it reports whether there
// were any. What is due in consequence is the caller's too.
func (r *Replica) settleSome(ctx context.Context, turn *sync.Mutex, own map[store.ID]bool, large bool) (any bool, err error) {
	if !r.due.has(own, large) {
		return false, nil
	}
	turn.Lock()
	defer turn.Unlock()
	for {
		records := r.due.take(own, large)
		if len(records) == 0 {
			return any, nil
		}
		any = true
		began := r.source.Now()
		var more map[store.ID]bool
		err := errOvertaken
		for try := 0; errors.Is(err, errOvertaken); try++ {
			more, err = r.settleOnce(ctx, records, try >= settleTries)
		}
		if err != nil {
			for _, id := range records {
				r.due.add(id, 0) // the rows say the rest
			}
			return any, err
		}
		maps.Copy(own, more)
		r.publish()
		if large {
			r.due.ran(began, r.source.Now())
			return any, nil
		}
	}
}

// settleOnce judges what is due of some records. Whoever writes rows holds writeMu:
// a run begins between two of them, and writes as one of them.
func (r *Replica) settleOnce(ctx context.Context, records []store.ID, locked bool) (more map[store.ID]bool, err error) {
	r.writeMu.Lock()
	run := r.due.begin(records)
	defer r.due.end(run)
	if !locked {
		r.writeMu.Unlock()
	}
	var a *apply
	var over *draft
	err = r.store.View(ctx, func(rd store.Reader) error {
		over = &draft{Reader: rd, over: engine.NewOverlay(reading{rd})}
		a = r.newApply(over)
		a.settling = run
		return a.settleDue(records)
	})
	if !locked {
		r.writeMu.Lock()
	}
	defer r.writeMu.Unlock()
	if err == nil {
		err = r.store.Derive(ctx, func(tx store.Tx) error {
			if r.due.overtaken(run, a) {
				return errOvertaken
			}
			r.due.note(a)
			return over.write(tx)
		})
	}
	if err != nil {
		return nil, err
	}
	a.keepStates()
	return r.due.fresh(), nil
}

// settleDue judges what is due of some records, in the order in which the weights
// of operations are summed.
func (a *apply) settleDue(records []store.ID) error {
	for _, record := range records {
		list, err := ids(a.tx, rowKey(rowDue, record[:]))
		if err != nil {
			return err
		}
		if len(list) == 0 {
			continue // somebody else's run did it
		}
		if err := a.deleteUnder(rowKey(rowDue, record[:])); err != nil {
			return err
		}
		w, err := a.record(record)
		if err != nil {
			return err
		}
		w.show = w.show || slices.Contains(list, dueShow)
		if list[0] == dueAgain {
			if err := a.forget(record); err != nil {
				return err
			}
			continue
		}
		a.queue = append(a.queue, slices.DeleteFunc(list, func(id store.ID) bool { return id == dueShow })...)
	}
	return a.finish()
}

// defers notes an operation as due where judging it costs too much for who waits
// now; content is the length of its body, 0 where that is not known yet.
func (a *apply) defers(op *oplog.Operation, content int) (bool, error) {
	record := op.RecordID()
	if a.settling != nil && a.settling.records[record] {
		return false, nil
	}
	w, err := a.record(record)
	if err != nil {
		return false, err
	}
	cost := content
	if content == 0 && w.state == nil {
		cost = int(w.row.Weight) * weightBytes
	}
	if w.row.Weight <= a.due.large && content <= inlineContent && cost <= a.room {
		a.room -= cost
		return false, nil
	}
	weight := w.row.Weight
	if content > inlineContent {
		weight = max(weight, a.due.large+1)
	}
	return true, a.makeDue(w, op.ID, weight)
}

// makeDue notes what is to be done with a record afterwards.
func (a *apply) makeDue(w *work, what store.ID, weight uint64) error {
	a.due.add(w.id, weight)
	return a.tx.Put(rowKey(rowDue, w.id[:], what[:]), nil)
}

// mine reports whether the state of a record may be read and shown by this apply.
func (a *apply) mine(w *work) bool {
	return w.row.Weight <= a.due.large || a.settling != nil && a.settling.records[w.id]
}

// reading lets engine.Overlay read a store.Reader.
type reading struct{ store.Reader }

func (r reading) Get(key []byte) ([]byte, error) {
	b, err := r.Reader.Get(key)
	if errors.Is(err, store.ErrNotFound) {
		err = engine.ErrNotFound
	}
	return b, err
}

// draft is a store.Tx whose changes are written later. Judging changes no places in
// the ordered set.
type draft struct {
	store.Reader
	over *engine.Overlay
}

func (d *draft) Get(key []byte) ([]byte, error) {
	b, err := d.over.Get(key)
	if errors.Is(err, engine.ErrNotFound) {
		err = store.ErrNotFound
	}
	return b, err
}

func (d *draft) Scan(prefix, from []byte, reverse bool, fn func(key, value []byte) (bool, error)) error {
	return d.over.Scan(prefix, from, reverse, fn)
}

func (d *draft) Put(key, value []byte) error {
	d.over.Put(slices.Clone(key), slices.Clone(value))
	return nil
}

func (d *draft) Delete(key []byte) error {
	d.over.Delete(slices.Clone(key))
	return nil
}

var errPlaces = errors.New("judging gives no operation another place")

func (d *draft) Enter(store.EntryKey) error { return errPlaces }
func (d *draft) Leave(store.EntryKey) error { return errPlaces }

// write makes the changes real.
func (d *draft) write(tx store.Tx) error {
	return d.over.Batch().Each(func(key, value []byte, deleted bool) error {
		if deleted {
			return tx.Delete(key)
		}
		return tx.Put(key, value)
	})
}
