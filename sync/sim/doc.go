// Package sim is a world in which whole nodes run again and again alike:
// virtual time, a scheduler, a network, disks, clocks and randomness, all of
// them functions of one seed.
//
// It is for simulators of the layers above (app/sim) and for tests. It may not
// import app, nor know what an operation or a case is; it never reads the
// machine's clock, randomness or files. Main invariant: the same seed and the
// same calls give the same run on any machine, because one task runs at a time,
// a task gives way only where it says so (Task.Sleep, a message on its way), and
// every choice comes from a stream of random numbers that has one reader.
package sim
