package identity

import (
	"errors"
	"fmt"
	"time"
	"unicode/utf8"
)

// The bounds of a secret in Unicode code points. The upper one keeps a pasted
// file from being taken for a secret.
const (
	MinSecret = 8
	MaxSecret = 256
)

// The errors about secrets.
var (
	// ErrSecretShort is returned for a new secret of fewer than MinSecret characters.
	ErrSecretShort = fmt.Errorf("a secret has at least %d characters", MinSecret)
	// ErrSecretForm is returned for a new secret that is too long or no text.
	ErrSecretForm = fmt.Errorf("a secret is text of at most %d characters", MaxSecret)
	// ErrWrongSecret is returned when a secret or sheet opens no slot.
	ErrWrongSecret = errors.New("the secret does not open this seat")
)

// CheckSecret tells whether a text may be a new secret.
func CheckSecret(secret string) error {
	switch n := utf8.RuneCountInString(secret); {
	case !utf8.ValidString(secret) || n > MaxSecret:
		return ErrSecretForm
	case n < MinSecret:
		return ErrSecretShort
	}
	return nil
}

// MaxDelay bounds the wait after a wrong secret.
const MaxDelay = 60 * time.Second

// TooSoonError is returned while a seat waits after wrong secrets.
type TooSoonError struct{ Wait time.Duration }

func (e *TooSoonError) Error() string {
	return fmt.Sprintf("too many wrong secrets: try again in %d seconds", int(e.Wait.Round(time.Second)/time.Second))
}

// Attempts slows down the guessing of a seat's secret: 1, 2, 4 … 60 seconds
// after each wrong one. Only the count is kept across restarts. Waits are
// counted by the process's own uptime and begin anew at a restart, so that
// neither setting the machine's clock nor restarting shortens one.
//
// Begin is called before each try and its count is saved before the secret is
// looked at, so that a killed process does not get a try for nothing.
type Attempts struct {
	failed uint32
	since  time.Duration // uptime at the last try, 0 if before this process began
}

// AttemptsFrom continues from the count saved before a restart.
func AttemptsFrom(failed uint32) Attempts { return Attempts{failed: failed} }

// Failed is the count to be saved.
func (a *Attempts) Failed() uint32 { return a.failed }

// Begin takes one try. uptime is how long the process runs, by a clock that
// only goes forward. It returns *TooSoonError where the try must wait.
func (a *Attempts) Begin(uptime time.Duration) error {
	if wait := a.since + delay(a.failed) - uptime; wait > 0 {
		return &TooSoonError{wait}
	}
	if a.failed < 1<<31 {
		a.failed++
	}
	a.since = uptime
	return nil
}

// Succeeded forgets the wrong ones.
func (a *Attempts) Succeeded() { *a = Attempts{} }

func delay(failed uint32) time.Duration {
	if failed == 0 {
		return 0
	}
	if failed > 6 {
		return MaxDelay
	}
	return min(MaxDelay, time.Second<<(failed-1))
}
