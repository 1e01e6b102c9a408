package review

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"hejie/test/process"
)

// damageSample is how many places of the matrix a go test tries; HEJIE_DAMAGE=all
// tries all (make soak-damage), HEJIE_SEED the same again.
const damageSample = 3

// harm is something that happens to a file; nil: it is deleted.
type harm struct {
	name string
	do   func(r *rand.Rand, b, older []byte) []byte
}

var matrixHarms = []harm{
	{"deleted", nil},
	{"emptied", func(*rand.Rand, []byte, []byte) []byte { return nil }},
	{"cut, a quarter left", func(_ *rand.Rand, b, _ []byte) []byte { return b[:len(b)/4] }},
	{"cut anywhere", func(r *rand.Rand, b, _ []byte) []byte { return b[:r.IntN(len(b))] }},
	{"cut, a byte lost", func(_ *rand.Rand, b, _ []byte) []byte { return b[:len(b)-1] }},
	{"zeroed at the head", func(_ *rand.Rand, b, _ []byte) []byte { return zeroed(b, 0, 4096) }},
	{"zeroed in the middle", func(_ *rand.Rand, b, _ []byte) []byte { return zeroed(b, len(b)/2, 100) }},
	{"zeroed at the tail", func(_ *rand.Rand, b, _ []byte) []byte { return zeroed(b, len(b)-4096, 4096) }},
	{"50 random bits", func(r *rand.Rand, b, _ []byte) []byte {
		for range 50 {
			b[r.IntN(len(b))] ^= 1 << r.IntN(8)
		}
		return b
	}},
	{"an older copy", func(_ *rand.Rand, b, older []byte) []byte {
		if older == nil {
			return b
		}
		return older
	}},
}

func zeroed(b []byte, from, n int) []byte {
	from = max(0, from)
	clear(b[from:min(len(b), from+n)])
	return b
}

// kept is a village that is in step with its township, both not running, and the
// village as it was two cases before.
type kept struct {
	village, town *process.Desk
	older         string // its data folder
	cases         []string
}

// keptDir is where it lies; TestMain removes it.
var keptDir string

var keptOnce struct {
	sync.Once
	k kept
}

func keptVillage(t *testing.T) kept {
	t.Helper()
	keptOnce.Do(func() {
		c := newCounty(t)
		dir := keptDir
		c.village.T, c.town.T = t, t
		roads, stop := c.town.Start()
		newCases(c.village, 4)
		c.village.InStep(roads.HTTPS)
		older := filepath.Join(dir, "older")
		if err := os.CopyFS(older, os.DirFS(c.village.Data())); err != nil {
			t.Fatal(err)
		}
		newCase(c.village, 1)
		id := newCase(c.village, 2)
		set(c.village, id, `{"place":"河湾村7组"}`)
		c.village.InStep(roads.HTTPS)
		stop()
		k := kept{older: older}
		for _, row := range c.village.Lines("case", "list") {
			id, _ := row["id"].(string)
			k.cases = append(k.cases, id)
		}
		for name, d := range map[string]**process.Desk{"village": &k.village, "town": &k.town} {
			from := c.village
			if name == "town" {
				from = c.town
			}
			to := *from
			to.Dir = filepath.Join(dir, name)
			if err := os.CopyFS(to.Dir, os.DirFS(from.Dir)); err != nil {
				t.Fatal(err)
			}
			*d = &to
		}
		keptOnce.k = k
	})
	if keptOnce.k.village == nil {
		t.Fatal("the village could not be made")
	}
	return keptOnce.k
}

