package station

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	"hejie/app/api"
	"hejie/app/casework"
	"hejie/app/tables"
	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/oplog"
	"hejie/sync/replica"
)

const (
	firstNumber  = "990125197001010010"
	secondNumber = "990125196803120022"
	thirdNumber  = "990125197506200039"
)

// giveNumbers gives a case's first parties numbers.
func (d *desk) giveNumbers(id string, numbers ...string) {
	d.t.Helper()
	v, err := d.ss.Case(context.Background(), id)
	if err != nil {
		d.t.Fatal(err)
	}
	var fields []string
	for i, n := range numbers {
		fields = append(fields, fmt.Sprintf(`"parties.%s.id_number":%q`, v.Parties[i].ID, n))
	}
	d.set(id, "{"+strings.Join(fields, ",")+"}")
}

func (d *desk) repeats(id string) api.RepeatList {
	d.t.Helper()
	list, err := d.ss.Repeats(context.Background(), id)
	if err != nil {
		d.t.Fatal(err)
	}
	return list
}

// like tells what a desk says of two cases, as "like ground people".
func (d *desk) like(id, other string) string {
	d.t.Helper()
	for _, r := range d.repeats(id).Items {
		if r.Case == other {
			return fmt.Sprintf("%s %s %d", r.Like, r.Ground, r.People)
		}
	}
	return ""
}

// marks are those of a case's digest here.
func (d *desk) marks(id string) []string {
	d.t.Helper()
	var out []string
	of, _ := parseHex(id)
	if err := d.ss.open.replica.View(context.Background(), func(rd store.Reader) error {
		digests, err := d.ss.open.replica.RecordsOf(rd, of, oplog.KindDigest)
		if err != nil || len(digests) == 0 {
			return err
		}
		_, s, err := d.ss.open.replica.State(rd, digests[0])
		if err == nil {
			out = casework.DigestMarks(s)
		}
		return err
	}); err != nil {
		d.t.Fatal(err)
	}
	return out
}

// wantMarks checks the marks of a case's digest at several desks.
func wantMarks(t *testing.T, id, category string, numbers []string, desks ...*desk) {
	t.Helper()
	for _, d := range desks {
		var want []string
		for _, n := range numbers {
			m, ok := d.markOf(n, category)
			if !ok {
				t.Fatal("no key")
			}
			want = append(want, m)
		}
		slices.Sort(want)
		if got := d.marks(id); !slices.Equal(got, want) {
			t.Errorf("%s has the marks %v, want %v", d.ss.unitName(hexID(d.ss.unit)), got, want)
		}
	}
}

