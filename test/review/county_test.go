package review

import (
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hejie/test/process"
	"hejie/test/review/liar"
)

var program string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "review")
	if err == nil {
		program, err = process.Build(dir, "")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	keptDir = filepath.Join(dir, "kept")
	code := m.Run()
	_ = os.RemoveAll(dir)
	process.Clean()
	os.Exit(code)
}

// county is a court, a township under it and two villages, without cases.
type county struct {
	t                           *testing.T
	court, town, village, other *process.Desk
}

// newCounty is a copy of a county that is made once.
func newCounty(t *testing.T) *county {
	t.Helper()
	c := process.NewCounty(t, program)
	return &county{t: t, court: c.Court, town: c.Town, village: c.Village, other: c.Other}
}

// kit opens a desk's folder for a liar, and takes all that a served folder
// shares with it.
func (c *county) kit(d *process.Desk, address string) *liar.Kit {
	c.t.Helper()
	certificate := filepath.Join(d.Dir, "certificate")
	if d == c.court {
		certificate = filepath.Join(c.town.Dir, "certificate")
	}
	k, err := liar.New(d.Data(), "", process.Secret, certificate)
	if err == nil && address != "" {
		err = k.Pull(c.t.Context(), address)
	}
	if err != nil {
		c.t.Fatal(err)
	}
	return k
}

const wall = `{"external_id":"FQ-000001","category":"02","source":"application","title":"李大样与王小例墙界纠纷","received_at":"2026-03-09T09:00:00+08:00",
"facts":"我家与王小例家东西相邻。","claims":"请求按原墙中心线退回。","amount_fen":30000,"place":"河湾村3组","tags":["elderly"],
"parties":[{"side":"applicant","kind":"person","name":"李大样"},{"side":"respondent","kind":"person","name":"王小例"}]}`

const title = "李大样与王小例墙界纠纷"

// newCases makes n cases at a desk in one command.
func newCases(d *process.Desk, n int) (ids []string) {
	d.T.Helper()
	if n == 0 {
		return nil
	}
	var lines strings.Builder
	for i := range n {
		// Lists are newest first, so their days tell them apart.
		one := strings.NewReplacer("FQ-000001", fmt.Sprintf("FQ-%06d", i+1), "2026-03-09T", fmt.Sprintf("2026-03-%02dT", 31-i), "\n", "").Replace(wall)
		fmt.Fprintln(&lines, one)
	}
	d.Run("import", d.File("cases.jsonl", lines.String()))
	for _, row := range d.Lines("case", "list") {
		id, _ := row["id"].(string)
		ids = append(ids, id)
	}
	return ids
}

// newCase makes one.
func newCase(d *process.Desk, number int) string {
	d.T.Helper()
	file := d.File("case.json", strings.Replace(wall, "FQ-000001", fmt.Sprintf("FQ-%06d", 900+number), 1))
	id, _ := d.Object("case", "new", "--file", file)["id"].(string)
	return id
}

// set edits fields of a case.
func set(d *process.Desk, id, fields string) {
	d.T.Helper()
	d.Run("case", "set", id, "--file", d.File("set.json", fields))
}

// push sends operations, each of which must have an outcome.
func (c *county) push(k *liar.Kit, address string, want byte, operations ...*liar.Operation) {
	c.t.Helper()
	frames := make([]liar.Frame, len(operations))
	for i, o := range operations {
		frames[i] = o.Frame()
	}
	c.pushFrames(k, address, want, frames...)
}

func (c *county) pushFrames(k *liar.Kit, address string, want byte, frames ...liar.Frame) {
	c.t.Helper()
	outcomes, err := k.Push(c.t.Context(), address, frames...)
	if err != nil {
		c.t.Fatal(err)
	}
	for i, o := range outcomes {
		if o.Code != want {
			c.t.Errorf("frame %d: outcome %d, reason %d %s; wanted %d", i, o.Code, o.Reason, o.Sentence, want)
		}
	}
}

// edit writes an operation on a case; change may alter the draft.
func (c *county) edit(k *liar.Kit, of string, change func(*liar.Draft), changes ...liar.M) *liar.Operation {
	c.t.Helper()
	d, err := k.Edit(id(c.t, of), changes...)
	if err == nil && change != nil {
		change(&d)
	}
	if err != nil {
		c.t.Fatal(err)
	}
	o, err := k.Write(d)
	if err != nil {
		c.t.Fatal(err)
	}
	k.Keep(o)
	return o
}

// retitle is an edit of the title that replaces what stands.
func (c *county) retitle(k *liar.Kit, of string, value any, change func(*liar.Draft)) *liar.Operation {
	c.t.Helper()
	return c.edit(k, of, change, liar.Assign("title", value, k.Live(id(c.t, of), "title")...))
}

func id(t *testing.T, text string) liar.ID {
	t.Helper()
	b, err := hex.DecodeString(text)
	if err != nil || len(b) != len(liar.ID{}) {
		t.Fatalf("%q is no id", text)
	}
	return liar.ID(b)
}
