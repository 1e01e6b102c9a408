//go:build linux

package hostile

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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
)

var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "hostile")
	if err == nil {
		binary = filepath.Join(dir, "hejie")
		build := exec.Command("go", "build", "-o", binary, "hejie")
		build.Stderr = os.Stderr
		err = build.Run()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

const pin = "八个字的口令真长"

type folder struct {
	t   *testing.T
	dir string
}

func (f folder) command(stdin string, args ...string) *exec.Cmd {
	c := exec.Command(binary, append(args, "--data", f.dir)...)
	c.Env = append(os.Environ(), "HEJIE_PIN="+pin, "HOME="+filepath.Dir(f.dir), "XDG_CONFIG_HOME="+filepath.Dir(f.dir)+"/config")
	c.Stdin = strings.NewReader(stdin)
	return c
}

// run answers stdout, stderr and the exit status.
func (f folder) run(stdin string, args ...string) (string, string, int) {
	f.t.Helper()
	c := f.command(stdin, args...)
	var out, said bytes.Buffer
	c.Stdout, c.Stderr = &out, &said
	err := c.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		f.t.Fatal(err)
	}
	return out.String(), said.String(), c.ProcessState.ExitCode()
}

func (f folder) must(args ...string) string {
	f.t.Helper()
	out, said, code := f.run("", args...)
	if code != 0 {
		f.t.Fatalf("%v: exit %d: %s", args, code, said)
	}
	return out
}

func newFolder(t *testing.T) folder {
	return folder{t, filepath.Join(t.TempDir(), "data")}
}

func (f folder) root() folder {
	f.must("init", "--root", "--unit", "990125101000-zz", "--unit-name", "清溪镇综治中心", "--seat-name", "郑例贤", "--role", "admin,director,mediator", "--recovery", f.dir+".sheet")
	return f
}

// under enrols a village under f.
func (f folder) under() folder {
	v := newFolder(f.t)
	req, cert := v.dir+".req", v.dir+".cert"
	v.must("init", "--unit", "990125101203-tw", "--unit-name", "河湾村人民调解委员会", "--seat-name", "赵示和", "--role", "mediator,director", "--request", req, "--recovery", v.dir+".sheet")
	f.must("enroll", "--request", req, "--out", cert)
	v.must("join", "--certificate", cert)
	return v
}

func sample(n int) string {
	return fmt.Sprintf(`{"external_id":"FQ-%06d","category":"02","source":"application","title":"李大样与王小例墙界纠纷","received_at":"2026-03-09T09:00:00+08:00","facts":"我家与王小例家东西相邻。","parties":[{"side":"applicant","kind":"person","name":"李大样"},{"side":"respondent","kind":"person","name":"王小例"}]}`, n)
}

func (f folder) ids() map[string]bool {
	f.t.Helper()
	ids := map[string]bool{}
	for line := range strings.Lines(f.must("case", "list", "--json")) {
		var row struct{ ID string }
		if err := json.Unmarshal([]byte(line), &row); err == nil && row.ID != "" {
			ids[row.ID] = true
		}
	}
	return ids
}

