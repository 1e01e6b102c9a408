package host

import (
	"errors"
	"time"
)

// ErrLate is returned by Within when the time is over.
var ErrLate = errors.New("it did not end in time")

// Within waits for fn, at most for a time; fn goes on all the same. It is for
// ending a program whose disk or files don't let it end by itself.
func Within(limit time.Duration, fn func() error) error {
	done := make(chan error, 1)
	go func() { done <- fn() }()
	bound := time.NewTimer(limit)
	defer bound.Stop()
	select {
	case err := <-done:
		return err
	case <-bound.C:
		return ErrLate
	}
}
