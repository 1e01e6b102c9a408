//go:build linux

package hostile

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"hejie/test/process"
)

var program string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "hostile")
	if err == nil {
		program, err = process.Build(dir, "")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	process.Clean()
	os.Exit(code)
}

// newTown is a township of the county.
func newTown(t *testing.T) *process.Desk { return process.NewCounty(t, program).Town }

// given runs a command with an input: its stdout, stderr and exit status.
func given(d *process.Desk, stdin string, args ...string) (string, string, int) {
	d.T.Helper()
	c := d.Command(args...)
	c.Stdin = strings.NewReader(stdin)
	var out, said bytes.Buffer
	c.Stdout, c.Stderr = &out, &said
	err := c.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		d.T.Fatal(err)
	}
	return out.String(), said.String(), c.ProcessState.ExitCode()
}

func sample(n int) string {
	return fmt.Sprintf(`{"external_id":"FQ-%06d","category":"02","source":"application","title":"李大样与王小例墙界纠纷","received_at":"2026-03-09T09:00:00+08:00","facts":"我家与王小例家东西相邻。","parties":[{"side":"applicant","kind":"person","name":"李大样"},{"side":"respondent","kind":"person","name":"王小例"}]}`, n)
}

// ids are the cases that a desk lists.
func ids(d *process.Desk) map[string]bool {
	d.T.Helper()
	all := map[string]bool{}
	for line := range strings.Lines(d.Run("case", "list")) {
		var row struct{ ID string }
		if err := json.Unmarshal([]byte(line), &row); err == nil && row.ID != "" {
			all[row.ID] = true
		}
	}
	return all
}

