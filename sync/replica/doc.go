// Package replica holds the operations of one node and everything that follows
// from them: the verdict on each, the state of each record, the ordered set,
// the keys that open what this node may read, and the receipts.
//
// It is for the one place where held, verdict and readable meet and are kept
// apart (DESIGN 2): take.go decides what is held, verdict.go judges, keyring.go
// opens, apply.go derives rows from all three. It may not know mediation law
// (a Policy tells it the schemas, who may write what, and which rows to show),
// nor sockets, nor the machine's clock or files. Main invariants: every derived
// row is a function of the set of frames held and of the keys at hand, whatever
// the order of arrival; nothing is shown that was not verified.
package replica
