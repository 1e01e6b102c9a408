package api_test

import (
	"encoding/json"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
)

const caseDocument = `{"category":"01","source":"application","title":"墙界","received_at":"2026-03-10T09:00:00+08:00","facts":"…","parties":[{"side":"applicant","kind":"person","name":"李大样"}]}`

// every is one good request for each operation: what is sent, what is answered,
// what the station was asked.
var every = map[string]struct {
	method, path, body string
	status             int
	asked              string
}{
	"getSetup":          {"GET", "/setup", "", 200, "SetupState"},
	"initRoot":          {"POST", "/setup/root", `{"unit":"990000000000-fy","unit_name":"法院","seat_name":"王小例","roles":["admin","judge"],"secret":"12345678"}`, 201, "InitRoot 990000000000-fy [admin judge]"},
	"requestEnrolment":  {"POST", "/setup/request", `{"unit":"990000000000-tw","unit_name":"村","seat_name":"王小例","roles":[],"secret":"12345678"}`, 201, "RequestEnrolment 990000000000-tw"},
	"previewJoin":       {"POST", "/setup/join/preview", `{"certificate":"AQI="}`, 200, "PreviewJoin 0102"},
	"join":              {"POST", "/setup/join", `{"certificate":"AQI=","secret":"x"}`, 200, "Join 0102"},
	"recover":           {"POST", "/setup/recover", `{"sheet":"a b","seat_name":"王小例","secret":"12345678"}`, 201, "Recover 王小例"},
	"listSeatsHere":     {"GET", "/seats/here", "", 200, "SeatsHere"},
	"signIn":            {"POST", "/sessions", `{"seat":"5ea7","secret":"correct horse"}`, 201, "Person"},
	"getSession":        {"GET", "/session", "", 200, "Person"},
	"changeSecret":      {"PUT", "/session/secret", `{"old":"a","new":"b"}`, 204, "ChangeSecret"},
	"eventTicket":       {"POST", "/events/ticket", "", 201, ""},
	"previewEnrolment":  {"POST", "/enrol/preview", `{"data":"AQI="}`, 200, "PreviewEnrolment 0102"},
	"relateUnit":        {"POST", "/units/relate", `{"unit":"u","court":"c"}`, 201, "Relate u c "},
	"enrol":             {"POST", "/enrol", `{"request":"AQI=","seat_of":"u"}`, 201, "Enrol 0102 u"},
	"addSeat":           {"POST", "/seats/here", `{"seat_name":"刘例芳","roles":["clerk"],"secret":"12345678"}`, 201, "AddSeat 刘例芳"},
	"joinSeat":          {"POST", "/seats/here/join", `{"data":"AQI="}`, 200, "JoinSeat 0102"},
	"listCases":         {"GET", "/cases?state=closed&limit=5&counts=true", "", 200, "ListCases {State:closed Category: Unit: Text: From: To: Group: Limit:5 After: Counts:true}"},
	"newCase":           {"POST", "/cases", caseDocument, 201, "NewCase " + token7 + " " + caseDocument},
	"getInbox":          {"GET", "/inbox", "", 200, "Inbox"},
	"listLate":          {"GET", "/late", "", 200, "Late"},
	"adoptLate":         {"POST", "/late/c1/adopt", "", 200, "Adopt " + token7 + " c1"},
	"getDue":            {"GET", "/due?on=2026-03-10&all=true", "", 200, "Due 2026-03-10 true"},
	"newOral":           {"POST", "/oral", `{"category":"02"}`, 201, "NewOral " + token7 + ` {"category":"02"}`},
	"newLead":           {"POST", "/leads", `{"brief":"…"}`, 201, "NewLead " + token7 + ` {"brief":"…"}`},
	"getCase":           {"GET", "/cases/c1", "", 200, "Case c1"},
	"patchCase":         {"PATCH", "/cases/c1", `{"base":["h"],"fields":{"amount_fen":1.50,"place":null}}`, 200, `PatchCase c1 [h] {"amount_fen":1.50,"place":null}`},
	"listSteps":         {"GET", "/cases/c1/steps", "", 200, "Steps c1"},
	"takeStep":          {"POST", "/cases/c1/steps/accept", `{"base":["h"],"fields":{"at":"2026-03-10"}}`, 200, `Act c1 accept [h] {"at":"2026-03-10"}`},
	"previewStep":       {"POST", "/cases/c1/steps/refer/preview", `{"fields":{"at":"2026-03-10"}}`, 200, `Preview c1 refer [] {"at":"2026-03-10"}`},
	"getHistory":        {"GET", "/cases/c1/history", "", 200, "History c1"},
	"listRepeats":       {"GET", "/cases/c1/repeats", "", 200, "Repeats c1"},
	"listHolders":       {"GET", "/cases/c1/holders", "", 200, "Holders c1"},
	"getSheet":          {"GET", "/cases/c1/sheet?lang=en", "", 200, "Sheet c1 en"},
	"getForm":           {"GET", "/cases/c1/forms/sheet", "", 200, "Form c1 sheet zh"},
	"getDocket":         {"GET", "/cases/c1/docket?kind=suit", "", 200, "Docket c1 suit zh"},
	"getNotes":          {"GET", "/cases/c1/notes", "", 200, "Notes c1"},
	"patchNotes":        {"PATCH", "/cases/c1/notes", `{"fields":{"minutes":"…"}}`, 200, `PatchNotes c1 {"minutes":"…"}`},
	"listConflicts":     {"GET", "/conflicts", "", 200, "Conflicts "},
	"listCaseConflicts": {"GET", "/cases/c1/conflicts", "", 200, "Conflicts c1"},
	"settle":            {"POST", "/cases/c1/settle", `{"field":"amount_fen","value":1670300}`, 200, "Settle c1 amount_fen 1670300"},
	"importCases":       {"POST", "/import", "{}\n{}\n", 200, "Import 6 {}\n{}\n"},
	"exportCases":       {"GET", "/export?after=x", "", 200, `Export "x" 500`},
	"putDraft":          {"PUT", "/drafts/case-new", `{"value":{"n":90071992547409931}}`, 200, ""},
	"getDraft":          {"GET", "/drafts/kept", "", 200, ""},
	"listDrafts":        {"GET", "/drafts", "", 200, ""},
	"deleteDraft":       {"DELETE", "/drafts/case-new", "", 204, ""},
	"getSync":           {"GET", "/sync", "", 200, "SyncState"},
	"syncWith":          {"POST", "/sync", `{"peer":"https://x"}`, 200, "SyncWith https://x"},
	"listPeers":         {"GET", "/peers", "", 200, "Peers"},
	"putPeers":          {"PUT", "/peers", `{"peers":[{"unit":"u","addresses":["https://x"]}]}`, 200, "PutPeers [{u  [https://x] []}]"},
	"getStatus":         {"GET", "/status", "", 200, "Status"},
	"listTables":        {"GET", "/tables?unit=990125000000-fy", "", 200, "ListTables 990125000000-fy"},
	"getTable":          {"GET", "/tables/holidays", "", 200, "Table holidays "},
	"publishTable":      {"POST", "/tables", `{"table":"holidays","version":2}`, 201, `PublishTable {"table":"holidays","version":2}`},
	"getRegister":       {"GET", "/register", "", 200, "Register "},
	"patchRegister":     {"PATCH", "/register", `{"base":["h"],"fields":{"abbr":"河湾"}}`, 200, `PatchRegister ` + token7 + `  [h] {"abbr":"河湾"}`},
	"getUnitRegister":   {"GET", "/register/990125101203-tw", "", 200, "Register 990125101203-tw"},
	"patchUnitRegister": {"PATCH", "/register/990125101203-tw", `{"fields":{"abbr":null}}`, 200, `PatchRegister ` + token7 + ` 990125101203-tw [] {"abbr":null}`},
	"suggestFor":        {"GET", "/roster/suggest?case=0190aabb&list=roster&languages=a,b", "", 200, "SuggestFor 0190aabb roster [a b]"},
	"getNumbers":        {"GET", "/numbers?year=2026", "", 200, "Numbers volume 2026"},
	"listOpenOf":        {"GET", "/open-cases?mediator=x", "", 200, "OpenOf x"},
	"handOver":          {"POST", "/register/handover", `{"from":"赵示和","to":["刘例芳"],"reason":"left","dry_run":true}`, 200, "HandOver 赵示和 [刘例芳] left true"},
	"listUnits":         {"GET", "/units", "", 200, "Units"},
	"listSeats":         {"GET", "/seats", "", 200, "Seats"},
	"verify":            {"POST", "/verify", "", 200, "Verify"},
	"acceptLoss":        {"POST", "/loss/accept", "", 200, "AcceptLoss"},
	"rebuild":           {"POST", "/rebuild", "", 200, "Rebuild"},
	"getCodes":          {"GET", "/codes", "", 200, "Codes"},
	"listDivisions":     {"GET", "/divisions?under=330681109000", "", 200, "Divisions 330681109000"},
	"checkUnitCode":     {"GET", "/unit-code?code=990000000000-fy", "", 200, "CheckUnitCode 990000000000-fy"},
	"signOut":           {"DELETE", "/session", "", 204, ""},
}