// serve starts the node for who ends it himself, and answers its libp2p address.
func serve(d *process.Desk) (*exec.Cmd, string) {
	d.T.Helper()
	c := d.Command("serve", "--listen", "127.0.0.1:0", "--p2p", "/ip4/127.0.0.1/tcp/0")
	out, err := c.StdoutPipe()
	if err != nil {
		d.T.Fatal(err)
	}
	if err := c.Start(); err != nil {
		d.T.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadBytes('\n')
	var ready struct{ P2P []string }
	if err != nil || json.Unmarshal(line, &ready) != nil || len(ready.P2P) == 0 {
		_ = c.Process.Kill()
		_ = c.Wait()
		d.T.Fatalf("serve said %q, %v", line, err)
	}
	return c, ready.P2P[0]
}

// TestKilledWhileStationsMeet kills either side of a meeting at random moments:
// nothing acknowledged is missing at the village, and in the end both hold the same.
func TestKilledWhileStationsMeet(t *testing.T) {
	rounds := 6
	if n, err := strconv.Atoi(os.Getenv("HEJIE_KILLS")); err == nil {
		rounds = n
	}
	r := rand.New(rand.NewPCG(1, uint64(rounds)))
	c := process.NewCounty(t, program)
	town, village := c.Town, c.Village
	acked := map[string]bool{}
	for round := range rounds {
		var lines strings.Builder
		for i := range 40 {
			lines.WriteString(sample(round*1000+i) + "\n")
		}
		file := filepath.Join(village.Dir, "cases.jsonl")
		if err := os.WriteFile(file, []byte(lines.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		village.Run("import", file)
		for id := range ids(village) {
			acked[id] = true
		}
		server, address := serve(town)
		call := village.Command("sync", address)
		if err := call.Start(); err != nil {
			t.Fatal(err)
		}
		// The moment is drawn, not waited for: most of a call is opening its folder.
		timer := time.AfterFunc(time.Duration(200+r.IntN(1500))*time.Millisecond, func() {
			if round%2 == 0 {
				_ = call.Process.Kill()
			} else {
				_ = server.Process.Kill()
			}
		})
		_ = call.Wait()
		timer.Stop()
		_ = server.Process.Kill()
		_ = server.Wait()
		held := ids(village)
		for id := range acked {
			if !held[id] {
				t.Fatalf("round %d: case %s is gone", round, id)
			}
		}
	}
	server, address := serve(town)
	out := village.Run("sync", address)
	_ = server.Process.Signal(syscall.SIGTERM)
	if err := server.Wait(); err != nil {
		t.Errorf("serve ends with %v", err)
	}
	if !strings.Contains(out, `"in_step":true`) {
		t.Fatal(out)
	}
	for _, f := range []*process.Desk{town, village} {
		if got := ids(f); len(got) != len(acked) {
			t.Fatalf("%d cases of %d", len(got), len(acked))
		}
		if out := f.Run("verify"); !strings.Contains(out, `"bad":[]`) {
			t.Fatal(out)
		}
	}
	var one string
	for id := range acked {
		one = max(one, id)
	}
	document := town.Run("case", "get", one)
	if err := os.RemoveAll(filepath.Join(town.Data(), "badger")); err != nil {
		t.Fatal(err)
	}
	if again := town.Run("case", "get", one); again != document || village.Run("case", "get", one) != document {
		t.Fatal("another document without badger, or at the village")
	}
}

// TestNothingIsReadableWithoutTheKey reads a real folder as a thief does.
func TestNothingIsReadableWithoutTheKey(t *testing.T) {
	town := newTown(t)
	var lines strings.Builder
	for i := range 200 {
		lines.WriteString(sample(i) + "\n")
	}
	file := filepath.Join(town.Dir, "cases.jsonl")
	if err := os.WriteFile(file, []byte(lines.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	_, said, code := given(town, "", "import", file)
	if code != 0 {
		t.Fatal(said)
	}
	if err := filepath.WalkDir(town.Data(), func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if mode := info.Mode().Perm(); mode&0o077 != 0 && (strings.Contains(path, "/keys") || d.IsDir() && path == town.Data()) {
			t.Errorf("%s has the mode %o: others of this computer can read it", path, mode)
		}
		if d.IsDir() {
			return nil
		}
		b, err := os.ReadFile(path)
		for _, word := range []string{"李大样", "王小例", "墙界", "FQ-000"} {
			if bytes.Contains(b, []byte(word)) {
				t.Errorf("%s holds %q", path, word)
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// TestWhatIsRefusedChangesNothing gives the command line what it must refuse.
func TestWhatIsRefusedChangesNothing(t *testing.T) {
	town := newTown(t)
	if _, said, code := given(town, sample(1), "case", "new", "--file", "-"); code != 0 {
		t.Fatal(said)
	}
	var id string
	for x := range ids(town) {
		id = x
	}
	before, exported := packs(town), town.Run("case", "get", id)
	good := strings.Replace(sample(2), "FQ-000002", "FQ-2", 1)
	for name, doc := range map[string]string{
		"unknown field":  strings.Replace(good, `"title"`, `"titel":"x","title"`, 1),
		"unknown code":   strings.Replace(good, `"02"`, `"77"`, 1),
		"check digit":    strings.Replace(good, `"name":"李大样"`, `"name":"李大样","id_kind":"resident","id_number":"990125199001011234"`, 1),
		"date":           strings.Replace(good, "2026-03-09", "2026-02-30", 1),
		"negative":       strings.Replace(good, `"facts"`, `"amount_fen":-1,"facts"`, 1),
		"fraction":       strings.Replace(good, `"facts"`, `"amount_fen":1.5,"facts"`, 1),
		"broken UTF-8":   strings.Replace(good, "王小例", "王\xff例", 1),
		"60 MB of story": strings.Replace(good, "我家", strings.Repeat("我家", 10<<20), 1),
		"10,000 levels":  strings.Replace(good, `"title"`, `"x":`+strings.Repeat("[", 10_000)+strings.Repeat("]", 10_000)+`,"title"`, 1),
		"nothing":        "",
	} {
		out, said, code := given(town, doc, "case", "new", "--file", "-")
		if code != 1 || out != "" || len(said) < 10 || len(said) > 1000 || strings.Count(strings.TrimSpace(said), "\n") > 0 {
			t.Errorf("%s: exit %d, %d bytes on stdout, on stderr %.300q", name, code, len(out), said)
		}
		if strings.Contains(said, "990125199001011234") || strings.Contains(said, "panic") || strings.Contains(said, "goroutine") {
			t.Errorf("%s: %s", name, said)
		}
	}
	for name, args := range map[string][]string{
		"a step not allowed":   {"case", "act", id, "close"},
		"an unknown case":      {"case", "get", strings.Repeat("ab", 32)},
		"no certificate":       {"join", "--certificate", filepath.Join(town.Dir, "sheet.txt")},
		"no request":           {"enroll", "--request", filepath.Join(town.Dir, "sheet.txt"), "--out", filepath.Join(town.Dir, "none")},
		"somebody else's road": {"sync", "/ip4/127.0.0.1/tcp/1/p2p/12D3KooWGC4xBZ9LVyaJnfqdqXrkVdD5Jm9Hq7vUqzZ1Y8YQk7Gm"},
	} {
		if _, said, code := given(town, `{"at":"2026-03-10"}`, args...); code != 1 || len(said) < 10 {
			t.Errorf("%s: exit %d, %q", name, code, said)
		}
	}
	if after := packs(town); after != before {
		t.Error("the packs changed")
	}
	if town.Run("case", "get", id) != exported {
		t.Error("the case changed")
	}
	if got := ids(town); len(got) != 1 {
		t.Errorf("%d cases", len(got))
	}
}

// packs are the names and sizes of the packs.
func packs(d *process.Desk) string {
	var out strings.Builder
	_ = filepath.WalkDir(filepath.Join(d.Data(), "packs"), func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			b, _ := os.ReadFile(path)
			fmt.Fprintln(&out, path, len(bytes.TrimRight(b, "\x00")))
		}
		return nil
	})
	return out.String()
}

// TestTheDiskIsFull fills a small disk: what was acknowledged is there, what was
// not is refused with a sentence, and after making room all goes on.
func TestTheDiskIsFull(t *testing.T) {
	base := filepath.Join(t.TempDir(), "disk")
	if err := os.Mkdir(base, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", base, "tmpfs", 0, "size=400m"); err != nil {
		t.Logf("no disk can be mounted here (%v): the full disk in memory is tried in store", err)
		return
	}
	defer func() { _ = syscall.Unmount(base, syscall.MNT_DETACH) }()
	f := &process.Desk{T: t, Program: program, Dir: filepath.Join(base, "desk"), Pin: process.Secret}
	if err := os.Mkdir(f.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	f.Root(process.Unit{Code: "990125101000-zz", Name: "清溪镇综治中心", Person: "郑例贤", Roles: "admin,director,mediator"})
	given(f, sample(1), "case", "new", "--file", "-")
	ballast, err := os.Create(filepath.Join(base, "ballast"))
	if err != nil {
		t.Fatal(err)
	}
	block := make([]byte, 1<<20)
	for err == nil {
		_, err = ballast.Write(block)
	}
	if err := ballast.Close(); err != nil && !strings.Contains(err.Error(), "no space") {
		t.Fatal(err)
	}
	before := packs(f)
	_, said, code := given(f, sample(2), "case", "new", "--file", "-")
	if code != 1 || !strings.Contains(said, "disk") && !strings.Contains(said, "磁盘") && !strings.Contains(said, "space") {
		t.Errorf("exit %d, %q", code, said)
	}
	if packs(f) != before {
		t.Error("the packs changed")
	}
	if err := os.Remove(filepath.Join(base, "ballast")); err != nil {
		t.Fatal(err)
	}
	if _, said, code := given(f, sample(3), "case", "new", "--file", "-"); code != 0 {
		t.Errorf("after making room: %s", said)
	}
	if got := ids(f); len(got) != 2 {
		t.Errorf("%d cases", len(got))
	}
	if out := f.Run("verify"); !strings.Contains(out, `"bad":[]`) {
		t.Error(out)
	}
}
