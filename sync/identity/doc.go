// Package identity tells who may do what: units, their logs, seats,
// certificates and the keys that prove them.
//
// It is for enrolment requests, X.509 certificates, the content of log entries,
// the state that a unit's log gives at any heads (Registry), and the key
// material that lies in a data folder. It may not touch disk, network, clock or
// global randomness, and it knows nothing of cases.
//
// Main invariants: a Registry is a pure function of the set of entries added,
// whatever their order (DESIGN P2); authority is never merged from two writers
// (two entries after the same one give nobody a right until the unit above
// names one); no check reads the machine's clock.
//
// # Words
//
// A unit is a body that has cases; it is named by the hash of the first signing
// key of its request. A seat is a person on a device, named by its signing key.
// The machine seat stands for a data folder in TLS and libp2p. A unit's log has
// two branches: its own and its parent's. An instance is one log of a unit; a
// unit has more than one only if it was admitted twice.
package identity

import (
	"hejie/store"
	"hejie/sync/seal"
)

// ID names a unit, an entry of a log, or any other hashed value.
type ID = store.ID

// SeatKey is a seat's public signing key: its name.
type SeatKey = store.ID

// UnitID is the id of the unit whose request holds this first signing key.
func UnitID(first SeatKey) ID { return seal.Hash("hejie unit v1", first[:]) }
