// Package host is what the machine gives to Hejie: a clock, randomness and
// files, each as a small interface.
//
// It is for every package that would otherwise call time.Now, crypto/rand or
// package os, so that a whole node can run inside a simulator. It may not know
// frames, records or cases. Invariant: no other package of store, sync or
// app/station reads the clock, randomness or files of the machine directly.
package host

import (
	"crypto/rand"
	"io"
	"time"
)

// Clock tells the time of this machine. It is a hint: no check in Hejie uses
// it to refuse anything (DESIGN 3).
type Clock interface {
	// Now is the machine's time; it may jump either way between two calls.
	Now() time.Time
}

// Random is a source of unpredictable bytes; it never returns fewer than asked
// without an error.
type Random = io.Reader

// System is the real machine's clock.
type System struct{}

// Now implements Clock.
func (System) Now() time.Time { return time.Now() }

// SystemRandom is the operating system's random source.
var SystemRandom = rand.Reader
