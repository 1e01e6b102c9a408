package station

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"hejie/app/api"
	"hejie/store"
	"hejie/store/host"
	"hejie/store/packstore"
	"hejie/store/rows"
	"hejie/sync/exchange"
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
	// After is replica.Options.After: nil where nothing goes on by itself.
	After func(d time.Duration, fn func())
	Road  Road // to others, in place of the network's; nil: the network's
	// Probe is asked before a case is read or rows are derived of it, by its id in
	// hexadecimal. It is how tests make one case fail; nil everywhere else.
	Probe func(id string) error
}

func (o *Options) probe(id string) error {
	if o.Probe == nil {
		return nil
	}
	return o.Probe(id)
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
	lost     error // why nobody knows whose folder it is; nil: state tells, or it is empty
	attempts map[giver]*identity.Attempts
	open     *opened         // nil: nobody opened the store yet
	unread   map[string]bool // cases that could not be read since the program began
}

// opened is what is there once the store's key is known.
type opened struct {
	key     seal.Key
	keyFile *identity.KeyFile
	machine identity.SigningKey
	store   *packstore.Store
	replica *replica.Replica

	tableCache tableCache

	mu   sync.Mutex // guards everything that follows
	unit identity.UnitKeys
	// lostUnit is why the file of unit's keys was not read; it is then not written either.
	lostUnit error
	epoch    oplog.Epoch
	roads    *roads
}

var _ api.Station = (*Station)(nil)

// Open looks at a data folder; one that does not exist is empty. Where files
// that say whose it is are missing or damaged, every use tells so. Errors:
// store.NewerFormatError, a failing disk.
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
	s := &Station{o: o, folder: folder{fs: o.FS, dir: o.Dir, outside: o.Outside}, attempts: map[giver]*identity.Attempts{}, began: o.Clock.Now()}
	var err error
	if s.state, s.lost, err = s.folder.whose(); err != nil {
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
	return nil, s.notSetUp()
}

// notSetUp says why the folder is nobody's: it is empty, or what would tell is
// lost; s.mu is held.
func (s *Station) notSetUp() error {
	if s.lost != nil {
		return s.lost
	}
	return problem(CodeNotSetUp, fmt.Sprintf("%s holds no station yet: begin with `init`", s.o.Dir))
}

// openStore opens store and replica, and raises the count of openings; where that
// can't be written, the folder is opened for reading. made says that the folder
// held data before. s.mu is held.
func (s *Station) openStore(ctx context.Context, kf *identity.KeyFile, key seal.Key, made bool) (*opened, error) {
	o, err := s.openReplica(ctx, kf, key, made, nil)
	if err != nil {
		return nil, err
	}
	behind, err := o.behind(ctx)
	if err != nil {
		_ = o.store.Close() // the first error tells more
		return nil, err
	}
	if o.epoch, err = s.folder.openInstance(s.o.Random, kf.Store, behind); err != nil {
		// Without it a number could be given twice, after a copy of the folder.
		reason := store.ReadOnly("the count of its openings can't be written: free some space on the disk or give the right to write, then start the program again", err)
		if err := o.store.Close(); err != nil {
			return nil, err
		}
		if o, err = s.openReplica(ctx, kf, key, made, reason); err != nil {
			return nil, err
		}
	}
	s.setOpen(o)
	s.mend(ctx, o)
	return o, nil
}

// openReplica opens store and replica, for reading alone where there is a reason.
func (s *Station) openReplica(ctx context.Context, kf *identity.KeyFile, key seal.Key, made bool, readOnly error) (*opened, error) {
	machine, err := s.folder.machineKey(key)
	if err != nil {
		return nil, err
	}
	o := &opened{key: key, keyFile: kf, machine: machine}
	o.unit, o.lostUnit = s.folder.unitKeys(key)
	o.replica = replica.Make(replica.Options{
		Self:    selfOf(*s.state.Tree, *s.state.Unit, machine),
		Machine: machine.Private(), Policy: policy{&s.o}, Clock: s.o.Clock, Random: s.o.Random, Program: s.o.Version,
		Changed:     s.changed,
		After:       s.o.After,
		OwnLaneCame: func(lane oplog.Lane, _ uint64) { s.ownLaneCame(o, lane) },
		MaySave:     func() error { return o.maySave() },
	})
	o.replica.Keep(o.unit.Reading...)
	o.store, err = packstore.Open(ctx, packstore.Options{
		FS: s.o.FS, Dir: s.o.Dir, Key: key, Applier: o.replica, Engine: s.o.Engine, Random: s.o.Random, Reserve: s.o.Reserve,
		Made: made, Note: o.replica.Note, ReadOnly: readOnly,
	})
	if err != nil {
		return nil, err
	}
	if err = o.replica.Open(ctx, o.store); err != nil {
		_ = o.store.Close() // the first error tells more
		return nil, err
	}
	return o, nil
}

