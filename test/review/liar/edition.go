package liar

import "os"

// Edition names the variable that says which edition of the bytes the program
// under test speaks; absent: the second.
const Edition = "HEJIE_EDITION"

// first tells that the first edition is spoken: commit dcb42e6 and before.
func first() bool { return os.Getenv(Edition) == "1" }

// exchangeVersion is the version that messages bear.
func exchangeVersion() int {
	if first() {
		return 1
	}
	return 2
}