// described is the part of openapi.json that the tests read.
type described struct {
	Paths map[string]map[string]struct {
		OperationID string                `json:"operationId"`
		Security    []map[string][]string `json:"security"`
	} `json:"paths"`
}

// operations lists every operation by id, with whether it needs a session.
func operations(t *testing.T) map[string]bool {
	t.Helper()
	b, err := os.ReadFile(openAPIFile)
	if err != nil {
		t.Fatal(err)
	}
	var d described
	if err := json.Unmarshal(b, &d); err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, methods := range d.Paths {
		for _, o := range methods {
			ids[o.OperationID] = len(o.Security) > 0
		}
	}
	return ids
}

func sortedIDs(m map[string]bool) []string {
	ids := make([]string, 0, len(m))
	for id := range m {
		if id != "events" { // events_test.go
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

func TestEveryOperation(t *testing.T) {
	all := operations(t)
	if len(all) != len(every)+1 {
		t.Errorf("%d operations are described, %d tested besides events", len(all), len(every))
	}
	for _, id := range sortedIDs(all) {
		t.Run(id, func(t *testing.T) {
			e, ok := every[id]
			if !ok {
				t.Fatal("no request in the table")
			}
			f := newFake()
			c := listen(t, newServer(t, f)).signIn()
			c.do("PUT", "/drafts/kept", `{"value":1}`).want(200)

			a := c.do(e.method, e.path, e.body).want(e.status)
			if e.asked != "" && f.last() != e.asked {
				t.Errorf("the station was asked %q, want %q", f.last(), e.asked)
			}
			if strings.Contains(string(a.body), "null") {
				t.Errorf("an empty list or object is written as null: %s", a.body)
			}
			if got := a.header.Get("Cache-Control"); got != "no-store" {
				t.Errorf("Cache-Control %q", got)
			}
			if len(a.body) > 0 && !json.Valid(a.body) {
				t.Errorf("no JSON: %s", a.body)
			}
		})
	}
}

// Every operation but the open ones wants a session, and none reaches the
// station without.
func TestEveryOperationWantsASession(t *testing.T) {
	open := []string{"checkUnitCode", "getCodes", "getSetup", "initRoot", "join", "listDivisions", "listSeatsHere", "previewJoin", "recover", "requestEnrolment", "signIn"}
	all := operations(t)
	var got []string
	for _, id := range sortedIDs(all) {
		if !all[id] {
			got = append(got, id)
			continue
		}
		f := newFake()
		c := listen(t, newServer(t, f))
		e := every[id]
		c.do(e.method, e.path, e.body).refused(http.StatusUnauthorized, "not_signed_in")
		c.token = strings.Repeat("A", 43)
		c.do(e.method, e.path, e.body).refused(http.StatusUnauthorized, "not_signed_in")
		c.do(e.method, e.path, e.body, "Authorization", "Basic eDp5").refused(http.StatusUnauthorized, "not_signed_in")
		if n, _, _ := f.count(); n != 0 {
			t.Errorf("%s reached the station: %s", id, f.last())
		}
	}
	if !slices.Equal(got, open) {
		t.Errorf("open operations: %v", got)
	}
}

// No other page can make a request count, whatever it sends.
func TestEveryOperationRefusesForgery(t *testing.T) {
	f := newFake()
	c := listen(t, newServer(t, f)).signIn()
	before, _, _ := f.count()
	for _, id := range sortedIDs(operations(t)) {
		e := every[id]
		c.do(e.method, e.path, e.body, "Sec-Fetch-Site", "cross-site").refused(403, "cross_origin")
		c.do(e.method, e.path, e.body, "Sec-Fetch-Site", "same-site").refused(403, "cross_origin")
		c.do(e.method, e.path, e.body, "Origin", "https://evil.example").refused(403, "cross_origin")
		c.do(e.method, e.path, e.body, "Origin", "null").refused(403, "cross_origin")
		c.do(e.method, e.path, e.body, "Host", "evil.example").refused(421, "host")
		if e.method == http.MethodGet {
			continue
		}
		c.do(e.method, e.path, e.body, "Hejie-Client", "").refused(403, "no_client_header")
		c.do(e.method, e.path, e.body, "Sec-Fetch-Site", "none").refused(403, "cross_origin")
		if e.body != "" {
			for _, ct := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json; charset=gbk", ""} {
				c.do(e.method, e.path, e.body, "Content-Type", ct).refused(415, "media_type")
			}
		}
	}
	if after, _, _ := f.count(); after != before {
		t.Errorf("the station was asked %d times, last %s", after-before, f.last())
	}
}

func TestUnknownParts(t *testing.T) {
	c := listen(t, newServer(t, newFake())).signIn()
	c.do("GET", "/nothing", "").refused(404, "not_found")
	c.do("GET", "/cases?colour=red", "").refused(422, "invalid_field")
	c.do("GET", "/cases?limit=100000", "").refused(422, "invalid_field")
	p := c.do("POST", "/setup/root", `{"unit":"x","unit_name":"x","seat_name":"x","roles":[],"secret":"hunter22","colour":"red"}`).refused(422, "unknown_field")
	if p.Field != "colour" || strings.Contains(p.Detail, "red") {
		t.Errorf("%+v", p)
	}
	p = c.do("POST", "/sessions", `{"seat":"5ea7","secret":["hunter22"]}`).refused(422, "invalid_field")
	if p.Field != "secret" {
		t.Errorf("%+v", p)
	}
	c.do("POST", "/cases", caseDocument, "Idempotency-Key", "").refused(422, "invalid_field")
	c.do("POST", "/cases", caseDocument, "Idempotency-Key", "6ba7b810-9dad-11d1-80b4-00c04fd430c8").refused(422, "invalid_field")
	c.do("PUT", "/drafts/..%2f..%2fetc", `{"value":1}`).want(422)
}
