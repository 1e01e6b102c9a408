package station

import (
	"context"
	"testing"

	"hejie/app/api"
	"hejie/app/tables"
	"hejie/store"
	"hejie/sync/identity"
)

// under admits a unit at d, as a request says it.
func (d *desk) under(seed uint64, code, name string, r api.EnrolRequest, roles ...string) (*desk, error) {
	d.t.Helper()
	ctx := context.Background()
	child := newDesk(d.t, seed)
	asked, err := child.s.RequestEnrolment(ctx, api.EnrolmentRequest{Unit: code, UnitName: name, SeatName: "周例计", Roles: roles, Secret: secret})
	if err != nil {
		d.t.Fatal(err)
	}
	r.Request = asked.File.Data
	done, err := d.ss.Enrol(ctx, r)
	if err != nil {
		return nil, err
	}
	if _, err := child.s.Join(ctx, api.JoinRequest{Certificate: done.File.Data, Secret: secret}); err != nil {
		d.t.Fatal(err)
	}
	child.signInAs(asked.Seat, secret)
	return child, nil
}

func (d *desk) masterOf(unit store.ID, kind identity.RelationKind) string {
	u, _ := d.ss.registry().Unit(unit)
	id, ok := u.Master(kind)
	if !ok {
		return ""
	}
	m, _ := d.ss.registry().Unit(id)
	return m.Code
}

// TestTwoMastersOfAUnit: the bureau is the root, the court stands below it and
// guides; what is admitted later begins with its parent's; later the unit or its
// parent may name another.
func TestTwoMastersOfAUnit(t *testing.T) {
	ctx := context.Background()
	bureau := newDesk(t, 51)
	done, err := bureau.s.InitRoot(ctx, rootOf("990125000000-sfj"))
	if err != nil {
		t.Fatal(err)
	}
	bureau.signInAs(done.Seat, secret)
	must := func(d *desk, err error) *desk {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	court := must(bureau.under(52, "990125000000-fy", "青禾县人民法院", api.EnrolRequest{}, "admin", "judge"))
	_ = must(bureau.under(53, "990125101000-ft", "清溪人民法庭", api.EnrolRequest{}, "judge"))
	town := must(bureau.under(54, "990125101000-zz", "清溪镇综治中心", api.EnrolRequest{Court: "990125000000-fy"}, "admin", "director", "mediator"))
	if got := bureau.masterOf(town.ss.unit, identity.RelationGuided); got != "990125000000-fy" {
		t.Fatalf("the town is guided by %q", got)
	}
	// The court's log has not come to the town yet: what the parent's log names is
	// handed down all the same.
	village := must(town.under(55, "990125101203-tw", "河湾村人民调解委员会", api.EnrolRequest{}, "mediator", "director"))
	meet(bureau, town)
	meet(bureau, court)
	for kind, want := range map[identity.RelationKind]string{identity.RelationGuided: "990125000000-fy", identity.RelationSupervised: ""} {
		if got := town.masterOf(village.ss.unit, kind); got != want {
			t.Errorf("relation %d of the new village is %q, want %q", kind, got, want)
		}
	}
	for name, c := range map[string]struct {
		by   *desk
		r    api.RelateRequest
		code string
	}{
		"nothing named":           {town, api.RelateRequest{Unit: "990125101203-tw"}, api.CodeInvalidField},
		"an unknown unit":         {town, api.RelateRequest{Unit: "990125101299-tw", Court: "990125000000-fy"}, CodeUnknownUnit},
		"an unknown court":        {town, api.RelateRequest{Unit: "990125101203-tw", Court: "990125000000-fy9"}, CodeUnknownUnit},
		"a bureau for a court":    {town, api.RelateRequest{Unit: "990125101203-tw", Court: "990125000000-sfj"}, CodeNotMaster},
		"a court for a bureau":    {town, api.RelateRequest{Unit: "990125101203-tw", Bureau: "990125000000-fy"}, CodeNotMaster},
		"a village for a court":   {town, api.RelateRequest{Unit: "990125101000-zz", Court: "990125101203-tw"}, CodeNotMaster},
		"itself":                  {bureau, api.RelateRequest{Unit: "990125000000-sfj", Bureau: "990125000000-sfj"}, CodeNotMaster},
		"no admin":                {village, api.RelateRequest{Unit: "990125101203-tw", Court: "990125000000-fy"}, CodeNotAllowed},
		"a unit of somebody else": {court, api.RelateRequest{Unit: "990125101000-zz", Court: "990125000000-fy"}, CodeNotAllowed},
	} {
		if _, err := c.by.ss.Relate(ctx, c.r); problemCode(err) != c.code {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
	if _, err := town.under(56, "990125101204-tw", "桥头村", api.EnrolRequest{Bureau: "990125000000-fy"}, "mediator"); problemCode(err) != CodeNotMaster {
		t.Errorf("enrolled with a court for a bureau: %v", err)
	}
	village.newCase("(2026)河湾人调字第1号")
	meet(village, town)
	related, err := town.ss.Relate(ctx, api.RelateRequest{Unit: "990125101203-tw", Bureau: "990125000000-sfj"})
	if err != nil || related.Waiting != 0 { // it is above the village and has all digests
		t.Fatalf("%+v, %v", related, err)
	}
	if got := town.masterOf(village.ss.unit, identity.RelationSupervised); got != "990125000000-sfj" {
		t.Errorf("the village is supervised by %q", got)
	}
	// What the court publishes holds for the village that it guides, though it is
	// not above it; the bureau's own tables stay as they are.
	court.publish(court.tableDoc(tables.TableConfirmation, 2, nil))
	for range 2 {
		meet(court, bureau)
		meet(bureau, town)
		meet(town, village)
	}
	for name, d := range map[string]*desk{"court": court, "bureau": bureau, "town": town, "village": village} {
		if got := originOf(d, d.ss.Tables(village.ss.unit), tables.TableConfirmation); got != "青禾县人民法院/2" {
			t.Errorf("the village's table is %q at the %s", got, name)
		}
		if got := originOf(d, d.ss.Tables(bureau.ss.unit), tables.TableConfirmation); got != "/1" {
			t.Errorf("the bureau's table is %q at the %s", got, name)
		}
	}
	meet(bureau, town)
	if _, err := town.ss.Relate(ctx, api.RelateRequest{Unit: "990125101000-zz", Bureau: "990125000000-sfj"}); err != nil {
		t.Fatal(err)
	}
	if got := town.masterOf(town.ss.unit, identity.RelationSupervised); got != "990125000000-sfj" {
		t.Errorf("the town says of itself %q", got)
	}
}
