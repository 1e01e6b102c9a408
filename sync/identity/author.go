package identity

import "crypto/ed25519"

// heads are one place in a log: the last entry of each branch (nil: none after the first).
type heads struct {
	log      *log
	own, par *node
}

// headsOf finds the entries that n names as heads of one log. It marks n as
// waiting or void and answers false where it can't.
func (r *Registry) headsOf(n *node, ids []ID) (heads, bool) {
	h, err := r.find(ids)
	switch e := err.(type) {
	case nil:
		return h, true
	case *MissingError:
		return h, n.lacks(e.IDs...)
	default:
		return h, n.void("%v", err)
	}
}

// find reads ids as heads of one log.
func (r *Registry) find(ids []ID) (heads, error) {
	var h heads
	var missing []ID
	for _, id := range ids {
		n := r.nodes[id]
		switch {
		case n == nil:
			missing = append(missing, id)
			continue
		case len(n.missing) > 0:
			missing = append(missing, n.missing...)
		case n.log.first == nil:
			missing = append(missing, n.log.id)
		}
		if h.log != nil && h.log != n.log {
			return h, ErrHeads
		}
		h.log = n.log
		if n == n.log.first {
			continue
		}
		at := &h.own
		if n.Branch == BranchParent {
			at = &h.par
		}
		if *at != nil {
			return h, ErrHeads
		}
		*at = n
	}
	if len(missing) > 0 {
		return h, &MissingError{sortIDs(missing)}
	}
	if h.log == nil {
		return h, ErrHeads
	}
	return h, nil
}

// author tells whether the seat that signed n may write it after p, at a level.
func (r *Registry) author(l *log, n, p *node, v level) bool {
	other, ok := r.otherHead(l, n)
	if !ok {
		return false
	}
	if n.Branch == BranchParent {
		return r.parentAuthor(l, n, p, v)
	}
	h := heads{log: l, own: p, par: other}
	if p == l.first {
		h.own = nil
	}
	if s := l.recovering(n); s != nil {
		n.admin[v] = true
		return true
	}
	if l.ownWriter(h, v) != n.Seat {
		return n.void("its author does not write this branch")
	}
	s, ok := r.view(h, v).Seat(n.Seat)
	if !ok || s.Machine {
		return n.void("its author is no seat of the unit")
	}
	n.admin[v] = hasRole(s.Roles, Admin)
	return true
}

// otherHead is the entry of the other branch that n's author saw.
func (r *Registry) otherHead(l *log, n *node) (*node, bool) {
	h, ok := r.headsOf(n, n.OwnerLog)
	if !ok {
		return nil, false
	}
	if h.log != l {
		return nil, n.void("the heads that it names are another log's")
	}
	if n.Branch == BranchOwn {
		return h.par, true
	}
	return h.own, true
}

// parentAuthor: the parent's branch is written by the seat that admitted, or to
// which it was handed over, or by the writer of the parent's own branch, who
// by writing takes it over.
func (r *Registry) parentAuthor(l *log, n, p *node, v level) bool {
	if l.parent == nil {
		return n.void("a root has no parent's branch")
	}
	h, ok := r.headsOf(n, n.AuthorLog)
	if !ok {
		return false
	}
	if h.log != l.parent {
		return n.void("its author does not stand in the parent's log")
	}
	u := r.view(h, v)
	s, ok := u.Seat(n.Seat)
	if !ok || !hasRole(s.Roles, Admin) {
		return n.void("its author was no admin of the parent")
	}
	if n.Seat != l.parentWriter(p) && n.Seat != u.OwnWriter {
		return n.void("its author does not write this branch")
	}
	n.admin[v] = true
	return true
}

// parentWriter is who writes the parent's branch after n.
func (l *log) parentWriter(n *node) SeatKey {
	if n.Branch != BranchParent {
		return SeatKey{}
	}
	if w := n.handover(false); w != nil {
		return w.Seat
	}
	return n.Seat
}

// handover is the last item of n that names a writer of the branch asked for.
func (n *node) handover(ownFromParent bool) *Writer {
	var last *Writer
	for _, it := range n.Items {
		if w, ok := it.(*Writer); ok && w.OwnBranch == ownFromParent {
			last = w
		}
	}
	return last
}

// ownWriter is who writes the own branch after heads: the first person, or
// whom the last handover names; the parent's word goes before a handover that
// did not know it.
func (l *log) ownWriter(h heads, v level) SeatKey {
	writer, at := l.first.admit().Request.Seat, l.first
	for n := h.own; n != nil && n != l.first; n = l.prev(n) {
		if !n.counts(v) {
			continue
		}
		if s := l.recovering(n); s != nil {
			writer, at = s.Request.Seat, n
			break
		}
		if w := n.handover(false); w != nil {
			writer, at = w.Seat, n
			break
		}
	}
	for n := h.par; n != nil && n != l.first; n = l.prev(n) {
		if !n.counts(v) {
			continue
		}
		if w := n.handover(true); w != nil {
			if !l.knew(at, n) {
				writer = w.Seat
			}
			break
		}
	}
	return writer
}

// knew tells whether the author of n had seen an entry of the parent's branch.
func (l *log) knew(n, seen *node) bool {
	for _, id := range n.OwnerLog {
		if id == seen.ID {
			return true
		}
		for _, x := range l.nodes {
			if x.ID == id && l.follows(x, seen.ID) {
				return true
			}
		}
	}
	return false
}

// recovering finds the item by which a root's admin comes back whose seat is
// lost: nobody is above a root, so the new seat signs the entry itself, and
// the root's issuing key, which lies under the recovery sheet, certified it.
func (l *log) recovering(n *node) *AddSeat {
	if l.parent != nil || n.Branch != BranchOwn || n == l.first {
		return nil
	}
	for _, it := range n.Items {
		s, ok := it.(*AddSeat)
		if ok && s.Request.Kind == RequestRecovered && s.Request.Seat == n.Seat && s.Request.Unit == l.unit &&
			hasRole(s.Request.Roles, Admin) && n.holds(s, l.first.admit().Issuing.Key) {
			return s
		}
	}
	return nil
}

// holds tells whether an issuing key signed all certificates of an item. It
// remembers the answer: signatures are what costs.
func (n *node) holds(it Item, issuer SeatKey) bool {
	k := certKey{it, issuer}
	if ok, known := n.certs[k]; known {
		return ok
	}
	ok := false
	switch it := it.(type) {
	case *Admit:
		ok = signedBy(issuer, it.Person, it.Machine, it.Issuing)
	case *AddSeat:
		ok = signedBy(issuer, it.Person, it.Machine)
	}
	if n.certs == nil {
		n.certs = map[certKey]bool{}
	}
	n.certs[k] = ok
	return ok
}

type certKey struct {
	item   Item
	issuer SeatKey
}

func signedBy(issuer SeatKey, certs ...*Cert) bool {
	for _, c := range certs {
		if c != nil && c.SignedBy(issuer) != nil {
			return false
		}
	}
	return true
}

func (k *ReadingKey) signedFor(unit ID, old []byte) bool {
	d := ReadingKeyDigest(unit, old, k.Public)
	return ed25519.Verify(k.Seat[:], d[:], k.Signature[:])
}
