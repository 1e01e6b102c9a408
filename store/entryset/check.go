package entryset

import (
	"bytes"
	"errors"
	"fmt"

	"hejie/store/rows"
)

func isNotFound(err error) bool { return errors.Is(err, rows.ErrNotFound) }

// Check adds every entry up again and compares each node's row; bad is called
// with the key of each row that is wrong, missing or left over.
func (s *Set) Check(bad func(key []byte, what string)) error {
	c := checker{s: s, bad: bad}
	err := s.r.Scan(s.entries, nil, false, func(key, _ []byte) (bool, error) {
		e := key[len(s.entries):]
		if len(e) != keyLen {
			bad(key, "an entry of the ordered set has a wrong length")
			return true, nil
		}
		return true, c.count(e)
	})
	if err != nil {
		return err
	}
	for level := len(lengths) - 1; level >= 0; level-- {
		if err := c.finish(level); err != nil {
			return err
		}
	}
	return s.checkLeftover(bad)
}

// checker adds up, level by level, the node that the entries now lie under. A
// node is compared with its row when the first entry behind it comes.
type checker struct {
	s    *Set
	bad  func(key []byte, what string)
	want [len(lengths)]node
	at   [len(lengths)][]byte
}

// count adds one entry to the nodes above it.
func (c *checker) count(e []byte) error {
	for level := len(lengths) - 1; level >= 0; level-- {
		if p := e[:lengths[level]]; c.want[level].count > 0 && !bytes.Equal(c.at[level], p) {
			if err := c.finish(level); err != nil {
				return err
			}
			c.want[level] = node{}
		}
	}
	for level := range lengths {
		if c.want[level].count == 0 {
			if err := c.begin(level, e[:lengths[level]]); err != nil {
				return err
			}
		}
		c.want[level].count++
		add(&c.want[level].sum, e[idAt:])
	}
	return nil
}

// begin starts a node and looks whether it should have nodes below it.
func (c *checker) begin(level int, prefix []byte) error {
	c.at[level], c.want[level] = bytes.Clone(prefix), node{}
	v, err := c.s.r.Get(c.s.nodeKey(level, prefix))
	if isNotFound(err) {
		return nil
	}
	if err == nil {
		if n, e := decodeNode(v); e == nil {
			c.want[level].expanded = n.expanded
		}
	}
	return err
}

// finish compares a node that is added up with its row.
func (c *checker) finish(level int) error {
	want := c.want[level]
	if want.count == 0 {
		return nil
	}
	key := c.s.nodeKey(level, c.at[level])
	v, err := c.s.r.Get(key)
	if isNotFound(err) {
		// No row is right where the node above holds few enough entries.
		if level == 0 || c.want[level-1].expanded {
			c.bad(key, "a node of the ordered set is missing")
		}
		return nil
	}
	if err != nil {
		return err
	}
	n, err := decodeNode(v)
	if err != nil {
		c.bad(key, err.Error())
		return nil
	}
	if n.count != want.count || n.sum != want.sum {
		c.bad(key, fmt.Sprintf("a node of the ordered set counts %d and its entries are %d", n.count, want.count))
	}
	return nil
}

// checkLeftover finds node rows that no entry lies under.
func (s *Set) checkLeftover(bad func(key []byte, what string)) error {
	return s.r.Scan(s.nodes, nil, false, func(key, _ []byte) (bool, error) {
		p := key[len(s.nodes):]
		if len(p) == 0 || int(p[0]) >= len(lengths) || len(p)-1 != lengths[p[0]] {
			bad(key, "a node of the ordered set has a wrong key")
			return true, nil
		}
		any := false
		err := s.r.Scan(s.entryKey(p[1:]), nil, false, func(_, _ []byte) (bool, error) {
			any = true
			return false, nil
		})
		if err == nil && !any {
			bad(key, "a node of the ordered set has no entries")
		}
		return true, err
	})
}
