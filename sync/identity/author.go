package identity

import "errors"

// heads are one place in a log: the last entry of each branch (nil: none after the first).
type heads struct {
	log      *log
	own, par *node
}

// headsOf finds the entries that n names as heads of one log. It marks n as
// waiting or void and answers false where it can't.
func (r *Registry) headsOf(n *node, ids []ID) (heads, bool) {
	h, err := r.find(ids)
	var missing *MissingError
	switch {
	case err == nil:
		return h, true
	case errors.As(err, &missing):
		return h, n.lacks(missing.IDs...)
	}
	return h, n.void("%v", err)
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
		n.admin[v], n.publisher[v] = true, true
		return true
	}
	if r.ownWriter(h, v) != n.Seat {
		return n.void("its author does not write this branch")
	}
	roles, ok := r.rolesAt(h, n.Seat, v)
	if !ok {
		return n.void("its author is no person of the unit")
	}
	n.admin[v] = hasRole(roles, Admin)
	n.publisher[v] = n.admin[v] || hasRole(roles, Director)
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
	if !r.isAdmin(h, n.Seat, v) {
		return n.void("its author was no admin of the parent")
	}
	if n.Seat != l.parentWriter(p) && n.Seat != r.ownWriter(h, v) {
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
func (r *Registry) ownWriter(h heads, v level) SeatKey {
	l := h.log
	writer, at := l.first.admit().Request.Seat, l.first
	if h.own != nil && h.own.setBy[v] != nil {
		at = h.own.setBy[v]
	}
	if s := l.recovering(at); s != nil {
		writer = s.Request.Seat
	} else if w := at.handover(false); w != nil && at.Branch == BranchOwn {
		writer = w.Seat
	}
	if h.par != nil && h.par.override[v] != nil {
		if n := h.par.override[v]; !r.knew(at, n) {
			writer = n.handover(true).Seat
		}
	}
	return writer
}

// knew tells whether the author of n had seen an entry of the parent's branch.
func (r *Registry) knew(n, seen *node) bool {
	for _, id := range n.OwnerLog {
		if x := r.nodes[id]; x != nil && x.upTo(seen) {
			return true
		}
	}
	return false
}

// rolesAt are the roles of a person of the unit at heads. Of several entries
// that enrol one key the one counts that a view comes to first.
func (r *Registry) rolesAt(h heads, key SeatKey, v level) ([]Role, bool) {
	l := h.log
	if l.first == nil || !l.first.counts(v) {
		return nil, false
	}
	if q := l.first.admit().Request; key == q.Seat || key == *q.Machine {
		return q.Roles, key == q.Seat
	}
	var best *node
	var found *AddSeat
	for _, n := range l.enrols[key] {
		if !n.counts(v) || !(h.own.upTo(n) || h.par.upTo(n)) || best != nil && !viewedBefore(n, best) {
			continue
		}
		for _, it := range n.Items {
			s, ok := it.(*AddSeat)
			if ok && (s.Request.Seat == key || s.Request.Machine != nil && *s.Request.Machine == key) && l.grants(n, s, v) {
				best, found = n, s
				break
			}
		}
	}
	if best == nil || found.Request.Seat != key {
		return nil, false
	}
	return found.Request.Roles, true
}

// viewedBefore is the order of a view: the parent's branch, then the own one.
func viewedBefore(a, b *node) bool {
	if a.Branch != b.Branch {
		return a.Branch == BranchParent
	}
	return a.pos < b.pos
}

func (r *Registry) isAdmin(h heads, key SeatKey, v level) bool {
	roles, ok := r.rolesAt(h, key, v)
	return ok && hasRole(roles, Admin)
}

// grants tells whether an item of n enrols its seat: an admin wrote it, and the
// branch's issuing key certified it.
func (l *log) grants(n *node, it *AddSeat, v level) bool {
	issuing, _ := l.issuing(n.Branch)
	return it.Person.Unit == l.unit && issuing != nil && n.admin[v] && n.holds(it, issuing.Key)
}

// issuing is who certifies seats in a branch: the own branch the unit itself,
// the parent's branch the parent.
func (l *log) issuing(b Branch) (*Cert, ID) {
	if b == BranchParent {
		if l.parent == nil {
			return nil, ID{}
		}
		l = l.parent
	}
	return l.first.admit().Issuing, l.unit
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
	return verified(k.Seat, d[:], k.Signature[:])
}
