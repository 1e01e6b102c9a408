// Package vectors holds the bytes of Hejie's format, each with what a reader
// must say of it.
//
// It is for whoever writes or checks a reader: every *.json here has a sentence,
// an `expect` ("ok" or the reason of the refusal) and the bytes in hexadecimal.
// The tests of this package make them with production code from fixed seeds,
// check that they are the committed ones, hold production code to every
// `expect` and run the independent reader of test/reader over them. It may hold
// no code that a program needs. Main invariant: a committed vector never changes;
// `go test ./test/vectors -update` writes those that are new.
package vectors
