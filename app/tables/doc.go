// Package tables holds the versioned data tables of mediation work: statutory
// holidays, clocks, receiving bodies, documents, numbers, the questions before
// confirmation, what a party's needs call for, consents, and who may publish
// which table. It also counts days and evaluates clocks by them.
//
// It is pure: a function of the tables and of the days it is given, without
// clock, disk, network or order of maps in what it answers. It may not import
// anything of the project, know cases or decide what a step does.
//
// Invariant: a [Set] is whole. Every table in it came through [Parse], so that
// what the program names is there, in both languages, with its source; a
// publication with a hole never replaces a table without one.
package tables