// repeatRows are the rows by which repeats are found, as text.
func (d *desk) repeatRows() string {
	d.t.Helper()
	var out strings.Builder
	if err := d.ss.open.replica.View(context.Background(), func(rd store.Reader) error {
		for _, prefix := range [][]byte{rowMarkPrefix, rowPeoplePrefix} {
			if err := replica.ScanApp(rd, prefix, nil, false, func(k, _ []byte) (bool, error) {
				fmt.Fprintf(&out, "%s %x\n", prefix, k[len(prefix):])
				return true, nil
			}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		d.t.Fatal(err)
	}
	return out.String()
}

// TestADisputeComesAgain: the same two people quarrel before one village and
// then before another. The township, which reads both, sees it in the clear, the
// court by marks; a village holds nothing of the other and learns nothing.
func TestADisputeComesAgain(t *testing.T) {
	court, town, village := county(t)
	east := town.admit(4, "990125101204-tw", "东坡村人民调解委员会", "钱示清", "mediator", "director")
	first, second := village.newCase(""), east.newCase("")
	village.giveNumbers(first, firstNumber, secondNumber)
	east.giveNumbers(second, firstNumber, secondNumber)
	for range 2 {
		meet(village, town)
		meet(east, town)
		meet(town, court)
	}
	for id, d := range map[string]*desk{first: village, second: east} {
		if list := d.repeats(id); len(list.Items) != 0 {
			t.Errorf("%s is told %+v", d.ss.unitName(hexID(d.ss.unit)), list)
		}
	}
	for id, other := range map[string]string{first: second, second: first} {
		if got := town.like(id, other); got != "dispute same_number 2" {
			t.Errorf("the township: %q", got)
		}
		if got := court.like(id, other); got != "dispute mark 2" {
			t.Errorf("the court: %q", got)
		}
	}
	if r := town.repeats(first).Items[0]; r.Title == "" || fmt.Sprint(r.Names) != "[李大样 王小例]" || r.UnitName != "东坡村人民调解委员会" || r.ReceivedOn != "2026-03-09" || r.State.Mediation != "submitted" {
		t.Errorf("%+v", r)
	}
	if r := court.repeats(first).Items[0]; r.Title != "" || r.Names != nil || r.ReceivedOn != "2026-03" || r.UnitName != "东坡村人民调解委员会" {
		t.Errorf("%+v", r)
	}
	// What a save says of it: the township accepts, and is warned.
	saved := town.act(second, "accept", `{"at":"2026-03-10"}`)
	if got := warningCodes(saved.Warnings); got != "[warning_repeat]" {
		t.Errorf("accepting: %v", got)
	}
	w := saved.Warnings[0]
	if !strings.Contains(w.Texts.ZH, "河湾村人民调解委员会") || !strings.Contains(w.Texts.EN, first[:8]) || strings.Contains(w.Texts.ZH, "{") || strings.Contains(w.Texts.ZH+w.Detail, "李大样") {
		t.Errorf("%+v", w)
	}
	for _, d := range []*desk{court, town, village, east} {
		before := d.repeatRows()
		if _, err := d.ss.Rebuild(context.Background()); err != nil {
			t.Fatal(err)
		}
		if after := d.repeatRows(); after != before {
			t.Errorf("rebuilt rows\n%s\nkept rows\n%s", after, before)
		}
	}
	// Another category is another dispute, and nothing else makes one.
	east.set(second, `{"category":"03"}`)
	meet(east, town)
	meet(town, court)
	for _, d := range []*desk{town, court} {
		if got := d.like(first, second); got != "" {
			t.Errorf("%q", got)
		}
	}
}

func warningCodes(list []api.Reason) string {
	out := []string{}
	for _, r := range list {
		out = append(out, r.Code)
	}
	return fmt.Sprint(out)
}

// TestANewCaseIsLikeAnOlder: without numbers names may agree, which is said as
// what may be; a save is never refused for it, and imports say nothing of it.
func TestANewCaseIsLikeAnOlder(t *testing.T) {
	_, _, village := county(t)
	first := village.newCase("")
	saved, err := village.ss.NewCase(context.Background(), token(), wallCase(""))
	if err != nil {
		t.Fatal(err)
	}
	if got := warningCodes(saved.Warnings); !strings.Contains(got, "warning_repeat") {
		t.Errorf("%v", got)
	}
	if got := village.like(saved.ID, first); got != "dispute same_name 2" {
		t.Errorf("%q", got)
	}
	if marks := village.marks(first); len(marks) != 0 {
		t.Errorf("without numbers there are the marks %v", marks)
	}
	imported, err := village.ss.Import(context.Background(), []byte(strings.ReplaceAll(string(wallCase("FQ-9")), "\n", "")))
	if err != nil || imported.Added != 1 || len(imported.Refused) != 0 {
		t.Fatalf("%+v, %v", imported, err)
	}
	if n := len(village.repeats(first).Items); n != 2 {
		t.Errorf("%d others", n)
	}
	oral, err := village.ss.NewOral(context.Background(), token(), []byte(`{"category":"02","applicant":"李大样","respondent":"王小例","about":"还是那道墙","terms":[{"who":"李大样","what":"各退半尺","due":"2026-05-01"}],"at":"2026-04-10","mediators":["赵示和"]}`))
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(warningCodes(oral.Warnings), "warning_repeat"); n != maxRepeatWarnings {
		t.Errorf("%d warnings of three others", n)
	}
}

// TestTheWindowOfRepeats: a published number of days binds what is shown.
func TestTheWindowOfRepeats(t *testing.T) {
	court, town, village := county(t)
	first, second := village.newCase(""), village.newCase("")
	village.set(second, `{"received_at":"2026-07-09T09:00:00+08:00"}`)
	if got := village.like(first, second); got == "" {
		t.Fatal("without a window it is not shown")
	}
	for version, days := range []int{122, 121} {
		court.publish(court.tableDoc(tables.TableRepeats, version+2, func(doc map[string]any) {
			content, _ := doc["content"].(map[string]any)
			content["days"] = days
		}))
		meet(town, court)
		meet(village, town)
		if got, want := village.like(first, second) != "", days == 122; got != want {
			t.Errorf("within %d days: %v", days, got)
		}
		if got := village.repeats(first).Days; got != days {
			t.Errorf("%d days", got)
		}
	}
}

// TestMarksOfTwoDesksApart: the village changes the category and the township a
// number while apart; every station shows the same marks, and the next save
// mends what neither could know.
func TestMarksOfTwoDesksApart(t *testing.T) {
	court, town, village := county(t)
	id := village.newCase("")
	village.giveNumbers(id, firstNumber, secondNumber)
	meet(village, town)
	meet(town, court)
	wantMarks(t, id, "02", []string{firstNumber, secondNumber}, village, town, court)
	village.set(id, `{"category":"03"}`)
	town.giveNumbers(id, thirdNumber)
	for range 2 {
		meet(village, town)
		meet(town, court)
	}
	if a, b, c := village.marks(id), town.marks(id), court.marks(id); !slices.Equal(a, b) || !slices.Equal(b, c) {
		t.Fatalf("%v, %v and %v", a, b, c)
	}
	village.act(id, "accept", `{"at":"2026-03-10"}`)
	meet(village, town)
	meet(town, court)
	wantMarks(t, id, "03", []string{thirdNumber, secondNumber}, village, town, court)
}

// TestMarksComeWithTheKey: a case of a unit that had no matching key yet gains
// its marks at its next save, and not by itself.
func TestMarksComeWithTheKey(t *testing.T) {
	old := newDesk(t, 4)
	old.initOldRoot()
	old.signIn()
	elder := old.admitOld(5, "990125102000-zz", "山口镇综治中心", "周例安", "admin", "director", "mediator")
	id := elder.newCase("")
	elder.giveNumbers(id, firstNumber, secondNumber)
	if marks := elder.marks(id); len(marks) != 0 {
		t.Fatalf("marks without a key: %v", marks)
	}
	old.admit(7, "990125103000-zz", "石桥镇综治中心", "冯例吉", "admin")
	meet(elder, old)
	if marks := elder.marks(id); len(marks) != 0 {
		t.Fatalf("something was written by itself: %v", marks)
	}
	elder.set(id, `{"title":"钥匙到了以后"}`)
	meet(elder, old)
	wantMarks(t, id, "02", []string{firstNumber, secondNumber}, elder, old)
}

// TestALyingUnitMakesAHintAndNoMore: a modified village marks its case with
// somebody else's number and much that is no mark.
func TestALyingUnitMakesAHintAndNoMore(t *testing.T) {
	court, town, village := county(t)
	east := town.admit(4, "990125101204-tw", "东坡村人民调解委员会", "钱示清", "mediator", "director")
	honest, lie := east.newCase(""), village.newCase("")
	east.giveNumbers(honest, firstNumber, secondNumber)
	village.set(lie, `{"title":"另一件"}`)
	of, _ := parseHex(lie)
	village.raw(func(w *replica.Writer) error {
		digests, err := village.ss.open.replica.RecordsOf(w.Reader(), of, oplog.KindDigest)
		if err != nil {
			return err
		}
		_, s, err := village.ss.open.replica.State(w.Reader(), digests[0])
		if err != nil {
			return err
		}
		add := func(v crdt.Value) crdt.Change {
			return crdt.Change{Kind: crdt.Add, Path: crdt.Path{{Field: "marks"}}, Value: v}
		}
		changes := []crdt.Change{add("李大样"), add(int64(7)), add(map[string]crdt.Value{"mark": "李大样", "party": "王小例"})}
		for i, p := range s.Entries(crdt.Path{{Field: "parties"}}) {
			m, _ := village.markOf([]string{firstNumber, secondNumber}[i], "02")
			b, _ := hex.DecodeString(m)
			ref := append(append([]byte{}, p.Ref.Op[:]...), 0, 0, byte(p.Ref.Index>>8), byte(p.Ref.Index))
			changes = append(changes, add(map[string]crdt.Value{"mark": b, "party": ref}))
			for n := range 3000 {
				changes = append(changes, add(map[string]crdt.Value{"mark": []byte{0xff, 0, 0, 0, 0, byte(i), byte(n >> 8), byte(n)}, "party": ref}))
			}
		}
		// Behind an operation of the case that nothing else projects: who projects
		// one anew takes the earlier projection's place.
		op, err := w.Append(of, nil, crdt.Body{Changes: []crdt.Change{{Void: true}}}, nil)
		if err != nil {
			return err
		}
		_, err = w.Append(digests[0], nil, crdt.Body{Changes: append([]crdt.Change{{Void: true}}, changes...)}, &op.ID)
		return err
	})
	before := east.get(honest)
	for range 2 {
		meet(village, town)
		meet(east, town)
		meet(town, court)
	}
	if got := len(court.marks(lie)); got != casework.MaxParties {
		t.Errorf("%d marks are read", got)
	}
	// The township reads both, and sees that nobody's number is there.
	if got := town.like(honest, lie); got != "dispute same_name 2" {
		t.Errorf("the township: %q", got)
	}
	if got := court.like(honest, lie); got != "dispute mark 2" {
		t.Errorf("the court: %q", got)
	}
	if after := town.get(honest); after != before || east.get(honest) != before {
		t.Error("the honest case is another")
	}
	wantMarks(t, honest, "02", []string{firstNumber, secondNumber}, east, town, court)
	for _, d := range []*desk{court, town} {
		for name, b := range map[string]string{"list": d.list(), "figures": court.get(lie), "history": fmt.Sprint(court.ss.History(context.Background(), lie))} {
			if d == court && strings.Contains(b, "李大样") {
				t.Errorf("a word in a mark came to the court's %s", name)
			}
		}
		if v, err := d.ss.Verify(context.Background()); err != nil || len(v.Bad) != 0 {
			t.Errorf("%+v, %v", v, err)
		}
		rows := d.repeatRows()
		if _, err := d.ss.Rebuild(context.Background()); err != nil || d.repeatRows() != rows {
			t.Errorf("rebuilt rows differ: %v", err)
		}
	}
	// An honest save of the lying unit's own people takes the lies away.
	village.set(lie, `{"title":"改正"}`)
	meet(village, town)
	meet(town, court)
	if marks := court.marks(lie); len(marks) != 0 {
		t.Errorf("left: %d", len(marks))
	}
}
