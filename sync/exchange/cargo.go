package exchange

import (
	"context"
	"errors"

	"hejie/store"
	"hejie/sync/reconcile"
	"hejie/sync/seal"
)

// Carrier is a Replica that keeps cargo: frames which a newer program made and
// this one can't check. They lie in no ordered set, so that "in step" does not
// hang on them, and are handed on until somebody knows them.
type Carrier interface {
	// Cargo returns cargo that is not settled with the unit, in a fixed order, as
	// much as fits MaxBatch and MaxCargo.
	Cargo(ctx context.Context, unit store.ID) ([]Wire, error)
	// Settled notes that the unit has judged these frames (by CargoID): they are
	// not given to it again. An id that is not held is passed over.
	Settled(ctx context.Context, unit store.ID, ids []store.ID) error
}

// CargoID names a frame of cargo by its bytes, since nothing in it can be read.
func CargoID(w Wire) store.ID {
	return seal.Hash("hejie cargo v1", []byte{byte(w.Kind)}, w.Bytes)
}

// shortCargo is the length of a cargo's salted short name on the wire.
const shortCargo = 8

func shortCargoName(salt reconcile.Salt, id store.ID) [shortCargo]byte {
	sum := seal.Hash("hejie cargo name v1", salt[:], id[:])
	return [shortCargo]byte(sum[:])
}

// settled tells that a frame was judged for good: what is refused for now, or
// for want of room, may be given again.
func settled(o Outcome, r Reason) bool {
	return o != Refused || r != ReasonNotYet && r != ReasonQuota
}

// cargoBatch packs what a message takes.
func cargoBatch(cargo []Wire) (b batch, ids []store.ID) {
	for _, w := range cargo {
		id := CargoID(w)
		if !b.add(id, w) {
			break
		}
		ids = append(ids, id)
	}
	return b, ids
}

// cargo gives the other side what is not settled with it and takes what that
// has, a batch each way: what is left goes in the next session.
func (s *session) cargo(ctx context.Context, theirs bool) error {
	c, carries := s.replica.(Carrier)
	if !carries {
		return nil
	}
	mine, err := c.Cargo(ctx, s.peer.Unit)
	if err != nil || len(mine) == 0 && !theirs {
		return err
	}
	b, ids := cargoBatch(mine)
	out, err := s.work(ctx, &request{Batch: b.encode(), Cargo: theirs})
	if errors.Is(err, errRestart) {
		return nil // the next session does it
	}
	if err != nil {
		return err
	}
	if err := s.given(out, b); err != nil {
		return err
	}
	done := judged(out, ids)
	if err := c.Settled(ctx, s.peer.Unit, done); err != nil || !theirs {
		return err
	}
	return s.cargoCame(ctx, out)
}

// judged are the frames that the other side judged for good; it has given an
// outcome for each.
func judged(out *response, ids []store.ID) (done []store.ID) {
	reasons := make(map[uint]Reason, len(out.Refusals))
	for _, r := range out.Refusals {
		reasons[r.Index] = r.Reason
	}
	for i, o := range out.Outcomes {
		// Of more refusals than are listed the reason is not told: they come again.
		if r, told := reasons[uint(i)]; Outcome(o) != Refused || told && settled(Refused, r) {
			done = append(done, ids[i])
		}
	}
	return done
}

// cargoCame takes the other side's cargo and says what was judged of it.
func (s *session) cargoCame(ctx context.Context, out *response) error {
	frames, verdicts, err := s.take(ctx, out)
	if err != nil {
		return err
	}
	var names []byte
	for i, v := range verdicts {
		if settled(v.Outcome, v.Reason) {
			name := shortCargoName(s.salt, CargoID(frames[i]))
			names = append(names, name[:]...)
		}
	}
	if len(names) == 0 {
		return nil
	}
	_, err = s.work(ctx, &request{Settled: names})
	if errors.Is(err, errRestart) {
		return nil // it is given again
	}
	return err
}

// cargo notes what the caller judged, and gives it what is not settled.
func (s *Server) cargo(ctx context.Context, peer Peer, salt reconcile.Salt, r *request, out *response) error {
	c, carries := s.replica.(Carrier)
	if !carries || !r.Cargo && len(r.Settled) == 0 {
		return nil
	}
	held, err := c.Cargo(ctx, peer.Unit)
	if err != nil {
		return err
	}
	if len(r.Settled) > 0 {
		names := make(map[[shortCargo]byte]store.ID, len(held))
		for _, w := range held {
			id := CargoID(w)
			names[shortCargoName(salt, id)] = id
		}
		var done []store.ID
		for i := 0; i+shortCargo <= len(r.Settled); i += shortCargo {
			if id, ok := names[[shortCargo]byte(r.Settled[i:])]; ok {
				done = append(done, id)
			}
		}
		if err := c.Settled(ctx, peer.Unit, done); err != nil {
			return err
		}
	}
	if r.Cargo {
		b, _ := cargoBatch(held)
		out.Batch = b.encode()
	}
	return nil
}
