package station

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"testing"

	"hejie/app/api"
	"hejie/store"
	"hejie/sync/exchange"
	"hejie/sync/oplog"
	"hejie/sync/replica"
)

// personal is every word of the sample case, and of what is done with it below,
// that belongs to nobody but its readers.
var personal = []string{
	"李大样", "王小例", "孙例强", "墙界", "土墙", "中心线", "河湾村3组", "000-0000", "瓦管", "调解室", "照片", "最多退南段", "不公开的备注",
	"李大", "小例", "dayang", "墙", "FQ-", firstNumber, secondNumber, firstNumber[6:14],
}

// worked makes a case with all that a case can hold.
func worked(village, town *desk) string {
	id := village.newCase("FQ-000001")
	village.set(id, `{"parties.+":{"side":"third","kind":"person","name":"孙例强"},"facts":"我家与王小例家东西相邻,墙是李大样砌的。"}`)
	village.giveNumbers(id, firstNumber, secondNumber)
	village.act(id, "accept", `{"at":"2026-03-10"}`)
	village.act(id, "assign", `{"mediators":["赵示和","李大样"],"by":"committee","at":"2026-03-10"}`)
	village.act(id, "start-session", `{"at":"2026-03-12T19:30:00+08:00","place":"河湾村调解室"}`)
	village.act(id, "agree", `{"form":"written","at":"2026-03-17","terms":[{"who":"王小例","what":"换新瓦管","due":"2026-03-20"}]}`)
	village.act(id, "sign", `{"by":["李大样","王小例","孙例强","赵示和"],"seal":true,"at":"2026-03-17"}`)
	village.act(id, "perform", `{"term":1,"at":"2026-03-19","proof":"照片1张"}`)
	village.note(id, `{"minutes":"王:最多退南段。","sessions.+":{"place":"调解室","minutes":"不公开的备注"}}`)
	meet(village, town)
	village.set(id, `{"amount_fen":1670300}`)
	town.set(id, `{"amount_fen":1240000,"title":"李大样家的墙"}`)
	meet(village, town)
	return id
}

// has reports the first personal word in some bytes.
func has(b []byte) string {
	for _, w := range personal {
		if bytes.Contains(b, []byte(w)) {
			return w
		}
	}
	return ""
}

// answers asks a desk everything that it can be asked about a case.
func (d *desk) answers(id string) map[string][]byte {
	ctx := context.Background()
	out := map[string][]byte{}
	put := func(name string, v any, err error) {
		b, _ := json.Marshal(v)
		if err != nil {
			b = append(b, err.Error()...)
			var e *api.Error
			if errors.As(err, &e) {
				reason, _ := json.Marshal(e.Reason)
				b = append(b, reason...)
			}
		}
		out[name] = b
	}
	doc, err := d.ss.Document(ctx, id)
	put("document", string(doc), err)
	v1, err := d.ss.Case(ctx, id)
	put("case", v1, err)
	v2, err := d.ss.Steps(ctx, id)
	put("steps", v2, err)
	v3, err := d.ss.History(ctx, id)
	put("history", v3, err)
	v4, err := d.ss.Conflicts(ctx, "")
	put("conflicts", v4, err)
	v6, err := d.ss.Holders(ctx, id)
	put("holders", v6, err)
	vr, err := d.ss.Repeats(ctx, id)
	put("repeats", vr, err)
	v7, err := d.ss.Notes(ctx, id)
	put("notes", v7, err)
	v8, err := d.ss.Sheet(ctx, id, "zh")
	put("sheet", v8, err)
	v9, err := d.ss.Form(ctx, id, "sheet", "zh")
	put("form", v9, err)
	va, err := d.ss.Export(ctx, "", 0)
	put("export", va, err)
	vb, err := d.ss.ListCases(ctx, api.CaseQuery{Counts: true})
	put("list", vb, err)
	vc, err := d.ss.ListCases(ctx, api.CaseQuery{Text: "李大样"})
	put("query", len(vc.Cases), err)
	put("status", d.status(), nil)
	vd, err := d.ss.SyncState(ctx)
	put("sync", vd, err)
	// The same number with other content: it must not say what is there.
	ve, err := d.ss.Import(ctx, []byte(`{"external_id":"FQ-000001","category":"02","source":"application","title":"另一件","received_at":"2026-03-09","parties":[{"side":"applicant","kind":"person","name":"赵甲"},{"side":"respondent","kind":"person","name":"钱乙"}]}`))
	b, _ := json.Marshal(ve)
	out["import"] = bytes.ReplaceAll(b, []byte("FQ-000001"), nil) // what was given
	if err != nil {
		out["import"] = append(out["import"], err.Error()...)
	}
	return out
}

