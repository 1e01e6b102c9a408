package station

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hejie/app/api"
	"hejie/store/mem"
	"hejie/store/rows"
)

// packOf is the name of a desk's only pack.
func (d *desk) packOf() string {
	d.t.Helper()
	names, err := d.fs.ReadDir(filepath.Join(d.o.Dir, "packs"))
	if err != nil || len(names) == 0 {
		d.t.Fatalf("%v %v", names, err)
	}
	return filepath.Join(d.o.Dir, "packs", names[0])
}

func (d *desk) verify() api.VerifyResult {
	d.t.Helper()
	v, err := d.ss.Verify(context.Background())
	if err != nil {
		d.t.Fatal(err)
	}
	return v
}

// inStep meets until both are, at most so often.
func inStep(a, b *desk, most int) bool {
	a.t.Helper()
	for range most {
		r := meet(a, b)
		for _, d := range []*desk{a, b} {
			if _, err := d.ss.open.replica.CloseGaps(context.Background()); err != nil {
				a.t.Fatal(err)
			}
		}
		if r.InStep {
			return true
		}
	}
	return false
}

// packHarms are what happens to a pack.
var packHarms = map[string]func([]byte) []byte{
	"deleted":  nil,
	"emptied":  func([]byte) []byte { return nil },
	"cut 50":   func(b []byte) []byte { return b[:50] },
	"cut half": func(b []byte) []byte { return b[:len(b)/2] },
	"cut 60%":  func(b []byte) []byte { return b[:len(b)*6/10] },
	"cut 1":    func(b []byte) []byte { return b[:len(b)-1] },
	"head":     zeroed(0, 4096),
	"first":    zeroed(200, 50),
	"middle":   func(b []byte) []byte { return zeroed(len(b)/2, 100)(b) },
	"near end": func(b []byte) []byte { return zeroed(len(b)-3000, 100)(b) },
	"tail":     func(b []byte) []byte { return zeroed(len(b)-4096, 4096)(b) },
	"all":      func(b []byte) []byte { return make([]byte, len(b)) },
	"many bits": func(b []byte) []byte {
		b = slices.Clone(b)
		for i := 151; i < len(b); i += 977 {
			b[i] ^= 4
		}
		return b
	},
}

func zeroed(from, n int) func([]byte) []byte {
	return func(b []byte) []byte {
		b = slices.Clone(b)
		for i := max(0, from); i < min(len(b), from+n); i++ {
			b[i] = 0
		}
		return b
	}
}

// TestDamageIsToldAndHealed: whatever happens to a village's pack, its folder
// opens, is looked at and written in, nobody says "in step" over what is lost, and
// a meeting with the township brings everything back.
func TestDamageIsToldAndHealed(t *testing.T) {
	ctx := context.Background()
	for _, kept := range []bool{true, false} {
		if kept && testing.Short() {
			continue
		}
		for name, harm := range packHarms {
			what := name
			if !kept {
				what += ", rows gone"
			}
			t.Run(what, func(t *testing.T) {
				_, town, village := county(t)
				if kept {
					village.shut()
					village.o.Engine = &keeping{d: village}
					village.start()
					village.signIn()
				}
				var ids []string
				for range 6 {
					id := village.newCase("")
					village.set(id, `{"title":"改过一次的题目"}`)
					ids = append(ids, id)
				}
				if !inStep(village, town, 3) {
					t.Fatal("not in step before")
				}
				documents := map[string]string{}
				for _, id := range ids {
					documents[id] = village.get(id)
				}
				seat, epoch := hexID(village.ss.seat()), village.ss.open.epoch
				village.shut()
				if harm == nil {
					village.harm(nil, "packs/")
				} else if err := village.fs.Change(village.packOf(), harm); err != nil {
					t.Fatal(err)
				}
				village.start()
				village.signInAs(seat, secret)
				if _, err := village.ss.ListCases(ctx, api.CaseQuery{}); err != nil {
					t.Errorf("list: %v", err)
				}
				st := village.status()
				v := village.verify()
				if cutOnly := name == "cut 1"; len(v.Bad) == 0 || len(st.Wrong) == 0 && !cutOnly {
					t.Errorf("verify %+v, status %+v", v.Bad, st.Wrong)
				}
				mine := ""
				if saved, err := village.ss.NewCase(ctx, token(), wallCase("")); err == nil {
					mine = saved.ID
				} else if problemCode(err) == "" {
					t.Errorf("a save: %v", err)
				}
				if strings.HasPrefix(name, "cut half") && village.ss.open.epoch == epoch {
					t.Error("the epoch goes on after a loss")
				}
				if !inStep(village, town, 4) {
					t.Error("not in step afterwards")
				}
				for id, before := range documents {
					if got := village.get(id); got != before {
						t.Errorf("case %s is %s", id[:8], got)
					}
				}
				if mine != "" {
					town.get(mine)
				}
				if v := village.verify(); len(v.Bad) > 0 || len(v.Healed) == 0 {
					t.Errorf("verify afterwards: %+v", v)
				}
				for _, d := range []*desk{village, town} {
					if i := slices.IndexFunc(d.status().Wrong, func(r api.Reason) bool { return r.Code == "forked_seat" }); i >= 0 {
						t.Error("a seat forked")
					}
				}
				village.again()
				if v := village.verify(); len(v.Bad) > 0 {
					t.Errorf("verify at the next opening: %+v", v.Bad)
				}
				village.newCase("")
			})
		}
	}
}

// keeping is an engine in memory whose rows outlive the program, until their
// folder is removed.
type keeping struct {
	d    *desk
	rows *mem.Engine
}

// lasting is such an engine while it is open.
type lasting struct{ *mem.Engine }

func (lasting) Close() error { return nil }

func (k *keeping) Folder() string { return "rows" }

func (k *keeping) Open(dir string, _ [32]byte) (rows.Engine, error) {
	mark := filepath.Join(dir, "mark")
	if _, err := k.d.fs.Open(mark); err != nil || k.rows == nil {
		k.rows = &mem.Engine{}
		if err := k.d.fs.MkdirAll(dir); err != nil {
			return nil, err
		}
		f, err := k.d.fs.Create(mark)
		if err != nil {
			return nil, err
		}
		if err := f.Close(); err != nil {
			return nil, err
		}
	}
	return lasting{k.rows}, nil
}

// TestOlderFactsComeInStep: where the facts are older than what the township
// holds, by however many meetings, both are in step at the next.
func TestOlderFactsComeInStep(t *testing.T) {
	for meetings := range 4 {
		_, town, village := county(t)
		village.newCase("")
		if !inStep(village, town, 3) {
			t.Fatal("not in step before")
		}
		village.shut()
		older := map[string][]byte{}
		for name, b := range village.fs.Files() {
			if strings.Contains(name, "/local/facts") {
				older[name] = slices.Clone(b)
			}
		}
		village.start()
		village.signIn()
		for range meetings {
			village.newCase("")
			meet(village, town)
		}
		village.shut()
		village.put(older)
		village.start()
		village.signIn()
		village.newCase("")
		if !inStep(village, town, 2) {
			t.Errorf("%d meetings later: not in step", meetings)
		}
		if v := village.verify(); len(v.Bad) > 0 {
			t.Errorf("%d meetings later: %+v", meetings, v.Bad)
		}
	}
}
