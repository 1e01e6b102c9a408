package identity

import (
	"fmt"
	"slices"
	"strings"

	"hejie/sync/oplog"
)

// Limits of published tables (FORMAT.md 6, item 10).
const (
	// MaxTable bounds a table's content, in bytes: the holidays of sixty years or
	// the roster of a province's bodies fit, and an entry holds one with room to spare.
	MaxTable = 256 << 10
	// MaxTableName bounds a table's name, in bytes.
	MaxTableName = 40
)

// Table publishes a version of a data table: an item of the publishing unit's
// own branch. It goes to every unit under the publisher and above it, in the
// clear, so it may hold nothing about a person. What stands in the content and
// which body may publish which table is not this package's to know.
type Table struct {
	Name    string
	Version uint64
	Day     string // ISO, a Beijing day: the version counts from then on
	Content []byte
}

// Type implements Item.
func (*Table) Type() ItemType { return ItemTable }

func (t *Table) wire() (any, error) {
	if err := CheckTableName(t.Name); err != nil {
		return nil, err
	}
	if len(t.Content) == 0 || len(t.Content) > MaxTable {
		return nil, fmt.Errorf("table %s has %d bytes: 1 to %d are allowed", t.Name, len(t.Content), MaxTable)
	}
	return map[uint64]any{1: ItemTable, 2: t.Name, 3: t.Version, 4: t.Day, 5: t.Content}, nil
}

func decodeTable(f *fields) (Item, error) {
	t := &Table{}
	f.need(2, &t.Name)
	if f.err == nil {
		if err := CheckTableName(t.Name); err != nil {
			f.fail("field 2: %v", err)
		}
	}
	t.Version = f.uint(3, oplog.MaxNumber)
	if f.err == nil && t.Version == 0 {
		f.fail("versions begin at 1")
	}
	t.Day = f.day(4)
	t.Content = f.bytes(5, 1, MaxTable)
	return t, nil
}

// CheckTableName tells whether a text can name a table: 1 to MaxTableName of
// a-z, 0-9 and _, a letter first.
func CheckTableName(name string) error {
	if name == "" || len(name) > MaxTableName || name[0] < 'a' || name[0] > 'z' || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
		return fmt.Errorf("%.60q is no name of a table: 1 to %d of a-z, 0-9 and _, a letter first", name, MaxTableName)
	}
	return nil
}

// Published is a version of a table that counts.
type Published struct {
	*Table
	Entry ID      // the log entry that holds it
	Seat  SeatKey // who published it
}

// table takes a version down where its author was an admin or a director of
// the unit. Versions of one table only ever rise along the branch: one that
// does not is a modified program's and counts for nothing. Two on the sides of a
// fork are like everything there: none counts until a side is named.
func (b *builder) table(n *node, t *Table) {
	if n.Branch != BranchOwn || !n.publisher[b.v] {
		return
	}
	for i := len(b.u.Tables) - 1; i >= 0; i-- {
		if b.u.Tables[i].Name == t.Name {
			if b.u.Tables[i].Version >= t.Version {
				return
			}
			break
		}
	}
	b.u.Tables = append(b.u.Tables, Published{t, n.ID, n.Seat})
}

// TablesOf lists what a unit published that counts, in the order of its log: of
// each table all versions, ascending. The contents must not be changed.
func (r *Registry) TablesOf(unit ID) []Published {
	r.mu.Lock()
	defer r.mu.Unlock()
	u, _ := r.unit(unit)
	return u.Tables
}

// LastTable is the greatest version of a table that the unit published.
func (u *Unit) LastTable(name string) (Published, bool) {
	for _, p := range slices.Backward(u.Tables) {
		if p.Name == name {
			return p, true
		}
	}
	return Published{}, false
}
