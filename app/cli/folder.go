package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"hejie/app/api"
	"hejie/app/station"
	"hejie/store"
	"hejie/store/host"
	"hejie/store/pack"
)

// Names in a data folder that belong to its front doors.
const (
	ownerFile = "door.lock" // locked by the one program that has the folder open
	doorFile  = "door"      // where that program serves the commands of others
)

// writable tells whether a file can be made in a folder.
func writable(dir string) bool {
	f, err := os.CreateTemp(dir, ".writable-*")
	if err != nil {
		return false
	}
	return errors.Join(f.Close(), os.Remove(f.Name())) == nil
}

// stationParts are the folders that a station fills.
var stationParts = []string{"keys", "packs", "local", "badger"}

const (
	// ownerPatience is how long a command waits for a folder whose owner answers
	// no calls: it is about to open its door, or about to end.
	ownerPatience = 20 * time.Second
	ownerRetry    = 50 * time.Millisecond
)

// owned is a data folder that this process has open.
type owned struct {
	dir  string
	st   *station.Station
	lock io.Closer
	door *door
	set  settings
}

// own opens a folder for this process alone and opens its door; errInUse where
// another process has it. log may be nil.
func own(ctx context.Context, dir string, s settings, log *slog.Logger) (*owned, error) {
	fs := host.OS{}
	// Before anything is written: the lock is a file in the folder too.
	if err := pack.CheckEdition(fs, dir); err != nil {
		return nil, err
	}
	if err := fs.MkdirAll(dir); err != nil {
		return nil, failOn(err, "folder.open", "dir", dir)
	}
	lock, err := fs.Lock(filepath.Join(dir, ownerFile))
	if errors.Is(err, host.ErrInUse) {
		return nil, store.ErrInUse
	}
	if err != nil && setUp(dir) && !writable(dir) {
		// Nobody can write here, so nobody can be kept from writing: any number of
		// programs may read, and the store says that nothing can be saved.
		lock, err = io.NopCloser(nil), nil
	}
	if err != nil {
		return nil, failOn(err, "folder.open", "dir", dir)
	}
	o := &owned{dir: dir, lock: lock, set: s}
	o.st, err = station.Open(station.Options{
		After: func(d time.Duration, fn func()) { time.AfterFunc(d, fn) },
		Dir:   dir, Outside: s.outside, Clock: s.clock, Random: s.random, Engine: s.engine, Cost: s.cost, Version: Version, Log: log,
	})
	if err == nil {
		o.door, err = openDoor(ctx, o)
		if err != nil {
			err = errors.Join(err, o.st.Close())
		}
	}
	if err == nil && o.door.file == "" {
		// Nobody finds this door: others may open the folder themselves, which the
		// store lets them do as long as nobody writes.
		err, o.lock = lock.Close(), io.NopCloser(nil)
	}
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return o, nil
}

// close ends the door, when those whom it serves are done or ctx ends, then the
// station, then the ownership.
func (o *owned) close(ctx context.Context) error {
	o.door.close(ctx)
	return errors.Join(o.st.Close(), o.lock.Close())
}

// setUp tells whether the folder holds anything of a station: what is missing of
// it, the station tells.
func setUp(dir string) bool {
	for _, part := range stationParts {
		if list, err := os.ReadDir(filepath.Join(dir, part)); err == nil && len(list) > 0 {
			return true
		}
	}
	return false
}

// withStation runs a use of the folder's station: in this process, or where
// another program has the folder open, there, by sending it the whole command.
// fresh allows a folder that is empty or not there.
func (a *app) withStation(ctx context.Context, fresh bool, use func(*station.Station) error) error {
	if a.own != nil {
		return use(a.own.st)
	}
	dir := a.folder()
	if !fresh && !setUp(dir) {
		return fail("folder.empty", "dir", dir)
	}
	o, err := a.ownOrForward(ctx, dir)
	if err != nil {
		return err
	}
	err = use(o.st)
	return errors.Join(err, o.close(ctx))
}

// ownOrForward opens the folder, or has the command served by its owner and
// ends it with that one's exit status.
func (a *app) ownOrForward(ctx context.Context, dir string) (*owned, error) {
	began := a.set.clock.Now()
	for {
		o, err := own(ctx, dir, a.set, nil)
		if !errors.Is(err, store.ErrInUse) {
			return o, err
		}
		status, served, err := callDoor(ctx, dir, a.w, a.args, a.set)
		if served {
			if err != nil {
				return nil, failOn(err, "door.broken", "dir", dir)
			}
			return nil, exitStatus(status)
		}
		if ctx.Err() != nil || a.set.clock.Now().Sub(began) > ownerPatience {
			return nil, fail("folder.in_use", "dir", dir)
		}
		if err := waitFor(ctx, ownerRetry); err != nil {
			return nil, fail("folder.in_use", "dir", dir)
		}
	}
}

// withSession runs a use as the person whom --seat and the secret name.
func (a *app) withSession(ctx context.Context, use func(*station.Station, api.Session) error) error {
	return a.withStation(ctx, false, func(st *station.Station) error {
		s, err := a.signIn(ctx, st)
		if err != nil {
			return err
		}
		a.warnOfRules(ctx, s)
		a.warnOfLosses(ctx, st)
		return errors.Join(use(st, s), s.Close())
	})
}

// warnOfRules says beside every command that what it shows may differ where the
// tree goes by rules that this program does not know.
func (a *app) warnOfRules(ctx context.Context, s api.Session) {
	if p, err := s.Person(ctx); err == nil && p.Rules.Newer() {
		a.note("rules.newer", "tree", strconv.FormatUint(p.Rules.Tree, 10), "known", strconv.FormatUint(p.Rules.Known, 10))
	}
}

// warnOfLosses says beside every command what this folder lost: nobody should
// take a short list for the whole.
func (a *app) warnOfLosses(ctx context.Context, st *station.Station) {
	if len(a.args) > 0 && a.args[0] == "status" {
		return // it lists them itself
	}
	for _, r := range st.Losses(ctx) {
		a.note("warning", "text", reasonText(a.lang, r))
	}
}

// session is withSession for those that need the session alone.
func (a *app) session(ctx context.Context, use func(api.Session) error) error {
	return a.withSession(ctx, func(_ *station.Station, s api.Session) error { return use(s) })
}

// signIn opens the seat that the caller names.
func (a *app) signIn(ctx context.Context, st *station.Station) (api.Session, error) {
	seat, err := st.SeatBy(ctx, a.seat)
	if err != nil {
		return nil, err
	}
	secret, err := a.secret("secret.ask", "name", seat.SeatName)
	if err != nil {
		return nil, err
	}
	var s api.Session
	err = a.patiently(ctx, func() error {
		s, err = st.SignIn(ctx, seat.Seat, secret)
		return err
	})
	return s, err
}

// maxSlowdown is the longest wait after wrong secrets that a command waits
// itself; a longer one is left to the caller.
const maxSlowdown = 70 * time.Second

// patiently tries something that a secret opens; where wrong ones before it
// slow it down, it waits as long as is asked and tries once more.
func (a *app) patiently(ctx context.Context, try func() error) error {
	err := try()
	var slow *api.Error
	if !errors.As(err, &slow) || slow.Reason.Code != api.CodeTooMany || slow.Retry > maxSlowdown {
		return err
	}
	a.note("secret.slow", "seconds", fmt.Sprint(int((slow.Retry+time.Second-1)/time.Second)))
	if err := a.set.wait(ctx, slow.Retry); err != nil {
		return err
	}
	return try()
}
