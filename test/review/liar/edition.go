package liar

import "os"

// Edition names the variable that says which edition of the bytes the program
// under test speaks; absent: the second.
const Edition = "HEJIE_EDITION"

// first tells that the first edition is spoken: commit dcb42e6 and before.
func first() bool { return os.Getenv(Edition) == "1" }

// What the program of this source tree speaks already of the second edition.
const (
	secondPlaintext = true // FORMAT 5's lengths
	secondWraps     = true // frames of wraps as of operations
	secondTLS       = true // a bare key
	secondExchange  = true // version 2
)

func oldPlaintext() bool { return first() || !secondPlaintext }
func oldWraps() bool     { return first() || !secondWraps }
func oldTLS() bool       { return first() || !secondTLS }

// exchangeVersion is the version that messages bear.
func exchangeVersion() int {
	if first() || !secondExchange {
		return 1
	}
	return 2
}
