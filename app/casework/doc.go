// Package casework says what a case is and what may be done with it.
//
// It is for case documents, the schemas of records, the lifecycle with its
// rules and articles, edits, conflicts, the digest's projection, and the views
// made of a state. It is pure: no clock, disk or network; the same input gives
// the same output, byte for byte. Main invariant: every view is a function of
// the set of operations (crdt.State) and of the embedded tables, and no answer
// depends on the order in which anything arrived.
//
// # Documents
//
// ParseDocument reads JSON strictly (case.schema.json) and answers Problems,
// a list of *FieldError, and Warnings. NewChanges turns a Document into the
// changes of a record's first operation.
//
// # Records
//
// CaseSchema, NotesSchema, DigestSchema and DocumentSchema are for crdt.New.
// View and DigestView give the documents that `case get` prints; Encode writes
// them. Edit turns `case set` paths into changes, Conflicts lists what waits
// for a person, Settle decides it. Project turns the changes of a case
// operation into those of its digest operation, change i into change i.
//
// # Lifecycle
//
// Tracks gives the Course of a case: states, outcome, agreement, steps,
// conflicts. Steps lists every step with whether it is allowed, why not, and
// its fields; Act makes the changes of one. Concurrent lists PairVerdicts.
//
// # Lists and print
//
// RowOf, SearchText, Filter, History and Sheet.
package casework
