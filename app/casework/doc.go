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
//	ParseDocument(raw) (Document, []Warning, error)  // Problems: a list of *FieldError
//	Document.Equal, Document.Canonical               // "same" and "differing" of imports
//	NewChanges(Document) []crdt.Change               // of a record's first operation
//	ParseUnitCode(code) (UnitCode, []Warning, error)
//
// # Records
//
// CaseSchema, NotesSchema, DigestSchema and DocumentSchema are for crdt.New.
//
//	View(state, Header) CaseView                     // `case get`; Encode writes it
//	DigestView(state, Header) DigestDocument         // the same where only the digest is held
//	ParsePatch(raw), Edit(state, patch)              // `case set`; no change: no changes
//	Conflicts(state, Names) []Conflict               // `case conflicts`
//	Settle(state, field, value, Actor)               // `case settle`
//	Project(changes) []crdt.Change, Touches          // change i of a case, change i of its digest
//
// Edit fails with Problems or *ContestedError, Settle with Problems or *Refusal.
// MayEdit and MaySettle tell who may; Edit leaves that to its caller.
//
// # Lifecycle
//
//	Tracks(state) State                              // where it stands, of a case or a digest
//	Steps(state, Actor) []StepOption                 // every step: allowed, why not, its fields
//	Act(state, Actor, step, fields)                  // Problems or *Refusal
//	Pair(a, b) PairVerdict                           // two concurrent steps
//
// The course is computed in course.go from the events alone: decisions first,
// then what stands on what, then what contradicts (pairs.go). Everything that
// it reads is in the digest too, so that both always stand alike.
//
// # People
//
//	Party.CapacityOn(day), AgeOn, MinorOn, ChildOn   // 民法典 17 to 22; given or by age
//	Party.SignsFor(all, day) []Signer                // who may sign an agreement for it, and why not
//	NeedRows(table), Checklist(parties, done, rows)  // what their needs ask for, and what was done
//	Masked(CaseView) CaseView, MaskID, MaskPhone …   // for who does not work on the case
//
// # Repeat disputes
//
//	MarkChanges(digest, case, Marker, room)          // keyed fingerprints in a digest, as the case asks for
//	PeopleOf(document, Marker), DigestPeopleOf       // parties as they are compared
//	Alike(people, people) (Likeness, bool)           // whether two cases of one category may be one dispute
//	Someone.Keys(category), MatchNumber, Identifies  // by what a case is found for comparing
//
// # Lists, history, print
//
//	RowOf, DigestRowOf, CompareRows, Filter.Match    // `case list`
//	SearchText, MatchQuery, Initials                 // personal data: keep it with the case
//	History(meta, changes, before, after, Names)     // `case history`
//	Sheet(CaseView, lang) []Section                  // the plain summary
//
// Sentences come from the messages of package data in Chinese and English;
// errors print in English and speak the other by Why, Hint, Unblock and Text.
package casework
