package station

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"

	"hejie/app/api"
	"hejie/store"
	"hejie/sync/replica"
)

// One case that can't be read takes nothing else with it. Wherever cases are
// visited (visit), and where one is opened or changed (guarded), whatever fails
// inside, errors and panics alike, stays with that case: it is left out, and
// named in the answer and in status. Its operations are held, handed on and
// exported by nobody's reading of them.

// Rows that name what could not be derived: record's case → nothing.
var (
	rowBadCasePrefix   = []byte("badc/") // the whole case
	rowBadDigestPrefix = []byte("badd/") // its digest
)

// CodeUnreadable is the code of a case that this program fails to read.
const CodeUnreadable = "case_unreadable"

// panicked is a panic that was caught, with where it came from. What it was
// about is not said: it may be somebody's words.
type panicked struct {
	kind  string
	stack []byte
}

func (e *panicked) Error() string { return "the program failed on it (" + e.kind + ")" }

// guarded runs fn and answers a panic as an error.
func guarded(fn func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &panicked{kind: fmt.Sprintf("%T", r), stack: debug.Stack()}
		}
	}()
	return fn()
}

// visit is one going through of cases.
type visit struct {
	ss    *Session
	ctx   context.Context
	left  []api.Reason
	named map[string]bool
}

func (ss *Session) visit(ctx context.Context) *visit {
	return &visit{ss: ss, ctx: ctx, named: map[string]bool{}}
}

// one reads one case. What it fails with is the visit's only where the visit as
// a whole was called off.
func (v *visit) one(id string, read func() error) error {
	err := guarded(func() error {
		if err := v.ss.station.o.probe(id); err != nil {
			return err
		}
		return read()
	})
	if err == nil || v.ctx.Err() != nil {
		return err
	}
	v.leave(id, err)
	return nil
}

// leave names a case that was left out.
func (v *visit) leave(id string, err error) {
	if v.named[id] {
		return
	}
	v.named[id] = true
	v.left = append(v.left, unreadable(id))
	v.ss.station.failed(id, err)
}

// underived names the cases whose rows could not be made: no list has them.
func (v *visit) underived(rd store.Reader) error {
	for _, prefix := range [][]byte{rowBadCasePrefix, rowBadDigestPrefix} {
		ids, err := appIDs(rd, prefix)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if _, whole, err := replica.AppRow(rd, rowOf(rowCasePrefix, id[:])); err != nil {
				return err
			} else if !whole && !v.named[hexID(id)] {
				v.named[hexID(id)] = true
				v.left = append(v.left, unreadable(hexID(id)))
			}
		}
	}
	return nil
}

// unreadable says that a case was left out, and what to do.
func unreadable(id string) api.Reason {
	return say(CodeUnreadable, "case.unreadable", "case", id).Reason
}

// failed notes a case that could not be read, for status; nil: it could.
func (s *Station) failed(id string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		delete(s.unread, id)
		return
	}
	if s.unread == nil {
		s.unread = map[string]bool{}
	}
	if s.unread[id] || len(s.unread) == maxUnread {
		return
	}
	s.unread[id] = true
	attrs := []any{"case", id, "kind", fmt.Sprintf("%T", err)}
	if p, ok := err.(*panicked); ok { //nolint:errorlint // made just now, by guarded
		attrs = append(attrs, "stack", string(p.stack))
	}
	s.o.Log.Error("a case could not be read", attrs...)
}

// maxUnread bounds the cases that are remembered as failing; status names fewer.
const maxUnread = 1000

// unreadReasons are the cases that could not be read since the program began,
// and those whose rows could not be made.
func (ss *Session) unreadReasons(ctx context.Context, rd store.Reader) ([]api.Reason, error) {
	v := ss.visit(ctx)
	if err := v.underived(rd); err != nil {
		return nil, err
	}
	ss.station.mu.Lock()
	defer ss.station.mu.Unlock()
	for id := range ss.station.unread {
		if !v.named[id] {
			v.left = append(v.left, unreadable(id))
		}
	}
	slices.SortFunc(v.left, func(a, b api.Reason) int { return strings.Compare(a.Params["case"], b.Params["case"]) })
	return v.left[:min(len(v.left), maxNamed)], nil
}

// fencedRows derives a record's rows with derive and writes them; where that
// fails on what the record says, it has none, and the record is named. So no
// record keeps others from being taken, or a folder from being opened.
func (p policy) fencedRows(rec replica.Record, rows replica.Rows, prefix []byte, derive func() (func() error, error)) error {
	var write func() error
	failed := guarded(func() (err error) {
		if err = p.probe(hexID(rec.Case)); err == nil {
			write, err = derive()
		}
		return err
	})
	key := rowOf(prefix, rec.Case[:])
	if failed == nil {
		if err := write(); err != nil {
			return err
		}
		return rows.Delete(key)
	}
	if err := p.hide(rec, rows); err != nil {
		return err
	}
	return rows.Put(key, nil)
}

// unjudged is why a body has no effect that no rule could be applied to.
const unjudged = "no rule fits what it says"

// judge asks fn for a verdict. A body on which the rules themselves fail is
// judged alike by all who have this program.
func judge(fn func() string) (why string) {
	if err := guarded(func() error { why = fn(); return nil }); err != nil {
		return unjudged
	}
	return why
}
