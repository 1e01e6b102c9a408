package review

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"hejie/test/process"
	"hejie/test/review/liar"
)

// masters is a county with a court and a bureau side by side (人民调解法 5), one of
// them or a centre above both its root; a township and its village under the
// root, and a tribunal that nobody named.
type masters struct {
	t                                            *testing.T
	root, court, bureau, tribunal, town, village *process.Desk

	meeting map[*process.Desk]string // where the root and the town are reached
}

var (
	bureauUnit   = process.Unit{Code: "990125000000-sfj", Name: "青禾县司法局", Person: "孙例正", Roles: "admin,director,supervisor"}
	tribunalUnit = process.Unit{Code: "990125101000-ft", Name: "清溪人民法庭", Person: "李例衡", Roles: "admin,judge"}
	centreUnit   = process.Unit{Code: "990125000000-zz", Name: "青禾县社会治理中心", Person: "周例计", Roles: "admin,director"}
)

// newMasters lets the root admit the others; enrol are the words with which it
// admits the township.
func newMasters(t *testing.T, root process.Unit, enrol ...string) *masters {
	t.Helper()
	m := &masters{t: t, root: process.New(t, program)}
	m.root.Root(root)
	under := func(by *process.Desk, u process.Unit, more ...string) *process.Desk {
		if u == root {
			return m.root
		}
		d := process.New(t, program)
		d.Join(by, u, more...)
		return d
	}
	m.court = under(m.root, process.Court)
	m.bureau = under(m.root, bureauUnit)
	m.town = under(m.root, process.Town, enrol...)
	m.village = under(m.town, process.Village)
	return m
}

// serve lets the root and the township listen until the test ends. All meet
// twice: who learns at a meeting that the court is there, and with it the
// court's reading key, hands on the key of the figures then, and it travels at
// the next one.
func (m *masters) serve() {
	m.t.Helper()
	m.meeting = map[*process.Desk]string{m.root: m.root.Serve().HTTPS, m.town: m.town.Serve().HTTPS}
	m.meet()
	m.meet()
}

// meet brings what each has to all others: up to the root, and down again.
func (m *masters) meet() {
	m.t.Helper()
	for _, d := range []*process.Desk{m.village, m.town, m.court, m.bureau, m.tribunal, m.town, m.village} {
		at := m.root
		if d == m.village {
			at = m.town
		}
		if d != nil && d != m.root {
			d.InStep(m.meeting[at])
		}
	}
}

// names are the words of the cases that belong to nobody but their readers.
var names = []string{"李大样", "王小例", "墙界", "中心线", "河湾村3组", "FQ-000"}

// nameless fails where bytes hold one of them.
func nameless(t *testing.T, what string, b []byte) {
	t.Helper()
	for _, w := range names {
		if bytes.Contains(b, []byte(w)) {
			t.Errorf("%s has %q: %.400s", what, w, b)
		}
	}
}

// figuresOnly takes all that a desk's unit shares with a served folder, opens it
// with every key of the desk and looks for names. It must open figures.
// certified is the desk or one below it, whose certificate brings the first logs.
func (m *masters) figuresOnly(d, certified *process.Desk, address string) {
	m.t.Helper()
	k, err := liar.New(d.Data(), "", process.Secret, filepath.Join(certified.Dir, "certificate"))
	if err == nil {
		err = k.Pull(m.t.Context(), address)
	}
	if err != nil {
		m.t.Fatal(err)
	}
	figures := 0
	for _, o := range k.Operations {
		nameless(m.t, "a frame", o.Bytes)
		body, err := k.Open(o)
		if err != nil {
			continue
		}
		figures++
		nameless(m.t, "what a key here opens", fmt.Append(nil, body))
	}
	if figures == 0 {
		m.t.Error("nothing was opened: the search says nothing")
	}
}

// told looks at all that a desk's commands say of a unit's case that it counts.
func (m *masters) told(d *process.Desk, unit, of string) {
	m.t.Helper()
	for _, command := range [][]string{{"case", "list", "--unit", unit}, {"case", "get", of}, {"case", "history", of}, {"status"}} {
		nameless(m.t, strings.Join(command, " "), []byte(d.Run(command...)))
	}
}

// delegate is a court's letter before docketing, and transfer one of a bureau.
const (
	delegate = `{"at":"2026-03-10","kind":"delegate_pre","to":"990125101203-tw","court_no":"（2026）样0125民诉前调318号",
"consents":[{"who":"李大样","how":"written","at":"2026-03-10"},{"who":"王小例","how":"written","at":"2026-03-10"}]}`
	transfer = `{"at":"2026-03-10","kind":"transfer","to":"990125101203-tw","letter_no":"（2026）样移字第1号",
"consents":[{"who":"李大样","how":"written","at":"2026-03-10"},{"who":"王小例","how":"written","at":"2026-03-10"}]}`
)

