package casework

import "strings"

// MatchNumber brings a number that names a person or body (GB 11643, GB 32100
// and the like) into the one form under which equal ones are found: half-width
// capitals without spaces, a resident's of 15 digits in its form of 18. It
// judges nothing; a number that cannot be is only written the same way.
func MatchNumber(number string) string {
	normal := normalNumber(number)
	if oldForm.MatchString(normal) {
		if code, _, _, longer := checkResident(normal); code == "" {
			return longer
		}
	}
	return normal
}

// Bounds of a number that can name somebody: shorter ones, and runs of one or
// two characters, are written where there is no number.
const (
	leastIdentifying = 6
	leastDifferent   = 3
)

// Identifies reports whether a number in the form of MatchNumber can tell one
// person from another. People write 无 or 000000 where there is none, and
// numbers come in from elsewhere with their middle covered; two such are equal
// and say nothing.
func Identifies(number string) bool {
	if strings.ContainsAny(number, "*?#") || strings.Contains(number, "XXX") {
		return false
	}
	seen := map[rune]bool{}
	n := 0
	for _, r := range number {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' {
			n++
			seen[r] = true
		}
	}
	return n >= leastIdentifying && len(seen) >= leastDifferent
}
