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
