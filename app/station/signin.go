package station

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"

	"hejie/app/api"
	"hejie/sync/identity"
)

// SeatsHere implements api.SignIn.
func (s *Station) SeatsHere(context.Context) ([]api.SeatHere, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state.Unit == nil {
		return []api.SeatHere{}, s.lost
	}
	kf, err := s.folder.keyFile()
	if err != nil {
		return nil, err
	}
	out := []api.SeatHere{}
	for _, slot := range kf.Slots {
		if slot.Kind != identity.SlotSecret {
			continue
		}
		h := api.SeatHere{Seat: hexID(slot.Seat), SeatName: slot.Name, Awaiting: s.pending(slot.Seat) != nil, Roles: []string{}}
		if s.open != nil {
			if _, seat, ok := s.open.replica.Registry().Seat(slot.Seat); ok {
				h.Roles = roleStrings(seat.Roles)
			}
		}
		out = append(out, h)
	}
	slices.SortFunc(out, func(a, b api.SeatHere) int {
		return strings.Compare(a.SeatName+"\x00"+a.Seat, b.SeatName+"\x00"+b.Seat)
	})
	return out, nil
}

// pending finds a seat whose certificate has not come; s.mu is held.
func (s *Station) pending(seat identity.SeatKey) *pendingSeat {
	for i := range s.state.Seats {
		if s.state.Seats[i].Seat == seat {
			return &s.state.Seats[i]
		}
	}
	return nil
}

// SeatBy finds a seat of this folder by its id, a beginning of it, or its name.
// With an empty name it finds the only one.
func (s *Station) SeatBy(ctx context.Context, name string) (api.SeatHere, error) {
	seats, err := s.SeatsHere(ctx)
	if err != nil {
		return api.SeatHere{}, err
	}
	var found []api.SeatHere
	for _, h := range seats {
		if name == "" || h.SeatName == name || (len(name) >= 8 && strings.HasPrefix(h.Seat, strings.ToLower(name))) {
			found = append(found, h)
		}
	}
	switch {
	case len(seats) == 0:
		_, err := s.ready()
		if err == nil {
			err = problem(CodeUnknownSeat, "this folder has no seat")
		}
		return api.SeatHere{}, err
	case len(found) == 0:
		return api.SeatHere{}, problem(CodeUnknownSeat, fmt.Sprintf("this folder has no seat %q", name), "seat", name)
	case len(found) > 1:
		return api.SeatHere{}, problem(CodeUnknownSeat, "this folder has several seats: say which with --seat", "seat", name)
	}
	return found[0], nil
}

