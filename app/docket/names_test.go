package docket

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestSafeName(t *testing.T) {
	for given, want := range map[string]string{
		"申请人材料": "申请人材料", "a/b\\c:d*e?f\"g<h>i|j": "a_b_c_d_e_f_g_h_i_j", "  点. . ": "点", "": "_", "...": "_", "CON": "_CON", "con.txt": "_con.txt", "Com¹": "_Com¹",
		"console": "console", "NUL .pdf": "_NUL .pdf", "甲\u202e乙\u200b丙": "甲乙丙", "一\n二\t三": "一_二_三", "\xff坏": "_坏", ".隐藏": "隐藏",
		strings.Repeat("长", 100): strings.Repeat("长", 60), strings.Repeat("𬘭", 40): strings.Repeat("𬘭", 30),
	} {
		if got := SafeName(given); got != want {
			t.Errorf("%q: %q, want %q", given, got, want)
		}
	}
	for given, want := range map[string]string{"a.PDF": ".pdf", "a": "", "a.": "", "a.p/df": "", "a.verylongending": "", "目录/扫描.jpeg": ".jpeg", "a.exe\u202e": "", `b\c.tif`: ".tif"} {
		if got := extension(given); got != want {
			t.Errorf("%q ends with %q, want %q", given, got, want)
		}
	}
}

// TestSafeNamesAreSafe: whatever a name is, Windows takes what comes of it, and
// as the name that it is.
func TestSafeNamesAreSafe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := SafeName(rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"CON", "lpt9", "aux.pdf", "a:b"})).Draw(t, "name"))
		switch {
		case name == "" || !utf8.ValidString(name) || len(utf16.Encode([]rune(name))) > maxName+1 || len(name) > 255:
			t.Fatalf("%q", name)
		case strings.ContainsAny(name, `<>:"/\|?*`), strings.ContainsFunc(name, unicode.IsControl):
			t.Fatalf("%q holds a sign that Windows keeps for itself", name)
		case strings.HasSuffix(name, "."), strings.HasSuffix(name, " "), strings.HasPrefix(name, "."), strings.HasPrefix(name, " "):
			t.Fatalf("%q begins or ends badly", name)
		}
		stem, _, _ := strings.Cut(strings.ToUpper(name), ".")
		for _, device := range reserved {
			if strings.TrimRight(stem, " ") == device {
				t.Fatalf("%q is a device", name)
			}
		}
		if again := SafeName(name); again != name && len(utf16.Encode([]rune(name))) <= maxName {
			t.Fatalf("%q becomes %q", name, again)
		}
	})
}
