package identity

import (
	"bytes"
	"slices"
)

// Seat is a person on a device, or the machine of a data folder.
type Seat struct {
	Key     SeatKey
	Name    string
	Roles   []Role // sorted; none for a machine
	EncKey  []byte // X-Wing public key; nil for a machine
	Machine bool
	Cert    *Cert
	// Issuer is the unit whose issuing key signed Cert.
	Issuer ID
	// AdmittedBy is the entry that enrolled the seat.
	AdmittedBy ID
	// Waiting seats were enrolled on a side of a fork that nobody named yet: what
	// they write is held and waits.
	Waiting bool
}

// Has reports whether the seat has a role that counts now.
func (s *Seat) Has(r Role) bool { return !s.Waiting && hasRole(s.Roles, r) }

// UnitState says whether a unit can take part.
type UnitState uint8

// The states of units.
const (
	UnitActive UnitState = iota
	// UnitForked was admitted twice, or by somebody whose right is in doubt.
	UnitForked
	// UnitNoPath has the same path segment as a sibling that came first, or its
	// parent has no path: its records have no place in the ordered set yet.
	UnitNoPath
)

// String names the state.
func (s UnitState) String() string { return [...]string{"active", "forked", "no path"}[s] }

// Named is what a unit was called from a day on; Day is empty for the name of its admission.
type Named struct {
	Code, Name, Day string
	Entry           ID
}

// Related is a relation as it stands in the log.
type Related struct {
	Relation
	Entry    ID
	ByParent bool // said in the parent's branch
}

// Unit is what a log gives, at the heads that are held or at heads that an
// operation names.
type Unit struct {
	ID     ID
	First  ID // the log's first entry: the record's id
	State  UnitState
	Code   string
	Name   string
	Parent ID // zero: the root
	Level  int
	// Path is the unit's place from the root, two bytes a level; nil while State
	// is not active, empty and not nil for the root.
	Path    []byte
	Segment Segment
	Station ID // the unit that supervises its files: the parent or itself
	// Reading is the unit's reading key; Former are those it had, oldest first.
	Reading   []byte
	Former    [][]byte
	Issuing   *Cert // nil: the parent certifies for it
	Escrow    []byte
	Promise   ID // of a root's reserve key; zero in others
	Demo      bool
	Seats     []Seat // in the order of the log
	Names     []Named
	Relations []Related
	// CodeByParent is the code that the unit above last called it by, in the
	// order of its branch: what body it is, which the unit can't say of itself. Of a
	// root the code that it has.
	CodeByParent string
	// Tables are the tables that the unit published, in the order of its log.
	Tables []Published
	// Matching are the items that handed a matching key to the unit, whichever
	// it is; MatchingFor knows which one counts.
	Matching []*MatchingKey
	// Stop is set where operations that name these heads wait for a newer program.
	Stop *Stop
	// Heads are the last entries that count: of the own branch and of the
	// parent's, sorted; what an operation names.
	Heads []ID
	// OwnHead and ParentHead are what the next entry of a branch follows; the
	// log's first entry where a branch is empty.
	OwnHead, ParentHead ID
	// OwnWriter and ParentWriter are the seats that write the branches.
	OwnWriter, ParentWriter SeatKey
	// Forks are the entries that two entries of one branch follow while nobody
	// named a side.
	Forks []ID
}

// Seat finds a seat of the unit.
func (u *Unit) Seat(key SeatKey) (Seat, bool) {
	for _, s := range u.Seats {
		if s.Key == key {
			return s, true
		}
	}
	return Seat{}, false
}

// IsRoot reports whether the unit is the tree's root.
func (u *Unit) IsRoot() bool { return u.Parent == ID{} }

// NameOn is what the unit was called on a day (ISO).
func (u *Unit) NameOn(day string) Named {
	var n Named
	for _, x := range u.Names {
		if x.Day <= day {
			n = x
		}
	}
	return n
}

func sortIDs(ids []ID) []ID {
	slices.SortFunc(ids, func(a, b ID) int { return bytes.Compare(a[:], b[:]) })
	return slices.Compact(ids)
}

func less(a, b ID) bool { return bytes.Compare(a[:], b[:]) < 0 }
