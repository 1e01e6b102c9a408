package casework_test

import (
	"fmt"
	"slices"
	"strings"

	"hejie/app/casework"
	"hejie/app/casework/data"
)

const pageHead = `# 步骤总表 State × step × role × desk

由测试生成（` + "`go test ./app/casework -run TestStateStepRoleDesk`" + `）：在下列每一种情形中，以每一种身份、在每一种单位，把每一步实际办一遍，记下办成还是被拒绝。与规则（` + "`docs/steps.md`" + `）各自独立。

- 情形均由合法步骤走到，四条进程的每一个状态都走到。
- 身份：%s。每一步标题后列出可以办理的身份；其余身份在可查阅全案的单位一律以 ` + "`role`" + ` 拒绝。
- 「只见数字的上级」「无关单位」的任何身份办任何步骤，一律以 ` + "`relation`" + ` 拒绝，表中不再列出。
- 格内「可」为办成；否则为拒绝的规则代码，所依条文与该步骤不同的另外注明；每条规则都有中英文的原因和出路。「—」为该情形中没有这样的单位。
- 「其他可查阅单位」为曾经收函、函已办结的单位。表中结果相同的情形合为一行，相同的单位合为一列；「其余」为未在本表其他行列出的全部情形。

`

// page writes the table with equal rows and columns merged.
func (x *table) page() string {
	var b strings.Builder
	fmt.Fprintf(&b, pageHead, roleNames(nil))
	fmt.Fprintf(&b, "## 情形\n\n")
	for i, s := range x.labels {
		fmt.Fprintf(&b, "%d. %s\n", i+1, s)
	}
	track := ""
	for _, step := range casework.StepNames() {
		if now := casework.StepTrack(step); now != track {
			track = now
			fmt.Fprintf(&b, "\n## %s %s\n", data.Name("track", track, data.Chinese), track)
		}
		x.step(&b, step)
	}
	fmt.Fprintf(&b, "\n## 合计\n\n共 %d 格，办成 %d 格，拒绝 %d 格。逐格结果的 SHA-256：`%s`。\n", x.n, x.can, x.n-x.can, x.hash())
	return b.String()
}

func roleNames(only func(string) bool) string {
	var out []string
	for _, r := range data.List("role") {
		if only == nil || only(r.Code) {
			out = append(out, r.Name(data.Chinese))
		}
	}
	return strings.Join(out, "、")
}

// row are situations with the same outcome in every column.
type row struct {
	cells []string
	of    []int // situations, from 1
}

func (x *table) step(b *strings.Builder, step string) {
	may := func(role string) bool {
		for _, columns := range x.cells[step] {
			for _, c := range columns {
				if rule := c[role].rule; rule != "role" && rule != "relation" {
					return true
				}
			}
		}
		return false
	}
	columns := slices.DeleteFunc(slices.Clone(x.columns), func(c string) bool { return c == "只见数字的上级" || c == "无关单位" })
	var rows []row
	for i, s := range x.labels {
		var cells []string
		for _, c := range columns {
			cells = append(cells, x.cell(step, s, c, may))
		}
		at := slices.IndexFunc(rows, func(r row) bool { return sameCells(r.cells, cells) })
		if at < 0 {
			rows, at = append(rows, row{cells: make([]string, len(cells))}), len(rows)
		}
		for j, c := range cells {
			if c != "—" {
				rows[at].cells[j] = c
			} else if rows[at].cells[j] == "" {
				rows[at].cells[j] = "—"
			}
		}
		rows[at].of = append(rows[at].of, i+1)
	}
	columns, rows = merged(columns, rows)
	fmt.Fprintf(b, "\n### %s `%s`\n\n身份：%s。依据：%s。\n\n| 情形 | %s |\n|---|%s\n", data.Name("step", step, data.Chinese), step, roleNames(may), data.Article(x.article[step], data.Chinese), strings.Join(columns, " | "), strings.Repeat("---|", len(columns)))
	most := 0
	for i, r := range rows {
		if len(r.of) > len(rows[most].of) {
			most = i
		}
	}
	rest := rows[most]
	for i, r := range append(slices.Delete(rows, most, most+1), rest) {
		of := ranges(r.of)
		if len(rows) == 1 {
			of = "全部"
		} else if i == len(rows)-1 {
			of = "其余"
		}
		fmt.Fprintf(b, "| %s | %s |\n", of, strings.Join(r.cells, " | "))
	}
}

// sameCells reports whether two rows say nothing different: a unit that there is
// in one situation only says nothing about the other.
func sameCells(a, b []string) bool {
	for i := range a {
		if a[i] != b[i] && a[i] != "—" && b[i] != "—" {
			return false
		}
	}
	return true
}

// merged joins columns that say the same in every row.
func merged(columns []string, rows []row) ([]string, []row) {
	for i := 0; i < len(columns); i++ {
		for j := i + 1; j < len(columns); j++ {
			if slices.ContainsFunc(rows, func(r row) bool { return r.cells[i] != r.cells[j] }) {
				continue
			}
			columns[i] += "、" + columns[j]
			columns = slices.Delete(columns, j, j+1)
			for k := range rows {
				rows[k].cells = slices.Delete(rows[k].cells, j, j+1)
			}
			j--
		}
	}
	return columns, rows
}

// cell is one cell: the outcome of the roles that may take the step, and what
// is not as the head of the page says.
func (x *table) cell(step, situation, column string, may func(string) bool) string {
	got := x.cells[step][situation][column]
	if got == nil {
		return "—"
	}
	var outcomes []string
	who := map[string][]string{}
	for _, r := range data.List("role") {
		o := got[r.Code]
		if !may(r.Code) && o.rule == "role" {
			continue
		}
		if who[o.in(x.article[step])] == nil {
			outcomes = append(outcomes, o.in(x.article[step]))
		}
		who[o.in(x.article[step])] = append(who[o.in(x.article[step])], r.Name(data.Chinese))
	}
	if len(outcomes) == 1 {
		return outcomes[0]
	}
	for i, o := range outcomes {
		outcomes[i] = strings.Join(who[o], "、") + "：" + o
	}
	return strings.Join(outcomes, "；")
}

// ranges writes numbers as 1–3、7.
func ranges(list []int) string {
	var out []string
	for i := 0; i < len(list); {
		j := i
		for j+1 < len(list) && list[j+1] == list[j]+1 {
			j++
		}
		switch {
		case j == i:
			out = append(out, fmt.Sprint(list[i]))
		default:
			out = append(out, fmt.Sprintf("%d–%d", list[i], list[j]))
		}
		i = j + 1
	}
	return strings.Join(out, "、")
}
