// Package captured keeps a small county as the program of each issue's end wrote
// it, and holds that every later build opens it: lists, reads, verifies, and
// shows the same.
//
// An archive is made once, by `go run ./test/captured/make NAME`, and never
// again; what it must show lies beside it, and is made anew (with -expected)
// only in a commit whose docs/rules-1.md has a line that says why. Main
// invariant: no test here changes what lies here.
package captured