// dataFiles are the names of the files in a data folder.
func dataFiles(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, relErr := filepath.Rel(dir, path)
			names, err = append(names, filepath.ToSlash(rel)), relErr
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// TestDamageMatrix: whatever happens to whichever file of a folder, no command
// ends in a trace, what is lost is told, and after a meeting with the township
// everything that was acknowledged is there; but for keys, which are named.
func TestDamageMatrix(t *testing.T) {
	k := keptVillage(t)
	seed := uint64(1) // the same sample each time: what is new is tried by the soak
	if os.Getenv("HEJIE_DAMAGE") != "" {
		seed = uint64(time.Now().UnixNano())
	}
	if s := os.Getenv("HEJIE_SEED"); s != "" {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		seed = n
	}
	t.Logf("HEJIE_SEED=%d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	type place struct {
		file string
		harm harm
	}
	var all []place
	for _, file := range dataFiles(t, k.village.Data()) {
		for _, h := range matrixHarms {
			all = append(all, place{file, h})
		}
	}
	if os.Getenv("HEJIE_DAMAGE") != "all" {
		r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		all = all[:damageSample]
	}
	told := map[string]string{}
	for _, p := range all {
		t.Run(p.file+", "+p.harm.name, func(t *testing.T) {
			told[p.file+"\t"+p.harm.name] = tryHarm(t, k, r, p.file, p.harm)
		})
	}
	var table bytes.Buffer
	w := tabwriter.NewWriter(&table, 0, 4, 2, ' ', 0)
	for _, name := range slices.Sorted(maps.Keys(told)) {
		fmt.Fprintf(w, "%s\t%s\n", name, told[name])
	}
	_ = w.Flush()
	t.Logf("\n%s", table.String())
}

// tryCommand runs a command that may fail, but never in a trace.
func tryCommand(t *testing.T, d *process.Desk, args ...string) (out, problems string, ok bool) {
	t.Helper()
	out, problems, ok = d.Try(args...)
	if strings.Contains(problems, "goroutine ") || strings.Contains(problems, "panic") || strings.Contains(problems, "SIGBUS") {
		t.Errorf("%v ends in a trace: %s", args, problems)
	}
	if !ok && !strings.HasPrefix(strings.TrimSpace(lastLine(problems)), "hejie: ") {
		t.Errorf("%v says nothing: %s", args, problems)
	}
	return out, problems, ok
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return lines[len(lines)-1]
}

func tryHarm(t *testing.T, k kept, r *rand.Rand, file string, h harm) string {
	d, town := k.village.Copy(t), k.town.Copy(t)
	path := filepath.Join(d.Data(), filepath.FromSlash(file))
	if h.do == nil {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	} else {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if len(b) == 0 {
			return "nothing in it"
		}
		older, _ := os.ReadFile(filepath.Join(k.older, filepath.FromSlash(file)))
		if err := os.WriteFile(path, h.do(r, b, older), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	roads := town.Serve()
	out := "ok"
	_, problems, opened := tryCommand(t, d, "case", "list")
	if !opened {
		if !strings.HasPrefix(file, "keys/") || !strings.Contains(problems, file) && !strings.Contains(problems, "newer program") {
			t.Errorf("locked out: %s", problems)
		}
		return "refused, named"
	}
	if strings.Contains(problems, "note: ") {
		out = "told"
	}
	if _, problems, ok := tryCommand(t, d, "status"); !ok {
		t.Errorf("status: %s", problems)
	}
	document, problems, ok := tryCommand(t, d, "verify")
	if !strings.HasPrefix(document, `{"operations":`) || ok != strings.Contains(document, `"bad":[]`) {
		t.Errorf("verify answers %v with %.200q %s", ok, document, problems)
	}
	if !ok {
		out = "told"
	}
	cases := slices.Clone(k.cases)
	if saved, problems, ok := tryCommand(t, d, "case", "new", "--file", d.File("case.json", strings.Replace(wall, "FQ-000001", "FQ-000777", 1))); ok {
		id, _ := object(t, saved)["id"].(string)
		cases = append(cases, id)
	} else if out == "ok" {
		t.Errorf("a save is refused and nothing is told: %s", problems)
	}
	if answer, problems, ok := tryCommand(t, d, "sync", roads.HTTPS); !ok || !strings.Contains(answer, `"in_step":true`) {
		t.Errorf("sync: %s %s", answer, problems)
	}
	keyLost := file == "keys/unit" && out == "told"
	document, problems, ok = tryCommand(t, d, "verify")
	if ok == keyLost {
		t.Errorf("verify afterwards: %.400s %s", document, problems)
	}
	if _, problems, ok := tryCommand(t, d, "rebuild"); ok == keyLost {
		t.Errorf("rebuild: %s", problems)
	}
	list, _, _ := tryCommand(t, d, "case", "list")
	for _, id := range cases {
		if !strings.Contains(list, id) {
			t.Errorf("case %s is not there", id)
		}
	}
	if held := town.Run("status"); strings.Contains(held, "forked_seat") {
		t.Error("a seat forked")
	}
	return out
}

func object(t *testing.T, text string) (m map[string]any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return m
}
