package review

import (
	"os"
	"testing"

	"hejie/test/process"
	"hejie/test/review/liar"
)

// TestRestoredFolderIsInStep is F4 and L9: after a backup was put back, the first
// meeting ends in step.
func TestRestoredFolderIsInStep(t *testing.T) {
	for _, edits := range []int{3} { // as many meetings were not in step as there were edits
		m := meet(t, 1)
		m.village.InStep(m.address)
		backup := t.TempDir()
		if err := os.CopyFS(backup, os.DirFS(m.village.Data())); err != nil {
			t.Fatal(err)
		}
		for i := range edits {
			set(m.village, m.cases[0], `{"place":"河湾村`+string(rune('一'+i))+`组"}`)
			m.village.InStep(m.address)
		}
		if err := os.RemoveAll(m.village.Data()); err != nil {
			t.Fatal(err)
		}
		if err := os.CopyFS(m.village.Data(), os.DirFS(backup)); err != nil {
			t.Fatal(err)
		}
		if r := m.village.Sync(m.address); r["in_step"] != true {
			t.Errorf("%d edits after the backup: %v", edits, r)
		}
		if a, b := m.village.Run("case", "get", m.cases[0]), m.town.Run("case", "get", m.cases[0]); a != b {
			t.Errorf("village and town differ:\n%s%s", a, b)
		}
	}
}

// TestReceiptCounter is the other half of F4: counters have a bound, and a
// receipt beyond it stops nobody.
func TestReceiptCounter(t *testing.T) {
	m := meet(t, 1)
	for _, counter := range []uint64{1<<64 - 1, 1 << 63, 1<<53 + 1, 0} {
		road, err := m.liar.Dial(t.Context(), m.address)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = road.Receipts(t.Context(), m.liar.Receipt(m.liar.Unit, counter, nil)) // refused or passed over
		road.Close()
		set(m.village, m.cases[0], `{"place":"`+string(rune('一'+counter%7))+`"}`)
		r := m.village.Sync(m.address)
		if trips, _ := r["round_trips"].(float64); r["in_step"] != true || trips > 5 {
			t.Errorf("after a receipt with the counter %d: %v", counter, r)
		}
	}
}

// TestReceiptNamesEveryLane is F12: a receipt that is full goes on in a second one.
func TestReceiptNamesEveryLane(t *testing.T) {
	const lanes = 1_200 // one receipt has room for some hundred
	m := meet(t, 0)
	road, err := m.liar.Dial(t.Context(), m.address)
	if err != nil {
		t.Fatal(err)
	}
	defer road.Close()
	key := m.liar.NewKey()
	for range lanes / 100 {
		var batch []liar.Frame
		for range 100 {
			m.liar.NewEpoch()
			o, err := m.liar.Write(liar.Draft{Owner: m.liar.Unit, Class: liar.ClassCase, Kind: 20, Key: key, Content: liar.Changes(), More: liar.M{16: 1}})
			if err != nil {
				t.Fatal(err)
			}
			batch = append(batch, o.Frame())
		}
		outcomes, err := road.Push(t.Context(), batch...)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range outcomes {
			if o.Code != 1 {
				t.Fatalf("outcome %d, reason %d %s", o.Code, o.Reason, o.Sentence)
			}
		}
	}
	receipts, err := road.Receipts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got := m.liar.ReceiptLanes(receipts, m.liar.Unit, liar.ClassCase); got != lanes {
		t.Errorf("%d receipts name %d lanes of %d", len(receipts), got, lanes)
	}
}

// Items of a unit's log.
const (
	itemName     = 3
	itemRelation = 4
	itemRevoke   = 7
	itemRules    = 15
)

// TestRoutingNeverShrinks is F5 and R3: when a parent names another station,
// the old one keeps its place in what it had.
func TestRoutingNeverShrinks(t *testing.T) {
	m := meet(t, 2)
	author := m.kit(m.town, "")
	author.Operations = m.liar.Operations
	entry, err := author.Entry(m.liar.Unit, liar.BranchParent, liar.M{1: itemRelation, 2: m.liar.Unit, 3: 1, 4: "2026-03-10"})
	if err != nil {
		t.Fatal(err)
	}
	o, err := author.Write(entry)
	if err != nil {
		t.Fatal(err)
	}
	m.push(m.liar, m.address, 1, o)
	m.village.InStep(m.address)
	set(m.village, m.cases[0], `{"title":"新题目"}`)
	r := m.village.Sync(m.address)
	if got := shown(m.town, m.cases[0])["title"]; r["in_step"] != true || got != "新题目" {
		t.Errorf("the station that was no longer has the edit of an old case: title %v, sync %v", got, r)
	}
	// What begins afterwards is the new station's.
	fresh := newCase(m.village, 9)
	m.village.InStep(m.address)
	if got := shown(m.town, fresh); got["title"] != nil { // its digest passes through the town
		t.Error("a case that began under the new station went to the old one")
	}
}

