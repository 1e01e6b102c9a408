package station

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hejie/app/api"
	"hejie/store"
	"hejie/store/host/memfs"
	"hejie/sync/identity"
)

// harms are the ways in which a small file is lost.
var harms = map[string]func([]byte) []byte{
	"missing": nil,
	"empty":   func([]byte) []byte { return nil },
	"cut":     func(b []byte) []byte { return b[:len(b)/2] },
	"flipped": func(b []byte) []byte {
		b = bytes.Clone(b)
		for i := 3; i < len(b); i += 9 {
			b[i] ^= 0x10
		}
		return b
	},
	"zeroed": func(b []byte) []byte { return make([]byte, len(b)) },
}

// harm does something to all files of a closed folder whose names begin so.
func (d *desk) harm(how func([]byte) []byte, prefixes ...string) {
	d.t.Helper()
	for name := range d.fs.Files() {
		for _, prefix := range prefixes {
			if !strings.HasPrefix(name, filepath.Join(d.o.Dir, filepath.FromSlash(prefix))) {
				continue
			}
			var err error
			if how == nil {
				err = d.fs.Remove(name)
			} else {
				err = d.fs.Change(name, how)
			}
			if err != nil {
				d.t.Fatal(err)
			}
		}
	}
}

// underived are the files of a folder that nothing else tells.
func (d *desk) underived() map[string][]byte {
	out := map[string][]byte{}
	for name, b := range d.fs.Files() {
		rel := strings.TrimPrefix(name, d.o.Dir+"/")
		if rel == keyFile || rel == machineFile || rel == unitFile || strings.HasPrefix(rel, "packs/") || strings.HasPrefix(rel, "local/facts") {
			out[rel] = bytes.Clone(b)
		}
	}
	return out
}

func (d *desk) shut() {
	d.t.Helper()
	if err := d.s.Close(); err != nil {
		d.t.Fatal(err)
	}
}

// TestNothingIsMadeOver: whatever is missing or damaged, no way to begin a folder
// begins one over it, and no use of it writes a key anew.
func TestNothingIsMadeOver(t *testing.T) {
	ctx := context.Background()
	files := []string{keyFile, machineFile, unitFile, stateFile, certFile, instanceFile, "packs/", "local/"}
	sets := [][]string{{stateFile, keyFile, machineFile, unitFile}, {stateFile, keyFile, machineFile, unitFile, certFile, instanceFile}}
	for i, f := range files {
		sets = append(sets, []string{f})
		for _, g := range files[i+1:] {
			sets = append(sets, []string{f, g})
		}
	}
	sheet, err := identity.NewSheet(newDesk(t, 40).o.Random)
	if err != nil {
		t.Fatal(err)
	}
	made := newDesk(t, 41)
	done, err := made.s.InitRoot(ctx, rootOf("990125000000-fy"))
	if err != nil {
		t.Fatal(err)
	}
	made.shut()
	whole := made.fs.Files()
	for _, set := range sets {
		for how, harm := range harms {
			t.Run(fmt.Sprint(set, how), func(t *testing.T) {
				d := newDesk(t, 41)
				d.shut()
				d.put(whole)
				d.harm(harm, set...)
				before := d.underived()
				d.start()
				_, root := d.s.InitRoot(ctx, rootOf("990125000000-fy"))
				_, asked := d.s.RequestEnrolment(ctx, api.EnrolmentRequest{Unit: "990125101203-tw", UnitName: "河湾村", SeatName: "刘例芳", Roles: []string{"mediator"}, Secret: secret})
				_, again := d.s.RequestEnrolment(ctx, api.EnrolmentRequest{Unit: "990125101203-tw", UnitName: "河湾村", SeatName: "刘例芳", Roles: []string{"mediator"}, Secret: secret, Replace: true})
				_, recovered := d.s.Recover(ctx, api.RecoverRequest{Sheet: sheet.Text(), SeatName: "刘例芳", Secret: secret})
				for what, err := range map[string]error{"init --root": root, "init --request": asked, "replaced": again, "recover": recovered} {
					if problemCode(err) == "" {
						t.Errorf("%s: %v", what, err)
					}
				}
				if ss, err := d.s.SignIn(ctx, done.Seat, secret); err == nil {
					_ = ss.Close()
				} else if problemCode(err) == "" && !errors.Is(err, store.ErrWrongKey) {
					t.Errorf("signing in: %v", err)
				}
				if err := d.s.Close(); err != nil {
					t.Error(err)
				}
				after := d.underived()
				for name, b := range before {
					grew := strings.HasPrefix(name, "packs/") || strings.HasPrefix(name, "local/")
					if !bytes.Equal(after[name], b) && (!grew || harm == nil && !bytes.HasPrefix(after[name], b)) {
						t.Errorf("%s changed", name)
					}
				}
				for _, name := range slices.Sorted(maps.Keys(after)) {
					if _, there := before[name]; !there && strings.HasPrefix(name, "keys/") {
						t.Errorf("%s was made", name)
					}
				}
			})
		}
	}
}

// put fills the disk with the files of another.
func (d *desk) put(files map[string][]byte) {
	d.t.Helper()
	for name, b := range files {
		if err := d.fs.MkdirAll(filepath.Dir(name)); err != nil {
			d.t.Fatal(err)
		}
		f, err := d.fs.Create(name)
		if err == nil {
			_, err = f.Write(b)
		}
		if err == nil {
			err = f.Close()
		}
		if err != nil {
			d.t.Fatal(err)
		}
	}
}

