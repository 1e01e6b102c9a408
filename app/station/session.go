package station

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"hejie/app/api"
	"hejie/app/casework"
	"hejie/store"
	"hejie/sync/identity"
	"hejie/sync/oplog"
	"hejie/sync/replica"
)

// Session is one seat that is present: what it does is signed by it.
type Session struct {
	station *Station
	open    *opened
	keys    identity.SeatKeys
	unit    store.ID
	closed  atomic.Bool
}

var _ api.Session = (*Session)(nil)

// Close implements api.Session.
func (ss *Session) Close() error {
	ss.closed.Store(true)
	return nil
}

// live says why the session can do nothing any more.
func (ss *Session) live() error {
	if ss.closed.Load() {
		return problem(api.CodeLocked, "this person signed out: sign in again")
	}
	return nil
}

func (ss *Session) seat() identity.SeatKey { return ss.keys.Signing.Public() }

func (ss *Session) signer() replica.Signer { return ss.open.signer(ss.keys, ss.unit) }

func (ss *Session) registry() *identity.Registry { return ss.open.replica.Registry() }

// roles are the seat's, as its unit's log has them now.
func (ss *Session) roles() []identity.Role {
	_, s, _ := ss.registry().Seat(ss.seat())
	return s.Roles
}

func (ss *Session) has(roles ...identity.Role) bool {
	return slices.ContainsFunc(ss.roles(), func(r identity.Role) bool { return slices.Contains(roles, r) })
}

// need refuses who has none of the roles.
func (ss *Session) need(what string, roles ...identity.Role) error {
	if err := ss.live(); err != nil {
		return err
	}
	if ss.has(roles...) {
		return nil
	}
	return problem(CodeNotAllowed, fmt.Sprintf("%s needs the role %s, which this person does not have", what, joinRoles(roles)), "roles", joinRoles(roles))
}

// actor is the person as casework's rules see it, on a record of an owner.
func (ss *Session) actor(owner store.ID, grants []store.ID) casework.Actor {
	return casework.Actor{Relation: casework.Relation(ss.open.replica.Relation(ss.unit, owner, grants)), Roles: roleStrings(ss.roles()), Unit: ss.unit, Seat: ss.seat()}
}

// Person implements api.Session.
func (ss *Session) Person(context.Context) (api.Person, error) {
	if err := ss.live(); err != nil {
		return api.Person{}, err
	}
	u, ok := ss.registry().Unit(ss.unit)
	if !ok {
		return api.Person{}, problem(CodeUnknownUnit, "this unit's log is not here")
	}
	_, s, _ := ss.registry().Seat(ss.seat())
	p := api.Person{Seat: hexID(ss.seat()), SeatName: s.Name, Roles: roleStrings(s.Roles), Unit: hexID(u.ID), UnitCode: u.Code, UnitName: u.Name, Demo: ss.demo(), Rules: ss.rules(), Abilities: []string{}}
	own := ss.actor(ss.unit, nil)
	for ability, may := range map[string]bool{
		"new_case": casework.MayEdit(own) == nil, "import": casework.MayEdit(own) == nil, "settle": casework.MaySettle(own) == nil, "adopt": casework.MayAdopt(own) == nil,
		"export": true, "names": true, "enrol": ss.mayEnrol(), "add_seat": true,
	} {
		if may {
			p.Abilities = append(p.Abilities, ability)
		}
	}
	slices.Sort(p.Abilities)
	return p, nil
}

// rules tells the tree's rules and what this program knows of them.
func (ss *Session) rules() api.Rules {
	return api.Rules{Tree: ss.open.replica.Rules(), Known: casework.KnownRules}
}

func (ss *Session) demo() bool {
	root, ok := ss.registry().Unit(ss.open.replica.Self().Tree)
	return ok && root.Demo
}

// pay makes the wraps that are owed and that this seat can make. What it can't
// make now is tried again at the next meeting or sign-in.
func (ss *Session) pay(ctx context.Context) {
	_, err := ss.open.replica.Pay(ctx, ss.signer())
	if err == nil {
		err = ss.handMatching(ctx)
	}
	if err != nil {
		ss.station.o.Log.Warn("owed keys were not handed on; it is tried again at the next sign-in", "error", err)
	}
}

