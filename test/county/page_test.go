//go:build unix

package county

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/stories.md anew")

const head = `# 两件案例从头到尾 Two cases from the first word to the archived file

由 ` + "`test/county`" + ` 写出并核对：每一步都是真实的程序在四个（另有邻县法院一个）数据文件夹上办理的，拒绝的话是程序的原话。人物、地名、号码都是虚构的。
命令在前，` + "`--file -`" + ` 从标准输入读取后面的内容；ID 是案件编号，{姓名} 是该当事人在案件中的编号（` + "`hejie case get ID --json`" + `）。括号里是办理之后的进程。

In English: every step below was taken by the real program on folders of two villages, a township and a court (and one of the next county), which met
between the steps, villages and township mostly over libp2p, township and court mostly over HTTPS. Lines marked 拒绝 were refused and changed nothing.
The wall: a lead of 8 March becomes a case with the request of the 9th, is accepted on the 10th as file No. 7, agreed and effective on the 17th, performed by
18 April, visited on the 27th and archived on the 28th; the other village sees nothing of it, the court figures only. The wages: a letter of 1 September is
signed for on the 2nd, so that thirty days end on 8 October after the holiday; agreed on 16 September, confirmed on the 24th, paid in three instalments, archived
on 20 November. Then what else could have become of it: the second instalment does not come, or the company refuses mediation.
`

// page holds docs/stories.md to what was done.
func page(t *testing.T, stories []*story) {
	t.Helper()
	var b strings.Builder
	b.WriteString(head)
	for _, s := range stories {
		b.WriteString("\n## " + s.title + "\n\n" + s.told.String())
		if len(s.clocks) > 0 {
			b.WriteString("\n| 期限 | clock | 起算 | 末日 |\n|---|---|---|---|\n" + strings.Join(s.clocks, "\n") + "\n")
		}
	}
	path := filepath.Join("..", "..", "docs", "stories.md")
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != b.String() {
		t.Error("docs/stories.md is not what was done: go test ./test/county -update, then read what changed")
	}
}
