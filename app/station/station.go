package station

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"hejie/app/api"
	"hejie/store"
	"hejie/store/host"
	"hejie/store/packstore"
	"hejie/store/rows"
	"hejie/sync/identity"
	"hejie/sync/oplog"
	"hejie/sync/replica"
	"hejie/sync/seal"
)

// Options are what a station is opened with.
type Options struct {
	Dir     string
	Outside string  // folder of the counters outside the data folder; empty: none
	FS      host.FS // nil: the machine's
	Clock   host.Clock
	Random  host.Random
	Engine  rows.Opener
	Cost    identity.Cost // of new secrets; zero: identity.DefaultCost
	Reserve int64         // see packstore.Options
	Version string        // of the program
	Log     *slog.Logger  // no personal data, no secrets; nil: none
}

// Station is one data folder. It is closed to everybody until a seat's secret
// opened the store's key once; then it stays open until Close, so that it can
// meet others while nobody is signed in.
type Station struct {
	o      Options
	folder folder
	hints  hub
	began  time.Time
	shown  atomic.Pointer[opened] // as open, for hints, which wait for nothing

	// mu guards everything that follows. It is never held over disk or network
	// but while the folder is set up or opened.
	mu       sync.Mutex
	state    folderState
	attempts map[identity.SeatKey]*identity.Attempts
	open     *opened // nil: nobody opened the store yet
}

// opened is what is there once the store's key is known.
type opened struct {
	key     seal.Key
	keyFile *identity.KeyFile
	machine identity.SigningKey
	store   *packstore.Store
	replica *replica.Replica

	tableCache tableCache

	mu    sync.Mutex // guards everything that follows
	unit  identity.UnitKeys
	epoch oplog.Epoch
	roads *roads
}

var _ api.Station = (*Station)(nil)

// Open looks at a data folder; one that does not exist is empty. Errors:
// store.NewerFormatError, a damaged folder.
func Open(o Options) (*Station, error) {
	if o.FS == nil {
		o.FS = host.OS{}
	}
	if o.Clock == nil {
		o.Clock = host.System{}
	}
	if o.Random == nil {
		o.Random = host.SystemRandom
	}
	if o.Cost == (identity.Cost{}) {
		o.Cost = identity.DefaultCost
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Station{o: o, folder: folder{fs: o.FS, dir: o.Dir, outside: o.Outside}, attempts: map[identity.SeatKey]*identity.Attempts{}, began: o.Clock.Now()}
	var err error
	if s.state, err = s.folder.state(); err != nil {
		return nil, err
	}
	return s, nil
}

// Close ends the station's roads and store.
func (s *Station) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hints.close()
	if s.open == nil {
		return nil
	}
	o := s.open
	s.setOpen(nil)
	o.stopRoads()
	return o.store.Close()
}

// ready gives what is open, or why nothing is.
func (s *Station) ready() (*opened, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.open != nil:
		return s.open, nil
	case s.state.Tree != nil:
		return nil, problem(api.CodeLocked, "nobody has signed in on this computer since the program began")
	case s.state.Unit != nil:
		return nil, problem(CodeAwaiting, "the certificate from the unit above has not come yet: take its file with `join`")
	}
	return nil, problem(CodeNotSetUp, fmt.Sprintf("%s holds no station yet: begin with `init`", s.o.Dir))
}

// openStore opens store and replica; s.mu is held.
func (s *Station) openStore(ctx context.Context, kf *identity.KeyFile, key seal.Key) (*opened, error) {
	machine, err := s.folder.machineKey(key)
	if err != nil {
		return nil, err
	}
	unit, err := s.folder.unitKeys(key)
	if err != nil {
		return nil, err
	}
	o := &opened{key: key, keyFile: kf, machine: machine, unit: unit}
	o.replica = replica.Make(replica.Options{
		Self:    selfOf(*s.state.Tree, *s.state.Unit, machine),
		Machine: machine.Private(), Policy: policy{}, Clock: s.o.Clock, Random: s.o.Random, Program: s.o.Version,
		Changed:     s.changed,
		OwnLaneCame: func(lane oplog.Lane, _ uint64) { s.ownLaneCame(o, lane) },
	})
	o.replica.Keep(unit.Reading...)
	o.store, err = packstore.Open(ctx, packstore.Options{FS: s.o.FS, Dir: s.o.Dir, Key: key, Applier: o.replica, Engine: s.o.Engine, Random: s.o.Random, Reserve: s.o.Reserve})
	if err != nil {
		return nil, err
	}
	if err = o.replica.Open(ctx, o.store); err == nil {
		o.epoch, err = s.folder.openInstance(s.o.Random, kf.Store)
	}
	if err != nil {
		_ = o.store.Close() // the first error tells more
		return nil, err
	}
	s.setOpen(o)
	return o, nil
}

// setOpen notes what is open; s.mu is held.
func (s *Station) setOpen(o *opened) {
	s.open = o
	s.shown.Store(o)
}

// ownLaneCame begins a new epoch: a peer knows operations of a lane of this
// folder that are not here, so it must not go on numbering in it.
func (s *Station) ownLaneCame(o *opened, lane oplog.Lane) {
	if _, here := s.slot(o.keyFile, lane.Seat); !here {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if lane.Epoch != o.epoch {
		return
	}
	epoch, err := s.folder.newEpoch(s.o.Random, o.keyFile.Store)
	if err != nil {
		s.o.Log.Error("a new epoch could not be begun; the next opening begins one", "error", err)
		return
	}
	o.epoch = epoch
}

func (s *Station) slot(kf *identity.KeyFile, seat identity.SeatKey) (identity.Slot, bool) {
	for _, slot := range kf.Slots {
		if slot.Kind == identity.SlotSecret && slot.Seat == seat {
			return slot, true
		}
	}
	return identity.Slot{}, false
}

// uptime counts from the station's opening and never goes back.
func (s *Station) uptime() time.Duration { return max(0, s.o.Clock.Now().Sub(s.began)) }

func joinRoles(roles []identity.Role) string {
	out := make([]string, len(roles))
	for i, r := range roles {
		out[i] = string(r)
	}
	return strings.Join(out, ",")
}

func roleStrings(roles []identity.Role) []string {
	out := make([]string, len(roles))
	for i, r := range roles {
		out[i] = string(r)
	}
	return out
}

func rolesOf(names []string) []identity.Role {
	out := make([]identity.Role, len(names))
	for i, n := range names {
		out[i] = identity.Role(n)
	}
	return out
}

func hexID(id store.ID) string { return fmt.Sprintf("%x", id[:]) }
