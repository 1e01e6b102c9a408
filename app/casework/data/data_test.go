package data

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestTablesAreWhole(t *testing.T) {
	word := regexp.MustCompile(`^[a-z0-9_.-]+$`)
	if len(tables()) < 20 {
		t.Fatalf("%d tables", len(tables()))
	}
	for name, table := range tables() {
		if table.Source == "" || len(table.Codes) == 0 {
			t.Errorf("%s has no source or no codes", name)
		}
		if len(table.rows) != len(table.Codes) {
			t.Errorf("%s has a code twice", name)
		}
		for _, c := range table.Codes {
			if !word.MatchString(c.Code) || c.Zh == "" || c.En == "" {
				t.Errorf("%s: %+v", name, c)
			}
			if Name(name, c.Code, Chinese) != c.Zh || Name(name, c.Code, English) != c.En {
				t.Errorf("%s %s is not found", name, c.Code)
			}
		}
	}
	for name, n := range map[string]int{"category": 18, "ethnicity": 58, "body": 23, "refusal_ground": 8, "termination_reason": 9} {
		if got := len(List(name)); got != n {
			t.Errorf("%s has %d codes, want %d", name, got, n)
		}
	}
	if Name("category", "zz", English) != "zz" || List("nothing") != nil || Has("nothing", "x") || Source("nothing") != "" {
		t.Error("what is not there is found")
	}
}

// TestMessagesAreWhole: both languages say each thing with the same parameters.
func TestMessagesAreWhole(t *testing.T) {
	param := regexp.MustCompile(`\{[a-z]+\}`)
	for key, m := range messages() {
		zh, en := param.FindAllString(m.Zh, -1), param.FindAllString(m.En, -1)
		slices.Sort(zh)
		slices.Sort(en)
		if m.Zh == "" || m.En == "" || !slices.Equal(zh, en) {
			t.Errorf("%s: %+v", key, m)
		}
		if rule, ok := strings.CutPrefix(key, "rule."); ok && !HasText("unblock."+rule) {
			t.Errorf("%s does not say what would allow it", key)
		}
	}
	if got := Text(English, "field.too_long", map[string]string{"count": "7", "limit": "{count}"}); got != "7 characters, at most {count} are taken" {
		t.Errorf("got %q", got)
	}
	if Text(English, "no such key", nil) != "" || Article("", English) != "" || Article("mediation-17", Chinese) != "人民调解法第17条" {
		t.Error("articles")
	}
}

func TestDivisions(t *testing.T) {
	for _, tt := range []struct {
		code  string
		names string
		known bool
	}{
		{"330681109219", "浙江省 绍兴市 诸暨市 枫桥镇", true},
		{"330681109000", "浙江省 绍兴市 诸暨市 枫桥镇", true},
		{"330681", "浙江省 绍兴市 诸暨市", true},
		{"33", "浙江省", true},
		{"110101001001", "北京市 市辖区 东城区 东华门街道 多福巷社区居委会", true},
		{"81", "香港特别行政区", true},
		{"990125101203", "", true}, // a demonstration county
		{"330681109998", "浙江省 绍兴市 诸暨市 枫桥镇", false},
		{"120000000001", "天津市", false},
		{"000000000000", "", false},
		{"550000000000", "", false},
		{"3306811092190", "", false},
		{"33068", "", false},
		{"33068110921x", "", false},
		{"-30681109219", "", false},
		{"", "", false},
	} {
		names, known := Division(tt.code)
		if known != tt.known || !strings.HasPrefix(strings.Join(names, " "), tt.names) {
			t.Errorf("%s: %v %v", tt.code, names, known)
		}
	}
}

// TestDivisionsAreAll counts what the generator put in.
func TestDivisionsAreAll(t *testing.T) {
	total := 0
	for province, load := range provinces() {
		table := load()
		total += len(table)
		for code := range table {
			if code/1e10 != int64(province) {
				t.Fatalf("%d lies in province %d", code, province)
			}
		}
	}
	if total != 665274 {
		t.Fatalf("%d divisions", total)
	}
}

func TestTablesNameTheirFile(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Fatal("a broken table is taken")
		}
	}()
	mustDecode("x", json.RawMessage("{"), &struct{}{})
}

// TestNothingIsSaidTwice: a table or message lies in one file only.
func TestNothingIsSaidTwice(t *testing.T) {
	for _, files := range [][][]byte{mustRead(codeFiles), mustRead(messageFiles)} {
		seen := map[string]bool{}
		for _, raw := range files {
			part := map[string]json.RawMessage{}
			if err := json.Unmarshal(raw, &part); err != nil {
				t.Fatal(err)
			}
			for key := range part {
				if seen[key] {
					t.Errorf("%s is in two files", key)
				}
				seen[key] = true
			}
		}
	}
}
