package builds

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

const wall = `{"external_id":"FQ-000001","category":"02","source":"application","title":"李大样与王小例墙界纠纷","received_at":"2026-03-09T09:00:00+08:00",
"facts":"我家与王小例家东西相邻。","claims":"请求按原墙中心线退回。","amount_fen":30000,"place":"河湾村3组","tags":["elderly"],
"parties":[{"side":"applicant","kind":"person","name":"李大样"},{"side":"respondent","kind":"person","name":"王小例"}]}`

// The later program's register, and the field that its unknown kind touches.
const (
	newField = "weather"
	touched  = "tags"
)

// TestALaterProgramAmongTodays: a village has the next release on two computers,
// its township and court have today's.
func TestALaterProgramAmongTodays(t *testing.T) {
	now, later := build(t, ""), build(t, "later")
	court, town, village, second := newDesk(t, now), newDesk(t, now), newDesk(t, later), newDesk(t, later)
	court.root(unit{"990125000000-fy", "青禾县人民法院", "吴例静", "admin,judge"})
	town.join(court, unit{"990125101000-zz", "清溪镇综治中心", "郑例贤", "admin,director,mediator"})
	village.join(town, unit{"990125101203-tw", "河湾村人民调解委员会", "赵示和", "mediator,director"})
	atTown, atCourt := town.serve(), court.serve()

	// The village writes the new field, and with it a change of an unknown kind.
	id, _ := village.object("case", "new", "--file", village.file("case.json", wall))["id"].(string)
	village.run("case", "set", id, "--file", village.file("set.json", `{"weather":"大雨"}`))
	if got := village.exported()[newField]; got != "大雨" {
		t.Fatalf("the later program shows %v", got)
	}
	before := history(village, id)
	village.sync(atTown)
	town.sync(atCourt)

	// The township takes and keeps both, and shows them as unknown.
	shown := town.object("case", "get", id)
	if got := fmt.Sprint(shown["unknown"]); got != "["+newField+" "+touched+"]" {
		t.Errorf("the township shows %s as unknown", got)
	}
	if _, known := town.exported()[newField]; known {
		t.Error("today's program knows the later field: the test shows nothing")
	}
	if got := history(town, id); !slices.Equal(got, before) {
		t.Errorf("the township's history is\n%s, the village's\n%s", strings.Join(got, "\n"), strings.Join(before, "\n"))
	}
	// What they touch is read-only there, and it says why.
	if why := town.refused("case", "set", id, "--file", town.file("tags.json", `{"tags.+":"veteran"}`)); !strings.Contains(why, "newer program") {
		t.Errorf("a field that an unknown change touches: %s", why)
	}
	if why := town.refused("case", "set", id, "--file", town.file("weather.json", `{"weather":"晴"}`)); !strings.Contains(why, newField) {
		t.Errorf("the unknown field: %s", why)
	}
	// Other fields of the same case are not.
	town.run("case", "set", id, "--file", town.file("place.json", `{"place":"河湾村5组","claims":"请求退回并修好墙。"}`))

	// A second later computer of the village gets everything through the township.
	second.join(town, unit{"990125101203-tw", "河湾村人民调解委员会", "钱新例", "mediator"}, "--seat-of", "990125101203-tw")
	village.sync(atTown) // learns of the new seat, and seals the reading key to it
	village.sync(atTown) // brings that wrap
	second.sync(atTown)
	if a, b := village.run("case", "get", id), second.run("case", "get", id); a != b {
		t.Errorf("the two later computers differ:\n%s%s", a, b)
	}
	for _, d := range []*desk{village, second} {
		got := d.exported()
		if got[newField] != "大雨" || got["place"] != "河湾村5组" || got["claims"] != "请求退回并修好墙。" {
			t.Errorf("a later computer has %v", got)
		}
	}
	if got := history(second, id); !slices.Equal(got, history(village, id)) || len(got) <= len(before) {
		t.Errorf("the second computer's history: %s", strings.Join(got, "\n"))
	}
	// It goes on from there, and today's program follows.
	second.run("case", "set", id, "--file", second.file("set.json", `{"weather":"晴"}`))
	second.sync(atTown)
	village.sync(atTown)
	if got := village.exported()[newField]; got != "晴" {
		t.Errorf("the first computer shows %v", got)
	}
	for _, d := range []*desk{court, town, village, second} {
		if r := d.object("verify"); fmt.Sprint(r["bad"]) != "[]" {
			t.Errorf("verify: %v", r)
		}
	}
}

// history are the lines of who changed what; they tell of every change, known or not.
func history(d *desk, id string) []string {
	d.t.Helper()
	return strings.Split(strings.TrimSpace(d.run("case", "history", id)), "\n")
}
