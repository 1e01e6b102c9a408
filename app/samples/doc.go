// Package samples makes fictional cases and small trees of stations.
//
// It is for the demonstration county, the measurements and the tests of the
// front doors. It may hold no rule and reads no clock, disk, network or global
// randomness. Invariant: the same seed gives the same documents on every
// machine, every one of them is taken by casework, and no person, place or
// number in them is real.
package samples
