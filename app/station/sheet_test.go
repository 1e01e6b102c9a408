package station

import (
	"context"
	"slices"
	"strings"
	"testing"

	"hejie/app/api"
)

func TestSheetHasNamesForIDs(t *testing.T) {
	d := newDesk(t, 31)
	done, err := d.s.InitRoot(context.Background(), api.RootRequest{
		Unit: "990125101203-tw", UnitName: "河湾村人民调解委员会", SeatName: "赵示和", Roles: []string{"admin", "mediator", "director"}, Secret: secret,
	})
	if err != nil {
		t.Fatal(err)
	}
	d.signInAs(done.Seat, secret)
	numbered, plain := d.newCase("(2026)河湾人调字第7号"), d.newCase("")
	for _, id := range []string{numbered, plain} {
		seen, err := d.ss.Case(context.Background(), id)
		if err != nil {
			t.Fatal(err)
		}
		for _, fields := range []string{`{"amount_fen":1500000}`, `{"amount_fen":1600000}`} {
			if _, err := d.ss.PatchCase(context.Background(), token(), id, api.Patch{Base: seen.Heads, Fields: api.Object(fields)}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for id, number := range map[string]string{numbered: "(2026)河湾人调字第7号", plain: ""} {
		sheet, err := d.ss.Sheet(context.Background(), id, "zh")
		if err != nil {
			t.Fatal(err)
		}
		var shown []string
		for _, s := range sheet.Sections {
			shown = append(shown, s.Paragraphs...)
			for _, p := range s.Pairs {
				shown = append(shown, p.Label+"="+p.Value)
			}
		}
		want := []string{"承办单位=河湾村人民调解委员会", "收到时间=2026年3月9日 09:00", "河湾村人民调解委员会=15,000.00 元", "河湾村人民调解委员会=16,000.00 元"}
		if number != "" {
			want = append(want, "来文编号="+number)
		} else {
			want = append(want, "案件标识："+id[:8])
			foot := sheet.Sections[len(sheet.Sections)-1]
			if foot.Kind != "text" || foot.Heading != "" {
				t.Errorf("%+v", foot)
			}
		}
		for _, w := range want {
			if !slices.Contains(shown, w) {
				t.Errorf("lacks %q in %q", w, shown)
			}
		}
		for _, code := range []string{id[:9], "990125101203-tw", done.Unit} {
			if text := strings.Join(shown, "\n"); strings.Contains(text, code) {
				t.Errorf("shows %q in %s", code, text)
			}
		}
		if sheet.Subtitle != "河湾村人民调解委员会" || sheet.Case != id {
			t.Errorf("%q %q", sheet.Subtitle, sheet.Case)
		}
	}
}
