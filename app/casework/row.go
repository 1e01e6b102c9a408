package casework

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/mozillazg/go-pinyin"
)

// Row is one line of `case list`. A unit that holds only the digest has no
// title, and the month in place of the day.
type Row struct {
	ID         string `json:"id"`
	State      State  `json:"state"`
	Category   string `json:"category"`
	Title      string `json:"title,omitempty"`
	Unit       string `json:"unit"`
	ReceivedOn string `json:"received_on"`
	UpdatedAt  string `json:"updated_at"`
	Conflicts  int    `json:"conflicts"`
}

// RowOf makes the line of a case.
func RowOf(v CaseView) Row {
	return Row{
		ID: v.ID, State: v.State, Category: v.Category, Title: v.Title, Unit: v.Unit,
		ReceivedOn: v.ReceivedOn, UpdatedAt: v.UpdatedAt, Conflicts: len(v.Conflicts),
	}
}

// DigestRowOf makes the line of a case of which only the digest is held.
func DigestRowOf(d DigestDocument) Row {
	return Row{
		ID: d.ID, State: d.State, Category: d.Category, Unit: d.Unit,
		ReceivedOn: d.ReceivedMonth, UpdatedAt: d.UpdatedAt, Conflicts: len(d.Conflicts),
	}
}

// CompareRows orders lists: received last first, then by id.
func CompareRows(a, b Row) int {
	if c := strings.Compare(b.ReceivedOn, a.ReceivedOn); c != 0 {
		return c
	}
	return strings.Compare(a.ID, b.ID)
}

// Filter is what `case list` asks for; empty fields ask for nothing.
type Filter struct {
	State    string // of any track
	Category string
	Unit     string
	From, To string // days received, both included; months of digests by their first day
}

// Match reports whether a row is asked for.
func (f Filter) Match(r Row) bool {
	s := r.State
	switch {
	case f.State != "" && f.State != s.Mediation && f.State != s.Performance && f.State != s.Confirmation && f.State != s.Referral:
		return false
	case f.Category != "" && f.Category != r.Category, f.Unit != "" && f.Unit != r.Unit:
		return false
	}
	day := r.ReceivedOn
	if len(day) == len("2026-03") {
		day += "-01"
	}
	return (f.From == "" || day >= f.From) && (f.To == "" || day <= f.To)
}

// SearchText is all of a case that a query looks through, folded: number,
// title, place, claims and facts, names with the initials of their pinyin,
// identity and phone numbers. It holds personal data and belongs where the
// case itself is.
func SearchText(d Document) string {
	parts := []string{d.ExternalID, d.Title, Initials(d.Title), d.Place, d.Claims, d.Facts}
	for _, p := range d.Parties {
		parts = append(parts, p.searched()...)
	}
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	return fold(strings.Join(parts, "\n"))
}

// searched are the texts by which a party is found.
func (p Party) searched() []string {
	out := []string{
		p.Name, Initials(p.Name), p.Alias, Initials(p.Alias), p.IDNumber, p.Phone, p.Contact, p.ContactPhone, p.Address,
		p.LegalRepresentative, Initials(p.LegalRepresentative),
	}
	if a := p.Agent; a != nil {
		out = append(out, a.Name, Initials(a.Name), a.Phone, a.IDNumber)
	}
	if g := p.Guardian; g != nil {
		out = append(out, g.Name, Initials(g.Name), g.Phone, g.IDNumber)
	}
	return out
}

// MatchQuery reports whether every word of a query is in a SearchText.
func MatchQuery(searchText, query string) bool {
	for _, word := range strings.Fields(fold(query)) {
		if !strings.Contains(searchText, word) {
			return false
		}
	}
	return true
}

// fold makes capitals small and full-width characters half-width.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\u3000':
			return ' '
		case r >= '\uff01' && r <= '\uff5e':
			r -= 0xfee0
		}
		return unicode.ToLower(r)
	}, s)
}

// initialsOf is the table of first letters; the library's tables are only read.
var initialsOf = sync.OnceValue(func() pinyin.Args {
	a := pinyin.NewArgs()
	a.Style = pinyin.FirstLetter
	return a
})

// Initials are the first letters of the pinyin of each Chinese character of s,
// letters and digits as they are: 李大样 gives ldy. A character with several
// readings gives its commonest.
func Initials(s string) string {
	var b strings.Builder
	for _, r := range s {
		if got := pinyin.SinglePinyin(r, initialsOf()); len(got) > 0 {
			b.WriteString(got[0])
		} else if unicode.IsLetter(r) && r < 0x80 || unicode.IsDigit(r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}
