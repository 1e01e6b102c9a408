package exchange

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"hejie/store"
	"hejie/store/host"
	"hejie/sync/reconcile"
)

// Bounds of one session.
const (
	// maxPasses bounds how often everything is compared anew: logs, then data,
	// then receipts, and again where others wrote meanwhile.
	maxPasses = 12
	// maxEmpty bounds the messages in a row that bring nothing forward.
	maxEmpty = 64
	// maxRestarts bounds how often the other side's process may begin anew.
	maxRestarts = 3
)

// session is the initiator's side.
type session struct {
	conn    Conn
	replica Replica
	random  host.Random
	peer    Peer
	report  *Report

	version       uint // the one that hello settled
	nonce, theirs [16]byte
	salt          reconcile.Salt
	state         state // as hello compared it

	refused      []store.ID        // by this node, from this peer, now or earlier
	unwanted     map[store.ID]bool // refused by the peer in this session
	onlyReceipts bool              // logs and data were equal at last, receipts not
}

// Run brings what this node and the machine at the other end of conn share to
// the same state, as far as it can, and tells what it did; also with an error,
// after which everything taken up to then is kept, and running again goes on
// from there. The road has proved the machine's key.
func Run(ctx context.Context, conn Conn, replica Replica, machine store.ID, clock host.Clock, random host.Random) (Report, error) {
	if machine == replica.Self().Seat {
		return Report{}, ErrSelf
	}
	began := clock.Now()
	s := &session{
		conn: conn, replica: replica, random: random, report: &Report{},
		peer: Peer{Machine: machine}, unwanted: make(map[store.ID]bool),
	}
	err := s.run(ctx)
	s.report.Seconds = max(0, clock.Now().Sub(began)).Round(time.Microsecond).Seconds()
	if s.peer.Unit != (store.ID{}) {
		replica.Met(context.WithoutCancel(ctx), s.peer, *s.report)
	}
	return *s.report, err
}

func (s *session) run(ctx context.Context) error {
	if err := s.meet(ctx); err != nil {
		return err
	}
	var err error
	if s.refused, err = s.replica.Refused(ctx, s.peer); err != nil {
		return err
	}
	restarts := 0
	for pass := 0; ; pass++ {
		h, err := s.hello(ctx)
		if err != nil {
			return err
		}
		if h.Differ == 0 {
			return s.cargo(ctx, h.Cargo)
		}
		if pass == maxPasses {
			s.report.Why = "new entries kept coming on one side or the other while they compared: sync again"
			return nil
		}
		goOn, err := s.pass(ctx, h)
		if errors.Is(err, errRestart) && restarts < maxRestarts {
			restarts++
			continue
		}
		if errors.Is(err, errRestart) {
			return ErrPeerFailed
		}
		if err != nil {
			return err
		}
		if s.report.InStep {
			return s.cargo(ctx, h.Cargo)
		}
		if !goOn {
			s.report.Why = s.why()
			return s.cargo(ctx, h.Cargo)
		}
	}
}

func (s *session) why() string {
	if s.onlyReceipts {
		return "both hold the same, but one of them did not keep a receipt of the other"
	}
	if s.report.Newer > 0 {
		return "one of the two holds what the other's program does not know yet: update the older program"
	}
	if s.report.RefusedCount > 0 || len(s.refused) > 0 {
		return "some frames were refused and keep the two stations apart; all others are the same"
	}
	return "the two stations differ in entries that neither could give the other"
}

// meet makes sure that this side knows the other.
func (s *session) meet(ctx context.Context) error {
	if s.know() {
		return nil
	}
	out, err := s.askIntroduce(ctx, nil)
	if errors.Is(err, errIntroduce) {
		// Neither knows the other. Names are told only to who belongs to the tree.
		self := s.replica.Self()
		if proof := ofTree(self.Tree, s.nonce, self.Seat, s.peer.Machine); string(out.Proof) != string(proof[:]) {
			return ErrUnproven
		}
		out, err = s.askIntroduce(ctx, s.replica.Introduction())
	}
	if errors.Is(err, errIntroduce) {
		return ErrStranger
	}
	if err == nil && len(out.Frames) > 0 {
		err = s.replica.Introduce(ctx, out.Frames)
	}
	if err == nil && !s.know() {
		err = ErrNotEnrolled
	}
	return err
}

func (s *session) know() bool {
	unit, ok := s.replica.Member(s.peer.Machine)
	if ok {
		s.peer.Unit = unit
	}
	return ok
}

