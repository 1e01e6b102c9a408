// Package cli is the command line of Hejie.
//
// It is for turning arguments into calls of the station and its answers into
// documents and exit statuses, and for letting the program that has a data
// folder open serve the commands of others (the door). It may hold no rule of
// mediation and no text: what is said lies in messages/*.json, in Chinese and
// English. Invariants: with --json stdout carries documents only; what is said
// to a person goes to stderr; a command that fails has changed nothing but
// what its sentence says; and no secret is printed, logged or written.
package cli
