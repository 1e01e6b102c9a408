package identity

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hejie/sync/dcbor"
	"hejie/sync/seal"
)

// cheap keeps tests quick; it is the least that a key file may have.
var cheap = Cost{Time: 1, Memory: minArgonMemory, Lanes: 1}

func newKeyFile(t testing.TB) (*KeyFile, Opened, SeatKeys) {
	t.Helper()
	seat, err := NewSeatKeys(seeded("first seat"))
	if err != nil {
		t.Fatal(err)
	}
	k, o, err := CreateKeyFile(seeded("key file"), seat, "李大样", "八个汉字也是密码", cheap)
	if err != nil {
		t.Fatal(err)
	}
	return k, o, seat
}

func reread(t testing.TB, k *KeyFile) *KeyFile {
	t.Helper()
	got, err := DecodeKeyFile(k.Encode())
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestASecretOpensItsSeatOnly(t *testing.T) {
	k, o, seat := newKeyFile(t)
	second, err := NewSeatKeys(seeded("second"))
	if err != nil {
		t.Fatal(err)
	}
	if err := k.AddSlot(seeded("slot"), o, second, "王小例", "another secret", cheap); err != nil {
		t.Fatal(err)
	}
	if err := k.AddSlot(seeded("slot"), o, second, "王小例", "another secret", cheap); !errors.Is(err, ErrSlotTaken) {
		t.Fatalf("the same seat twice: %v", err)
	}
	k = reread(t, k)
	for _, c := range []struct {
		seat   SeatKeys
		secret string
		want   error
	}{
		{seat, "八个汉字也是密码", nil},
		{second, "another secret", nil},
		{seat, "another secret", ErrWrongSecret},
		{second, "八个汉字也是密码", ErrWrongSecret},
		{seat, "", ErrWrongSecret},
	} {
		got, err := k.Unlock(c.seat.Signing.Public(), c.secret)
		if !errors.Is(err, c.want) {
			t.Fatalf("%v, want %v", err, c.want)
		}
		if err == nil && (got.Store != o.Store || got.Seat.Signing != c.seat.Signing || got.Seat.Reading.Name() != c.seat.Reading.Name()) {
			t.Fatal("other keys came out")
		}
	}
	if _, err := k.Unlock(SeatKey{1}, "another secret"); !errors.Is(err, ErrNoSlot) {
		t.Fatal(err)
	}
	if err := k.RemoveSlot(second.Signing.Public()); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Unlock(second.Signing.Public(), "another secret"); !errors.Is(err, ErrNoSlot) {
		t.Fatal(err)
	}
}

func TestChangeSecret(t *testing.T) {
	k, _, seat := newKeyFile(t)
	key := seat.Signing.Public()
	before := k.Encode()
	for secret, want := range map[string]error{"short": ErrSecretShort, "七个字不够啊呀": ErrSecretShort, strings.Repeat("x", MaxSecret+1): ErrSecretForm, "bad\xffutf8": ErrSecretForm} {
		if err := k.ChangeSecret(seeded("c"), key, "八个汉字也是密码", secret, cheap); !errors.Is(err, want) {
			t.Errorf("%q: %v", secret, err)
		}
	}
	if err := k.ChangeSecret(seeded("c"), key, "wrong one", "a new secret", cheap); !errors.Is(err, ErrWrongSecret) {
		t.Fatal(err)
	}
	if !bytes.Equal(before, k.Encode()) {
		t.Fatal("a refused change changed the file")
	}
	if err := k.ChangeSecret(seeded("c"), key, "八个汉字也是密码", "a new secret", cheap); err != nil {
		t.Fatal(err)
	}
	k = reread(t, k)
	if _, err := k.Unlock(key, "八个汉字也是密码"); !errors.Is(err, ErrWrongSecret) {
		t.Fatal("the old secret still opens")
	}
	if _, err := k.Unlock(key, "a new secret"); err != nil {
		t.Fatal(err)
	}
}

func TestASheetOpensTheStoreAndNoSeat(t *testing.T) {
	k, o, _ := newKeyFile(t)
	sheet, err := NewSheet(seeded("sheet"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.OpenBySheet(sheet); !errors.Is(err, ErrNoSlot) {
		t.Fatal(err)
	}
	if err := k.AddSheet(seeded("slot"), o, sheet, "恢复单"); err != nil {
		t.Fatal(err)
	}
	k = reread(t, k)
	got, err := k.OpenBySheet(sheet)
	if err != nil || got.Store != o.Store || got.Seat.Reading != nil || got.Seat.Signing != (SigningKey{}) {
		t.Fatalf("%v", err)
	}
	other, _ := NewSheet(seeded("other"))
	if _, err := k.OpenBySheet(other); !errors.Is(err, ErrWrongSecret) {
		t.Fatal(err)
	}
	// Who comes by the sheet can give a new seat a slot.
	again, _ := NewSeatKeys(seeded("again"))
	if err := k.AddSlot(seeded("s"), got, again, "李大样", "a new secret", cheap); err != nil {
		t.Fatal(err)
	}
	if o2, err := k.Unlock(again.Signing.Public(), "a new secret"); err != nil || o2.Store != o.Store {
		t.Fatal(err)
	}
}

func TestSlotsAreBoundToTheirPlace(t *testing.T) {
	k, _, seat := newKeyFile(t)
	for name, spoil := range map[string]func(*KeyFile){
		"another store":    func(k *KeyFile) { k.Store[0]++ },
		"another name":     func(k *KeyFile) { k.Slots[0].Name = "王小例" },
		"another salt":     func(k *KeyFile) { k.Slots[0].salt[3]++ },
		"a cheaper Argon2": func(k *KeyFile) { k.Slots[0].cost.Time++ },
		"a changed box":    func(k *KeyFile) { k.Slots[0].box[20]++ },
	} {
		c := reread(t, k)
		spoil(c)
		if _, err := c.Unlock(seat.Signing.Public(), "八个汉字也是密码"); !errors.Is(err, ErrWrongSecret) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAHostileKeyFileCostsNothing(t *testing.T) {
	k, _, _ := newKeyFile(t)
	for name, c := range map[string]Cost{
		"memory": {1, MaxArgonMemory + 1, 1}, "time": {maxArgonTime + 1, minArgonMemory, 1}, "lanes": {1, minArgonMemory, maxArgonLanes + 1},
		"no time": {0, minArgonMemory, 1}, "no memory": {1, 0, 1}, "no lanes": {1, minArgonMemory, 0},
	} {
		bad := reread(t, k)
		bad.Slots[0].cost = c
		if _, err := DecodeKeyFile(bad.Encode()); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := bad.Unlock(bad.Slots[0].Seat, "八个汉字也是密码"); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: unlock %v", name, err)
		}
	}
	var newer *NewerError
	if _, err := DecodeKeyFile(change(t, k.Encode(), 1, 2)); !errors.As(err, &newer) {
		t.Errorf("a newer file: %v", err)
	}
	if _, err := DecodeKeyFile(make([]byte, MaxKeyFile+1)); !errors.Is(err, ErrMalformed) {
		t.Error("a huge file")
	}
	if _, err := DecodeKeyFile(change(t, k.Encode(), 9, "x")); !errors.Is(err, ErrMalformed) {
		t.Error("an unknown field")
	}
	twice := reread(t, k)
	twice.Slots = append(twice.Slots, twice.Slots[0])
	if _, err := DecodeKeyFile(twice.Encode()); !errors.Is(err, ErrMalformed) {
		t.Error("a seat twice")
	}
}

func FuzzKeyFile(f *testing.F) {
	k, o, _ := newKeyFile(f)
	f.Add(k.Encode())
	s, _ := NewSheet(seeded("s"))
	_ = k.AddSheet(seeded("s"), o, s, "恢复单")
	f.Add(k.Encode())
	f.Fuzz(func(t *testing.T, b []byte) {
		k, err := DecodeKeyFile(b)
		if err != nil {
			return
		}
		if !bytes.Equal(k.Encode(), b) {
			t.Fatal("taken though not in its one encoding")
		}
		for _, s := range k.Slots {
			if s.Kind == SlotSecret && s.cost.check() != nil {
				t.Fatalf("cost %+v", s.cost)
			}
		}
	})
}

func TestSheetComesBackAsTyped(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s, err := NewSheet(bytes.NewReader(rapid.SliceOfN(rapid.Byte(), sheetBytes, sheetBytes).Draw(rt, "bits")))
		if err != nil {
			rt.Fatal(err)
		}
		text := s.Text()
		for _, typed := range []string{text, strings.ToLower(text), strings.ReplaceAll(text, "-", " "), strings.ReplaceAll(text, "-", ""), "  " + strings.ReplaceAll(strings.ReplaceAll(text, "0", "o"), "1", "l") + "\n"} {
			if got, err := ParseSheet(typed); err != nil || got != s {
				rt.Fatalf("%v", err)
			}
		}
		// One wrong character, or two exchanged ones, are told by their group.
		at := rapid.IntRange(0, sheetGroups*groupChars-1).Draw(rt, "at")
		chars := []byte(strings.ReplaceAll(text, "-", ""))
		wrong := bytes.Clone(chars)
		wrong[at] = crockford[(strings.IndexByte(crockford, wrong[at])+rapid.IntRange(1, 31).Draw(rt, "by"))%32]
		wantGroup(rt, wrong, at/groupChars+1)
		if i := at/groupChars*groupChars + (at+1)%groupChars; chars[i] != chars[at] {
			swapped := bytes.Clone(chars)
			swapped[i], swapped[at] = swapped[at], swapped[i]
			wantGroup(rt, swapped, at/groupChars+1)
		}
	})
	for _, typed := range []string{"", "0000", strings.Repeat("0", 41), strings.Repeat("U", 40), strings.Repeat("零", 40)} {
		if _, err := ParseSheet(typed); !errors.Is(err, ErrSheet) {
			t.Errorf("%q: %v", typed, err)
		}
	}
}

func wantGroup(t interface{ Fatalf(string, ...any) }, chars []byte, group int) {
	var e *SheetError
	if _, err := ParseSheet(string(chars)); !errors.As(err, &e) || len(e.Groups) != 1 || e.Groups[0] != group {
		t.Fatalf("group %d typed wrong answers %v", group, err)
	}
}

func TestSheetIsPrintedInBothLanguages(t *testing.T) {
	s, _ := NewSheet(seeded("print"))
	p := SheetPage{"样板村调委会", "990000000001-tw", "李大样", "2026-01-31"}
	for _, english := range []bool{false, true} {
		text := s.Print(p, english)
		for _, want := range append(s.Groups(), p.UnitName, p.UnitCode, p.SeatName, p.Day) {
			if !strings.Contains(text, want) {
				t.Errorf("%q is missing in\n%s", want, text)
			}
		}
	}
	if strings.Contains(s.String()+s.GoString(), s.Groups()[0]) {
		t.Error("the sheet shows in a log")
	}
}

func FuzzSheet(f *testing.F) {
	s, _ := NewSheet(seeded("fuzz"))
	f.Add(s.Text())
	f.Fuzz(func(t *testing.T, text string) {
		if s, err := ParseSheet(text); err == nil {
			if back, err := ParseSheet(s.Text()); err != nil || back != s {
				t.Fatal(err)
			}
		}
	})
}

func TestEscrowOpensByTheSheetOnly(t *testing.T) {
	for _, admin := range []bool{true, false} {
		u, err := NewUnitKeys(seeded("unit"), admin)
		if err != nil {
			t.Fatal(err)
		}
		sheet, _ := NewSheet(seeded("sheet"))
		b, err := SealEscrow(seeded("escrow"), sheet, u)
		if err != nil || len(b) > MaxEscrow {
			t.Fatal(len(b), err)
		}
		got, err := OpenEscrow(sheet, b)
		if err != nil || got.Reading[0].Name() != u.Reading[0].Name() || (got.Issuing != nil) != admin {
			t.Fatal(err)
		}
		if admin && *got.Issuing != *u.Issuing {
			t.Fatal("another issuing key")
		}
		other, _ := NewSheet(seeded("other"))
		if _, err := OpenEscrow(other, b); !errors.Is(err, seal.ErrSealed) {
			t.Fatal(err)
		}
		if _, err := OpenEscrow(sheet, b[:10]); !errors.Is(err, seal.ErrSealed) {
			t.Fatal(err)
		}
	}
}

func TestLocalSecretsKeepTheirPlace(t *testing.T) {
	store, _ := seal.NewKey(seeded("store"))
	other, _ := seal.NewKey(seeded("other"))
	u, _ := NewUnitKeys(seeded("unit"), true)
	box, err := SealLocal(seeded("box"), store, LabelUnit, u.Encode())
	if err != nil {
		t.Fatal(err)
	}
	plain, err := OpenLocal(store, LabelUnit, box)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := DecodeUnitKeys(plain); err != nil || got.Reading[0].Name() != u.Reading[0].Name() || *got.Issuing != *u.Issuing {
		t.Fatal(err)
	}
	for name, try := range map[string]func() ([]byte, error){
		"another store": func() ([]byte, error) { return OpenLocal(other, LabelUnit, box) },
		"another label": func() ([]byte, error) { return OpenLocal(store, LabelMachine, box) },
		"cut":           func() ([]byte, error) { return OpenLocal(store, LabelUnit, box[:5]) },
	} {
		if _, err := try(); !errors.Is(err, seal.ErrSealed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := SealLocal(seeded("box"), store, "big", make([]byte, MaxBox+1)); err == nil {
		t.Error("too much was sealed")
	}
}

func FuzzUnitKeys(f *testing.F) {
	u, _ := NewUnitKeys(seeded("unit"), true)
	f.Add(u.Encode())
	f.Fuzz(func(t *testing.T, b []byte) {
		u, err := DecodeUnitKeys(b)
		if err == nil && dcbor.Check(b) != nil {
			t.Fatal("not canonical")
		}
		if err == nil {
			if again, err := DecodeUnitKeys(u.Encode()); err != nil || len(again.Reading) != len(u.Reading) {
				t.Fatal(err)
			}
		}
	})
}

func TestWrongSecretsTakeLongerAndLonger(t *testing.T) {
	var a Attempts
	now := time.Duration(0)
	for i, want := range []int{0, 1, 2, 4, 8, 16, 32, 60, 60, 60} {
		wait := time.Duration(want) * time.Second
		if want > 0 {
			var e *TooSoonError
			early := now + wait - time.Millisecond
			if err := a.Begin(early); !errors.As(err, &e) || e.Wait != time.Millisecond {
				t.Fatalf("try %d after %v: %v", i, want, err)
			}
		}
		now += wait
		if err := a.Begin(now); err != nil {
			t.Fatalf("try %d: %v", i, err)
		}
	}
	// A restart neither forgets nor shortens: the wait counts from the start of the process.
	again := AttemptsFrom(a.Failed())
	if err := again.Begin(59 * time.Second); err == nil {
		t.Fatal("a restart made the wait shorter")
	}
	if err := again.Begin(60 * time.Second); err != nil {
		t.Fatal(err)
	}
	again.Succeeded()
	if err := again.Begin(61 * time.Second); err != nil || again.Failed() != 1 {
		t.Fatal("a right secret does not forget", err)
	}
	huge := AttemptsFrom(1 << 31)
	if err := huge.Begin(MaxDelay); err != nil || huge.Failed() != 1<<31 {
		t.Fatal(err)
	}
}

func TestKeysHideInLogs(t *testing.T) {
	k, _ := NewSigningKey(seeded("hide"))
	seed := k.Seed()
	for _, s := range []string{k.String(), k.GoString()} {
		if strings.Contains(s, string(seed[:])) || len(s) > 40 {
			t.Fatal(s)
		}
	}
}
