package station

import (
	"context"
	"fmt"

	"hejie/store"
	"hejie/sync/identity"
	"hejie/sync/oplog"
	"hejie/sync/replica"
)

// logPlace is where an entry of a log goes.
type logPlace struct {
	unit, first store.ID // first is zero where the entry begins the log
	branch      oplog.Branch
}

// enter makes an entry of a unit's log, signed by a seat of a unit.
func (s *Station) enter(ctx context.Context, o *opened, seat identity.SeatKeys, unit store.ID, at logPlace, items ...identity.Item) error {
	return s.enterFrom(ctx, o, seat, unit, at, func(identity.Unit) ([]identity.Item, error) { return items, nil })
}

// enterFrom makes an entry whose items follow from the log as it is. They are
// worked out, and the entry before this one is looked up, while nobody else
// here writes: two entries after the same one would be a fork.
func (s *Station) enterFrom(ctx context.Context, o *opened, seat identity.SeatKeys, unit store.ID, at logPlace, from func(now identity.Unit) ([]identity.Item, error)) error {
	_, err := o.replica.Write(ctx, o.signer(seat, unit), replica.Save{}, func(w *replica.Writer) error {
		var previous store.ID
		var now identity.Unit
		if at.first != (store.ID{}) {
			var ok bool
			if now, ok = o.replica.Registry().Unit(at.unit); !ok {
				return problem(CodeUnknownUnit, fmt.Sprintf("the log of unit %x is not here", at.unit[:4]))
			}
			previous = now.OwnHead
			if at.branch == oplog.BranchParent {
				previous = now.ParentHead
			}
		}
		items, err := from(now)
		if err != nil || len(items) == 0 {
			return err
		}
		content, err := identity.EncodeContent(items)
		if err != nil {
			return err
		}
		_, err = w.Enter(at.unit, at.first, previous, at.branch, content)
		return err
	})
	return err
}

func (o *opened) signer(seat identity.SeatKeys, unit store.ID) replica.Signer {
	o.mu.Lock()
	defer o.mu.Unlock()
	return replica.Signer{Key: seat.Signing.Private(), Unit: unit, Epoch: o.epoch}
}
