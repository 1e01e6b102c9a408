// Package review holds what a hostile review of the first edition of the bytes
// found, as commands: each test plays a modified or newer program of an enrolled
// station (test/review/liar) against the real one, and looks at what a person
// would see: case get, list, history, status, verify, sync.
//
// It runs processes over loopback. It may not look into the program. Main
// invariant: every test fails on the program that the review was written about
// (commit dcb42e6: HEJIE_PROGRAM=that build, HEJIE_EDITION=1).
// docs/review.md lists what is tried, and against what.
package review
