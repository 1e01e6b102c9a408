package station

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"hejie/app/api"
)

func TestTheMainJob(t *testing.T) {
	court, town, village := county(t)
	id := village.newCase("FQ-000001")
	meet(village, town)
	meet(town, court)
	if village.get(id) != town.get(id) {
		t.Fatal("village and township show different documents")
	}
	if doc := court.get(id); strings.Contains(doc, "李大样") || !strings.Contains(doc, `"category":"02"`) {
		t.Fatalf("the court sees %s", doc)
	}

	// Apart: both change the amount, the township adds to the claims.
	village.set(id, `{"amount_fen":1670300}`)
	town.set(id, `{"amount_fen":1240000,"place":"河湾村3组12号"}`)
	meet(village, town)
	for _, d := range []*desk{village, town} {
		found, err := d.ss.Conflicts(context.Background(), id)
		list := found.Conflicts
		if err != nil || len(list) != 1 || list[0].Field != "amount_fen" || len(list[0].Values) != 2 {
			t.Fatalf("%+v, %v", list, err)
		}
		if d.status().Conflicts != 1 {
			t.Fatal("the status does not count it")
		}
	}
	if village.get(id) != town.get(id) {
		t.Fatal("different documents after the sync")
	}
	_, err := village.ss.PatchCase(context.Background(), token(), id, api.Patch{Fields: api.Object(`{"amount_fen":5}`)})
	var e *api.Error
	if !errors.As(err, &e) || e.Code() != "contested" || !strings.Contains(err.Error(), "settle") {
		t.Fatalf("a set on a contested field: %v", err)
	}
	if _, err := town.ss.Settle(context.Background(), token(), id, api.Settlement{Field: "amount_fen", Value: []byte(`1240000`)}); err != nil {
		t.Fatal(err)
	}
	meet(town, village)
	for _, d := range []*desk{village, town} {
		if d.status().Conflicts != 0 {
			t.Fatal("settled at one, open at the other")
		}
	}
	if village.get(id) != town.get(id) || !strings.Contains(village.get(id), `"amount_fen":1240000`) {
		t.Fatal(village.get(id))
	}
	if r := meet(village, town); !r.InStep || r.RoundTrips != 1 || r.BytesSent+r.BytesReceived > 200 {
		t.Fatalf("the second sync: %+v", r)
	}
}

