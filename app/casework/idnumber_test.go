package casework

import "testing"

func TestResidentNumbers(t *testing.T) {
	for _, tt := range []struct{ in, code, birth, sex, longer string }{
		{"11010519491231002X", "", "1949-12-31", "female", ""}, // the standard's example
		{"11010519491231002x", "", "1949-12-31", "female", ""},
		{"１１０１０５１９４９１２３１００２Ｘ", "", "1949-12-31", "female", ""},
		{" 110105 19491231 002x ", "", "1949-12-31", "female", ""},
		{"990125195503120018", "", "1955-03-12", "male", ""},
		{"110105491231002", "", "1949-12-31", "female", "11010519491231002X"},
		{"110105194912310021", CodeCheckDigit, "", "", ""},
		{"11010519490229002X", CodeBirth, "", "", ""},
		{"11010518490228002X", CodeBirth, "", "", ""},
		{"110105490229002", CodeBirth, "", "", ""},
		{"110105194912310 2X", CodeIDForm, "", "", ""},
		{"X10105194912310020", CodeIDForm, "", "", ""},
		{"11010549123100X", CodeIDForm, "", "", ""},
		{"", CodeIDForm, "", "", ""},
		{"一一〇一〇五一九四九一二三一〇〇二", CodeIDForm, "", "", ""},
	} {
		code, birth, sex, longer := checkResident(normalNumber(tt.in))
		if code != tt.code || birth != tt.birth || sex != tt.sex || longer != tt.longer {
			t.Errorf("%s: %q %q %q %q", tt.in, code, birth, sex, longer)
		}
	}
}

// TestCheckDigitByTheOtherMethod compares with ISO 7064 MOD 11-2, which gives
// the same digit.
func TestCheckDigitByTheOtherMethod(t *testing.T) {
	for n := range 2000 {
		first := []byte("33068119830323000")
		for i, v := 0, n*7919; i < 17; i, v = i+1, v/3+n {
			first[i] = byte('0' + (int(first[i]-'0')+v)%10)
		}
		p := 0
		for _, c := range first {
			p = (p + int(c-'0')) * 2 % 11
		}
		want := "0123456789X"[(12-p)%11]
		if got := residentCheck(string(first)); got != want {
			t.Fatalf("%s: %c, want %c", first, got, want)
		}
	}
}

func TestSocialCreditCodes(t *testing.T) {
	for _, tt := range []struct {
		in, code string
		inner    bool
	}{
		{"91350100M000100Y43", "", true},
		{"91350100m000100y43", "", true},
		{"９１３５０１００Ｍ０００１００Ｙ４３", "", true},
		{"91990125MA0FAKE09D", "", false},
		{"91350100M000100Y44", CodeCheckDigit, false},
		{"91350100I000100Y43", CodeIDForm, false},
		{"91350100M000100Y4", CodeIDForm, false},
		{"社会信用代码社会信用代码社会信用代码", CodeIDForm, false},
		{"社会信用代码", CodeIDForm, false}, // 18 bytes, no 18 characters
	} {
		code, inner := checkUSCC(normalNumber(tt.in))
		if code != tt.code || code == "" && tt.in != "91990125MA0FAKE09D" && inner != tt.inner {
			t.Errorf("%s: %q %v", tt.in, code, inner)
		}
	}
}

func TestPermitsAndPhonesOnlyWarn(t *testing.T) {
	for _, tt := range []struct {
		kind, number string
		warns        bool
	}{
		{"hk_macao_taiwan_resident", "H12345678", true},
		{"hk_macao_taiwan_resident", permit("81000019900101001"), false},
		{"hk_macao_taiwan_resident", permit("33000019900101001"), true},
		{"resident", permit("82000019900101001"), false},
		{"passport", "e 12345", false},
		{"", "123", true},
		{"none", "123", true},
	} {
		c := &checker{}
		c.idNumber("id_number", tt.kind, tt.number)
		if len(c.problems) != 0 || (len(c.warnings) > 0) != tt.warns {
			t.Errorf("%+v: %v %v", tt, c.problems, c.warnings)
		}
	}
	for phone, odd := range map[string]bool{
		"13800000000": false, "19900004891": false, "+8613800000000": false, "0575-87000000": false, "057587000000": false, "87000000": false,
		"010-62000000-123": false, "400-800-0000": false, "12345": false, "95588": false, "000-0000-0001": false, "１３８００００００００": false,
		"000-0000-0101": true, "1380000000": true, "12800000000": true, "村里找刘例芳": true,
	} {
		if got := !phoneForm.MatchString(normalNumber(phone)); got != odd {
			t.Errorf("%s: odd %v", phone, got)
		}
	}
}

func permit(first17 string) string { return first17 + string(residentCheck(first17)) }

func TestBeijingDay(t *testing.T) {
	for in, want := range map[string]string{
		"2026-03-10": "2026-03-10", "2026-03-10T23:59:59Z": "2026-03-11", "2026-03-10T15:59:59Z": "2026-03-10", "2026-03-10T16:00:00Z": "2026-03-11",
		"2026-03-10T00:30:00+08:00": "2026-03-10", "2026-03-10T00:30:00+09:00": "2026-03-09", "2024-02-29": "2024-02-29", "2026-03-10T09:00:00.5+08:00": "2026-03-10",
		"2026-02-29": "", "2026-3-10": "", "0000-01-01": "", "2026-03-10T9:00:00Z": "", "2026-03-10 09:00:00Z": "", "2026-03-10T09:00:60Z": "", "": "", "today": "",
		"2026-03-10t09:00:00z": "2026-03-10",
	} {
		if got := BeijingDay(in); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

func TestUnitCodes(t *testing.T) {
	for in, want := range map[string]string{
		"330681109219-tw": "tw", "330681109000-hy2": "hy 2", "990125101203-tw12": "tw 12", "330681109998-tw": "tw division_unknown", "330681109219-qq": "qq body_unknown",
	} {
		u, warnings, err := ParseUnitCode(in)
		got := u.Body
		if u.Serial != "" {
			got += " " + u.Serial
		}
		for _, w := range warnings {
			got += " " + w.Code
		}
		if err != nil || got != want {
			t.Errorf("%s: %q %v", in, got, err)
		}
	}
	for _, in := range []string{"", "330681109219", "33068110921-tw", "330681109219-TW", "330681109219-tw0", "330681109219tw", "330681109219-tw-1", "330681109219-2", "３３0681109219-tw", " 330681109219-tw", "330681109219-tw\n"} {
		if _, _, err := ParseUnitCode(in); err == nil {
			t.Errorf("%q is taken", in)
		}
	}
}
