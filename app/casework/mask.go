package casework

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"hejie/app/casework/data"
)

// Masks cover the middle of what points to a person. They are for display:
// what is masked can't be read back, and a value that is too short to leave
// anything in sight is covered whole.

const cover = "*"

// middle covers all characters of s but the first and last ones, which are
// counted as keep tells a digit or letter; signs between them stay.
func middle(s string, first, last int) string {
	counted := func(r rune) bool { return unicode.IsDigit(r) || unicode.IsLetter(r) }
	n := 0
	for _, r := range s {
		if counted(r) {
			n++
		}
	}
	if n < first+last+minCovered {
		first, last = 0, 0
	}
	var b strings.Builder
	i := 0
	for _, r := range s {
		switch {
		case !counted(r):
			b.WriteRune(r)
			continue
		case i >= first && i < n-last:
			b.WriteString(cover)
		default:
			b.WriteRune(r)
		}
		i++
	}
	return b.String()
}

// minCovered is how many characters a mask covers at least.
const minCovered = 2

// Lengths of resident numbers (GB 11643): district, birth date, rest.
const (
	residentLength = 18
	oldLength      = 15
)

// MaskID covers the birth date of a resident number (110105********002X), and
// of another number all but its first and last two characters.
func MaskID(number string) string {
	switch utf8.RuneCountInString(normalNumber(number)) {
	case residentLength:
		return middle(number, 6, 4)
	case oldLength:
		return middle(number, 6, 3)
	}
	return middle(number, 2, 2)
}

// MaskPhone leaves the first three and the last four digits (138****5678), of
// a short number the last two.
func MaskPhone(number string) string {
	const whole = 10
	digits := 0
	for _, r := range number {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	if digits < whole {
		return middle(number, 0, 2)
	}
	return middle(number, 3, 4)
}

// MaskAccount leaves the last four digits of a bank account.
func MaskAccount(number string) string { return middle(number, 0, 4) }

// MaskElectronic leaves the first character of an address and where it is
// (a***@example.invalid), of a number what MaskPhone leaves.
func MaskElectronic(to string) string {
	name, host, mail := strings.Cut(to, "@")
	first, size := utf8.DecodeRuneInString(name)
	switch {
	case strings.IndexFunc(to, unicode.IsLetter) < 0:
		return MaskPhone(to)
	case !mail:
		host = ""
	default:
		host = "@" + host
	}
	if size == 0 || size == len(name) {
		return strings.Repeat(cover, 3) + host
	}
	return string(first) + strings.Repeat(cover, 3) + host
}

// MaskBirth leaves the year of a birth date.
func MaskBirth(date string) string {
	if t, ok := parseDay(date); ok {
		return t.Format("2006") + "-**-**"
	}
	return middle(date, 0, 0)
}

// township ends where an address still points to many people.
var township = regexp.MustCompile(`^.{1,40}?(街道|苏木|乡|镇)`)

// county is looked for where there is no township.
var county = regexp.MustCompile(`^.{1,30}?(自治县|自治旗|县|区|旗)`)

// city is looked for where there is neither.
var city = regexp.MustCompile(`^.{1,20}?(市|自治州|州|盟|省|自治区)`)

// MaskAddress leaves the township of an address, else its county or city.
func MaskAddress(address string) string {
	if address == "" {
		return ""
	}
	for _, part := range []*regexp.Regexp{township, county, city} {
		if s := part.FindString(address); s != "" {
			return s + strings.Repeat(cover, 4)
		}
	}
	return strings.Repeat(cover, 4)
}

// MaskName writes a person's name as courts do in public (法释〔2016〕19号
// art. 9): the surname with 某, of a name that is not of the Han the first
// character with 某, of a name in Latin letters the first letter. A public list
// numbers names that come out alike; that is its maker's work.
func MaskName(name string) string {
	name = strings.TrimSpace(name)
	first, size := utf8.DecodeRuneInString(name)
	switch {
	case size == 0:
		return ""
	case !unicode.Is(unicode.Han, first):
		return string(first)
	case strings.ContainsAny(name, "·•・"):
		return string(first) + "某"
	}
	const withCompound = 2
	if utf8.RuneCountInString(name) > withCompound {
		for _, s := range data.Persons().CompoundSurnames {
			if strings.HasPrefix(name, s) {
				return s + "某"
			}
		}
	}
	return string(first) + "某"
}

// Numbers in running text. Bank cards and accounts have 15 to 30 digits, often
// in groups of four.
var (
	residentInText = regexp.MustCompile(`\b[0-9]{17}[0-9Xx]\b`)
	phoneInText    = regexp.MustCompile(`\b(1[3-9][0-9]{9}|0[0-9]{2,3}-[2-9][0-9]{6,7}|000-0000-00[0-9]{2})\b`)
	accountInText  = regexp.MustCompile(`\b([0-9]{15,30}|[0-9]{4}( [0-9]{4}){3,6}( [0-9]{1,3})?)\b`)
)

// MaskText covers identity, phone and account numbers in what people wrote.
// Full-width digits count too.
func MaskText(text string) string {
	if strings.IndexFunc(text, unicode.IsDigit) < 0 {
		return text
	}
	narrow := strings.Map(func(r rune) rune {
		if r >= '０' && r <= '９' {
			return r - '０' + '0'
		}
		return r
	}, text)
	out := residentInText.ReplaceAllStringFunc(narrow, func(s string) string {
		if code, _, _, _ := checkResident(normalNumber(s)); code != "" {
			return MaskAccount(s)
		}
		return MaskID(s)
	})
	out = phoneInText.ReplaceAllStringFunc(out, MaskPhone)
	out = accountInText.ReplaceAllStringFunc(out, MaskAccount)
	if out == narrow {
		return text
	}
	return out
}
