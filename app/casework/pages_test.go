package casework

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hejie/app/casework/data"
)

var update = flag.Bool("update", false, "write the pages of docs anew")

// TestPagesOfSteps holds docs/steps.md and docs/concurrent.md to the rules.
func TestPagesOfSteps(t *testing.T) {
	for name, page := range map[string]string{"steps.md": stepsPage(), "concurrent.md": concurrentPage()} {
		path := filepath.Join("..", "..", "docs", name)
		if *update {
			if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if strings.ReplaceAll(string(got), "\r\n", "\n") != page {
			t.Errorf("%s is not what the rules say: go test ./app/casework -run TestPagesOfSteps -update", name)
		}
	}
}

var deskWords = map[desk]string{
	deskWork: "办理单位、所属单位或者其指导站", deskMediator: "正在调解的单位：已接受移送的收函单位；没有的，所属单位或者其指导站", deskKeeper: "所属单位或者其指导站", deskSender: "发函单位、所属单位或者其指导站",
	deskReceiver: "收函单位", deskCourt: "收到申请的法院", deskReader: "可查阅全案的单位",
}

func stepsPage() string {
	var b strings.Builder
	b.WriteString("# 步骤表 Steps\n\n由规则生成（`app/casework/rules*.go`）。每一步：谁可以办理、什么状态下可以办理、法律依据。其他状态、身份、单位一律拒绝，并说明规则和出路。\n")
	for _, track := range tracks {
		fmt.Fprintf(&b, "\n## %s %s\n\n| 步骤 | step | 可以办理的状态 | 调解进程须为 | 单位 | 身份 | 依据 |\n|---|---|---|---|---|---|---|\n", data.Name("track", track, data.Chinese), track)
		for _, r := range rulebook {
			if r.track == track {
				fmt.Fprintf(&b, "| %s | `%s` | %s | %s | %s | %s | %s |\n", data.Name("step", r.step, data.Chinese), r.step, statesIn(track, r.from), statesIn(trackMediation, r.with),
					deskWords[r.desk], inWords("role", strings.Join(r.roles, ", "), data.Chinese), data.Article(r.article, data.Chinese))
			}
		}
	}
	return b.String()
}

func statesIn(track string, states []string) string {
	if states == nil {
		return "不限"
	}
	return inWords(track+"_state", strings.Join(states, ", "), data.Chinese)
}

func concurrentPage() string {
	var b strings.Builder
	b.WriteString("# 两处同时办理 Concurrent steps\n\n由规则生成（`app/casework/pairs.go`）。两处互不知情时各办一步：下表列出不能简单并存的各对，其余各对都并存。“相同则并存”：日期和代码相同即并存，不同由人来定。函件上的步骤只与同一份函的步骤相比。每一对都由测试（`go test ./app/casework -run TestEveryPairOverAllTracks`）在两步均可办理的情形下由两处各办一步：先并入哪一步，案卷与摘要逐字节相同；由人来定的，每种选择都得到只办所选一步时的状态。定下之前，案件的状态和事实同出一处：只算无论怎样选都有效的步骤；几步同类而内容不同的（如日期不同的两次受理），只算相同的部分；协议文本不同的，什么也不算。`TestEveryReaderOverEveryPair` 把每一对交给每一个读案件的函数（`make test` 按打印的种子抽取，`make soak-cases` 全部）：没有一个会失败，案卷与摘要所说一致。\n\n| 一处 | 另一处 | 结果 | 由谁定 | 原因 |\n|---|---|---|---|---|\n")
	apart := 0
	for i, x := range rulebook {
		for _, y := range rulebook[i:] {
			r := rulingOf(x.step, y.step)
			if r.verdict == BothStand {
				apart++
				continue
			}
			verdict := "由人来定"
			if r.verdict == SameStand {
				verdict = "相同则并存"
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", data.Name("step", x.step, data.Chinese), data.Name("step", y.step, data.Chinese), verdict,
				data.Name("decider", string(r.decider), data.Chinese), data.Text(data.Chinese, "pair."+r.because, nil))
		}
	}
	fmt.Fprintf(&b, "\n其余 %d 对并存。\n", apart)
	return b.String()
}
