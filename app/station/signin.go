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
		return []api.SeatHere{}, nil
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
		return nil, problem(CodeNotSetUp, fmt.Sprintf("%s holds no station yet: begin with `init`", s.o.Dir))
	}
	kf, err := s.folder.keyFile()
	if err != nil {
		return nil, err
	}
	by, err := s.unlock(kf, seat, secret)
	if err != nil {
		return nil, err
	}
	if s.state.Tree == nil {
		return nil, problem(CodeAwaiting, "the certificate from the unit above has not come yet: take its file with `join`")
	}
	if s.open == nil {
		if _, err := s.openStore(ctx, kf, by.Store); err != nil {
			return nil, err
		}
	}
	unit, _, ok := s.open.replica.Registry().Seat(seat)
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

// unlock tries a secret, slowed down after wrong ones; s.mu is held. The count
// of wrong ones is written before the secret is looked at.
func (s *Station) unlock(kf *identity.KeyFile, seat identity.SeatKey, secret string) (identity.Opened, error) {
	file := fmt.Sprintf("keys/tries-%x", seat[:8])
	a := s.attempts[seat]
	if a == nil {
		count := uint32(0)
		if b, err := s.folder.read(file, 16); err == nil && len(b) == 4 {
			count = binary.BigEndian.Uint32(b)
		}
		from := identity.AttemptsFrom(count)
		a = &from
		s.attempts[seat] = a
	}
	if err := a.Begin(s.uptime()); err != nil {
		return identity.Opened{}, secretProblem(err)
	}
	if a.Failed() > 1 { // the first try costs no write; a second wrong one does
		if err := s.folder.write(file, binary.BigEndian.AppendUint32(nil, a.Failed())); err != nil {
			return identity.Opened{}, err
		}
	}
	by, err := kf.Unlock(seat, secret)
	if err != nil {
		if a.Failed() == 1 && errors.Is(err, identity.ErrWrongSecret) {
			err = errors.Join(err, s.folder.write(file, binary.BigEndian.AppendUint32(nil, 1)))
		}
		return identity.Opened{}, secretProblem(err)
	}
	if a.Failed() > 1 {
		if err := s.folder.fs.Remove(s.folder.path(file)); err != nil && !missing(err) {
			return identity.Opened{}, err
		}
	} else if _, err := s.folder.read(file, 16); err == nil {
		_ = s.folder.fs.Remove(s.folder.path(file)) // a leftover count only slows the next wrong try
	}
	a.Succeeded()
	return by, nil
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