// askIntroduce shows the log entries that admit this side, if any are given, and
// asks for those that admit the other.
func (s *session) askIntroduce(ctx context.Context, frames [][]byte) (*response, error) {
	if err := s.newNonce(); err != nil {
		return nil, err
	}
	return s.send(ctx, s.offer(&request{Kind: kindIntroduce, Frames: frames}))
}

// offer makes r a message that every version spoken here begins with.
func (s *session) offer(r *request) *request {
	self := s.replica.Self()
	r.Version, r.Tree, r.Nonce = Oldest, self.Tree[:shortTree], s.nonce[:]
	if Version > Oldest {
		r.Most = Version
	}
	return r
}

func (s *session) newNonce() error {
	if _, err := io.ReadFull(s.random, s.nonce[:]); err != nil {
		return fmt.Errorf("exchange: reading randomness: %w", err)
	}
	return nil
}

// hello compares everything by three hashes, under a fresh salt.
func (s *session) hello(ctx context.Context) (*response, error) {
	out, err := s.askHello(ctx)
	if errors.Is(err, errIntroduce) {
		if _, err = s.askIntroduce(ctx, s.replica.Introduction()); err == nil {
			out, err = s.askHello(ctx)
		}
		if errors.Is(err, errIntroduce) {
			return nil, ErrStranger
		}
	}
	if err != nil {
		return nil, err
	}
	if s.theirs, err = nonceOf(out.Nonce); err != nil {
		return nil, err
	}
	s.version = out.Version
	s.salt = saltOf(s.nonce, s.theirs)
	if out.Differ == 0 {
		proof := s.state.proof(s.salt)
		if string(out.Proof) != string(proof[:]) {
			return nil, fmt.Errorf("%w: it claims to be in step and can't prove it", ErrMalformed)
		}
		s.report.InStep, s.report.Print = true, s.state.fingerprint()
	}
	return out, nil
}

func (s *session) askHello(ctx context.Context) (*response, error) {
	err := s.newNonce()
	if err != nil {
		return nil, err
	}
	if s.state, err = stateOf(ctx, s.replica, s.peer.Unit); err != nil {
		return nil, err
	}
	logs, data, receipts := s.state.marks(saltOf(s.nonce, [16]byte{}))
	return s.send(ctx, s.offer(&request{
		Kind: kindHello, Logs: logs[:], Data: data[:], Receipts: receipts[:],
		LogCount: s.state.logs.Count, DataCount: s.state.data.Count,
	}))
}

// work sends a message of kind work within the session's salt.
func (s *session) work(ctx context.Context, r *request) (*response, error) {
	r.Version, r.Kind, r.Nonce, r.Theirs = s.version, kindWork, s.nonce[:], s.theirs[:]
	out, err := s.send(ctx, r)
	if errors.Is(err, errIntroduce) {
		return nil, ErrStranger // revoked meanwhile
	}
	return out, err
}

func (s *session) send(ctx context.Context, r *request) (*response, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	message, err := encode(r, s.random)
	if err != nil {
		return nil, err
	}
	s.report.RoundTrips++
	s.report.BytesSent += int64(len(message))
	answer, err := s.conn.Roundtrip(ctx, message)
	if err != nil {
		return nil, err
	}
	s.report.BytesReceived += int64(len(answer))
	return decodeResponse(answer)
}

// pass does what hello found to do; goOn tells that comparing anew is worth it.
func (s *session) pass(ctx context.Context, h *response) (goOn bool, err error) {
	before := s.progress()
	dataOpened := h.Phase == phaseData
	if h.Differ&differLogs != 0 {
		if h.Phase != phaseLogs {
			return false, fmt.Errorf("%w: logs differ and it opens phase %d", ErrMalformed, h.Phase)
		}
		if err := s.phase(ctx, phaseLogs, h.Reconcile, nil); err != nil {
			return false, err
		}
		if s.progress() > before {
			return true, nil
		}
		// The logs stay apart by what one side refuses. That must not keep the
		// rest from passing.
	}
	if h.Differ&(differLogs|differData) != 0 {
		var opening []byte
		if dataOpened {
			opening = h.Reconcile
		}
		if err := s.phase(ctx, phaseData, opening, nil); err != nil {
			return false, err
		}
	}
	moved := s.progress() > before
	changed, err := s.receipts(ctx, moved)
	return moved || changed, err
}

// progress grows with each frame that either side took as new.
func (s *session) progress() int {
	r := s.report
	return r.Sent + r.Received + r.WrapsSent + r.WrapsReceived
}
