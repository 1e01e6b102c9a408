package builds

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"hejie/test/process"
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
	court, town, village, second := process.New(t, now), process.New(t, now), process.New(t, later), process.New(t, later)
	court.Root(process.Unit{Code: "990125000000-fy", Name: "青禾县人民法院", Person: "吴例静", Roles: "admin,judge"})
	town.Join(court, process.Unit{Code: "990125101000-zz", Name: "清溪镇综治中心", Person: "郑例贤", Roles: "admin,director,mediator"})
	village.Join(town, process.Unit{Code: "990125101203-tw", Name: "河湾村人民调解委员会", Person: "赵示和", Roles: "mediator,director"})
	atTown, atCourt := town.Serve().HTTPS, court.Serve().HTTPS

	// The village writes the new field, and with it a change of an unknown kind.
	id, _ := village.Object("case", "new", "--file", village.File("case.json", wall))["id"].(string)
	village.Run("case", "set", id, "--file", village.File("set.json", `{"weather":"大雨"}`))
	if got := exported(village)[newField]; got != "大雨" {
		t.Fatalf("the later program shows %v", got)
	}
	before := history(village, id)
	village.InStep(atTown)
	town.InStep(atCourt)

	// The township takes and keeps both, and shows them as unknown.
	shown := town.Object("case", "get", id)
	var paths []string
	list, _ := shown["unknown"].([]any)
	for _, u := range list {
		one, _ := u.(map[string]any)
		paths = append(paths, fmt.Sprint(one["path"]))
	}
	if !slices.Equal(paths, []string{newField, touched}) {
		t.Errorf("the township shows %v as unknown", list)
	}
	if _, known := exported(town)[newField]; known {
		t.Error("today's program knows the later field: the test shows nothing")
	}
	if got := history(town, id); !slices.Equal(got, before) {
		t.Errorf("the township's history is\n%s, the village's\n%s", strings.Join(got, "\n"), strings.Join(before, "\n"))
	}
	// What they touch is read-only there, and it says why.
	if why := town.Refused("case", "set", id, "--file", town.File("tags.json", `{"tags.+":"veteran"}`)); !strings.Contains(why, "newer program") {
		t.Errorf("a field that an unknown change touches: %s", why)
	}
	if why := town.Refused("case", "set", id, "--file", town.File("weather.json", `{"weather":"晴"}`)); !strings.Contains(why, newField) {
		t.Errorf("the unknown field: %s", why)
	}
	// Other fields of the same case are not.
	town.Run("case", "set", id, "--file", town.File("place.json", `{"place":"河湾村5组","claims":"请求退回并修好墙。"}`))

	// A second later computer of the village gets everything through the township.
	second.Join(town, process.Unit{Code: "990125101203-tw", Name: "河湾村人民调解委员会", Person: "钱新例", Roles: "mediator"}, "--seat-of", "990125101203-tw")
	village.InStep(atTown) // learns of the new seat, and seals the reading key to it
	village.InStep(atTown) // brings that wrap
	second.InStep(atTown)
	if a, b := village.Run("case", "get", id), second.Run("case", "get", id); a != b {
		t.Errorf("the two later computers differ:\n%s%s", a, b)
	}
	for _, d := range []*process.Desk{village, second} {
		got := exported(d)
		if got[newField] != "大雨" || got["place"] != "河湾村5组" || got["claims"] != "请求退回并修好墙。" {
			t.Errorf("a later computer has %v", got)
		}
	}
	if got := history(second, id); !slices.Equal(got, history(village, id)) || len(got) <= len(before) {
		t.Errorf("the second computer's history: %s", strings.Join(got, "\n"))
	}
	// It goes on from there, and today's program follows.
	second.Run("case", "set", id, "--file", second.File("set.json", `{"weather":"晴"}`))
	second.InStep(atTown)
	village.InStep(atTown)
	if got := exported(village)[newField]; got != "晴" {
		t.Errorf("the first computer shows %v", got)
	}
	for _, d := range []*process.Desk{court, town, village, second} {
		if r := d.Object("verify"); fmt.Sprint(r["bad"]) != "[]" {
			t.Errorf("verify: %v", r)
		}
	}
}

// history are the lines of who changed what; they tell of every change, known or not.
func history(d *process.Desk, id string) []string {
	d.T.Helper()
	return strings.Split(strings.TrimSpace(d.Run("case", "history", id)), "\n")
}