// opened is everything that a desk's folder gives to somebody who has all its
// keys: rows, facts, frames, and the content of each that any key here opens.
func (d *desk) opened() map[string][]byte {
	d.t.Helper()
	out := map[string][]byte{}
	r := d.ss.open.replica
	err := r.View(context.Background(), func(rd store.Reader) error {
		if err := rd.Scan(nil, nil, false, func(k, v []byte) (bool, error) {
			out[fmt.Sprintf("row %.40x", k)] = append(bytes.Clone(k), v...)
			return true, nil
		}); err != nil {
			return err
		}
		records := map[store.ID]bool{}
		if err := rd.Frames(1, func(f store.Frame) (bool, error) {
			out[fmt.Sprintf("frame %x", f.ID[:4])] = f.Bytes
			if f.Kind == store.KindOperation {
				op, err := oplog.Trusted(f.Bytes)
				if err != nil {
					return false, err
				}
				records[op.RecordID()] = true
			}
			return true, nil
		}); err != nil {
			return err
		}
		for id := range records {
			if err := r.Operations(rd, id, func(w replica.Written) error {
				if w.Readable {
					b, err := json.Marshal(w.Body)
					out[fmt.Sprintf("content %x", w.Op.ID[:4])] = b
					return err
				}
				return nil
			}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		d.t.Fatal(err)
	}
	if err := d.ss.open.store.ScanFacts("", func(k string, v []byte) (bool, error) {
		out["fact "+k] = append([]byte(k), v...)
		return true, nil
	}); err != nil {
		d.t.Fatal(err)
	}
	return out
}

func TestTheCourtLearnsFiguresOnly(t *testing.T) {
	court, town, village := county(t)
	other := town.admit(4, "990125101204-tw", "东坡村人民调解委员会", "钱示清", "mediator")
	id := worked(village, town)
	// The same people quarrel again, before the township,
	// so that the court has something to compare.
	again := town.newCase("")
	town.giveNumbers(again, firstNumber, secondNumber)
	for range 2 {
		meet(town, court)
		meet(other, town)
	}
	if list := court.repeats(id); len(list.Items) != 1 || list.Items[0].Case != again {
		t.Fatalf("the court sees %+v", list)
	}
	for name, b := range court.answers(id) {
		if w := has(b); w != "" {
			t.Errorf("the court is told %q by %s: %s", w, name, b)
		}
	}
	for name, b := range court.opened() {
		if w := has(b); w != "" {
			t.Errorf("the court holds %q in %s", w, name)
		}
	}
	// Another village learns nothing at all: not even that there is a case.
	seat := village.ss.seat()
	for name, b := range other.opened() {
		raw, _ := hex.DecodeString(id)
		if bytes.Contains(b, raw) || bytes.Contains(b, []byte(id)) || has(b) != "" {
			t.Errorf("another village holds the case in %s", name)
		}
		if strings.HasPrefix(name, "fact receipt/") && bytes.Contains(b, seat[:]) {
			t.Errorf("another village holds a receipt of the first one's lanes")
		}
	}
	_ = other.ss.open.replica.View(context.Background(), func(rd store.Reader) error {
		return rd.Entries(store.EntryKey{2}, store.EntryKey{}, func(k store.EntryKey) (bool, error) {
			t.Errorf("another village holds the entry %x", k)
			return true, nil
		})
	})
	if list, err := other.ss.ListCases(context.Background(), api.CaseQuery{}); err != nil || len(list.Cases) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
}

// Whatever a person types wrong, the error does not repeat names, numbers or
// stories (of a code or date it may say what was typed), and the log nothing.
func TestErrorsAndLogsHoldNothingPersonal(t *testing.T) {
	var logged bytes.Buffer
	court := newCourt(t, 1)
	town := court.admit(2, "990125101000-zz", "清溪镇综治中心", "郑例贤", "admin", "director", "mediator")
	if err := town.s.Close(); err != nil {
		t.Fatal(err)
	}
	town.o.Log = slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
	town.start()
	town.signIn()
	id := town.newCase("")
	ctx := context.Background()
	base := string(wallCase(""))
	for name, doc := range map[string]string{
		"identity number": strings.Replace(base, `"phone":"000-0000-0001"`, `"id_kind":"resident","id_number":"990125199001011234","phone":"000-0000-0001"`, 1),
		"phone":           strings.Replace(base, `"000-0000-0001"`, `12345`, 1),
		"name":            strings.Replace(base, `"name":"李大样"`, `"name":"`+strings.Repeat("李大样", 500)+`"`, 1),
		"side":            strings.Replace(base, `"side":"applicant"`, `"side":"left"`, 1),
		"category":        strings.Replace(base, `"category":"02"`, `"category":"77"`, 1),
		"date":            strings.Replace(base, `2026-03-09T09:00:00+08:00`, `2026-02-30`, 1),
		"negative":        strings.Replace(base, `30000`, `-1`, 1),
		"fraction":        strings.Replace(base, `30000`, `300.5`, 1),
		"nothing":         "",
		"amount":          strings.Replace(base, `30000`, `"王小例欠的"`, 1),
		"syntax":          strings.Replace(base, `"tags"`, `李大样"tags"`, 1),
		"broken":          strings.Replace(base, "李大样", "李大样\xff", 1),
	} {
		_, err := town.ss.NewCase(ctx, token(), []byte(doc))
		if err == nil {
			t.Errorf("%s: taken", name)
			continue
		}
		said := []byte(err.Error())
		var e *api.Error
		if errors.As(err, &e) {
			b, _ := json.Marshal(e)
			said = append(said, b...)
		}
		for _, w := range []string{"李大样", "王小例", "990125199001011234", "000-0000-0001"} {
			if bytes.Contains(said, []byte(w)) {
				t.Errorf("%s: the error repeats %q: %s", name, w, said)
			}
		}
	}
	_, _ = town.ss.PatchCase(ctx, token(), id, api.Patch{Fields: api.Object(`{"李大样":1,"parties.李大样.name":"x"}`)})
	_, _ = town.ss.Act(ctx, token(), id, "李大样", []byte(`{}`))
	if w := has(logged.Bytes()); w != "" {
		t.Errorf("the log holds %q: %s", w, logged.String())
	}
}

// What the sentence says is never more than what is so: looked at after every
// step of a random day, beside what the other stations really hold.
func TestTheSentenceNeverSaysMoreThanIsSo(t *testing.T) {
	for seed := range uint64(1 + scale()) {
		r := rand.New(rand.NewPCG(seed, 11))
		court, town, village := county(t)
		desks := map[string]*desk{court.status().Unit: court, town.status().Unit: town, village.status().Unit: village}
		var ids []string
		for step := range 40 {
			d := []*desk{village, town}[r.IntN(2)]
			switch what := r.IntN(8); {
			case what < 2 || len(ids) == 0:
				ids = append(ids, d.newCase(""))
			case what < 4:
				something(r, d, ids[r.IntN(len(ids))])
			case what < 6:
				pairs := [][2]*desk{{village, town}, {town, court}, {town, village}}
				p := pairs[r.IntN(3)]
				if r.IntN(2) == 0 {
					cut(t, r, p[0], p[1])
				} else {
					meet(p[0], p[1])
				}
			case what == 6:
				d.again()
			}
			for _, d := range desks {
				checkSentence(t, d, desks, fmt.Sprintf("seed %d step %d", seed, step))
			}
		}
	}
}

func checkSentence(t *testing.T, d *desk, desks map[string]*desk, when string) {
	t.Helper()
	st, err := d.ss.SyncState(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range st.Partners {
		other := desks[p.Unit]
		if other == nil {
			continue
		}
		lacking, shared := uint64(0), true
		unit, _ := parseHex(p.Unit)
		err := d.ss.open.replica.Shared(context.Background(), unit, func(s exchange.Shared) error {
			return other.ss.open.replica.View(context.Background(), func(rd store.Reader) error {
				return s.Entries(store.EntryKey{}, store.EntryKey{}, func(k store.EntryKey) (bool, error) {
					id := store.ID(k[41:])
					held, err := rd.Has(id)
					shared = shared && held
					if f, err := s.Frame(id); err == nil && !held && k[0] >= 3 && f.Kind == store.KindOperation {
						if op, err := oplog.Trusted(f.Bytes); err == nil && op.Header.Seat == d.ss.seat() {
							lacking++
						}
					}
					return true, err
				})
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		if p.InStepAt != "" && !shared {
			t.Fatalf("%s: in step with %s, which lacks entries", when, p.UnitName)
		}
		if uint64(p.Waiting) < lacking {
			t.Fatalf("%s: %d wait for %s, which lacks %d", when, p.Waiting, p.UnitName, lacking)
		}
		if uint64(st.Unsent) < lacking {
			t.Fatalf("%s: %d unsent, and %s lacks %d", when, st.Unsent, p.UnitName, lacking)
		}
	}
}

// A whole station loses power at random moments, and keeps what it said.
func TestPowerIsLostAtAStation(t *testing.T) {
	for seed := range uint64(1 + 2*scale()) {
		r := rand.New(rand.NewPCG(seed, 13))
		_, town, village := county(t)
		said := map[string]string{} // case → place that was acknowledged
		for range 6 {
			village.fs.KillAt(1 + r.IntN(60))
			for i := 0; ; i++ {
				saved, err := village.ss.NewCase(context.Background(), token(), wallCase(""))
				if err != nil {
					break
				}
				said[saved.ID] = ""
				place := fmt.Sprintf("第%d处", i)
				if _, err = village.ss.PatchCase(context.Background(), token(), saved.ID, api.Patch{Fields: api.Object(`{"place":"` + place + `"}`)}); err != nil {
					break
				}
				said[saved.ID] = place
				if i > 40 {
					t.Fatal("the disk does not die")
				}
			}
			_ = village.s.Close()
			village.fs.Restart(true)
			village.start()
			village.signIn()
			for id, place := range said {
				if doc := village.get(id); !strings.Contains(doc, `"place":"`+place) {
					t.Fatalf("seed %d: case %s lost its place %q: %s", seed, id[:8], place, doc)
				}
			}
			meet(village, town)
			if v, err := village.ss.Verify(context.Background()); err != nil || len(v.Bad) != 0 {
				t.Fatalf("seed %d: %+v, %v", seed, v, err)
			}
		}
		for id := range said {
			if village.get(id) != town.get(id) {
				t.Fatal("different documents")
			}
		}
	}
}

// Every byte of a request and of a certificate counts: with any of them changed
// nobody is admitted and no folder is joined, and nothing is written.
func TestEveryByteOfEnrolment(t *testing.T) {
	court := newCourt(t, 1)
	ctx := context.Background()
	child := newDesk(t, 5)
	req, err := child.s.RequestEnrolment(ctx, api.EnrolmentRequest{Unit: "990125101000-zz", UnitName: "清溪镇", SeatName: "郑例贤", Roles: []string{"admin"}, Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	operations := court.status().Operations
	stride := 29
	if scale() > 1 {
		stride = 1
	}
	for i := 0; i < len(req.File.Data); i += stride {
		b := bytes.Clone(req.File.Data)
		b[i] ^= 1 << (i % 8)
		if _, err := court.ss.Enrol(ctx, api.EnrolRequest{Request: b}); err == nil {
			t.Fatalf("a request with byte %d changed was enrolled", i)
		} else if e := (*api.Error)(nil); !errors.As(err, &e) {
			t.Fatalf("byte %d: %v", i, err)
		}
	}
	if court.status().Operations != operations {
		t.Fatal("a broken request changed something")
	}
	e, err := court.ss.Enrol(ctx, api.EnrolRequest{Request: req.File.Data})
	if err != nil {
		t.Fatal(err)
	}
	before := fmt.Sprint(child.fs.Changes())
	for i := 0; i < len(e.File.Data); i += stride {
		b := bytes.Clone(e.File.Data)
		b[i] ^= 1 << (i % 8)
		if _, err := child.s.PreviewJoin(ctx, api.JoinRequest{Certificate: b}); err == nil {
			t.Fatalf("a certificate with byte %d changed was shown", i)
		}
		if i%(stride*40) == 0 {
			if _, err := child.s.Join(ctx, api.JoinRequest{Certificate: b, Secret: secret}); err == nil {
				t.Fatalf("a certificate with byte %d changed was taken", i)
			}
		}
	}
	if fmt.Sprint(child.fs.Changes()) != before {
		t.Fatal("a broken certificate changed something")
	}
	if _, err := child.s.Join(ctx, api.JoinRequest{Certificate: e.File.Data, Secret: secret}); err != nil {
		t.Fatal(err)
	}
}

// A court is nobody's station: whom it enrols in a township is not handed the
// township's reading key, though the certificate is good.
func TestAParentCannotReadByEnrollingSomebody(t *testing.T) {
	ctx := context.Background()
	court, town, _ := county(t)
	id := town.newCase("")
	spy := newDesk(t, 8)
	req, err := spy.s.RequestEnrolment(ctx, api.EnrolmentRequest{Unit: "990125101000-zz", UnitName: "清溪镇综治中心", SeatName: "假例人", Roles: []string{"director"}, Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	e, err := court.ss.Enrol(ctx, api.EnrolRequest{Request: req.File.Data, SeatOf: "990125101000-zz"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := spy.s.Join(ctx, api.JoinRequest{Certificate: e.File.Data, Secret: secret}); err != nil {
		t.Fatal(err)
	}
	spy.signIn()
	meet(court, town)
	meet(town, spy)
	meet(town, spy)
	if doc := spy.document(id); strings.Contains(doc, "李大样") {
		t.Fatalf("the court's person reads %s", doc)
	}
	if st := town.status(); st.Owed != 0 {
		t.Fatalf("%d owed that nobody will pay", st.Owed)
	}
}