// act takes a step.
func act(d *process.Desk, id, step, fields string) {
	d.T.Helper()
	d.Run("case", "act", id, step, "--file", d.File("step.json", fields))
}

// send begins a case at a master and sends it to the village.
func send(by *process.Desk, number int, letter string) string {
	by.T.Helper()
	id := newCase(by, number)
	act(by, id, "refer", letter)
	return id
}

// mediate is what the village does with a letter, from its receipt to the report.
func (m *masters) mediate(id string) {
	m.t.Helper()
	for _, s := range [][2]string{
		{"refer-receive", `{"at":"2026-03-10"}`},
		{"refer-accept", `{"at":"2026-03-10"}`},
		{"accept", `{"at":"2026-03-10"}`},
		{"assign", `{"mediators":["赵示和"],"by":"committee","at":"2026-03-10"}`},
		{"start-session", `{"at":"2026-03-12","place":"调解室"}`},
		{"agree", `{"form":"written","at":"2026-03-14","terms":[{"who":"王小例","what":"换新瓦管","due":"2026-03-20"}]}`},
		{"sign", `{"by":["李大样","王小例","赵示和"],"seal":true,"at":"2026-03-14"}`},
		{"refer-report", `{"at":"2026-03-15","result":"agreed"}`},
	} {
		act(m.village, id, s[0], s[1])
	}
}

// state is one track of a case as a desk sees it.
func state(d *process.Desk, id, track string) any {
	d.T.Helper()
	tracks, _ := d.Object("case", "get", id)["state"].(map[string]any)
	return tracks[track]
}

// onRoster puts the village on the court's roster: a court sends to no others.
func (m *masters) onRoster() {
	m.t.Helper()
	m.court.Run("roster", "set", "--file", m.court.File("roster.json", `{"roster.+":{"unit":"990125101203-tw","name":"河湾村人民调解委员会"}}`))
}

// TestTheBureauIsTheRoot: the justice bureau is the county's root and the court
// stands under it with a body of its own. The court counts the village's case and
// learns no name; it delegates a case of its own to the village, whose report
// comes back; the bureau, which carries both, reads neither.
func TestTheBureauIsTheRoot(t *testing.T) {
	m := newMasters(t, bureauUnit, "--court", process.Court.Code, "--bureau", bureauUnit.Code)
	m.tribunal = process.New(t, program)
	m.tribunal.Join(m.root, tribunalUnit)
	counted := newCases(m.village, 2)
	act(m.village, counted[0], "accept", `{"at":"2026-03-31"}`)
	m.serve()

	rows := m.court.Lines("case", "list", "--unit", process.Village.Code)
	if len(rows) != 2 {
		t.Fatalf("the court counts %v", rows)
	}
	for _, row := range rows {
		if row["category"] != "02" || row["received_on"] != "2026-03" || row["title"] != nil {
			t.Errorf("the court's row is %v", row)
		}
	}
	if got := state(m.court, counted[0], "mediation"); got != "accepted" {
		t.Errorf("at the court the case is %v", got)
	}
	for _, d := range []*process.Desk{m.court, m.bureau} {
		m.told(d, process.Village.Code, counted[0])
	}
	m.figuresOnly(m.court, m.court, m.meeting[m.root])
	if rows := m.tribunal.Lines("case", "list"); len(rows) != 0 {
		t.Errorf("a court that nobody named counts %v", rows)
	}

	m.onRoster()
	own := send(m.court, 1, delegate)
	m.meet()
	if got := shown(m.village, own)["title"]; got != title {
		t.Fatalf("the village received %v", got)
	}
	m.mediate(own)
	m.meet()
	if got := state(m.court, own, "referral"); got != "reported" {
		t.Errorf("at the court its letter is %v", got)
	}
	if got := state(m.court, own, "mediation"); got != "effective" {
		t.Errorf("at the court its case is %v", got)
	}
	// The bureau carried letter and report, and knows what it counts.
	m.told(m.bureau, process.Court.Code, own)
	m.figuresOnly(m.bureau, m.court, m.court.Serve().HTTPS)
	if _, problems, ok := m.tribunal.Try("case", "get", own); ok || !strings.Contains(problems, "held") {
		t.Errorf("a court that nobody named: %s", problems)
	}
	act(m.court, own, "refer-close", `{"at":"2026-03-16","outcome":"noted"}`)
	m.meet()
	if got := state(m.village, own, "referral"); got != "closed" {
		t.Errorf("at the village the letter is %v", got)
	}
	for _, d := range []*process.Desk{m.court, m.bureau, m.town, m.village} {
		if s := d.Object("status"); s["late"] != 0.0 || s["waiting"] != 0.0 || s["refused"] != 0.0 || s["conflicts"] != 0.0 {
			t.Errorf("status: %v", s)
		}
	}
}