// entries is how many data entries a desk shares with a served one.
func (c *county) entries(k *liar.Kit, address string) uint64 {
	c.t.Helper()
	road, err := k.Dial(c.t.Context(), address)
	if err != nil {
		c.t.Fatal(err)
	}
	defer road.Close()
	return road.Data
}

// TestStrangersGrantsMakeNoEntries is F6: who has nothing to do with a record
// leads it nowhere.
func TestStrangersGrantsMakeNoEntries(t *testing.T) {
	c := newCounty(t)
	of := newCase(c.village, 1)
	town := c.town.Serve().HTTPS
	c.village.InStep(town)
	c.other.InStep(town)
	court := c.court.Serve().HTTPS
	c.town.InStep(court)
	stranger, victim, between := c.kit(c.other, town), c.kit(c.village, town), c.kit(c.town, court)
	before := c.entries(between, court)
	grants := []liar.ID{stranger.Tree}
	key := stranger.NewKey()
	begun, err := stranger.Write(liar.Draft{Owner: victim.Unit, Class: liar.ClassCase, Kind: liar.KindCase, Key: key, Content: liar.Changes(), More: liar.M{16: 1, 17: grants}})
	if err != nil {
		t.Fatal(err)
	}
	// An edit of the village's own case by the stranger, who knows its id and heads.
	edit, err := stranger.Write(liar.Draft{Owner: victim.Unit, Class: liar.ClassCase, Kind: liar.KindCase, Record: id(t, of), Heads: victim.Heads(id(t, of)), Key: key, Content: liar.Changes(), More: liar.M{17: grants}})
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{town, court} {
		if _, err := stranger.Push(t.Context(), address, begun.Frame(), edit.Frame()); err != nil {
			t.Fatal(err)
		}
	}
	c.town.InStep(court)
	if after := c.entries(between, court); after != before {
		t.Errorf("town and court share %d entries, before the stranger's grants %d", after, before)
	}
}

// TestGrantsHaveABound is the other half of F6.
func TestGrantsHaveABound(t *testing.T) {
	m := meet(t, 1)
	for n, want := range map[int]byte{8: 1, 9: 3, 63: 3} {
		units := make([]liar.ID, n)
		for i := range units {
			units[i] = liar.H("a made up unit", []byte{byte(i)})
		}
		o := m.edit(m.liar, m.cases[0], func(d *liar.Draft) { d.More = liar.M{17: liar.Sorted(units)} })
		delete(m.liar.Operations, o.ID)
		m.push(m.liar, m.address, want, o)
	}
}

// TestLaterClassWithRoute: what a later program sends by a route is held, handed
// on, counted and in step, and nobody is blamed.
func TestLaterClassWithRoute(t *testing.T) {
	c := newCounty(t)
	town := c.town.Serve().HTTPS
	c.village.InStep(town)
	k, receiver := c.kit(c.village, town), c.kit(c.other, town)
	var frames []liar.Frame
	for _, class := range []uint64{5, 9, 15} {
		o, err := k.Write(liar.Draft{Owner: k.Unit, Class: class, Kind: 20, Key: k.NewKey(), Content: []byte("what nobody here can read"), More: liar.M{16: 1, 29: []liar.ID{receiver.Unit}}})
		if err != nil {
			t.Fatal(err)
		}
		frames = append(frames, o.Frame())
	}
	c.pushFrames(k, town, 1, frames...)
	c.village.InStep(town)
	c.other.InStep(town)
	for _, d := range []*process.Desk{c.town, c.other, c.village} {
		status := d.Object("status")
		if status["newer"] != 3.0 || status["refused"] != 0.0 {
			t.Errorf("%v counts newer %v of 3, refused %v", status["unit_name"], status["newer"], status["refused"])
		}
	}
	// A court that no route names gets nothing of them.
	if r := c.court.Serve().HTTPS; c.town.Sync(r)["sent"] == 3.0 {
		t.Error("they go where no route leads")
	}
}
