package api

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"io"
	"sync"
	"time"

	"hejie/store"
	"hejie/store/host"
)

// Limits of sessions.
const (
	// DefaultIdle is how long a session lives without a request: long enough to
	// listen to a party, short enough for a laptop left on a table.
	DefaultIdle = 15 * time.Minute
	// maxLogins bounds sessions held at once, locked ones included: a court's
	// server has some dozens of people.
	maxLogins = 256
	// idleCheck is how often a session looks at the wall clock besides its own
	// timer, which stands still while the machine sleeps.
	idleCheck = 30 * time.Second
	// tokenBytes of randomness make a token that can't be guessed.
	tokenBytes = 32
)

// login is one signed-in session of one client.
type login struct {
	key     [sha256.Size]byte // hash of the token
	session Session
	done    chan struct{} // closed when it locks or signs out

	// guarded by logins.mu
	last    time.Time // the last request that a person caused
	locked  bool
	timer   *time.Timer
	streams int
}

// logins holds the sessions by the hash of their token: the token itself is
// kept by the client alone, and looking up a hash tells nothing by its time.
type logins struct {
	random host.Random
	idle   time.Duration

	mu     sync.Mutex
	all    map[[sha256.Size]byte]*login
	closed bool // no session is added any more
}

func newLogins(random host.Random, idle time.Duration) *logins {
	if idle <= 0 {
		idle = DefaultIdle
	}
	return &logins{random: random, idle: idle, all: map[[sha256.Size]byte]*login{}}
}

// newToken draws a token.
func newToken(random host.Random) (string, error) {
	var b [tokenBytes]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(b[:]), nil
}

var errTooManyLogins = errors.New("too many sessions")

// add keeps a session and returns its token.
func (l *logins) add(s Session) (string, *login, error) {
	token, err := newToken(l.random)
	if err != nil {
		return "", nil, err
	}
	n := &login{key: sha256.Sum256([]byte(token)), session: s, done: make(chan struct{}), last: time.Now()}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return "", nil, store.ErrClosed
	}
	if len(l.all) >= maxLogins && !l.dropLocked() {
		return "", nil, errTooManyLogins
	}
	l.all[n.key] = n
	n.timer = time.AfterFunc(min(l.idle, idleCheck), func() { l.check(n) })
	return token, n, nil
}

// dropLocked forgets the session that has been locked longest; mu is held.
func (l *logins) dropLocked() bool {
	var oldest *login
	for _, n := range l.all {
		if n.locked && (oldest == nil || n.last.Before(oldest.last)) {
			oldest = n
		}
	}
	if oldest == nil {
		return false
	}
	delete(l.all, oldest.key)
	return true
}

// get returns the session of a token. A request that a person caused puts
// locking off.
func (l *logins) get(token string, person bool) (*login, *Problem) {
	key := sha256.Sum256([]byte(token))
	l.mu.Lock()
	n := l.all[key]
	if n == nil || subtle.ConstantTimeCompare(n.key[:], key[:]) != 1 {
		l.mu.Unlock()
		return nil, newProblem(401, CodeNotSignedIn, "nobody is signed in: sign in first")
	}
	expired := !n.locked && l.left(n) <= 0
	if !n.locked && !expired && person {
		n.last = time.Now()
	}
	locked := n.locked
	l.mu.Unlock()
	if expired {
		_ = l.lock(n)
	}
	if locked || expired {
		return nil, newProblem(423, CodeLocked, "the session was locked after a time without use: sign in again; what was typed is kept")
	}
	return n, nil
}

// left is the time until a session locks; mu is held. Both the clock that
// stands still in sleep and the one on the wall count; setting the latter
// forward locks early, which loses nothing.
func (l *logins) left(n *login) time.Duration {
	now := time.Now()
	return l.idle - max(now.Sub(n.last), now.Round(0).Sub(n.last.Round(0)))
}

// check runs on a session's timer.
func (l *logins) check(n *login) {
	l.mu.Lock()
	if n.locked {
		l.mu.Unlock()
		return
	}
	left := l.left(n)
	if left > 0 {
		n.timer.Reset(min(left, idleCheck))
		l.mu.Unlock()
		return
	}
	l.mu.Unlock()
	_ = l.lock(n)
}

// lock closes a session and keeps its name, so that its client learns why.
func (l *logins) lock(n *login) error {
	l.mu.Lock()
	if n.locked {
		l.mu.Unlock()
		return nil
	}
	n.locked = true
	if n.timer != nil {
		n.timer.Stop()
	}
	l.mu.Unlock()
	close(n.done)
	return n.session.Close()
}

// remove signs out.
func (l *logins) remove(n *login) error {
	err := l.lock(n)
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.all, n.key)
	return err
}

func (l *logins) closeAll() error {
	l.mu.Lock()
	l.closed = true
	open := make([]*login, 0, len(l.all))
	for _, n := range l.all {
		open = append(open, n)
	}
	l.mu.Unlock()
	var errs []error
	for _, n := range open {
		errs = append(errs, l.remove(n))
	}
	return errors.Join(errs...)
}

// locksIn is the time left, for showing.
func (l *logins) locksIn(n *login) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return max(0, l.left(n))
}

type loginKey struct{}

// loginOf returns the session that the request was authenticated for.
func loginOf(ctx context.Context) *login {
	n, _ := ctx.Value(loginKey{}).(*login)
	return n
}

// session returns the signed-in seat; authenticate has made sure of it.
func session(ctx context.Context) Session { return loginOf(ctx).session }