func TestACaseFromFirstWordToClosed(t *testing.T) {
	court, town, village := county(t)
	id := village.newCase("")
	village.act(id, "accept", `{"at":"2026-03-10"}`)
	village.act(id, "assign", `{"mediators":["赵示和"],"by":"committee","at":"2026-03-10"}`)
	village.act(id, "start-session", `{"at":"2026-03-12T19:30:00+08:00","place":"河湾村人民调解室"}`)
	village.act(id, "agree", `{"form":"written","at":"2026-03-17","terms":[{"who":"王小例","what":"换新瓦管","due":"2026-03-20"},{"who":"王小例","what":"围墙退到旧墙中心线","due":"2026-04-20"}]}`)
	village.act(id, "sign", `{"by":["李大样","王小例","赵示和"],"seal":true,"at":"2026-03-17"}`)
	village.act(id, "perform", `{"term":1,"at":"2026-03-19","proof":"照片1张"}`)
	meet(village, town)
	town.act(id, "perform", `{"term":2,"at":"2026-04-18"}`)
	meet(town, village)
	saved := village.act(id, "close", `{"at":"2026-04-28"}`)
	if saved.State.Mediation != "closed" || saved.State.Performance != "performed" {
		t.Fatalf("%+v", saved.State)
	}
	meet(village, town)
	meet(town, court)
	doc := court.get(id)
	for _, name := range []string{"李大样", "王小例", "赵示和", "瓦管", "调解室"} {
		if strings.Contains(doc, name) {
			t.Fatalf("the court sees %q in %s", name, doc)
		}
	}
	if !strings.Contains(doc, `"mediation":"closed"`) {
		t.Fatal(doc)
	}
	history, err := village.ss.History(context.Background(), id)
	if err != nil || len(history) < 15 {
		t.Fatalf("%d lines, %v", len(history), err)
	}
	steps, err := village.ss.Steps(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range steps {
		// A closed case may still be visited, filed, reopened and noted on.
		closed := s.Track != "mediation" || slices.Contains([]string{"accept", "refuse", "assign", "start-session", "agree", "sign", "stop", "withdraw", "terminate", "close"}, s.Step)
		if s.Allowed && closed || !s.Allowed && (s.WhyNot == nil || s.WhyNot.Texts.ZH == "") {
			t.Fatalf("%+v", s)
		}
	}
}

func TestReceiptsAreWhatTheSentenceSays(t *testing.T) {
	court, town, village := county(t)
	village.newCase("")
	if st := village.status(); st.Unsent != 2 {
		t.Fatalf("%d unsent before any sync", st.Unsent)
	}
	meet(village, town)
	if st := village.status(); st.Unsent != 1 {
		t.Fatalf("%d unsent while the court has no figures", st.Unsent)
	}
	meet(town, court)
	meet(village, town)
	st := village.status()
	if st.Unsent != 0 || st.Owed != 0 || st.Waiting != 0 {
		t.Fatalf("%+v", st)
	}
	var id string
	if list, err := village.ss.ListCases(context.Background(), api.CaseQuery{}); err == nil {
		id = list.Cases[0].ID
	}
	holders, err := village.ss.Holders(context.Background(), id)
	if err != nil || len(holders) != 3 || holders[1].ReceivedAt == "" || holders[2].ReceivedAt == "" || holders[2].Extent != "digest" {
		t.Fatalf("%+v, %v", holders, err)
	}
	if holders, err = court.ss.Holders(context.Background(), id); err != nil || len(holders) != 1 {
		t.Fatalf("the court, which hears of nobody's receipts: %+v, %v", holders, err)
	}
	if holders, err = town.ss.Holders(context.Background(), id); err != nil || len(holders) != 3 || holders[1].ReceivedAt == "" || holders[2].ReceivedAt == "" {
		t.Fatalf("the township: %+v, %v", holders, err)
	}
	// What the township writes in the village's case is receipted by the village.
	town.set(id, `{"amount_fen":7}`)
	if st := town.status(); st.Unsent != 2 {
		t.Fatalf("%d unsent of the township", st.Unsent)
	}
	meet(village, town)
	meet(town, court)
	meet(village, town)
	if st := town.status(); st.Unsent != 0 {
		t.Fatalf("%d unsent of the township though all have it", st.Unsent)
	}
	state, err := village.ss.SyncState(context.Background())
	if err != nil || len(state.Partners) != 2 || state.Partners[0].InStepAt == "" {
		t.Fatalf("%+v, %v", state, err)
	}
	meet(village, town)
	state, err = town.ss.SyncState(context.Background())
	if err != nil || len(state.Partners) != 2 || state.Partners[1].Relation != "child" || state.Partners[1].InStepAt == "" {
		t.Fatalf("the township, which was called: %+v, %v", state, err)
	}
	village.newCase("")
	state, _ = village.ss.SyncState(context.Background())
	if state.Partners[0].InStepAt != "" || state.Partners[0].Waiting != 2 {
		t.Fatalf("in step though something is new: %+v", state.Partners[0])
	}
}

func TestNotesStayInTheBodyAndItsStation(t *testing.T) {
	court, town, village := county(t)
	id := village.newCase("")
	if _, err := village.ss.PatchNotes(context.Background(), token(), id, api.Patch{Fields: api.Object(`{"minutes":"李:墙退回去就行。","sessions.+":{"at":"2026-03-12","minutes":"各自陈述"}}`)}); err != nil {
		t.Fatal(err)
	}
	if _, err := village.ss.PatchNotes(context.Background(), token(), id, api.Patch{Fields: api.Object(`{"minutes":"李:墙退回去就行。王:最多退南段。"}`)}); err != nil {
		t.Fatal(err)
	}
	meet(village, town)
	meet(town, court)
	v, err := village.ss.Notes(context.Background(), id)
	if err != nil || v.Minutes != "李:墙退回去就行。王:最多退南段。" || len(v.Sessions) != 1 || v.Sessions[0].Minutes != "各自陈述" {
		t.Fatalf("%+v, %v", v, err)
	}
	// The township keeps notes of its own on the case.
	if v, err := town.ss.Notes(context.Background(), id); err != nil || v.Minutes != "" {
		t.Fatalf("%+v, %v", v, err)
	}
	if strings.Contains(village.bare(id), "墙退回去") || !strings.Contains(village.get(id), "墙退回去") {
		t.Fatal("notes stand in the case, or not beside it")
	}
}

func TestTheSameImportAddsNothing(t *testing.T) {
	_, _, village := county(t)
	lines := strings.Join([]string{
		strings.ReplaceAll(string(wallCase("A-1")), "\n", ""), strings.ReplaceAll(string(wallCase("A-2")), "\n", ""),
		strings.ReplaceAll(string(wallCase("A-1")), "\n", ""), "", `{"category":"02"}`,
		strings.Replace(strings.ReplaceAll(string(wallCase("A-2")), "\n", ""), "30000", "40000", 1),
	}, "\n")
	r, err := village.ss.Import(context.Background(), []byte(lines))
	if err != nil || r.Added != 2 || r.Same != 1 || len(r.Refused) != 2 || r.Refused[0].Row != 5 || r.Refused[1].Row != 6 {
		t.Fatalf("%+v, %v", r, err)
	}
	list, err := village.ss.ListCases(context.Background(), api.CaseQuery{})
	if err != nil || len(list.Cases) != 2 {
		t.Fatalf("%d cases, %v", len(list.Cases), err)
	}
	village.set(list.Cases[0].ID, `{"place":"别处"}`)
	r, err = village.ss.Import(context.Background(), []byte(lines))
	if err != nil || r.Added != 0 || r.Same != 3 {
		t.Fatalf("again: %+v, %v", r, err)
	}
}

func TestTwoTakenApartUnderOneNumberAreListedAsAPair(t *testing.T) {
	_, town, village := county(t)
	a, b := village.newCase("FQ-7"), town.newCase("FQ-7")
	meet(village, town)
	list, err := town.ss.Conflicts(context.Background(), "")
	if err != nil || len(list.Conflicts) != 2 || list.Conflicts[0].Kind != "same_number" {
		t.Fatalf("%+v, %v", list, err)
	}
	town.set(b, `{"external_id":"FQ-8"}`)
	if list, _ = town.ss.Conflicts(context.Background(), ""); len(list.Conflicts) != 0 {
		t.Fatalf("%+v", list)
	}
	_ = a
}

func TestASaveTwiceWithOneTokenIsOne(t *testing.T) {
	_, _, village := county(t)
	tk := token()
	a, err := village.ss.NewCase(context.Background(), tk, wallCase(""))
	if err != nil {
		t.Fatal(err)
	}
	b, err := village.ss.NewCase(context.Background(), tk, wallCase(""))
	if err != nil || a.ID != b.ID {
		t.Fatalf("%v, %v, %v", a.ID, b.ID, err)
	}
	tk = token()
	for range 2 {
		if _, err := village.ss.PatchCase(context.Background(), tk, a.ID, api.Patch{Fields: api.Object(`{"tags.+":"veteran"}`)}); err != nil {
			t.Fatal(err)
		}
	}
	if n := village.status().Operations; n != 3+4 { // three entries of logs, one case, one change of it, and what its digest shows of both
		t.Fatalf("%d operations", n)
	}
}

func TestAReopenedFolderGoesOnAndACopiedOneBeginsAnEpoch(t *testing.T) {
	_, town, village := county(t)
	id := village.newCase("")
	epoch := village.ss.open.epoch
	village.again()
	if village.ss.open.epoch != epoch {
		t.Fatal("a new epoch though nothing is in doubt")
	}
	village.set(id, `{"place":"一"}`)
	before := village.get(id)
	village.again()
	if village.get(id) != before {
		t.Fatal("another document after reopening")
	}
	if err := village.s.folder.fs.Remove("outside/" + hexStore(village)); err != nil {
		t.Fatal(err)
	}
	village.again()
	if village.ss.open.epoch == epoch {
		t.Fatal("the counter outside is gone and the epoch goes on")
	}
	village.set(id, `{"place":"二"}`)
	meet(village, town)
	if village.get(id) != town.get(id) {
		t.Fatal("different documents")
	}
}

func hexStore(d *desk) string {
	var id [32]byte
	copy(id[:], d.ss.open.keyFile.Store[:])
	return hexID(id)[:32]
}

func TestAWrongSecretIsSlowedDown(t *testing.T) {
	court := newCourt(t, 1)
	seat := hexID(court.ss.seat())
	var codes []string
	for range 4 {
		_, err := court.s.SignIn(context.Background(), seat, "nicht richtig")
		var e *api.Error
		if !errors.As(err, &e) {
			t.Fatal(err)
		}
		codes = append(codes, e.Code())
	}
	if codes[0] != CodeWrongSecret || codes[1] != api.CodeTooMany {
		t.Fatal(codes)
	}
	if _, err := court.s.SignIn(context.Background(), seat, secret); err == nil {
		t.Fatal("the right secret right after wrong ones is not slowed down")
	}
}

func TestSeveralSeatsOnAFolderAndOneOnAnother(t *testing.T) {
	court, town, village := county(t)
	id := village.newCase("")
	meet(village, town)
	ctx := context.Background()

	// One more person on the township's folder, enrolled by the township itself.
	req, err := town.ss.AddSeat(ctx, api.AddSeatRequest{SeatName: "周例计", Roles: []string{"clerk"}, Secret: "另一个人的口令啊"})
	if err != nil {
		t.Fatal(err)
	}
	e, err := town.ss.Enrol(ctx, api.EnrolRequest{Request: req.File.Data, SeatOf: town.status().Unit})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := town.ss.JoinSeat(ctx, e.File.Data); err != nil {
		t.Fatal(err)
	}
	other, err := town.s.SignIn(ctx, req.Seat, "另一个人的口令啊")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.PatchCase(ctx, token(), id, api.Patch{Fields: api.Object(`{"place":"周例计写的"}`)}); err != nil {
		t.Fatal(err)
	}
	if _, err := other.Settle(ctx, token(), id, api.Settlement{Field: "amount_fen", Value: []byte("1")}); err == nil {
		t.Fatal("a clerk settles")
	}

	// A second laptop of the village: asked as a new unit, enrolled by the
	// township as a seat; its reading key comes by sync.
	second := newDesk(t, 9)
	req, err = second.s.RequestEnrolment(ctx, api.EnrolmentRequest{Unit: "990125101203-tw", UnitName: "河湾村", SeatName: "刘例芳", Roles: []string{"mediator"}, Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := town.ss.Enrol(ctx, api.EnrolRequest{Request: req.File.Data}); err == nil {
		t.Fatal("a code that is taken was admitted without a word")
	}
	if e, err = town.ss.Enrol(ctx, api.EnrolRequest{Request: req.File.Data, SeatOf: "990125101203-tw"}); err != nil {
		t.Fatal(err)
	}
	if _, err := second.s.Join(ctx, api.JoinRequest{Certificate: e.File.Data, Secret: secret}); err != nil {
		t.Fatal(err)
	}
	second.signIn()
	meet(second, town)
	meet(village, town) // the village learns of the new seat and hands on the key,
	meet(village, town) // which the township carries without being able to open it
	meet(second, town)
	if second.get(id) != town.get(id) {
		t.Fatal("the second laptop shows another document")
	}
	second.set(id, `{"claims":"第二台电脑写的"}`)
	meet(second, town)
	meet(village, town)
	if village.get(id) != second.get(id) {
		t.Fatal("the two laptops of one village differ")
	}
	_ = court
}

func TestAForgottenSecretIsRecoveredByTheSheet(t *testing.T) {
	d := newDesk(t, 1)
	ctx := context.Background()
	done, err := d.s.InitRoot(ctx, api.RootRequest{Unit: "990125000000-fy", UnitName: "青禾县人民法院", SeatName: "吴例静", Roles: []string{"admin", "judge"}, Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	d.signIn()
	if err := d.s.Close(); err != nil {
		t.Fatal(err)
	}
	d.start()
	wrong := "0000-0000-0000-0000-0000-0000-0000-0000-0000-0000"
	if _, err := d.s.Recover(ctx, api.RecoverRequest{Sheet: wrong, SeatName: "吴例静", Roles: []string{"admin", "judge"}, Secret: "新口令也有八个字"}); err == nil {
		t.Fatal("a wrong sheet opened the folder")
	}
	req, err := d.s.Recover(ctx, api.RecoverRequest{Sheet: done.Recovery.Code, SeatName: "吴例静", Roles: []string{"admin", "judge"}, Secret: "新口令也有八个字"})
	if err != nil {
		t.Fatal(err)
	}
	if len(req.Words) != 6 {
		t.Fatalf("%v", req.Words)
	}
	// Nobody stands above a root: its admin comes back at once, and can admit.
	d.signInAs(req.Seat, "新口令也有八个字")
	town := d.admit(2, "990125101000-zz", "清溪镇综治中心", "郑例贤", "admin", "director")
	town.newCase("")
	meet(town, d)
}

func TestALostLaptopIsReplacedWithTheSheet(t *testing.T) {
	ctx := context.Background()
	court := newCourt(t, 1)
	town := court.admit(2, "990125101000-zz", "清溪镇综治中心", "郑例贤", "admin", "director", "mediator")
	lost := newDesk(t, 3)
	req, err := lost.s.RequestEnrolment(ctx, api.EnrolmentRequest{Unit: "990125101203-tw", UnitName: "河湾村", SeatName: "赵示和", Roles: []string{"mediator"}, Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	e, err := town.ss.Enrol(ctx, api.EnrolRequest{Request: req.File.Data})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lost.s.Join(ctx, api.JoinRequest{Certificate: e.File.Data, Secret: secret}); err != nil {
		t.Fatal(err)
	}
	lost.signIn()
	id := lost.newCase("")
	meet(lost, town)
	want := lost.get(id)

	again := newDesk(t, 4)
	asked, err := again.s.Recover(ctx, api.RecoverRequest{Sheet: req.Recovery.Code, SeatName: "赵示和", Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := town.ss.Enrol(ctx, api.EnrolRequest{Request: asked.File.Data}); err == nil {
		t.Fatal("a request that tells no unit was enrolled nowhere")
	}
	if e, err = town.ss.Enrol(ctx, api.EnrolRequest{Request: asked.File.Data, SeatOf: "990125101203-tw"}); err != nil {
		t.Fatal(err)
	}
	if _, err := again.s.Join(ctx, api.JoinRequest{Certificate: e.File.Data, Secret: secret}); err != nil {
		t.Fatal(err)
	}
	again.signIn()
	meet(again, town)
	if got := again.get(id); got != want {
		t.Fatalf("the new laptop shows %s", got)
	}
	again.set(id, `{"place":"新电脑上写的"}`)
	meet(again, town)
	if again.get(id) != town.get(id) {
		t.Fatal("different documents")
	}
}

func TestNoFolderHoldsANameInClear(t *testing.T) {
	_, town, village := county(t)
	id := village.newCase("FQ-1")
	village.ss.PutDraft(context.Background(), "new-case", []byte(`{"title":"李大样的草稿"}`))
	meet(village, town)
	town.set(id, `{"facts":"王小例说是瓦匠放线时放歪了。"}`)
	for _, d := range []*desk{village, town} {
		for name, data := range d.fs.Files() {
			for _, word := range []string{"李大样", "王小例", "墙界", "000-0000-0001"} {
				if strings.Contains(string(data), word) {
					t.Errorf("%s holds %q", name, word)
				}
			}
		}
	}
}

func TestListenersHearOfCasesAndOfWhatWaitsForAPerson(t *testing.T) {
	_, town, village := county(t)
	id := village.newCase("")
	meet(village, town)
	hints, cancel := village.s.Subscribe()
	defer cancel()
	village.set(id, `{"amount_fen":1}`)
	town.set(id, `{"amount_fen":2}`)
	meet(village, town)
	heard := map[api.Hint]bool{}
	for len(hints) > 0 {
		heard[<-hints] = true
	}
	if !heard[api.Hint{Kind: api.HintCase, ID: id}] || !heard[api.Hint{Kind: api.HintConflict, ID: id}] {
		t.Fatalf("%+v", heard)
	}
}