// names turns ids into what documents show: hexadecimal seats and units, which
// are the same on every node whatever logs it holds.
var plainNames = casework.Names{}

// by tells who wrote something, with names where the logs here have them.
func (ss *Session) by(seat, unit, at string) api.By {
	b := api.By{Seat: seat, Unit: unit, Written: at}
	if id, err := parseHex(seat); err == nil {
		if _, s, ok := ss.registry().Seat(id); ok {
			b.SeatName = s.Name
		}
	}
	b.UnitName = ss.unitName(unit)
	return b
}

// personName is what people call a seat: its name, or the beginning of its id
// where the logs here have none.
func (ss *Session) personName(seat [32]byte) string {
	if _, s, ok := ss.registry().Seat(seat); ok && s.Name != "" {
		return s.Name
	}
	return hexID(seat)[:8]
}

func (ss *Session) unitName(id string) string {
	if u, ok := ss.unitBy(id); ok {
		return u.Name
	}
	return ""
}

// unitBy finds a unit by its id or its code.
func (ss *Session) unitBy(text string) (identity.Unit, bool) {
	if id, err := parseHex(text); err == nil {
		return ss.registry().Unit(id)
	}
	var found []identity.Unit
	for _, u := range ss.registry().Units() {
		if u.Code == text {
			found = append(found, u)
		}
	}
	if len(found) != 1 {
		return identity.Unit{}, false
	}
	return found[0], true
}

func parseHex(text string) (store.ID, error) {
	b, err := hex.DecodeString(text)
	if err != nil || len(b) != len(store.ID{}) {
		return store.ID{}, errors.New("no id")
	}
	return store.ID(b), nil
}

// found is a case as this unit may see it.
type found struct {
	id     store.ID
	record store.ID // the case itself, or its digest
	digest bool
}

// find looks up a case by its id or a beginning of it of at least 8 digits.
func (ss *Session) find(rd store.Reader, text string) (found, error) {
	text = strings.ToLower(strings.TrimSpace(text))
	noCase := problem(CodeNoSuchCase, fmt.Sprintf("no case %q is held here", shorten(text)), "id", shorten(text))
	noCase.Err = store.ErrNotFound
	if len(text) < 8 || len(text) > 64 || strings.Trim(text, "0123456789abcdef") != "" {
		return found{}, problem(CodeBadID, "a case is named by its id: 64 hexadecimal digits, or the first 8 or more of them", "id", shorten(text))
	}
	prefix, _ := hex.DecodeString(text[:len(text)/2*2])
	var hits []found
	for _, kind := range [][]byte{rowCasePrefix, rowDigestPrefix} {
		err := replica.ScanApp(rd, rowOf(kind, prefix), nil, false, func(k, _ []byte) (bool, error) {
			id := store.ID(k[len(kind):])
			if !strings.HasPrefix(hexID(id), text) || slices.ContainsFunc(hits, func(f found) bool { return f.id == id }) {
				return true, nil
			}
			hits = append(hits, found{id: id, record: id, digest: &kind[0] == &rowDigestPrefix[0]})
			return len(hits) < 2, nil
		})
		if err != nil {
			return found{}, err
		}
	}
	switch len(hits) {
	case 0:
		return found{}, noCase
	case 1:
	default:
		return found{}, problem(CodeBadID, fmt.Sprintf("%q begins the ids of several cases: give more digits", text), "id", text)
	}
	f := hits[0]
	if f.digest {
		list, err := ss.open.replica.RecordsOf(rd, f.id, oplog.KindDigest)
		if err != nil {
			return found{}, err
		}
		if len(list) == 0 {
			return found{}, noCase
		}
		f.record = list[0]
	}
	return f, nil
}

// whole finds a case that is held whole.
func (ss *Session) whole(rd store.Reader, text string) (found, error) {
	f, err := ss.find(rd, text)
	if err == nil && f.digest {
		err = problem(CodeDigestOnly, "this unit holds the figures of this case and not the case itself")
	}
	return f, err
}

func shorten(s string) string {
	if r := []rune(s); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return s
}
