// Package builds lets two builds of the real program meet: today's, and one that
// is a release ahead (build tag later, app/casework/later_on.go).
//
// It is for P4: what a program does not know it takes, keeps, forwards and shows
// as unknown, and what that touches is read-only there. Its tests run processes
// over loopback. It may hold no code that a program needs. Main invariant: what
// the later program wrote comes back to another later program as it was, through
// stations that know nothing of it.
package builds
