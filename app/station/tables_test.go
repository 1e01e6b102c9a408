package station

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"hejie/app/api"
	"hejie/app/tables"
	"hejie/store"
	"hejie/sync/identity"
	"hejie/sync/oplog"
)

// tableDoc is the table as it stands for this unit, with another version and
// what change makes of it.
func (d *desk) tableDoc(name string, version int, change func(doc map[string]any)) []byte {
	d.t.Helper()
	v, err := d.ss.Table(context.Background(), name, "")
	if err != nil {
		d.t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(v.Document, &doc); err != nil {
		d.t.Fatal(err)
	}
	doc["version"], doc["source"] = version, fmt.Sprintf("%s第%d号示例通知", d.ss.unitName(hexID(d.ss.unit)), version)
	doc["valid_from"] = "2026-01-01"
	if change != nil {
		change(doc)
	}
	raw, err := json.Marshal(doc)
	if err != nil {
		d.t.Fatal(err)
	}
	return raw
}

func (d *desk) publish(document []byte) api.TablePublished {
	d.t.Helper()
	out, err := d.ss.PublishTable(context.Background(), document)
	if err != nil {
		d.t.Fatal(err)
	}
	return out
}

// origin tells whose version of a table stands here, as "unit name/version".
func (d *desk) origin(table string) string {
	return originOf(d, d.ss.Tables(d.ss.unit), table)
}

func originOf(d *desk, set *tables.Set, table string) string {
	o := set.Origin(table)
	return fmt.Sprintf("%s/%d", d.ss.unitName(o.Publisher), o.Version)
}

// forged writes a table into the unit's own branch as a modified program may.
func (d *desk) forged(items ...identity.Item) {
	d.t.Helper()
	u, _ := d.ss.registry().Unit(d.ss.unit)
	at := logPlace{unit: u.ID, first: u.First, branch: oplog.BranchOwn}
	if err := d.s.enter(context.Background(), d.ss.open, d.ss.keys, d.ss.unit, at, items...); err != nil {
		d.t.Fatal(err)
	}
}

func codeOf(t *testing.T, err error) string {
	t.Helper()
	var e *api.Error
	if !errors.As(err, &e) {
		t.Fatalf("%v is nothing that a person can act on", err)
	}
	if e.Reason.Texts == nil || e.Reason.Texts.ZH == "" || e.Reason.Texts.EN == "" {
		t.Errorf("%s is not said in both languages", e.Reason.Code)
	}
	return e.Reason.Code
}

func TestATableOfTheCourtHoldsInTheVillage(t *testing.T) {
	court, town, village := county(t)
	for _, d := range []*desk{court, town, village} {
		if got := d.origin(tables.TableNumbering); got != "/1" {
			t.Fatalf("before: %s", got)
		}
	}
	done := court.publish(court.tableDoc(tables.TableNumbering, 2, func(doc map[string]any) {
		doc["content"].(map[string]any)["digits"] = 6
	}))
	if done.Table != tables.TableNumbering || done.Version != 2 || done.Unit != hexID(court.ss.unit) || len(done.Entry) != 64 {
		t.Fatalf("%+v", done)
	}
	if got := village.origin(tables.TableNumbering); got != "/1" {
		t.Fatalf("before it came: %s", got)
	}
	meet(town, court)
	meet(village, town)
	for _, d := range []*desk{court, town, village} {
		set := d.ss.Tables(d.ss.unit)
		if got := d.origin(tables.TableNumbering); got != "青禾县人民法院/2" || set.Numbering().Digits != 6 {
			t.Errorf("after: %s, %d digits", got, set.Numbering().Digits)
		}
		if got := d.origin(tables.TableClocks); got != "/1" {
			t.Errorf("another table: %s", got)
		}
	}
	village.again()
	if got := village.origin(tables.TableNumbering); got != "青禾县人民法院/2" {
		t.Errorf("after a restart: %s", got)
	}
	if _, err := village.ss.Rebuild(context.Background()); err != nil {
		t.Fatal(err)
	}
	if got := village.origin(tables.TableNumbering); got != "青禾县人民法院/2" {
		t.Errorf("after a rebuild: %s", got)
	}
}

// TestATownshipsTableGoesBeforeTheCourts: from the root down, each over what
// stands above it, and for nobody beside or above.
func TestATownshipsTableGoesBeforeTheCourts(t *testing.T) {
	court, town, village := county(t)
	other := court.admit(4, "990125102000-zz", "山口镇综治中心", "周例安", "admin", "director")
	court.publish(court.tableDoc(tables.TableNumbering, 7, nil))
	meet(town, court)
	town.publish(town.tableDoc(tables.TableNumbering, 2, nil))
	meet(village, town)
	meet(court, town)
	meet(other, court)
	for d, want := range map[*desk]string{court: "青禾县人民法院/7", other: "青禾县人民法院/7", town: "清溪镇综治中心/2", village: "清溪镇综治中心/2"} {
		if got := d.origin(tables.TableNumbering); got != want {
			t.Errorf("%s here, want %s", got, want)
		}
	}
	// Whoever holds the logs answers the same for any unit.
	for _, of := range []store.ID{court.ss.unit, town.ss.unit, village.ss.unit} {
		var first []byte
		for _, d := range []*desk{court, town, village} {
			b, err := json.Marshal(d.ss.Tables(of).Document(tables.TableNumbering))
			if err != nil {
				t.Fatal(err)
			}
			if first == nil {
				first = b
			}
			if !bytes.Equal(b, first) {
				t.Errorf("two answers for one unit:\n%s\n%s", first, b)
			}
		}
	}
	v, err := court.ss.Table(context.Background(), tables.TableNumbering, "990125101203-tw")
	if err != nil || v.UnitName != "清溪镇综治中心" || v.Version != 2 || !v.Effective {
		t.Errorf("%+v %v", v.TableLine, err)
	}
	if _, err := court.ss.Table(context.Background(), tables.TableNumbering, "990125999999-tw"); codeOfPlain(err) != CodeUnknownUnit {
		t.Errorf("a unit that nobody knows: %v", err)
	}
}

func codeOfPlain(err error) string {
	var e *api.Error
	if errors.As(err, &e) {
		return e.Reason.Code
	}
	return ""
}

// TestWhatIsNotPublished: a clear error, and nothing changed.
func TestWhatIsNotPublished(t *testing.T) {
	court, town, village := county(t)
	court.publish(court.tableDoc(tables.TableNumbering, 3, nil))
	_, err := court.ss.PublishTable(context.Background(), court.tableDoc(tables.TableDocuments, 2, func(doc map[string]any) {
		c := doc["content"].(map[string]any)
		c["volume"] = c["volume"].([]any)[1:]
	}))
	if code := codeOf(t, err); !strings.HasPrefix(code, "table_") || !strings.Contains(err.Error(), tables.TableDocuments) {
		t.Errorf("a hole: %s, %v", code, err)
	}
	for name, c := range map[string]struct {
		d        *desk
		document []byte
		code     string
	}{
		"a village":          {village, village.tableDoc(tables.TableNumbering, 2, nil), "table_authority"},
		"a township's forms": {town, town.tableDoc(tables.TableConfirmation, 2, nil), "table_authority"},
		"an older version":   {court, court.tableDoc(tables.TableNumbering, 2, nil), CodeTableVersion},
		"the same version":   {court, court.tableDoc(tables.TableNumbering, 3, nil), CodeTableVersion},
		"no such table":      {court, []byte(`{"table":"weather","version":1,"valid_from":"2026-01-01","source":"例","content":{}}`), "table_table"},
		"no JSON":            {court, []byte(`{`), "table_syntax"},
		"too large":          {court, bytes.Repeat([]byte(" "), identity.MaxTable+1), "table_size"},
		"a field more":       {court, court.tableDoc(tables.TableNumbering, 9, func(doc map[string]any) { doc["note"] = "x" }), "table_unknown"},
		"version 0":          {court, court.tableDoc(tables.TableNumbering, 0, nil), "table_number"},
	} {
		before, _ := c.d.ss.registry().Unit(c.d.ss.unit)
		_, err := c.d.ss.PublishTable(context.Background(), c.document)
		if code := codeOf(t, err); code != c.code {
			t.Errorf("%s: %s (%v), want %s", name, code, err, c.code)
		}
		if after, _ := c.d.ss.registry().Unit(c.d.ss.unit); after.OwnHead != before.OwnHead {
			t.Errorf("%s: the log went on", name)
		}
	}
	if got := court.origin(tables.TableNumbering); got != "青禾县人民法院/3" {
		t.Errorf("what stands: %s", got)
	}
}

// TestWhoMayPublish: an admin or a director, and only whose seat writes the log.
func TestWhoMayPublish(t *testing.T) {
	ctx := context.Background()
	court := newCourt(t, 1)
	document := court.tableDoc(tables.TableNumbering, 2, nil)
	for person, want := range map[string]struct {
		role, code string
	}{"李例文": {"clerk", CodeNotAllowed}, "王例武": {"director", CodeTableWriter}} {
		req, err := court.ss.AddSeat(ctx, api.AddSeatRequest{SeatName: person, Roles: []string{want.role}, Secret: secret})
		if err != nil {
			t.Fatal(err)
		}
		e, err := court.ss.Enrol(ctx, api.EnrolRequest{Request: req.File.Data})
		if err == nil {
			_, err = court.ss.JoinSeat(ctx, e.File.Data)
		}
		if err != nil {
			t.Fatal(err)
		}
		ss, err := court.s.SignIn(ctx, req.Seat, secret)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ss.PublishTable(ctx, document); codeOfPlain(err) != want.code {
			t.Errorf("a %s: %v, want %s", want.role, err, want.code)
		}
	}
	if len(court.ss.registry().TablesOf(court.ss.unit)) != 0 {
		t.Error("published all the same")
	}
	court.publish(document)
}

// TestAModifiedProgramPublishesForNobody: without authority, with a hole, under
// another name than its document's: everybody leaves it out, the village too.
func TestAModifiedProgramPublishesForNobody(t *testing.T) {
	court, town, village := county(t)
	doc := village.tableDoc(tables.TableNumbering, 9, nil)
	good := &identity.Table{Name: tables.TableNumbering, Version: 9, Day: "2026-01-01", Content: doc}
	village.forged(&identity.Rename{Code: "990125101203-fy", Name: "自称法院", Day: "2026-01-01"}, good)
	court.forged(
		&identity.Table{Name: tables.TableNumbering, Version: 5, Day: "2026-01-01", Content: []byte(`{"table":"numbering"}`)},
		&identity.Table{Name: tables.TableNumbering, Version: 6, Day: "2026-01-01", Content: doc},
		&identity.Table{Name: tables.TableDocuments, Version: 9, Day: "2026-01-01", Content: doc},
		&identity.Table{Name: tables.TableNumbering, Version: 9, Day: "2026-02-01", Content: doc},
	)
	meet(village, town)
	meet(town, court)
	meet(village, town)
	for _, d := range []*desk{court, town, village} {
		for _, table := range []string{tables.TableNumbering, tables.TableDocuments} {
			if got := originOf(d, d.ss.Tables(village.ss.unit), table); got != "/1" {
				t.Errorf("%s stands", got)
			}
		}
		list, err := d.ss.ListTables(context.Background(), hexID(village.ss.unit))
		if err != nil {
			t.Fatal(err)
		}
		whys := map[string]int{}
		for _, line := range list {
			if line.Unit != "" {
				whys[line.Why]++
			}
			if line.Effective != (line.Unit == "") {
				t.Errorf("%+v", line)
			}
		}
		if whys[api.TableUnreadable] != 4 || whys[api.TableNoAuthority] != 1 {
			t.Errorf("%v", whys)
		}
	}
	// The court goes on all the same.
	court.publish(court.tableDoc(tables.TableNumbering, 10, nil))
	if got := court.origin(tables.TableNumbering); got != "青禾县人民法院/10" {
		t.Error(got)
	}
}

func TestATableHoldsFromItsFirstDay(t *testing.T) {
	court, town, _ := county(t)
	court.publish(court.tableDoc(tables.TableNumbering, 2, nil))
	court.publish(court.tableDoc(tables.TableNumbering, 3, func(doc map[string]any) { doc["valid_from"] = "2099-07-01" }))
	meet(town, court)
	if got := town.origin(tables.TableNumbering); got != "青禾县人民法院/2" {
		t.Errorf("today: %s", got)
	}
	for day, want := range map[string]string{"2025-12-31": "/1", "2099-06-30": "青禾县人民法院/2", "2099-07-01": "青禾县人民法院/3"} {
		if got := originOf(town, town.ss.TablesOn(town.ss.unit, day), tables.TableNumbering); got != want {
			t.Errorf("on %s: %s, want %s", day, got, want)
		}
	}
	list, err := town.ss.ListTables(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, line := range list {
		if line.Table == tables.TableNumbering {
			got = append(got, fmt.Sprintf("%d %v %s", line.Version, line.Effective, line.Why))
		}
	}
	if want := "1 false replaced, 2 true , 3 false not_yet"; strings.Join(got, ", ") != want {
		t.Errorf("%s, want %s", strings.Join(got, ", "), want)
	}
}

// TestTheCourtSaysWhoMayPublish: the authority table is one itself; what a unit
// published before it lost the right counts no longer.
func TestTheCourtSaysWhoMayPublish(t *testing.T) {
	court, town, village := county(t)
	town.publish(town.tableDoc(tables.TableNumbering, 2, nil))
	court.publish(court.tableDoc(tables.TableAuthority, 2, func(doc map[string]any) {
		for _, row := range doc["content"].(map[string]any)["tables"].([]any) {
			if r := row.(map[string]any); r["id"] == tables.TableNumbering {
				r["bodies"] = []string{"fy"}
			}
		}
	}))
	meet(village, town)
	if got := village.origin(tables.TableNumbering); got != "清溪镇综治中心/2" {
		t.Errorf("before: %s", got)
	}
	meet(town, court)
	meet(village, town)
	for _, d := range []*desk{court, town, village} {
		if got := originOf(d, d.ss.Tables(village.ss.unit), tables.TableNumbering); got != "/1" {
			t.Errorf("after: %s", got)
		}
	}
	if _, err := town.ss.PublishTable(context.Background(), town.tableDoc(tables.TableNumbering, 3, nil)); codeOf(t, err) != "table_authority" {
		t.Errorf("%v", err)
	}
}

// TestHolidaysAreLaidYearByYear: the court's year stands beside the program's.
func TestHolidaysAreLaidYearByYear(t *testing.T) {
	court, town, _ := county(t)
	first := court.ss.Tables(court.ss.unit).Holidays().Years[0].Year
	court.publish(court.tableDoc(tables.TableHolidays, 2, func(doc map[string]any) {
		c := doc["content"].(map[string]any)
		c["years"] = c["years"].([]any)[:1]
	}))
	meet(town, court)
	set := town.ss.Tables(town.ss.unit)
	if len(set.Holidays().Years) < 2 || !set.Calendar().Knows(first) || !set.Calendar().Knows(first+1) {
		t.Fatalf("%d years", len(set.Holidays().Years))
	}
	list, err := town.ss.ListTables(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range list {
		if line.Table == tables.TableHolidays && !line.Effective {
			t.Errorf("%+v counts for its years", line)
		}
	}
}

// TestTablesAreKeptUntilALogChanges: asking again costs nothing, units without
// tables of their own share their parent's, and an entry is seen at once.
func TestTablesAreKeptUntilALogChanges(t *testing.T) {
	court, town, village := county(t)
	a, b := village.ss.Tables(village.ss.unit), village.ss.Tables(village.ss.unit)
	if a != b || a != village.ss.Tables(town.ss.unit) {
		t.Error("worked out again")
	}
	if got := village.ss.Tables(store.ID{9}); got != tables.Default() {
		t.Error("an unknown unit has tables of somebody")
	}
	court.ss.Tables(court.ss.unit)
	court.publish(court.tableDoc(tables.TableNumbering, 2, nil))
	if got := court.origin(tables.TableNumbering); got != "青禾县人民法院/2" {
		t.Errorf("right after: %s", got)
	}
}

// TestPublishingAtOnceForksNothing: each entry follows the one before it, however
// many are made at the same time.
func TestPublishingAtOnceForksNothing(t *testing.T) {
	court := newCourt(t, 1)
	names := []string{tables.TableNumbering, tables.TableDocuments, tables.TableNeeds, tables.TableConsents, tables.TableClocks}
	documents := make([][]byte, len(names))
	for i, name := range names {
		documents[i] = court.tableDoc(name, 2, nil)
	}
	var all sync.WaitGroup
	errs := make([]error, 2*len(names))
	for i := range errs {
		all.Go(func() {
			_, errs[i] = court.ss.PublishTable(context.Background(), documents[i/2])
		})
	}
	all.Wait()
	u, _ := court.ss.registry().Unit(court.ss.unit)
	if len(u.Forks) != 0 || len(u.Tables) != len(names) {
		t.Fatalf("%d forks, %d tables", len(u.Forks), len(u.Tables))
	}
	for i := range names {
		if (errs[2*i] == nil) == (errs[2*i+1] == nil) {
			t.Errorf("%s was published twice or not at all: %v, %v", names[i], errs[2*i], errs[2*i+1])
		}
	}
}
