package data

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Place is one administrative division.
type Place struct {
	Code string // 12 digits
	Name string
	Leaf bool // nothing lies under it
}

// Under lists the divisions directly under one of 2 to 12 digits, by code;
// under "" the provinces.
func Under(code string) []Place {
	if code == "" {
		var out []Place
		for p := range provinces() {
			full := fmt.Sprintf("%02d0000000000", p)
			if names, known := Division(full); known && len(names) > 0 {
				out = append(out, Place{Code: full, Name: names[0]})
			}
		}
		slices.SortFunc(out, func(a, b Place) int { return strings.Compare(a.Code, b.Code) })
		return out
	}
	code = strings.TrimRight((code + "000000000000")[:12], "0")
	from := 0
	for _, d := range levelDigits {
		if len(code) <= d {
			from = d
			break
		}
	}
	code = (code + "000000000000")[:from]
	n, err := strconv.Atoi(code[:2])
	if err != nil || provinces()[n] == nil {
		return nil
	}
	return children(provinces()[n](), code)
}

// children are the nearest divisions below a code: where a level is left out (a
// city without counties), those of the next.
func children(table map[int64]string, code string) []Place {
	for _, d := range levelDigits {
		if d <= len(code) {
			continue
		}
		var out []Place
		for c, name := range table {
			full := fmt.Sprintf("%012d", c)
			if strings.HasPrefix(full, code) && strings.Trim(full[len(code):d], "0") != "" && strings.Trim(full[d:], "0") == "" {
				out = append(out, Place{Code: full, Name: name, Leaf: d == 12})
			}
		}
		if len(out) > 0 {
			slices.SortFunc(out, func(a, b Place) int { return strings.Compare(a.Code, b.Code) })
			return out
		}
	}
	return nil
}
