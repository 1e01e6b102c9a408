package replica

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"hejie/store"
	"hejie/sync/oplog"
)

// Verify checks every frame held: form, signature, body, and that lanes are
// unbroken where they are held. It counts the operations.
func (r *Replica) Verify(ctx context.Context) (operations int, bad []store.Damage, err error) {
	err = r.store.View(ctx, func(rd store.Reader) error {
		type place struct {
			lane   oplog.Lane
			number uint64
		}
		at := map[place]store.ID{}
		previous := map[store.ID]place{}
		err := rd.Frames(1, func(f store.Frame) (bool, error) {
			if ctx.Err() != nil {
				return false, ctx.Err()
			}
			if f.Kind == store.KindWrap {
				if _, err := oplog.ParseWrap(f.Bytes); err != nil {
					bad = append(bad, store.Damage{Where: fmt.Sprintf("wrap %x", f.ID[:8]), What: err.Error(), ID: f.ID})
				}
				return true, nil
			}
			operations++
			op, err := oplog.Parse(f.Bytes)
			if err != nil || op.ID != f.ID {
				bad = append(bad, store.Damage{Where: fmt.Sprintf("operation %x", f.ID[:8]), What: fmt.Sprintf("its bytes are not what was signed: %v", err), ID: f.ID})
				return true, nil
			}
			h := &op.Header
			at[place{h.Lane(), h.Number}] = op.ID
			if h.Previous != nil {
				previous[*h.Previous] = place{h.Lane(), h.Number - 1}
			}
			return true, nil
		})
		for id, p := range previous {
			if held, ok := at[p]; ok && held != id {
				if here, _ := rd.Has(id); !here {
					bad = append(bad, store.Damage{Where: fmt.Sprintf("lane of seat %x at %d", p.lane.Seat[:8], p.number), What: "the next operation names another one than the one held here", ID: held})
				}
			}
		}
		slices.SortFunc(bad, func(x, y store.Damage) int { return strings.Compare(x.Where, y.Where) })
		return err
	})
	return operations, bad, err
}
