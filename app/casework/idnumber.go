package casework

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// normalNumber makes full-width characters half-width and letters capital, and
// takes out spaces.
func normalNumber(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '\u3000' || r == '\u00a0':
			return -1
		case r >= '\uff01' && r <= '\uff5e':
			r -= 0xfee0
		}
		if r >= 'a' && r <= 'z' {
			r -= 'a' - 'A'
		}
		return r
	}, s)
}

var (
	residentForm = regexp.MustCompile(`^[0-9]{17}[0-9X]$`)
	oldForm      = regexp.MustCompile(`^[0-9]{15}$`)
)

// residentWeights and residentChecks are those of GB 11643-1999.
var residentWeights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

const residentChecks = "10X98765432"

func residentCheck(first17 string) byte {
	sum := 0
	for i, w := range residentWeights {
		sum += w * int(first17[i]-'0')
	}
	return residentChecks[sum%11]
}

// checkResident judges a normalised number of GB 11643: check digit and a
// possible birth date decide, the district never does. It returns the reason
// of refusal ("" if good), the birth date, the sex, and for an old number of
// 15 digits the number of 18 digits that it became.
func checkResident(s string) (code, birth, sex, longer string) {
	switch {
	case oldForm.MatchString(s):
		full := s[:6] + "19" + s[6:]
		longer = full + string(residentCheck(full))
		s = longer
	case !residentForm.MatchString(s):
		return CodeIDForm, "", "", ""
	}
	birth = s[6:10] + "-" + s[10:12] + "-" + s[12:14]
	if t, ok := parseDay(birth); !ok || t.Year() < oldestBirth {
		return CodeBirth, "", "", ""
	}
	if residentCheck(s) != s[17] {
		return CodeCheckDigit, "", "", ""
	}
	sex = "female"
	if (s[16]-'0')%2 == 1 {
		sex = "male"
	}
	return "", birth, sex, longer
}

// oldestBirth bounds birth years: nobody registered was born before.
const oldestBirth = 1850

const usccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// usccWeights are 3^i mod 31 (GB 32100-2015), orgWeights those of the inner
// organisation code (GB 11714).
var (
	usccWeights = [17]int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}
	orgWeights  = [8]int{3, 7, 9, 10, 5, 8, 4, 2}
)

// checkUSCC judges a normalised unified social credit code: the check digit
// decides; innerOK tells whether the organisation code inside is right.
func checkUSCC(s string) (code string, innerOK bool) {
	if len(s) != 18 {
		return CodeIDForm, false
	}
	sum := 0
	for i := range 18 {
		v := strings.IndexByte(usccAlphabet, s[i])
		if v < 0 {
			return CodeIDForm, false
		}
		if i < 17 {
			sum += v * usccWeights[i]
		}
	}
	if usccAlphabet[(31-sum%31)%31] != s[17] {
		return CodeCheckDigit, false
	}
	return "", orgCheck(s[8:16]) == s[16]
}

func orgCheck(first8 string) byte {
	sum := 0
	for i, w := range orgWeights {
		v := int(first8[i] - '0')
		if first8[i] >= 'A' {
			v = int(first8[i]-'A') + 10
		}
		sum += v * w
	}
	switch c := 11 - sum%11; c {
	case 10:
		return 'X'
	case 11:
		return '0'
	default:
		return byte('0' + c)
	}
}

// idNumber checks a number by its kind and returns it normalised, "" if refused.
func (c *checker) idNumber(path, kind, number string) string {
	normal := normalNumber(number)
	switch kind {
	case "resident":
		code, _, _, longer := checkResident(normal)
		if code != "" {
			c.fail(path, code, idParams(code, normal, false)...)
			return ""
		}
		if longer != "" {
			c.warn(path, "id_old", "longer", longer)
		}
		return normal
	case "uscc":
		code, inner := checkUSCC(normal)
		if code != "" {
			c.fail(path, code, idParams(code, normal, true)...)
			return ""
		}
		if !inner {
			c.warn(path, "uscc_inner")
		}
		return normal
	case "hk_macao_taiwan_resident":
		code, _, _, _ := checkResident(normal)
		if code != "" || len(normal) != 18 || !permitPrefix.MatchString(normal) {
			c.warn(path, "id_permit")
		}
		return normal
	case "":
		c.warn(path, "id_kind_missing")
	case "none":
		c.warn(path, "id_kind_none")
	}
	return number
}

// permitPrefix begins residence permits of Hong Kong, Macao and Taiwan residents.
var permitPrefix = regexp.MustCompile(`^8[123]0000`)

func idParams(code, number string, uscc bool) []string {
	switch {
	case code == CodeIDForm:
		return []string{"length", fmt.Sprint(len([]rune(number)))}
	case code == CodeBirth:
		return []string{"birth", number[6:14]}
	case code == CodeCheckDigit && !uscc:
		return []string{"last", number[17:], "want", string(residentCheck(number))}
	case code == CodeCheckDigit:
		sum := 0
		for i, w := range usccWeights {
			sum += w * strings.IndexByte(usccAlphabet, number[i])
		}
		return []string{"last", number[17:], "want", string(usccAlphabet[(31-sum%31)%31])}
	}
	return nil
}

// phoneForm are mobile numbers, landlines with or without area code, service
// numbers, and the numbers of demonstrations (000-0000-00NN).
var phoneForm = regexp.MustCompile(`^((\+?86[- ]?)?1[3-9][0-9]{9}|(0[0-9]{2,3}[- ]?)?[2-9][0-9]{6,7}(-[0-9]{1,6})?|[48]00[- ]?[0-9]{3}[- ]?[0-9]{4}|9[56][0-9]{3,6}|12[0-9]{3}|000-0000-00[0-9]{2})$`)

// document looks at what belongs together. It warns, and refuses only who can't
// represent another.
func (c *checker) document(d *Document) {
	received, _ := parseInstant(d.ReceivedAt)
	for i := range d.Parties {
		c.party(fmt.Sprintf("parties[%d]", i), &d.Parties[i], received)
	}
	c.represented(d.Parties)
}

func (c *checker) party(path string, p *Party, received time.Time) {
	if p.Phone != "" && !phoneForm.MatchString(normalNumber(p.Phone)) {
		c.warn(join(path, "phone"), "phone_form")
	}
	if t, ok := parseDay(p.BirthDate); ok && (t.Year() < oldestBirth || !received.IsZero() && t.After(received)) {
		c.warn(join(path, "birth_date"), "birth_odd", "value", p.BirthDate)
	}
	if p.IDKind == "resident" {
		if code, birth, sex, _ := checkResident(p.IDNumber); code == "" && p.IDNumber != "" {
			if p.BirthDate != "" && p.BirthDate != birth {
				c.warn(join(path, "birth_date"), "birth_differs", "number", birth)
			}
			if (p.Sex == "male" || p.Sex == "female") && p.Sex != sex {
				c.warn(join(path, "sex"), "sex_differs")
			}
		}
	}
	if p.Kind == "organisation" && p.IDKind == "resident" || p.Kind == "person" && p.IDKind == "uscc" {
		c.warn(join(path, "id_kind"), "id_kind_odd")
	}
	c.people(path, p, received)
}