// behind reports whether operations that were numbered here may be lost: the
// packs held more, or the last operation of a lane is not among what is held.
func (o *opened) behind(ctx context.Context) (bool, error) {
	if o.store.Reach().Behind {
		return true, nil
	}
	var lost uint64
	err := o.replica.View(ctx, func(rd store.Reader) (err error) {
		lost, err = o.replica.OwnLost(rd)
		return err
	})
	return lost > 0, err
}

// maySave says why nothing may be saved; nil: it may.
func (o *opened) maySave() error { return o.store.Stats().ReadOnly }

// mend makes again what follows from the rest of the folder: the entries of the
// logs that lead to this unit out of the kept certificate, that one and the state
// file out of what is held. What can't be written now is tried at the next
// opening; s.mu is held.
func (s *Station) mend(ctx context.Context, o *opened) {
	if err := s.mendLogs(ctx, o); err != nil {
		s.o.Log.Warn("log entries that are lost here were not taken from the kept certificate", "error", err)
	} else if o.maySave() == nil {
		if _, err := o.replica.CloseGaps(ctx); err != nil {
			s.o.Log.Warn("what follows from entries that came back was not derived", "error", err)
		}
	}
	if o.maySave() != nil {
		return
	}
	if now, err := s.folder.state(); err != nil || now.Tree == nil || *now.Tree != *s.state.Tree || *now.Unit != *s.state.Unit {
		if s.state.Tree == nil { // it is being set up, and says so at the end
			return
		}
		if err := s.folder.putState(s.state); err != nil {
			s.o.Log.Warn("the state file was not made again", "error", err)
		}
	}
	if err := s.keepCertificate(ctx, o); err != nil {
		s.o.Log.Warn("the certificate was not kept beside the keys", "error", err)
	}
}

// mendLogs gives the store the entries of the kept certificate that it lacks.
func (s *Station) mendLogs(ctx context.Context, o *opened) error {
	c, err := s.folder.certificate()
	if err != nil || c.tree != *s.state.Tree {
		return nil //nolint:nilerr // there is none to mend with
	}
	lacking, err := o.replica.Lacking(ctx, c.frames)
	if err != nil || len(lacking) == 0 {
		return err
	}
	if o.maySave() == nil {
		_, err = o.replica.Take(ctx, exchange.Peer{}, lacking)
		return err
	}
	o.replica.Learn(lacking)
	return nil
}

// keepCertificate keeps the logs that lead from the root to this unit beside the
// keys, apart from the packs.
func (s *Station) keepCertificate(ctx context.Context, o *opened) error {
	unit := *s.state.Unit
	if u, ok := o.replica.Registry().Unit(unit); !ok || u.Path == nil {
		return nil
	}
	units := append([]store.ID{unit}, o.replica.Registry().AncestorsOf(unit)...)
	slices.Reverse(units)
	var frames [][]byte
	if err := o.replica.View(ctx, func(rd store.Reader) error {
		for _, u := range units {
			log, err := o.replica.LogFrames(rd, u)
			if err != nil {
				return err
			}
			frames = append(frames, log...)
		}
		return nil
	}); err != nil {
		return err
	}
	return s.folder.keepCertificate(frames)
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

// Replica is the open replica, for who brings a road of his own and answers
// others over it (Options.Road), and for who looks at a station from outside.
func (s *Station) Replica() (*replica.Replica, error) {
	o, err := s.ready()
	if err != nil {
		return nil, err
	}
	return o.replica, nil
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