// serve starts the node and answers its libp2p address.
func (f folder) serve() (*exec.Cmd, string) {
	f.t.Helper()
	c := f.command("", "serve", "--listen", "127.0.0.1:0", "--p2p", "/ip4/127.0.0.1/tcp/0", "--json")
	c.Stdin = nil
	c.Stderr = io.Discard
	out, err := c.StdoutPipe()
	if err != nil {
		f.t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		f.t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadBytes('\n')
	var ready struct{ P2P []string }
	if err != nil || json.Unmarshal(line, &ready) != nil || len(ready.P2P) == 0 {
		_ = c.Process.Kill()
		_ = c.Wait()
		f.t.Fatalf("serve said %q, %v", line, err)
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
	town := newFolder(t).root()
	village := town.under()
	acked := map[string]bool{}
	for round := range rounds {
		var lines strings.Builder
		for i := range 40 {
			lines.WriteString(sample(round*1000+i) + "\n")
		}
		file := village.dir + ".jsonl"
		if err := os.WriteFile(file, []byte(lines.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		village.must("import", file)
		for id := range village.ids() {
			acked[id] = true
		}
		server, address := town.serve()
		call := village.command("", "sync", address, "--json")
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
		held := village.ids()
		for id := range acked {
			if !held[id] {
				t.Fatalf("round %d: case %s is gone", round, id)
			}
		}
	}
	server, address := town.serve()
	out := village.must("sync", address, "--json")
	_ = server.Process.Signal(syscall.SIGTERM)
	if err := server.Wait(); err != nil {
		t.Errorf("serve ends with %v", err)
	}
	if !strings.Contains(out, `"in_step":true`) {
		t.Fatal(out)
	}
	for _, f := range []folder{town, village} {
		if got := f.ids(); len(got) != len(acked) {
			t.Fatalf("%d cases of %d", len(got), len(acked))
		}
		if out := f.must("verify", "--json"); !strings.Contains(out, `"bad":[]`) {
			t.Fatal(out)
		}
	}
	var one string
	for id := range acked {
		one = max(one, id)
	}
	document := town.must("case", "get", one, "--json")
	if err := os.RemoveAll(filepath.Join(town.dir, "badger")); err != nil {
		t.Fatal(err)
	}
	if again := town.must("case", "get", one, "--json"); again != document || village.must("case", "get", one, "--json") != document {
		t.Fatal("another document without badger, or at the village")
	}
}

// TestNothingIsReadableWithoutTheKey reads a real folder as a thief does.
func TestNothingIsReadableWithoutTheKey(t *testing.T) {
	town := newFolder(t).root()
	var lines strings.Builder
	for i := range 200 {
		lines.WriteString(sample(i) + "\n")
	}
	file := town.dir + ".jsonl"
	if err := os.WriteFile(file, []byte(lines.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	_, said, code := town.run("", "import", file)
	if code != 0 {
		t.Fatal(said)
	}
	if err := filepath.WalkDir(town.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if mode := info.Mode().Perm(); mode&0o077 != 0 && (strings.Contains(path, "/keys") || d.IsDir() && path == town.dir) {
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
	town := newFolder(t).root()
	if _, said, code := town.run(sample(1), "case", "new", "--file", "-", "--json"); code != 0 {
		t.Fatal(said)
	}
	var id string
	for x := range town.ids() {
		id = x
	}
	before, exported := town.packs(), town.must("case", "get", id, "--json")
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
		out, said, code := town.run(doc, "case", "new", "--file", "-", "--json")
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
		"no certificate":       {"join", "--certificate", town.dir + ".sheet"},
		"no request":           {"enroll", "--request", town.dir + ".sheet", "--out", town.dir + ".none"},
		"somebody else's road": {"sync", "/ip4/127.0.0.1/tcp/1/p2p/12D3KooWGC4xBZ9LVyaJnfqdqXrkVdD5Jm9Hq7vUqzZ1Y8YQk7Gm"},
	} {
		if _, said, code := town.run(`{"at":"2026-03-10"}`, args...); code != 1 || len(said) < 10 {
			t.Errorf("%s: exit %d, %q", name, code, said)
		}
	}
	if after := town.packs(); after != before {
		t.Error("the packs changed")
	}
	if town.must("case", "get", id, "--json") != exported {
		t.Error("the case changed")
	}
	if got := town.ids(); len(got) != 1 {
		t.Errorf("%d cases", len(got))
	}
}

// packs are the names and sizes of the packs.
func (f folder) packs() string {
	var out strings.Builder
	_ = filepath.WalkDir(filepath.Join(f.dir, "packs"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
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
	f := folder{t, filepath.Join(base, "data")}
	f.root()
	f.run(sample(1), "case", "new", "--file", "-", "--json")
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
	before := f.packs()
	_, said, code := f.run(sample(2), "case", "new", "--file", "-", "--json")
	if code != 1 || !strings.Contains(said, "disk") && !strings.Contains(said, "磁盘") && !strings.Contains(said, "space") {
		t.Errorf("exit %d, %q", code, said)
	}
	if f.packs() != before {
		t.Error("the packs changed")
	}
	if err := os.Remove(filepath.Join(base, "ballast")); err != nil {
		t.Fatal(err)
	}
	if _, said, code := f.run(sample(3), "case", "new", "--file", "-", "--json"); code != 0 {
		t.Errorf("after making room: %s", said)
	}
	if got := f.ids(); len(got) != 2 {
		t.Errorf("%d cases", len(got))
	}
	if out := f.must("verify", "--json"); !strings.Contains(out, `"bad":[]`) {
		t.Error(out)
	}
}
