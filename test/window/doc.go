// Package window drives the real window on a display without a screen.
//
// It is for tests (build tag window) that start the program as a person does,
// press keys, read the window's title and look at the picture. It may not reach
// into the program: what it knows comes through the display, the process and
// its data folder. Invariant: each test has its own display, home and data
// folder, and leaves no process behind.
package window
