// Package register is a unit's register (名册): its committee's members, its
// mediators, a court's roster of bodies, the ranges of numbers of its desks,
// numbers that were voided, its sweeps, and the changes of its divisions.
//
// It is for the schema of register records, edits, the view, warnings about a
// committee, numbers that never clash offline, and suggestions of who could
// take a case. It is pure: no clock, disk or network; days come in as text.
// It may not decide for anybody: warnings and suggestions refuse nothing.
// Main invariant: a unit has one register; where two desks began one each
// while apart, both are held and every answer is made of their union, the same
// whatever the order in which they came.
//
//	Schema()                                  // for crdt.New
//	ParsePatch(raw) (Patch, error)            // casework.Problems
//	Edit(parts, patch) (Edited, error)        // changes per record of the register
//	Show(unit, parts) Register                // the view, with JSON
//	Warnings(view, today) []Warning           // 人民调解法 art. 8–10 and the rest
//	Judge(changes, roles, works) string       // who may write what
//	Numbers: Allocation, Allocate, Next, Use, Claim
//	Suggest(view, need, loads) []Suggestion
package register