// TestTheStateIsToldAgain: what keys/state says follows from the kept certificate;
// where that is lost too, the certificate file of the unit is taken again.
func TestTheStateIsToldAgain(t *testing.T) {
	for how, harm := range harms {
		t.Run(how, func(t *testing.T) {
			_, town, village := county(t)
			id := village.newCase("")
			village.shut()
			village.harm(harm, stateFile)
			village.start()
			village.signIn()
			village.get(id)
			meet(village, town)
			village.shut()
			village.harm(harm, stateFile, certFile)
			village.start()
			if _, err := village.s.SeatBy(context.Background(), ""); problemCode(err) != CodeLostState {
				t.Fatalf("%v", err)
			}
			seat := village.ss.keys.Signing.Public()
			id2, _, _ := town.ss.registry().Seat(seat)
			e, err := town.ss.certificateFor(context.Background(), &identity.Request{Seat: seat, EncKey: village.ss.keys.Reading.Public()})
			if err != nil {
				t.Fatal(err, id2)
			}
			if _, err := village.s.Join(context.Background(), api.JoinRequest{Certificate: e.File.Data, Secret: secret}); err != nil {
				t.Fatal(err)
			}
			village.signIn()
			village.get(id)
		})
	}
}

// TestUnitKeysComeFromTheSheet: without keys/unit nothing is saved that could not be read again, and the sheet brings
// the keys back.
func TestUnitKeysComeFromTheSheet(t *testing.T) {
	ctx := context.Background()
	for how, harm := range harms {
		t.Run(how, func(t *testing.T) {
			d := newDesk(t, 1)
			done, err := d.s.InitRoot(ctx, rootOf("990125000000-fy"))
			if err != nil {
				t.Fatal(err)
			}
			d.signIn()
			id := d.newCase("")
			d.shut()
			d.harm(harm, unitFile)
			d.start()
			d.signIn()
			before := d.status()
			if !slices.ContainsFunc(before.Wrong, func(r api.Reason) bool { return r.Code == CodeLostUnit }) {
				t.Errorf("status: %+v", before.Wrong)
			}
			if _, err := d.ss.NewCase(ctx, token(), wallCase("")); problemCode(err) != CodeNoReadingKey {
				t.Errorf("a save: %v", err)
			}
			if _, err := d.ss.PatchCase(ctx, token(), id, api.Patch{Fields: api.Object(`{"title":"别的题目"}`)}); problemCode(err) == "" {
				t.Errorf("an edit: %v", err)
			}
			if r, err := d.ss.Import(ctx, bytes.ReplaceAll(wallCase(""), []byte("\n"), nil)); err == nil && r.Added > 0 {
				t.Errorf("an import: %+v %v", r, err)
			}
			if after := d.status(); after.Operations != before.Operations {
				t.Errorf("%d operations, %d before", after.Operations, before.Operations)
			}
			if _, err := d.s.Recover(ctx, api.RecoverRequest{Sheet: done.Recovery.Code, SeatName: "吴例静", Secret: "另外一个长长的口令"}); err != nil {
				t.Fatal(err)
			}
			d.shut()
			d.start()
			d.signInAs(done.Seat, secret)
			d.get(id)
			d.newCase("")
			if wrong := d.status().Wrong; len(wrong) > 0 {
				t.Errorf("status: %+v", wrong)
			}
		})
	}
}

// TestANewMachineKeyComesWithTheSheet: without keys/machine nobody is let in and
// nothing changes, and the sheet makes another that the unit above enrols.
func TestANewMachineKeyComesWithTheSheet(t *testing.T) {
	ctx := context.Background()
	court := newCourt(t, 1)
	child := newDesk(t, 2)
	req, err := child.s.RequestEnrolment(ctx, api.EnrolmentRequest{Unit: "990125101000-zz", UnitName: "清溪镇综治中心", SeatName: "郑例贤", Roles: []string{"admin", "director", "mediator"}, Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	e, err := court.ss.Enrol(ctx, api.EnrolRequest{Request: req.File.Data})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := child.s.Join(ctx, api.JoinRequest{Certificate: e.File.Data, Secret: secret}); err != nil {
		t.Fatal(err)
	}
	child.signIn()
	id := child.newCase("")
	child.shut()
	child.harm(nil, machineFile)
	child.start()
	if _, err := child.s.SignIn(ctx, req.Seat, secret); problemCode(err) != CodeLostMachine {
		t.Fatalf("%v", err)
	}
	another, err := child.s.Recover(ctx, api.RecoverRequest{Sheet: req.Recovery.Code, SeatName: "郑例贤", Secret: "另外一个长长的口令"})
	if err != nil {
		t.Fatal(err)
	}
	e, err = court.ss.Enrol(ctx, api.EnrolRequest{Request: another.File.Data})
	if err != nil {
		t.Fatal(err)
	}
	child.signInAs(req.Seat, secret)
	if _, err := child.ss.JoinSeat(ctx, e.File.Data); err != nil {
		t.Fatal(err)
	}
	child.signInAs(another.Seat, "另外一个长长的口令")
	child.get(id)
	for range 3 {
		if meet(child, court).InStep {
			return
		}
	}
	t.Error("not in step")
}

// A disk that answers nothing any more ends an opening: it does not look for a free
// name for ever.
func TestADeadDiskEndsSettingAside(t *testing.T) {
	fs := memfs.New(1)
	f := &folder{fs: fs, dir: "d"}
	if err := f.write(stateFile, []byte("whose")); err != nil {
		t.Fatal(err)
	}
	fs.Kill()
	if err := f.setAside(stateFile); !errors.Is(err, memfs.ErrDead) {
		t.Errorf("setting aside answers %v", err)
	}
}