// TestMastersOfOneVillage: court and bureau both send letters to a village that
// was admitted before its township named them, whoever is the root, and neither
// reads what is the other's.
func TestMastersOfOneVillage(t *testing.T) {
	for _, root := range []process.Unit{centreUnit, process.Court} {
		t.Run(root.Code, func(t *testing.T) {
			m := newMasters(t, root)
			before := newCase(m.village, 3)
			m.serve()
			related := m.root.Object("unit", "relate", process.Town.Code, "--court", process.Court.Code, "--bureau", bureauUnit.Code)
			if related["unit"] == "" || related["waiting"] != 0.0 { // it has no case of its own
				t.Errorf("relate says %v", related)
			}
			m.meet()
			sent := map[*process.Desk]string{m.bureau: send(m.bureau, 2, transfer)}
			if m.court != m.root { // a root's letters go down its own tree
				m.onRoster()
				sent[m.court] = send(m.court, 1, delegate)
			}
			m.meet()
			for _, id := range sent {
				act(m.village, id, "refer-receive", `{"at":"2026-03-10"}`)
				act(m.village, id, "refer-accept", `{"at":"2026-03-10"}`)
			}
			m.meet()
			for by, id := range sent {
				if got := state(by, id, "referral"); got != "accepted" {
					t.Errorf("the letter is %v", got)
				}
				for _, other := range []*process.Desk{m.root, m.court, m.bureau} {
					if other == by {
						continue
					}
					if out, _, held := other.Try("case", "get", id); held {
						nameless(t, "the other's case", []byte(out))
					}
				}
			}
			// The village's figures reach a master with their next change, and not
			// before the village's own log names him.
			if _, _, held := m.bureau.Try("case", "get", before); held {
				t.Error("a bureau that the village's log does not name counts its case")
			}
			if related := m.town.Object("unit", "relate", process.Village.Code, "--bureau", bureauUnit.Code); related["waiting"] != 1.0 {
				t.Errorf("relate says %v", related)
			}
			m.meet()
			set(m.village, before, `{"amount_fen":30100}`)
			m.meet()
			m.told(m.bureau, process.Village.Code, before)
		})
	}
}

// TestWhoNamesNoMaster: a relation that is not theirs to name, or names what is
// no master, is refused with a sentence, and nothing changes.
func TestWhoNamesNoMaster(t *testing.T) {
	m := newMasters(t, bureauUnit, "--court", process.Court.Code)
	m.serve()
	for name, x := range map[string]struct {
		by   *process.Desk
		args []string
		says string
	}{
		"a court, for a township beside it":   {m.court, []string{process.Town.Code, "--court", process.Court.Code}, "above it"},
		"the bureau, for a village's village": {m.bureau, []string{process.Village.Code, "--bureau", bureauUnit.Code}, "above it"},
		"a village, for its township":         {m.village, []string{process.Town.Code, "--bureau", bureauUnit.Code}, "above it"},
		"a township as a court":               {m.town, []string{process.Village.Code, "--court", process.Town.Code}, "is no court"},
		"a court as a bureau":                 {m.town, []string{process.Village.Code, "--bureau", process.Court.Code}, "is no bureau"},
		"a bureau over a court":               {m.bureau, []string{process.Court.Code, "--bureau", bureauUnit.Code}, "is a court"},
		"nobody":                              {m.town, []string{process.Village.Code, "--court", "990125000000-fy7"}, "no unit"},
	} {
		before := m.logs(x.by)
		if got := x.by.Refused(append([]string{"unit", "relate"}, x.args...)...); !strings.Contains(got, x.says) {
			t.Errorf("%s: %s", name, got)
		}
		if after := m.logs(x.by); after != before {
			t.Errorf("%s: the logs were %s and are %s", name, before, after)
		}
	}
	d := process.New(t, program)
	u := process.Other
	d.Run("init", "--unit", u.Code, "--unit-name", u.Name, "--seat-name", u.Person, "--role", u.Roles, "--request", "request", "--recovery", "sheet.txt")
	m.town.File("asked", d.Read("request"))
	before := m.logs(m.town)
	if got := m.town.Refused("enroll", "--request", "asked", "--out", "given", "--bureau", process.Court.Code); !strings.Contains(got, "is no bureau") {
		t.Error(got)
	}
	if after := m.logs(m.town); after != before {
		t.Errorf("a refused enrolment: the logs were %s and are %s", before, after)
	}
}

// logs is what a desk knows of units, and how many frames it has to say so.
func (m *masters) logs(d *process.Desk) string {
	m.t.Helper()
	return d.Run("units") + fmt.Sprint(d.Object("verify")["operations"])
}
