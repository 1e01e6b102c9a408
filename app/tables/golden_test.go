package tables

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/clocks.md anew")

// starts are the days on which docs/clocks.md starts every clock.
var starts = []struct{ day, zh, en string }{
	{"2026-02-12", "春节前", "before the Spring Festival"},
	{"2026-03-10", "平常日子", "ordinary days"},
	{"2026-04-29", "劳动节前", "before Labour Day"},
	{"2026-09-02", "第三十日在国庆假期内", "the 30th day falls in the National Day rest"},
	{"2026-09-23", "中秋、国庆前", "before Mid-Autumn and National Day"},
	{"2026-12-30", "年底，下一年还没有放假安排", "year’s end, the next year’s holidays unknown"},
	{"2031-09-02", "还没有放假安排的年份", "a year whose holidays are unknown"},
}

// TestGolden compares docs/clocks.md with what the clocks say.
func TestGolden(t *testing.T) {
	path := filepath.Join("..", "..", "docs", "clocks.md")
	got := clocksPage(t)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.ReplaceAll(string(raw), "\r\n", "\n")
	if got == want {
		return
	}
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			t.Fatalf("docs/clocks.md line %d reads\n%s\nand the clocks say\n%s\n(go test ./app/tables -run TestGolden -update, then read what changed)", i+1, b[i], a[i])
		}
	}
	t.Fatalf("docs/clocks.md has %d lines and the clocks say %d", len(b), len(a))
}

func clocksPage(t *testing.T) string {
	t.Helper()
	var p strings.Builder
	p.WriteString("# 期限怎样计算 · How the clocks count\n\n")
	p.WriteString("本页由测试按程序自带的期限表、节假日表生成，不要手改。开始的那天不算；最后一日是周末或者放假日的，顺延到休假后的第一日；调休上班的周六、周日算工作日（民诉法第85条，民法典第201至203条）。\n\n")
	p.WriteString("This page is made by a test from the program’s own tables; don’t edit it. The first day is not counted; a last day on a weekend or holiday moves to the first day after the rest; make-up Saturdays and Sundays are workdays.\n\n")
	p.WriteString("## 放假安排 · Holidays\n\n")
	for _, y := range Default().Holidays().Years {
		fmt.Fprintf(&p, "- %d（%s）\n", y.Year, y.Source)
		for _, h := range y.Holidays {
			fmt.Fprintf(&p, "  - %s %s: %s – %s%s\n", h.Zh, h.En, h.Off[0], h.Off[len(h.Off)-1], worked(h.Work))
		}
	}
	p.WriteString("\n## 每个期限 · Each clock\n")
	for _, c := range Default().Clocks().Rows {
		clockSection(t, &p, c)
	}
	p.WriteString("\n## 暂停、延长和结束 · Pauses, extensions and ends\n\n")
	p.WriteString("| 情形 Story | 期限 Clock | 起算 From | 届满 Nominal | 延长到 Extended | 最后一日 Due | 暂停 Paused | 结果 State | 说明 Note |\n|---|---|---|---|---|---|---|---|---|\n")
	for _, s := range stories {
		r, err := Default().Run(s.clock, s.h)
		if err != nil {
			t.Fatal(err)
		}
		c, _ := Default().Clock(s.clock)
		fmt.Fprintf(&p, "| %s<br>%s | %s | %s | %s | %s | %s | %s | %s | %s |\n", s.zh, s.en, c.Zh, r.StartedOn, dash(r.NominalOn), dash(r.ExtendedTo), dash(r.DueOn), dash(strings.TrimPrefix(itoa(r.PausedDays), "0")), stateWords[r.State], note(r))
	}
	return p.String()
}

var stateWords = map[string]string{
	StateRunning: "进行中 running", StatePaused: "暂停 paused", StateMet: "按期 met", StateLateMet: "逾期 late",
	StateEnded: "不再计算 ended", StateWaived: "放弃 waived",
}

func worked(days []string) string {
	if len(days) == 0 {
		return ""
	}
	return "；上班 worked: " + strings.Join(days, ", ")
}

func clockSection(t *testing.T, p *strings.Builder, c Clock) {
	t.Helper()
	fmt.Fprintf(p, "\n### %s · %s `%s`\n\n", c.Zh, c.En, c.ID)
	fmt.Fprintf(p, "%s。起算：%s。暂停：%s。延长：%s。依据：%s（%s）。\n", lengthWords(c), names(c.Starts, Default().Clocks().Events), pauseNames(c.Pauses), extendWords(c), c.Article.Zh, c.Article.En)
	if c.Note != nil {
		fmt.Fprintf(p, "%s\n%s\n", c.Note.Zh, c.Note.En)
	}
	p.WriteString("\n| 起算 From | 届满 Nominal | 最后一日 Due | 说明 Note |\n|---|---|---|---|\n")
	for _, s := range starts {
		r, err := Default().Run(c.ID, History{StartedOn: s.day})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(p, "| %s %s · %s | %s | %s | %s |\n", s.day, s.zh, s.en, dash(r.NominalOn), dash(r.DueOn), note(r))
	}
}

func lengthWords(c Clock) string {
	if c.Length == 0 {
		return "没有统一期限 no uniform length"
	}
	words := map[string]string{CalendarDays: "日 days", WorkingDays: "个工作日 workdays", Months: "个月 months", Years: "年 years"}
	kind := map[string]string{KindHard: "法定 hard", KindTarget: "目标 target", KindLocal: "地方规定 local"}
	where := ""
	if c.Division != "" {
		where = "，只在 only in " + c.Division
	}
	return fmt.Sprintf("%d%s（%s%s）", c.Length, words[c.Unit], kind[c.Kind], where)
}

func names(of []string, rows []Named) string {
	var out []string
	for _, id := range of {
		n, _ := find(rows, id)
		out = append(out, n.Zh)
	}
	return strings.Join(out, "、")
}

func pauseNames(of []string) string {
	var out []string
	for _, id := range of {
		n, _ := find(Default().Clocks().Pauses, id)
		out = append(out, n.Zh)
	}
	if out == nil {
		return "不停"
	}
	return strings.Join(out, "、")
}

func extendWords(c Clock) string {
	if c.Extend == nil {
		return "不能"
	}
	s := names(c.Extend.By, Default().Clocks().Extenders)
	if c.Extend.Agreed {
		s += "都同意"
	}
	if c.Extend.MaxDays > 0 {
		s += fmt.Sprintf("，最多%d日", c.Extend.MaxDays)
	}
	return s
}

func dash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

func note(r Reading) string {
	var zh, en []string
	if r.MovedBecause != nil {
		zh, en = append(zh, r.MovedBecause.Text("zh")), append(en, r.MovedBecause.Text(English))
	}
	for _, w := range r.Warnings {
		zh, en = append(zh, w.Text("zh")), append(en, w.Text(English))
	}
	if zh == nil {
		return ""
	}
	return strings.Join(zh, "；") + "<br>" + strings.Join(en, "; ")
}
