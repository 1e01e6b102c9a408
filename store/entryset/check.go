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
	var want [len(lengths)]node
	var at [len(lengths)][]byte
	// close compares a finished node with its row.
	finish := func(level int) error {
		if want[level].count == 0 {
			return nil
		}
		key := s.nodeKey(level, at[level])
		v, err := s.r.Get(key)
		if isNotFound(err) {
			// No row is right where the node above holds few enough entries.
			if level == 0 || want[level-1].expanded {
				bad(key, "a node of the ordered set is missing")
			}
			return nil
		}
		if err != nil {
			return err
		}
		n, err := decodeNode(v)
		if err != nil {
			bad(key, err.Error())
			return nil
		}
		if n.count != want[level].count || n.sum != want[level].sum {
			bad(key, fmt.Sprintf("a node of the ordered set counts %d and its entries are %d", n.count, want[level].count))
		}
		return nil
	}
	begin := func(level int, prefix []byte) error {
		at[level], want[level] = bytes.Clone(prefix), node{}
		v, err := s.r.Get(s.nodeKey(level, prefix))
		if isNotFound(err) {
			return nil
		}
		if err == nil {
			if n, e := decodeNode(v); e == nil {
				want[level].expanded = n.expanded
			}
		}
		return err
	}
	err := s.r.Scan(s.entries, nil, false, func(key, _ []byte) (bool, error) {
		e := key[len(s.entries):]
		if len(e) != keyLen {
			bad(key, "an entry of the ordered set has a wrong length")
			return true, nil
		}
		for level := len(lengths) - 1; level >= 0; level-- {
			if p := e[:lengths[level]]; want[level].count > 0 && !bytes.Equal(at[level], p) {
				if err := finish(level); err != nil {
					return false, err
				}
				want[level] = node{}
			}
		}
		for level := range lengths {
			if want[level].count == 0 {
				if err := begin(level, e[:lengths[level]]); err != nil {
					return false, err
				}
			}
			want[level].count++
			add(&want[level].sum, e[idAt:])
		}
		return true, nil
	})
	if err != nil {
		return err
	}
	for level := len(lengths) - 1; level >= 0; level-- {
		if err := finish(level); err != nil {
			return err
		}
	}
	return s.checkLeftover(bad)
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
