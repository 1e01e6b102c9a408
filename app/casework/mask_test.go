package casework_test

import (
	"strings"
	"testing"

	"hejie/app/casework"
	"hejie/app/casework/data"
)

func TestMasks(t *testing.T) {
	for _, tt := range []struct {
		mask     func(string) string
		in, want string
	}{
		{casework.MaskID, "11010519491231002X", "110105********002X"},
		{casework.MaskID, "990125550312001", "990125******001"},
		{casework.MaskID, "E12345678", "E1*****78"},
		{casework.MaskID, "AB1", "***"},
		{casework.MaskID, "", ""},
		{casework.MaskPhone, "13812345678", "138****5678"},
		{casework.MaskPhone, "000-0000-0001", "000-****-0001"},
		{casework.MaskPhone, "0575-87654321", "057*-****4321"},
		{casework.MaskPhone, "87654321", "******21"},
		{casework.MaskPhone, "12", "**"},
		{casework.MaskAccount, "6222 0202 0000 1234", "**** **** **** 1234"},
		{casework.MaskElectronic, "yang@example.invalid", "y***@example.invalid"},
		{casework.MaskElectronic, "李@example.invalid", "***@example.invalid"},
		{casework.MaskElectronic, "13812345678", "138****5678"},
		{casework.MaskElectronic, "wxid_example", "w***"},
		{casework.MaskBirth, "1955-03-12", "1955-**-**"},
		{casework.MaskBirth, "about 1955", "***** ****"},
		{casework.MaskAddress, "浙江省绍兴市诸暨市枫桥镇河湾村3组12号", "浙江省绍兴市诸暨市枫桥镇****"},
		{casework.MaskAddress, "镇江市京口区示例路8号", "镇江市京口区****"},
		{casework.MaskAddress, "青禾县清溪镇乡贤路12号", "青禾县清溪镇****"},
		{casework.MaskAddress, "河湾村3组", "****"},
		{casework.MaskAddress, "", ""},
		{casework.MaskName, "李大样", "李某"},
		{casework.MaskName, " 欧阳示例 ", "欧阳某"},
		{casework.MaskName, "欧阳", "欧某"},
		{casework.MaskName, "阿依·示例", "阿某"},
		{casework.MaskName, "Sample", "S"},
		{casework.MaskName, "", ""},
		{casework.MaskText, "卡号6222020200001234，电话13812345678，证件990125195503120018。", "卡号************1234，电话138****5678，证件990125********0018。"},
		{casework.MaskText, "卡号 6222 0202 0000 1234 转账", "卡号 **** **** **** 1234 转账"},
		{casework.MaskText, "证件９９０１２５１９５５０３１２００１８", "证件990125********0018"},
		{casework.MaskText, "2026年3月9日付300元，第〔2026〕12号，330681109219", "2026年3月9日付300元，第〔2026〕12号，330681109219"},
		{casework.MaskText, "0190a2b3c4d5e6f70190a2b3c4d5e6f7-12", "0190a2b3c4d5e6f70190a2b3c4d5e6f7-12"},
	} {
		if got := tt.mask(tt.in); got != tt.want {
			t.Errorf("%q gives %q, want %q", tt.in, got, tt.want)
		}
	}
}

// TestMaskedViewTellsNothing: nothing that the table calls sensitive is left
// anywhere in what a reader outside the case gets, and the view itself stays.
func TestMaskedViewTellsNothing(t *testing.T) {
	d := peopleDocument(t)
	d.Parties[1].IDKind, d.Parties[1].IDNumber = "resident", "990125195503120018"
	d.Parties[1].BirthDate, d.Parties[1].Address, d.Parties[1].Phone = "1955-03-12", "清溪镇河湾村3组12号", "000-0000-0031"
	d.Parties[1].Needs = []string{"elderly", "hearing"}
	d.Title = "李小样与王小例损害纠纷"
	d.Facts = "李小样被撞伤，联系电话13812345678，赔款打到6222020200001234。"
	r := newRecord(t, d)
	other := r.at("township")
	r.set(withIDs(`{"parties.1.phone":"000-0000-0032"}`, ids(r)))
	other.set(withIDs(`{"parties.1.phone":"000-0000-0033"}`, ids(r)))
	r.set(withIDs(`{"parties.1.agent.id_number":"例律22"}`, ids(r)))
	other.set(withIDs(`{"parties.1.agent.id_number":"例律333"}`, ids(r)))
	meet(r, other)
	v := r.view()
	if len(v.Also) != 2 {
		t.Fatalf("also %+v", v.Also)
	}
	before := string(casework.Encode(v))
	text := string(casework.Encode(casework.Masked(v)))
	for _, secret := range []string{
		"990125195503120018", "1955-03-12", "2012-05-01", "000-0000-0031", "000-0000-0032", "000-0000-0033", "000-0000-0011", "000-0000-0012", "000-0000-0001",
		"河湾村3组12号", "清溪镇河湾村3组\"", "yang@example.invalid", "例律22", "例律333", "李小样", "样样", "13812345678", "6222020200001234", `"hearing"`, `"limited"`,
	} {
		if strings.Contains(text, secret) {
			t.Errorf("%s is left", secret)
		}
	}
	for _, kept := range []string{"990125********0018", "000-****-003", "清溪镇****", "李某与王小例损害纠纷", "李大样", `"elderly"`, "赵样乙"} {
		if !strings.Contains(text, kept) {
			t.Errorf("%s is not there: %s", kept, text)
		}
	}
	if string(casework.Encode(v)) != before {
		t.Error("the view itself was changed")
	}
}

func ids(r *record) []string {
	var out []string
	for _, p := range r.view().Parties {
		out = append(out, p.ID)
	}
	return out
}

// TestSensitiveTable: every row names its article.
func TestSensitiveTable(t *testing.T) {
	table := data.Persons()
	if table.Source == "" || len(table.Sensitive) < 15 {
		t.Fatalf("%+v", table)
	}
	for _, row := range table.Sensitive {
		if data.Article(row.Article, data.Chinese) == "" {
			t.Errorf("%s: no article %s", row.Field, row.Article)
		}
	}
	for _, need := range table.HealthNeeds {
		if !data.Has("need", need) {
			t.Errorf("no need %s", need)
		}
	}
	if a := table.Ages; a.NoneBelow != 8 || a.EarnsFrom != 16 || a.FullFrom != 18 || a.ChildBelow != 14 {
		t.Errorf("%+v", a)
	}
}
