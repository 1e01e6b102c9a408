package reader

import (
	"fmt"
	"strings"
	"testing"

	"hejie/test/process"
)

// TestMeetingOfAMaster: the court, which the bureau's own log names for the
// county, meets the bureau by the reader: both draw the same places for logs of
// villages that name nobody.
func TestMeetingOfAMaster(t *testing.T) {
	t.Parallel()
	program, err := process.Build(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	bureau, court, town, village := process.New(t, program), process.New(t, program), process.New(t, program), process.New(t, program)
	bureau.Root(process.Unit{Code: "990125000000-sfj", Name: "青禾县司法局", Person: "孙例正", Roles: "admin,director"})
	town.Join(bureau, process.Unit{Code: "990125101000-zz", Name: "清溪镇综治中心", Person: "郑例贤", Roles: "admin,director,mediator"})
	village.Join(town, process.Unit{Code: "990125101203-tw", Name: "河湾村人民调解委员会", Person: "赵示和", Roles: "admin,mediator,director"})
	court.Join(bureau, process.Unit{Code: "990125000000-fy", Name: "青禾县人民法院", Person: "吴例静", Roles: "admin,director,judge"})
	bureau.Run("unit", "relate", "990125000000-sfj", "--court", "990125000000-fy")
	village.Run("case", "new", "--file", village.File("case.json", strings.ReplaceAll(fmt.Sprintf(wall, 1, 9), "\n", "")))
	address := bureau.Serve().HTTPS
	town.InStep(address)
	village.InStep(town.Serve().HTTPS)
	town.InStep(address)

	got := meet(t, court, 0, address)
	if !got.InStep || got.Meetings[0].Received == 0 || len(got.Holds.Damage) > 0 {
		t.Errorf("the meeting: %+v", got)
	}
	court.InStep(address)
	if again := meet(t, court, 0, address); len(again.Meetings) != 1 || !again.InStep {
		t.Errorf("the reader meets after the court's program: %+v", again)
	}
	// The logs of the villages came, and brought no figures.
	if rows := court.Lines("case", "list"); len(rows) != 0 {
		t.Errorf("the court counts %v", rows)
	}
	if units := court.Run("units"); !strings.Contains(units, "990125101203-tw") {
		t.Errorf("the court knows %s", units)
	}
}
