package casework

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
