package station

import (
	"context"
	"sync"

	"hejie/app/api"
	"hejie/store"
	"hejie/sync/oplog"
	"hejie/sync/replica"
)

// hub gives hints to everybody who listens and waits for nobody.
type hub struct {
	mu     sync.Mutex // guards everything that follows
	subs   map[chan api.Hint]struct{}
	closed bool
}

// backlog is how many hints a subscriber may be behind; more become one resync.
const backlog = 64

// Subscribe implements api.Events.
func (s *Station) Subscribe() (<-chan api.Hint, func()) {
	ch := make(chan api.Hint, backlog)
	h := &s.hints
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		close(ch)
		return ch, func() {}
	}
	if h.subs == nil {
		h.subs = map[chan api.Hint]struct{}{}
	}
	h.subs[ch] = struct{}{}
	return ch, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		if _, there := h.subs[ch]; there {
			delete(h.subs, ch)
			close(ch)
		}
	}
}

func (h *hub) send(hints ...api.Hint) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for ch := range h.subs {
		for _, hint := range hints {
			select {
			case ch <- hint:
				continue
			default:
			}
			// Behind: drop the oldest and say that something was lost.
			for range 2 {
				select {
				case <-ch:
				default:
				}
			}
			ch <- api.Hint{Kind: api.HintResync}
			break
		}
	}
}

func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for ch := range h.subs {
		delete(h.subs, ch)
		close(ch)
	}
}

// changed tells listeners which cases changed; called after an append.
func (s *Station) changed(records []store.ID) {
	o := s.shown.Load()
	if o == nil {
		return
	}
	hints := make([]api.Hint, 0, len(records)+1)
	if len(records) <= backlog/2 {
		_ = o.replica.View(context.Background(), func(rd store.Reader) error {
			for _, id := range records {
				kind, of, err := o.replica.KindOf(rd, id)
				if err != nil {
					continue
				}
				if kind == oplog.KindLog {
					hints = append(hints, api.Hint{Kind: api.HintSeat})
				} else {
					hints = append(hints, api.Hint{Kind: api.HintCase, ID: hexID(of)})
					if _, open, err := replica.AppRow(rd, rowOf(rowOpenPrefix, of[:])); err == nil && open {
						hints = append(hints, api.Hint{Kind: api.HintConflict, ID: hexID(of)})
					}
				}
			}
			return nil
		})
	} else {
		hints = append(hints, api.Hint{Kind: api.HintResync})
	}
	s.hints.send(append(hints, api.Hint{Kind: api.HintSync})...)
}
