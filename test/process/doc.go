// Package process runs the real program for the tests that attack it from
// outside: it builds the binary, sets data folders up by commands, serves them
// on loopback and reads what commands say.
//
// It may know commands and their documents (CLI.md), and nothing inside the
// program. Main invariant: a command that fails where it should not ends the
// test with the command's own sentence.
package process
