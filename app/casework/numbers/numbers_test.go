package numbers

import "testing"

func TestParseCourt(t *testing.T) {
	for _, tt := range []struct {
		text string
		want Court
		out  string
	}{
		{"（2024）浙0102民诉前调1234号", Court{2024, "浙0102", "民诉前调", "1234", ""}, ""},
		{"(2021)川0104民诉前调801号", Court{2021, "川0104", "民诉前调", "801", ""}, "（2021）川0104民诉前调801号"},
		{"（2026）样0125诉前调确27号", Court{2026, "样0125", "诉前调确", "27", ""}, ""},
		{"（2020）最高法民申1号", Court{2020, "最高法", "民申", "1", ""}, ""},
		{"（2024）浙民终12号", Court{2024, "浙", "民终", "12", ""}, ""},
		{"（2016）沪02民特398号", Court{2016, "沪02", "民特", "398", ""}, ""},
		{"（2023）京执恢5号", Court{2023, "京", "执恢", "5", ""}, ""},
		{"（2021）沪0115民初1号之一", Court{2021, "沪0115", "民初", "1", "之一"}, ""},
		{" [２０２４] 浙02民诉前调595号 ", Court{2024, "浙02", "民诉前调", "595", ""}, "（2024）浙02民诉前调595号"},
		{"〔2026〕样0125诉前调书字第3号", Court{2026, "样0125", "诉前调书", "3", ""}, "（2026）样0125诉前调书3号"},
	} {
		got, ok := ParseCourt(tt.text)
		if !ok || got != tt.want {
			t.Errorf("%s: %+v %v", tt.text, got, ok)
		}
		if tt.out == "" {
			tt.out = tt.text
		}
		if got.String() != tt.out {
			t.Errorf("%s is written %s, want %s", tt.text, got, tt.out)
		}
		if !got.KnownType() {
			t.Errorf("%s: type %s is not known", tt.text, got.Type)
		}
	}
	for _, text := range []string{
		"", "（2012）兰法民二初字第95号", "2024浙0102民初1号", "（2024）浙0102民初号", "（2024）浙0102民初1", "（24）浙0102民初1号",
		"（2024）zj0102民初1号", "（2024）浙0102民初1号之", "（2024）浙0102民初1111111111号", "见（2024）浙0102民初1号", "（2024）浙0102民初1号\xff",
	} {
		if got, ok := ParseCourt(text); ok {
			t.Errorf("%q is taken as %+v", text, got)
		}
	}
	if c, ok := ParseCourt("（2026）样0125新类9号"); !ok || c.KnownType() {
		t.Errorf("an unknown type: %+v %v", c, ok)
	}
}

func TestParseMediation(t *testing.T) {
	for _, tt := range []struct {
		text string
		want Mediation
		out  string
	}{
		{"（2026）河湾人调字第1号", Mediation{2026, "河湾", "人调", 1, "1"}, "（2026）河湾人调字第1号"},
		{"(2026)河湾人调字第1号", Mediation{2026, "河湾", "人调", 1, "1"}, "（2026）河湾人调字第1号"},
		{"〔2024〕清溪民调字第1002号", Mediation{2024, "清溪", "民调", 1002, "1002"}, "（2024）清溪民调字第1002号"},
		{"晋医人调字[2019]011号", Mediation{2019, "晋医", "人调", 11, "011"}, "（2019）晋医人调字第011号"},
		{"（2026）人调字第7号", Mediation{2026, "", "人调", 7, "7"}, "（2026）人调字第7号"},
		{"（2026）青禾调字7号", Mediation{2026, "青禾", "调", 7, "7"}, "（2026）青禾调字第7号"},
		{"（2026）青禾调解字第7号", Mediation{2026, "青禾", "调解", 7, "7"}, "（2026）青禾调解字第7号"},
	} {
		got, ok := ParseMediation(tt.text)
		if !ok || got != tt.want || got.String() != tt.out {
			t.Errorf("%s: %+v %v %s", tt.text, got, ok, got)
		}
	}
	for _, text := range []string{"", "（2026）河湾人调字第号", "（2026）河湾人调字第1234567号", "（2026）样0125民诉前调27号", "河湾人调1号", "（2026）一二三四五六七八九十一二三人调字第1号"} {
		if got, ok := ParseMediation(text); ok {
			t.Errorf("%q is taken as %+v", text, got)
		}
	}
}

// FuzzParse: reading never panics, and what is read is written in a form that
// reads the same.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"（2024）浙0102民诉前调1234号", "(2021)川0104民诉前调801号之二", "晋医人调字[2019]011号", "（2026）人调字第7号"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if c, ok := ParseCourt(s); ok {
			if again, ok := ParseCourt(c.String()); !ok || again != c {
				t.Errorf("%q: %+v, again %+v %v", s, c, again, ok)
			}
		}
		if m, ok := ParseMediation(s); ok {
			if again, ok := ParseMediation(m.String()); !ok || again.String() != m.String() || again.Year != m.Year || again.N != m.N {
				t.Errorf("%q: %+v, again %+v %v", s, m, again, ok)
			}
		}
	})
}
