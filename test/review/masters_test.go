package review

import (
	"fmt"
	"testing"

	"hejie/test/process"
)

func TestExplore(t *testing.T) {
	bureau, court, town, village := process.New(t, program), process.New(t, program), process.New(t, program), process.New(t, program)
	bureau.Root(process.Unit{Code: "990125000000-sfj", Name: "青禾县司法局", Person: "孙例正", Roles: "admin,director,supervisor"})
	court.Join(bureau, process.Unit{Code: "990125000000-fy", Name: "青禾县人民法院", Person: "吴例静", Roles: "admin,director,judge"})
	town.Join(bureau, process.Unit{Code: "990125101000-zz", Name: "清溪镇综治中心", Person: "郑例贤", Roles: "admin,director,mediator"}, "--court", "990125000000-fy", "--bureau", "990125000000-sfj")
	village.Join(town, villageUnit)
	newCases(village, 2)
	root, _ := bureau.Start()
	t.Log(town.Sync(root.HTTPS))
	t.Log(court.Sync(root.HTTPS))
	tn, stop := town.Start()
	t.Log(village.Sync(tn.HTTPS))
	t.Log(town.Sync(root.HTTPS))
	t.Log(court.Sync(root.HTTPS))
	fmt.Println(court.Run("case", "list"))
	fmt.Println(court.Run("units"))
	fmt.Println(bureau.Run("case", "list"))
	own := newCase(court, 1)
	a, b, ok := court.Try("case", "act", own, "refer", "--file", court.File("r", `{"at":"2026-04-01T16:30:00+08:00","kind":"delegate_pre","to":"990125101203-tw","letter_no":"（2026）样0125民诉前调318号","court_no":"（2026）样0125民诉前调318号","consents":[{"who":"李大样","how":"written","at":"2026-03-31"},{"who":"王小例","how":"phone_noted","at":"2026-04-01"}]}`))
	fmt.Println(a, b, ok)
	t.Log(court.Sync(root.HTTPS))
	t.Log(town.Sync(root.HTTPS))
	t.Log(village.Sync(tn.HTTPS))
	fmt.Println(village.Try("case", "get", own))
	fmt.Println(village.Run("status"))
	stop()
}
