package reader

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hejie/test/process"
)

const (
	wall = `{"external_id":"FQ-%06d","category":"02","source":"application","title":"李大样与王小例墙界纠纷","received_at":"2026-03-%02dT09:00:00+08:00",
"facts":"我家与王小例家东西相邻。","claims":"请求按原墙中心线退回。","amount_fen":30000,"place":"河湾村3组","tags":["elderly"],
"parties":[{"side":"applicant","kind":"person","name":"李大样"},{"side":"respondent","kind":"person","name":"王小例"}]}`
	title = "李大样与王小例墙界及排水纠纷"
	many  = 40 // cases: more entries than one list holds, so ranges are split
)

// met is what the reader says of a meeting.
type met struct {
	Peer     struct{ Machine, Unit string }
	Meetings []struct {
		Differed       []int
		Sent, Received int
		Refusals       []any
		InStep         bool `json:"in_step"`
	}
	Edit struct {
		ID      string
		Outcome int
	}
	InStep bool `json:"in_step"`
	Holds  struct {
		Operations int
		Damage     []string
	}
}

// TestMeeting: the reader, as a village's machine, meets the township that the
// real program serves, pulls, pushes one edit, and both programs show it.
func TestMeeting(t *testing.T) {
	t.Parallel()
	program, err := process.Build(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	c := process.NewCounty(t, program)
	town, village, stranger := c.Town, c.Village, process.New(t, program)
	stranger.Root(process.Unit{Code: "990225101000-zz", Name: "白石镇综治中心", Person: "冯样远", Roles: "admin,director"})
	id := contested(t, town, village)
	address := town.Serve().HTTPS

	// What the reader works on is a copy, which it does not touch.
	copied := village.Copy(t)
	before := files(t, copied.Data())
	got := meet(t, copied, 0, address, "--set", id, "title="+title)
	if !slices.Equal(files(t, copied.Data()), before) {
		t.Error("the reader wrote into the folder")
	}
	first, last := got.Meetings[0], got.Meetings[len(got.Meetings)-1]
	if first.Received == 0 || first.Sent == 0 || !slices.Equal(last.Differed, []int{0}) || got.Edit.Outcome != 1 || len(got.Holds.Damage) > 0 {
		t.Errorf("the meeting: %+v", got)
	}

	shows(t, town, id, got.Edit.ID)
	village.InStep(address)
	shows(t, village, id, got.Edit.ID)
	if again := village.Sync(address); again["sent"] != 0.0 || again["received"] != 0.0 || again["in_step"] != true {
		t.Errorf("the village's own program meets again: %v", again)
	}
	if again := meet(t, village, 0, address); len(again.Meetings) != 1 || !again.InStep {
		t.Errorf("the reader meets after the village's program: %+v", again)
	}

	// Both compute the same from what came of it.
	p, read := readPage(t), cases(t, village.Data(), village.Pin)
	doc := village.Object("case", "get", id)
	p.sameCase(t, doc, read[id])
	if !slices.Contains(read[id].Conflicts, "claims") || len(read[id].Together) != 5 {
		t.Errorf("the case is not contested as it was to be: %+v", read[id])
	}

	// Another key than the one expected, and one that no log knows, are told nothing.
	if said := refused(t, village, address, "--peer", strings.Repeat("07", 32)); !strings.Contains(said, "another machine answers: its key is "+got.Peer.Machine) || !strings.Contains(said, "Nothing was said to it") {
		t.Errorf("another key: %s", said)
	}
	if said := refused(t, village, stranger.Serve().HTTPS); !strings.Contains(said, "no log that is held here knows the machine") {
		t.Errorf("a stranger: %s", said)
	}
}

// contested makes cases at the village and brings them to the township; of one,
// whose id it answers, both sides then write without the other.
func contested(t *testing.T, town, village *process.Desk) string {
	t.Helper()
	var lines strings.Builder
	for i := range many {
		fmt.Fprintln(&lines, strings.ReplaceAll(fmt.Sprintf(wall, i+1, i%28+1), "\n", ""))
	}
	village.Run("import", village.File("cases.jsonl", lines.String()))
	id, _ := village.Lines("case", "list")[many/2]["id"].(string)
	act := func(d *process.Desk, step, file string) {
		d.Run("case", "act", id, step, "--file", d.File("step.json", file))
	}
	act(village, "accept", `{"at":"2026-04-01"}`)
	act(village, "assign", `{"at":"2026-04-01","mediators":["赵示和"],"by":"committee"}`)
	act(village, "start-session", `{"at":"2026-04-02","place":"村委会"}`)
	roads, stop := town.Start()
	village.InStep(roads.HTTPS)
	stop()
	act(village, "agree", `{"form":"written","at":"2026-04-03","terms":[{"who":"王小例","what":"退回原墙中心线","due":"2026-05-01"}]}`)
	act(town, "terminate", `{"reason":"deadlock","at":"2026-04-03"}`)
	for d, claims := range map[*process.Desk]string{village: "请求退回并修好墙。", town: "请求退回。"} {
		d.Run("case", "set", id, "--file", d.File("set.json", fmt.Sprintf(`{"claims":%q}`, claims)))
	}
	return id
}

// shows: a desk shows the reader's edit, in the case and its history, and has
// nothing to complain of.
func shows(t *testing.T, d *process.Desk, id, operation string) {
	t.Helper()
	if doc := d.Object("case", "get", id); doc["title"] != title {
		t.Errorf("the title is %v", doc["title"])
	}
	history := d.Lines("case", "history", id)
	at := slices.IndexFunc(history, func(m map[string]any) bool { return m["id"] == operation })
	if at < 0 || history[at]["field"] != "title" || history[at]["to"] != title || history[at]["seat_name"] != "赵示和" {
		t.Errorf("the history has no such edit: %v", history)
	}
	if bad, _ := d.Object("verify")["bad"].([]any); len(bad) > 0 {
		t.Errorf("verify: %v", bad)
	}
	if s := d.Object("status"); s["refused"] != 0.0 || s["late"] != 0.0 || s["newer"] != 0.0 || s["waiting"] != 0.0 {
		t.Errorf("status: %v", s)
	}
}

// meet runs the reader as a desk's machine.
func meet(t *testing.T, d *process.Desk, want int, address string, args ...string) (m met) {
	t.Helper()
	out, said, code, err := Run(t.Context(), []string{"HEJIE_PIN=" + d.Pin}, append([]string{"meet", address, "--folder", d.Data()}, args...)...)
	if err != nil || code != want {
		t.Fatalf("meet: exit %d (%v): %s%s", code, err, said, out)
	}
	if err := json.Unmarshal([]byte(out), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// refused is a meeting that must not take place: the sentence.
func refused(t *testing.T, d *process.Desk, address string, args ...string) string {
	t.Helper()
	out, said, code, err := Run(t.Context(), []string{"HEJIE_PIN=" + d.Pin}, append([]string{"meet", address, "--folder", d.Data()}, args...)...)
	if err != nil || code != 1 || out != "" {
		t.Fatalf("meet: exit %d (%v): %s%s", code, err, said, out)
	}
	return said
}

// files are the names and bytes of a folder, a line each.
func files(t *testing.T, dir string) (all []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(filepath.Clean(path))
		all = append(all, path+" "+string(b))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
