package casework

import "testing"

func TestMatchNumberWritesOneNumberOneWay(t *testing.T) {
	for in, want := range map[string]string{
		"99012519700101001X":     "99012519700101001X",
		" 990125 19700101 001x ": "99012519700101001X",
		"９９０１２５１９７００１０１００１ｘ": "99012519700101001X",
		"990125701301001":    "990125701301001", // no month 13: not a resident's
		"91110108MA01KPGK0x": "91110108MA01KPGK0X",
		"":                   "",
		"passport E1234567":  "PASSPORTE1234567",
	} {
		if got := MatchNumber(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		} else if got2 := MatchNumber(got); got2 != got {
			t.Errorf("%q is not stable: %q, then %q", in, got, got2)
		}
	}
	long := MatchNumber("990125700101001")
	if len(long) != 18 || long[:17] != "99012519700101001" || MatchNumber(long) != long || MatchNumber("\u00a0990125700101001\u3000") != long {
		t.Errorf("an old number becomes %q", long)
	}
	if code, _, _, _ := checkResident(long); code != "" {
		t.Errorf("an old number becomes %q, which is none: %s", long, code)
	}
}

func TestIdentifiesTellsNumbersFromWhatStandsForNone(t *testing.T) {
	for number, want := range map[string]bool{
		"99012519700101001X": true, "E12345678": true, "军字第123456号": true, "91990125MA00000000": true, "H01234567": true,
		"": false, "无": false, "不详": false, "000000000000000000": false, "111222": false, "12345": false,
		"990125********001X": false, "990125XXXXXXXX0012": false, "990125????????0012": false, "########": false,
	} {
		if got := Identifies(MatchNumber(number)); got != want {
			t.Errorf("%q: %v", number, got)
		}
	}
}
