package exchange

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"hejie/store"
	"hejie/store/host"
	"hejie/sync/reconcile"
	"hejie/sync/seal"
)

// Server answers exchange messages. It keeps nothing of a session; several
// messages may be served at once.
type Server struct {
	replica   Replica
	random    host.Random
	budgets   *budgets
	slots     chan struct{} // one token for each message of a member being worked on
	strangers chan struct{} // and of a stranger
	secret    [32]byte      // makes this process's nonces a function of the caller's
}

// NewServer makes a server over the replica. Clock and random are read by
// several messages at once.
func NewServer(replica Replica, clock host.Clock, random host.Random) (*Server, error) {
	s := &Server{
		replica: replica, random: random, budgets: newBudgets(clock),
		slots: make(chan struct{}, maxServing), strangers: make(chan struct{}, maxStrangers),
	}
	if _, err := io.ReadFull(random, s.secret[:]); err != nil {
		return nil, fmt.Errorf("exchange: reading randomness: %w", err)
	}
	return s, nil
}

// Serve answers one request of the machine that the road has proved. What is
// wrong with the request is told in the response. An error means that the
// connection is to be closed, after the response was sent if there is one:
// ErrFlood where the peer has used up its budget, or the context's end.
func (s *Server) Serve(ctx context.Context, from store.ID, message []byte) ([]byte, error) {
	if !s.budgets.message(from, len(message)) {
		return s.refuse(codeFlood, ErrFlood)
	}
	slots := s.strangers
	if _, member := s.replica.Member(from); member {
		slots = s.slots
	}
	select {
	case slots <- struct{}{}:
		defer func() { <-slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	out, err := s.answer(ctx, from, message)
	switch {
	case err == nil:
		return encode(out, s.random)
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, ErrFlood):
		return s.refuse(codeFlood, ErrFlood)
	case errors.Is(err, ErrMalformed), errors.Is(err, reconcile.ErrMalformed):
		if !s.budgets.bad(from, costMalformed) {
			return s.refuse(codeFlood, ErrFlood)
		}
		return s.refuse(codeMalformed, nil)
	case errors.Is(err, ErrNewerMessage):
		return s.refuse(codeVersion, nil) // a newer program's, and no fault
	case errors.Is(err, store.ErrDiskFull):
		return s.refuse(codeDiskFull, nil)
	}
	var answered codeError
	if errors.As(err, &answered) {
		return s.refuse(code(answered), nil)
	}
	return s.refuse(codeFailed, nil)
}

// codeError ends a request with a code.
type codeError code

func (c codeError) Error() string { return fmt.Sprintf("answered with code %d", uint(c)) }

func (s *Server) refuse(c code, closing error) ([]byte, error) {
	answer := &response{Version: Version, Code: c}
	if c == codeVersion && Oldest < Version {
		answer.Version, answer.Most = Oldest, Version
	}
	out, err := encode(answer, s.random)
	return out, errors.Join(closing, err)
}

func (s *Server) answer(ctx context.Context, from store.ID, message []byte) (*response, error) {
	unit, member := s.replica.Member(from)
	if !member && !s.budgets.stranger(from) {
		return nil, ErrFlood
	}
	v, err := versionsOf(message)
	if err != nil {
		return nil, err
	}
	version, ok := v.common()
	if !ok {
		return nil, codeError(codeVersion)
	}
	r, err := decodeRequest(message)
	if err != nil {
		return nil, err
	}
	out, err := s.answerAs(ctx, from, unit, member, r)
	if out != nil {
		out.Version = version
	}
	return out, err
}

func (s *Server) answerAs(ctx context.Context, from, unit store.ID, member bool, r *request) (*response, error) {
	if r.Kind == kindHello || r.Kind == kindIntroduce {
		self := s.replica.Self()
		if string(r.Tree) != string(self.Tree[:shortTree]) {
			return nil, codeError(codeTree)
		}
	}
	if r.Kind == kindIntroduce {
		return s.introduce(ctx, from, member, r)
	}
	if !member {
		return s.stranger(from, r)
	}
	peer := Peer{Machine: from, Unit: unit}
	switch r.Kind {
	case kindHello:
		return s.hello(ctx, peer, r)
	case kindWork:
		return s.work(ctx, peer, r)
	}
	return nil, fmt.Errorf("%w: kind %d", ErrMalformed, r.Kind)
}

// shortTree is how much of the tree's id hello names.
const shortTree = 8

// introduce answers who this station is, to a caller that is admitted or whose
// frames admit it: names stand in logs, and a stranger learns none.
func (s *Server) introduce(ctx context.Context, from store.ID, member bool, r *request) (*response, error) {
	if len(r.Frames) > 0 {
		if !member && !s.budgets.introduction() {
			return nil, ErrFlood
		}
		if err := s.replica.Introduce(ctx, r.Frames); err != nil {
			return nil, err
		}
		_, member = s.replica.Member(from)
	}
	if !member {
		return s.stranger(from, r)
	}
	return &response{Frames: s.replica.Introduction()}, nil
}

// stranger asks an unknown caller to introduce itself, and shows that this
// station belongs to the tree, which tells nothing to whom does not know it.
func (s *Server) stranger(from store.ID, r *request) (*response, error) {
	theirs, err := nonceOf(r.Nonce)
	if err != nil {
		return nil, err
	}
	self := s.replica.Self()
	proof := ofTree(self.Tree, theirs, from, self.Seat)
	return &response{Code: codeStranger, Proof: proof[:]}, nil
}

// ofTree shows to a caller that knows the tree's whole id, of which messages
// bear 8 bytes, that the responder knows it too. The road has proved both keys,
// so that nobody between can hand it on.
func ofTree(tree store.ID, nonce [16]byte, caller, responder store.ID) [16]byte {
	sum := seal.Hash("hejie of tree v1", tree[:], nonce[:], caller[:], responder[:])
	return [16]byte(sum[:16])
}

// nonce is this process's for the caller's: nothing is kept, and no two
// sessions share a salt.
func (s *Server) nonce(from store.ID, theirs [16]byte) [16]byte {
	mac := hmac.New(sha256.New, s.secret[:])
	mac.Write(from[:])
	mac.Write(theirs[:])
	return [16]byte(mac.Sum(nil)[:16])
}

func (s *Server) hello(ctx context.Context, peer Peer, r *request) (*response, error) {
	theirs, err := nonceOf(r.Nonce)
	if err != nil {
		return nil, err
	}
	own := s.nonce(peer.Machine, theirs)
	out := &response{Nonce: own[:]}
	var st state
	if st.receipts, err = receiptsOf(ctx, s.replica, peer.Unit); err != nil {
		return nil, err
	}
	err = s.replica.Shared(ctx, peer.Unit, func(set Shared) error {
		if err := st.read(set); err != nil {
			return err
		}
		// The question is salted by the caller alone, the answer by both.
		logs, data, receipts := st.marks(saltOf(theirs, [16]byte{}))
		out.Differ = differ(string(r.Logs) != string(logs[:]), string(r.Data) != string(data[:]), string(r.Receipts) != string(receipts[:]))
		salt := saltOf(theirs, own)
		if out.Differ == 0 {
			proof := st.proof(salt)
			out.Proof = proof[:]
			return nil
		}
		out.LogCount, out.DataCount = st.logs.Count, st.data.Count
		return open(set, salt, out, r)
	})
	if c, carries := s.replica.(Carrier); carries && err == nil {
		cargo, cargoErr := c.Cargo(ctx, peer.Unit)
		out.Cargo, err = len(cargo) > 0, cargoErr
	}
	if g, wants := s.replica.(Greeter); wants && err == nil && out.Differ == 0 {
		g.Greeted(ctx, peer, st.fingerprint())
	}
	return out, err
}

func differ(logs, data, receipts bool) (bits uint) {
	if logs {
		bits |= differLogs
	}
	if data {
		bits |= differData
	}
	if receipts {
		bits |= differReceipts
	}
	return bits
}

// open says at once how the first unequal phase looks here, which saves the
// initiator a round trip.
func open(set Shared, salt reconcile.Salt, out *response, r *request) (err error) {
	their := r.LogCount
	switch {
	case out.Differ&differLogs != 0:
		out.Phase = phaseLogs
	case out.Differ&differData != 0:
		out.Phase, their = phaseData, r.DataCount
	default:
		return nil
	}
	lo, hi := out.Phase.span()
	out.Reconcile, err = reconcile.Open(set, salt, lo, hi, their)
	return err
}