// SignIn implements api.SignIn: opens a seat, and the store if this is the
// first since the program began.
func (s *Station) SignIn(ctx context.Context, seat, secret string) (api.Session, error) {
	key, err := parseHex(seat)
	if err != nil {
		return nil, problem(CodeUnknownSeat, "the seat is not named by its id", "seat", seat)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.signIn(ctx, key, secret)
}

func (s *Station) signIn(ctx context.Context, seat identity.SeatKey, secret string) (*Session, error) {
	if s.state.Unit == nil {
		return nil, s.notSetUp()
	}
	kf, err := s.folder.keyFile()
	if err != nil {
		return nil, err
	}
	by, err := s.unlock(ctx, kf, seat, secret)
	if err != nil {
		return nil, err
	}
	if s.state.Tree == nil {
		return nil, problem(CodeAwaiting, "the certificate from the unit above has not come yet: take its file with `join`")
	}
	if s.open == nil {
		if _, err := s.openStore(ctx, kf, by.Store, true); err != nil {
			return nil, err
		}
	}
	unit, _, ok := s.open.replica.Registry().Seat(seat)
	if !ok && s.mayBeLost(seat) {
		// Whoever has a key to the folder may look, verify and fetch again; what
		// needs a role waits until the log is back.
		return &Session{station: s, open: s.open, keys: by.Seat, unit: *s.state.Unit}, nil
	}
	if !ok || unit != *s.state.Unit {
		return nil, problem(CodeAwaiting, "this person's certificate has not come yet: take its file with `join`")
	}
	if err := s.takeReadingKeys(ctx, s.open, by.Seat); err != nil {
		return nil, err
	}
	ss := &Session{station: s, open: s.open, keys: by.Seat, unit: unit}
	ss.pay(ctx)
	return ss, nil
}

// mayBeLost reports whether the entry that enrols a seat may have been here and
// is lost: its certificate is not waited for, and the folder lacks something or
// its own unit; s.mu is held.
func (s *Station) mayBeLost(seat identity.SeatKey) bool {
	if s.pending(seat) != nil {
		return false
	}
	_, known := s.open.replica.Registry().Unit(*s.state.Unit)
	return !known || s.open.store.Reach().Behind || s.open.store.Stats().Missing > 0
}

// giver is who gives secrets for a seat: a connection to the window's port, or
// "" for whoever uses the folder itself.
type giver struct {
	who  string
	seat identity.SeatKey
}

// maxGivers bounds those remembered. Who is forgotten has a first try again, as
// he has on a new connection: what bounds the guessing of all together is how
// many secrets the API checks (api.withSecret).
const maxGivers = 1024

// unlock tries a secret; s.mu is held. Wrong ones slow down who gives them and
// nobody else, so that no stranger on this machine keeps a person from signing
// in. For who uses the folder itself the count outlasts the program, and is
// written before the secret is looked at.
func (s *Station) unlock(ctx context.Context, kf *identity.KeyFile, seat identity.SeatKey, secret string) (identity.Opened, error) {
	g := giver{api.GiverOf(ctx), seat}
	file := fmt.Sprintf("keys/tries-%x", seat[:8])
	kept := g.who == ""
	a := s.attempts[g]
	if a == nil {
		a = s.attemptsOf(g, file)
	}
	if err := a.Begin(s.uptime()); err != nil {
		return identity.Opened{}, secretProblem(err)
	}
	// The first try costs no write; a second wrong one does. In a folder that can't
	// be written the count lives as long as the program: Argon2 slows who starts it
	// again and again, as it slows who has a copy of the folder.
	if kept && a.Failed() > 1 {
		s.noteTries(file, a.Failed())
	}
	by, err := kf.Unlock(seat, secret)
	if err != nil {
		if kept && a.Failed() == 1 && errors.Is(err, identity.ErrWrongSecret) {
			s.noteTries(file, 1)
		}
		return identity.Opened{}, secretProblem(err)
	}
	if !kept {
		delete(s.attempts, g)
		return by, nil
	}
	if _, err := s.folder.read(file, 16); err == nil {
		_ = s.folder.fs.Remove(s.folder.path(file)) // a leftover count only slows the next wrong try
	}
	a.Succeeded()
	return by, nil
}

func (s *Station) noteTries(file string, n uint32) {
	if err := s.folder.write(file, binary.BigEndian.AppendUint32(nil, n)); err != nil {
		s.o.Log.Warn("the count of wrong secrets was not written", "error", err)
	}
}

// attemptsOf begins to count a giver's; s.mu is held.
func (s *Station) attemptsOf(g giver, file string) *identity.Attempts {
	count := uint32(0)
	if g.who == "" {
		if b, err := s.folder.read(file, 16); err == nil && len(b) == 4 {
			count = binary.BigEndian.Uint32(b)
		}
	} else if len(s.attempts) >= maxGivers {
		for other := range s.attempts {
			if other.who != "" {
				delete(s.attempts, other)
				break
			}
		}
	}
	from := identity.AttemptsFrom(count)
	s.attempts[g] = &from
	return &from
}

// takeReadingKeys opens what was wrapped to the seat: the unit's reading keys,
// where this folder has not got them yet.
func (s *Station) takeReadingKeys(ctx context.Context, o *opened, seat identity.SeatKeys) error {
	seeds, err := o.replica.ReadingSeeds(ctx, seat.Reading)
	if err != nil {
		return err
	}
	return s.keepReadingKeys(ctx, o, seeds)
}
