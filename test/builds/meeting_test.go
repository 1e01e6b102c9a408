package builds

import (
	"encoding/hex"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"hejie/test/process"
	"hejie/test/review/liar"
)

// phrase stands in the later program's dictionary (sync/seal/later_on.go).
const phrase = "双方同意由村民委员会指派专人每季度上门查看一次墙体与排水沟的状况并当面记录"

// TestEachSideOfARelease: a village and the court have the next release, the
// township between them has today's. What the next one writes (a compression, a
// wider value, a header field that must be understood, a new class with a route,
// an item of a log that stops, the next rules) comes to the court as it was, is
// named as newer at the township, and all three are in step.
func TestEachSideOfARelease(t *testing.T) {
	now, later := build(t, ""), build(t, "later")
	court, town, village := process.New(t, later), process.New(t, now), process.New(t, later)
	court.Root(process.Unit{Code: "990125000000-fy", Name: "青禾县人民法院", Person: "吴例静", Roles: "admin,judge"})
	town.Join(court, process.Unit{Code: "990125101000-zz", Name: "清溪镇综治中心", Person: "郑例贤", Roles: "admin,director,mediator"})
	village.Join(town, process.Unit{Code: "990125101203-tw", Name: "河湾村人民调解委员会", Person: "赵示和", Roles: "admin,mediator,director"})
	roads, stop := town.Start()
	t.Cleanup(stop)
	atTown := roads.HTTPS
	atCourt := court.Serve().HTTPS
	// settle lets everything come everywhere; all must then be in step.
	settle := func() {
		t.Helper()
		for range 2 {
			village.InStep(atTown)
			town.InStep(atCourt)
		}
		village.InStep(atTown)
	}
	ids := map[string]string{}
	for i, name := range []string{"compression", "value", "header"} {
		doc := strings.Replace(wall, "FQ-000001", fmt.Sprintf("FQ-%06d", i+1), 1)
		ids[name], _ = village.Object("case", "new", "--file", village.File("case.json", doc))["id"].(string)
	}
	settle()

	// What the later build writes by itself.
	set := func(name, fields string) {
		t.Helper()
		village.Run("case", "set", ids[name], "--file", village.File("set.json", fields))
	}
	set("compression", fmt.Sprintf(`{"claims":"%s"}`, phrase))
	set("value", fmt.Sprintf(`{"place":"%s"}`, strings.Repeat("河湾村3组", 100)))
	settle()

	// What it would write by its person's key: frames made from the pages.
	k, err := liar.New(village.Data(), "", process.Secret, filepath.Join(village.Dir, "certificate"))
	if err == nil {
		err = k.Pull(t.Context(), atTown)
	}
	if err != nil {
		t.Fatal(err)
	}
	write := func(d liar.Draft, err error) liar.Frame {
		t.Helper()
		var o *liar.Operation
		if err == nil {
			o, err = k.Write(d)
		}
		if err != nil {
			t.Fatal(err)
		}
		k.Keep(o)
		return o.Frame()
	}
	record := caseID(t, ids["header"])
	edit, err := k.Edit(record, liar.Assign("title", "新程序的题目", k.Live(record, "title")...))
	edit.More = liar.M{33: 1}
	header := write(edit, err)
	routed := write(liar.Draft{Owner: k.Unit, Class: 5, Kind: 20, Key: k.NewKey(), Content: []byte("later"), More: liar.M{16: 1, 29: []liar.ID{k.Tree}}}, nil)
	push(t, k, atTown, header, routed)
	settle()

	// Today's program at the township: what it does not know it names, the state
	// before stands, and nothing of that can be written over.
	for name, field := range map[string]string{"compression": "claims", "value": "place", "header": "title"} {
		here, there := town.Object("case", "get", ids[name]), village.Object("case", "get", ids[name])
		if here[field] == there[field] {
			t.Errorf("%s: the township shows %v as the village does: the test shows nothing", name, here[field])
		}
		if list, _ := here["unknown"].([]any); len(list) == 0 {
			t.Errorf("%s: the township shows nothing of it", name)
		}
		if list, _ := there["unknown"].([]any); len(list) > 0 {
			t.Errorf("%s: the later program does not know what it wrote: %v", name, list)
		}
		town.Refused("case", "set", ids[name], "--file", town.File("set.json", fmt.Sprintf(`{"%s":"别的"}`, field)))
	}
	status := town.Object("status")
	if n, _ := status["newer"].(float64); n < 3 || status["refused"] != 0.0 {
		t.Errorf("the township counts newer %v, refused %v", status["newer"], status["refused"])
	}

	// The next rules, and an item that stops what rests on it at today's program.
	root, err := liar.New(court.Data(), "", process.Secret, filepath.Join(town.Dir, "certificate"))
	if err != nil {
		t.Fatal(err)
	}
	root.Operations = k.Operations
	rules, err := root.Entry(root.Unit, liar.BranchOwn, liar.M{1: 15, 2: 2})
	if err != nil {
		t.Fatal(err)
	}
	o, err := root.Write(rules)
	if err != nil {
		t.Fatal(err)
	}
	push(t, k, atTown, o.Frame())
	settle()
	if said := fmt.Sprint(town.Object("status")["wrong"]); !strings.Contains(said, "rules") {
		t.Errorf("the township says nothing of the rules: %s", said)
	}
	for _, d := range []*process.Desk{court, village} {
		if said := fmt.Sprint(d.Object("status")["wrong"]); strings.Contains(said, "rules") {
			t.Errorf("the later program does not know its rules: %s", said)
		}
	}
	push(t, k, atTown, write(k.Entry(k.Unit, liar.BranchOwn, liar.M{1: 20, 2: "a later item"})))
	settle()
	if said := fmt.Sprint(town.Object("status")["wrong"]); !strings.Contains(said, "河湾村") {
		t.Errorf("the township says nothing of the village's log: %s", said)
	}
	before := town.Object("case", "get", ids["compression"])["title"]
	set("compression", `{"title":"停下以后写的"}`)
	settle()
	if got := town.Object("case", "get", ids["compression"])["title"]; got != before {
		t.Errorf("what rests on the item has effect at the township: %v", got)
	}
	if got := village.Object("case", "get", ids["compression"])["title"]; got != "停下以后写的" {
		t.Errorf("the later program waits for itself: %v", got)
	}
	for _, d := range []*process.Desk{court, town, village} {
		if out, _, ok := d.Try("verify"); !ok {
			t.Errorf("verify: %s", out)
		}
	}

	// The township is updated: the same folder under the later program shows what
	// the others do.
	stop()
	town.Program = later
	for name, id := range ids {
		if a, b := town.Run("case", "get", id), village.Run("case", "get", id); a != b {
			t.Errorf("%s: after the update the township shows\n%sand the village\n%s", name, a, b)
		}
	}
	if n := town.Object("status")["newer"]; n != 1.0 { // the routed one: no program here knows its class
		t.Errorf("after the update the township counts newer %v", n)
	}
}

func caseID(t *testing.T, text string) liar.ID {
	t.Helper()
	b, err := hex.DecodeString(text)
	if err != nil || len(b) != len(liar.ID{}) {
		t.Fatalf("%q is no id", text)
	}
	return liar.ID(b)
}

// push sends frames, all of which must be new and kept.
func push(t *testing.T, k *liar.Kit, address string, frames ...liar.Frame) {
	t.Helper()
	outcomes, err := k.Push(t.Context(), address, frames...)
	if err != nil {
		t.Fatal(err)
	}
	for i, o := range outcomes {
		if o.Code != 1 {
			t.Errorf("frame %d: outcome %d, reason %d %s", i, o.Code, o.Reason, o.Sentence)
		}
	}
}
