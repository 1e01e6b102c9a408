package station

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hejie/app/api"
	"hejie/store/host"
	"hejie/sync/identity"
)

// problemCode is the code of an error that a person can act on.
func problemCode(err error) string {
	var e *api.Error
	if errors.As(err, &e) {
		return e.Reason.Code
	}
	return ""
}

func rootOf(code string) api.RootRequest {
	return api.RootRequest{Unit: code, UnitName: "青禾县人民法院", SeatName: "吴例静", Roles: []string{"admin", "judge"}, Secret: secret}
}

// filesOf are the hashes of all that lies in a folder.
func filesOf(t *testing.T, d *desk) map[string][32]byte {
	t.Helper()
	out := map[string][32]byte{}
	for _, dir := range []string{"keys", "packs", "local"} {
		names, err := d.fs.ReadDir(filepath.Join(d.o.Dir, dir))
		if err != nil && !missing(err) {
			t.Fatal(err)
		}
		for _, name := range names {
			b, err := host.ReadFile(d.fs, filepath.Join(d.o.Dir, dir, name), 1<<30)
			if err != nil {
				t.Fatal(err)
			}
			out[dir+"/"+name] = sha256.Sum256(b)
		}
	}
	return out
}

// TestARootHasTwoSheets: they differ, neither is taken for the other, and the
// log promises the second one's key.
func TestARootHasTwoSheets(t *testing.T) {
	d := newDesk(t, 42)
	done, err := d.s.InitRoot(context.Background(), rootOf("990125000000-fy"))
	if err != nil {
		t.Fatal(err)
	}
	second, err := identity.ParseSecondSheet(done.Second.Code)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := identity.ParseSheet(done.Recovery.Code); err != nil {
		t.Fatal(err)
	}
	if _, err := identity.ParseSheet(done.Second.Code); !errors.Is(err, identity.ErrOtherSheet) {
		t.Errorf("the second sheet as the first: %v", err)
	}
	if _, err := identity.ParseSecondSheet(done.Recovery.Code); !errors.Is(err, identity.ErrOtherSheet) {
		t.Errorf("the first sheet as the second: %v", err)
	}
	want, err := second.Promise()
	if err != nil {
		t.Fatal(err)
	}
	root, _ := d.s.open.replica.Registry().Unit(*d.s.state.Unit)
	if root.Promise != want {
		t.Errorf("the log promises %x", root.Promise)
	}
	for _, s := range []*api.RecoverySheet{done.Recovery, done.Second} {
		if !strings.Contains(s.Text, "青禾县人民法院") || !slices.ContainsFunc(strings.Split(s.Code, "-"), func(g string) bool { return strings.Contains(s.Text, g) }) {
			t.Errorf("the sheet says %s", s.Text)
		}
	}
	d.signInAs(done.Seat, secret)
}

// TestAFolderOfTheTrialEditionIsRefused: whoever opens it reads why and what to do,
// and nothing of it changes.
func TestAFolderOfTheTrialEditionIsRefused(t *testing.T) {
	ctx := context.Background()
	d := newDesk(t, 45)
	done, err := d.s.InitRoot(ctx, rootOf("990125000000-fy"))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.s.Close(); err != nil {
		t.Fatal(err)
	}
	names, err := d.fs.ReadDir(filepath.Join(d.o.Dir, "packs"))
	if err != nil || len(names) == 0 {
		t.Fatalf("%v %v", names, err)
	}
	for _, name := range names {
		path := filepath.Join(d.o.Dir, "packs", name)
		b, err := host.ReadFile(d.fs, path, 1<<30)
		if err != nil {
			t.Fatal(err)
		}
		binary.BigEndian.PutUint32(b[8:], 1)
		binary.BigEndian.PutUint32(b[80:], crc32.Checksum(b[:80], crc32.MakeTable(crc32.Castagnoli)))
		if err := host.WriteFile(d.fs, path, b); err != nil {
			t.Fatal(err)
		}
	}
	before := filesOf(t, d)
	s, err := Open(d.o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	_, err = s.SignIn(ctx, done.Seat, secret)
	r, ok := api.ReasonOf(err)
	if !ok || r.Code != api.CodeOldFormat || !strings.Contains(r.Detail, "trial edition") {
		t.Fatalf("%+v, %v", r, err)
	}
	after := filesOf(t, d)
	for f, sum := range before {
		if after[f] != sum {
			t.Errorf("%s changed", f)
		}
	}
}
