package vectors

import (
	"bytes"
	"context"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"hejie/app/api"
	"hejie/app/station"
	"hejie/store"
	"hejie/store/mem"
	"hejie/store/packstore"
	"hejie/sync/exchange"
	"hejie/sync/identity"
	"hejie/sync/oplog"
	"hejie/sync/replica"
)

// lockedClock and lockedRandom serve the goroutines of a station that listens.
type lockedClock struct {
	mu sync.Mutex
	at int64
}

func (c *lockedClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at++
	return time.UnixMilli(c.at)
}

type lockedRandom struct {
	mu sync.Mutex
	r  *rand.ChaCha8
}

func (c *lockedRandom) Read(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.r.Read(b)
}

// desk is a real station over a folder of the disk, with one person signed in.
type desk struct {
	s  *station.Station
	ss api.Session
}

func openDesk(t *testing.T, dir, label string) *desk {
	t.Helper()
	s, err := station.Open(station.Options{Dir: dir, Clock: &lockedClock{at: 1_770_000_000_000}, Random: &lockedRandom{r: seeded("desk " + label)}, Engine: mem.Opener{}, Cost: cheap, Reserve: -1, Version: "vectors"})
	if err != nil {
		t.Fatal(err)
	}
	return &desk{s: s}
}

func (d *desk) signIn(t *testing.T) {
	t.Helper()
	h, err := d.s.SeatBy(context.Background(), "")
	if err == nil {
		d.ss, err = d.s.SignIn(context.Background(), h.Seat, secret)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (d *desk) admit(t *testing.T, child *desk, code, name, person string, roles ...string) {
	t.Helper()
	ctx := context.Background()
	req, err := child.s.RequestEnrolment(ctx, api.EnrolmentRequest{Unit: code, UnitName: name, SeatName: person, Roles: roles, Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	e, err := d.ss.Enrol(ctx, api.EnrolRequest{Request: req.File.Data})
	if err == nil {
		_, err = child.s.Join(ctx, api.JoinRequest{Certificate: e.File.Data, Secret: secret})
	}
	if err != nil {
		t.Fatal(err)
	}
	child.signIn(t)
}

const villageCase = `{"external_id":"FQ-000001","category":"02","source":"application","title":"李大样与王小例墙界纠纷","received_at":"2026-03-09T09:00:00+08:00",
"facts":"我家与王小例家东西相邻,中间原有一道1998年砌的土墙。","claims":"请求王小例按原墙中心线退回。","amount_fen":30000,"place":"河湾村3组","tags":["elderly"],
"parties":[{"side":"applicant","kind":"person","name":"李大样","sex":"male","phone":"000-0000-0001","needs":["elderly"]},{"side":"respondent","kind":"person","name":"王小例","phone":"000-0000-0002"}]}`

// makeStation writes the township's folder of a small county after a day's work:
// a village's case came over HTTPS, both changed it, one step was taken.
func makeStation(t *testing.T, dir string) {
	t.Helper()
	ctx := context.Background()
	temp := t.TempDir()
	court, town, village := openDesk(t, filepath.Join(temp, "court"), "court"), openDesk(t, dir, "town"), openDesk(t, filepath.Join(temp, "village"), "village")
	if _, err := court.s.InitRoot(ctx, api.RootRequest{Unit: "990125000000-fy", UnitName: "青禾县人民法院", SeatName: "吴例静", Roles: []string{"admin", "clerk", "judge"}, Secret: secret, Demo: true}); err != nil {
		t.Fatal(err)
	}
	court.signIn(t)
	court.admit(t, town, "990125101000-zz", "清溪镇综治中心", "郑例贤", "admin", "director", "mediator")
	town.admit(t, village, "990125101203-tw", "河湾村人民调解委员会", "赵示和", "director", "mediator")
	at, err := town.s.Serve(station.Listen{HTTPS: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	token := func() string { return uuid.Must(uuid.NewV7()).String() }
	saved, err := village.ss.NewCase(ctx, token(), []byte(villageCase))
	meet := func() {
		if err == nil {
			_, err = village.ss.SyncWith(ctx, at.HTTPS)
		}
	}
	meet()
	if err == nil {
		_, err = village.ss.PatchCase(ctx, token(), saved.ID, api.Patch{Fields: api.Object(`{"amount_fen":1670300,"tags.+":"veteran"}`)})
	}
	if err == nil {
		_, err = town.ss.PatchCase(ctx, token(), saved.ID, api.Patch{Fields: api.Object(`{"amount_fen":1240000,"place":"河湾村3组12号","facts":"我家与王小例家相邻,中间有一道1998年砌的土墙。"}`)})
	}
	if err == nil {
		_, err = village.ss.Act(ctx, token(), saved.ID, "accept", []byte(`{"at":"2026-03-10"}`))
	}
	meet()
	meet()
	if err == nil {
		_, err = town.ss.NewCase(ctx, token(), []byte(`{"category":"01","source":"application","title":"孙样平家庭纠纷","received_at":"2026-03-11T09:00:00+08:00","facts":"兄弟二人为老屋。","parties":[{"side":"applicant","kind":"person","name":"孙样平"},{"side":"respondent","kind":"person","name":"孙样安"}]}`))
	}
	for _, d := range []*desk{village, town, court} {
		if err == nil {
			err = d.s.Close()
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}

// stationVectors describe the committed station's folder; with -update and no
// folder there it is made. HPKE, TLS and the operating system's randomness make
// it another one each time, so it is kept.
func stationVectors(t *testing.T) []vector {
	if _, err := os.Stat(stationFolder); os.IsNotExist(err) && *update {
		dir := filepath.Join(t.TempDir(), "town")
		makeStation(t, dir)
		copyFolder(t, dir, stationFolder)
	}
	dir := filepath.Join(t.TempDir(), "station")
	copyFolder(t, stationFolder, dir)
	key, whole := lookInto(t, dir)
	f := func() fields {
		return fields{"folder": stationFolder, "secret": secret, "storeKey": hexed(key[:]), "whole": whole}
	}
	byKey := f()
	byKey["key"] = hexed(key[:])
	wrong := f()
	wrong["secret"] = "另外一个长口令"
	return []vector{
		ok("a station by its secret", "A township's whole folder after a day's work: key file, logs, wraps, cases, digests, receipts; every body that its unit may read is opened.", f()),
		ok("a station by its store key", "The same without the key file.", byKey),
		fault("secret", "a station by a wrong secret", "Nothing is opened.", wrong),
	}
}

// lookInto tells by production code what a station's folder holds.
func lookInto(t *testing.T, dir string) (key [32]byte, whole map[string]any) {
	t.Helper()
	kf, err := identity.DecodeKeyFile(read(t, filepath.Join(dir, "keys", "keys")))
	if err != nil {
		t.Fatal(err)
	}
	by, err := kf.Unlock(kf.Slots[0].Seat, secret)
	if err != nil {
		t.Fatal(err)
	}
	seed := must(identity.OpenLocal(by.Store, identity.LabelMachine, read(t, filepath.Join(dir, "keys", "machine"))))
	machine := identity.SigningKeyFrom([32]byte(seed))
	unit := must(identity.DecodeUnitKeys(must(identity.OpenLocal(by.Store, identity.LabelUnit, read(t, filepath.Join(dir, "keys", "unit"))))))
	_, unitID, tree := statePlace(t, dir)
	n := &node{clock: &lockedClock{at: 1_770_000_100_000}, rand: &lockedRandom{r: seeded("look")}}
	n.r = replica.Make(replica.Options{Self: exchange.Self{Tree: tree, Unit: unitID, Seat: machine.Public()}, Machine: machine.Private(), Policy: policy{}, Clock: n.clock, Random: n.rand})
	n.r.Keep(unit.Reading...)
	n.s, err = mem.Open(context.Background(), packstore.Options{Dir: dir, Key: by.Store, Applier: n.r, Random: n.rand, Reserve: -1})
	if err == nil {
		err = n.r.Open(context.Background(), n.s)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer n.close()
	return by.Store, n.summary(t, unitID, machine.Public())
}

// statePlace reads which unit and tree a folder is of (keys/state).
func statePlace(t *testing.T, dir string) (version uint64, unit, tree store.ID) {
	t.Helper()
	var s struct {
		Version uint64   `cbor:"1,keyasint"`
		Tree    store.ID `cbor:"2,keyasint"`
		Unit    store.ID `cbor:"3,keyasint"`
	}
	if err := unmarshal(read(t, filepath.Join(dir, "keys", "state")), &s); err != nil {
		t.Fatal(err)
	}
	return s.Version, s.Unit, s.Tree
}

func (n *node) summary(t *testing.T, unit, machine store.ID) map[string]any {
	t.Helper()
	count := map[string]int{}
	err := n.s.View(context.Background(), func(rd store.Reader) error {
		err := rd.Frames(1, func(f store.Frame) (bool, error) {
			if f.Kind == store.KindWrap {
				count["wraps"]++
				return true, nil
			}
			count["operations"]++
			op, err := oplog.Trusted(f.Bytes)
			if err != nil {
				return false, err
			}
			if op.Header.Class == oplog.ClassTree {
				count["logs"]++
			} else if op.Header.Record == nil {
				rec, _, err := n.r.State(rd, op.ID)
				if err != nil {
					return false, err
				}
				count["records"]++
				if rec.Readable {
					count["readable"]++
				}
			}
			return true, nil
		})
		if err != nil {
			return err
		}
		return n.bodies(rd, count)
	})
	if err != nil {
		t.Fatal(err)
	}
	receipts := 0
	if err := n.s.ScanFacts("receipt/", func(string, []byte) (bool, error) { receipts++; return true, nil }); err != nil {
		t.Fatal(err)
	}
	_, fp, err := entriesOf(n.s)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]any{
		"operations": count["operations"], "wraps": count["wraps"], "logs": count["logs"], "units": len(n.r.Registry().Units()), "opened": count["opened"],
		"locked": count["operations"] - count["logs"] - count["opened"], "changes": count["changes"], "receipts": receipts, "entries": int(fp.Count), "sum": hexed(fp.Sum[:]), "unit": hexed(unit[:]), "machine": hexed(machine[:]),
	}
}

// bodies counts the operations whose body is readable here, and their changes.
func (n *node) bodies(rd store.Reader, count map[string]int) error {
	return rd.Frames(1, func(f store.Frame) (bool, error) {
		if f.Kind != store.KindOperation {
			return true, nil
		}
		op, err := oplog.Trusted(f.Bytes)
		if err != nil || op.Header.Class == oplog.ClassTree || op.Header.Record != nil {
			return err == nil, err
		}
		return true, n.r.Operations(rd, op.ID, func(w replica.Written) error {
			count["opened"]++
			count["changes"] += len(w.Body.Changes)
			return nil
		})
	})
}

func judgeStation(t *testing.T, v vector, dir string) string {
	kf, err := identity.DecodeKeyFile(read(t, filepath.Join(dir, "keys", "keys")))
	if err != nil {
		return whyNot(err)
	}
	if _, err := kf.Unlock(kf.Slots[0].Seat, v.text("secret")); err != nil {
		return whyNot(err)
	}
	key, whole := lookInto(t, dir)
	same(t, "the store key", hexed(key[:]), v.text("storeKey"))
	got, want := must(json.Marshal(whole)), must(json.Marshal(v.Fields["whole"]))
	if !bytes.Equal(got, want) {
		t.Errorf("the folder holds %s, expected %s", got, want)
	}
	return "ok"
}
