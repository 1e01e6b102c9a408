package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sort"
	"sync"
	"time"

	"hejie/app/api"
	"hejie/store"
)

const (
	seatID     = "5ea7"
	goodSecret = "correct horse"
)

// refusal is an error as casework and station make them.
type refusal struct{ code, field string }

func (r *refusal) Error() string             { return "not now: " + r.code }
func (r *refusal) Code() string              { return r.code }
func (r *refusal) Field() string             { return r.field }
func (r *refusal) Params() map[string]string { return map[string]string{"days": "3"} }
func (r *refusal) Texts() (zh, en string)    { return "现在不行", "not now" }
func (r *refusal) Rule() string              { return "rules art. 36" }
func (r *refusal) Allows() string            { return "assign" }

// errSecretText stands for an error whose text must not be shown.
var errSecretText = errors.New("disk /home/somebody: 李大样")

// fakeStation remembers what it was asked. Its only rules are the secret and
// the errors that a test asks for.
type fakeStation struct {
	mu       sync.Mutex
	calls    []string
	fail     error // what every method answers, if not nil
	hints    map[chan api.Hint]bool
	open     int           // sessions not closed
	blocking chan struct{} // not nil: SignIn waits for it
	begun    []string      // seats whose SignIn waits or waited
}

func (f *fakeStation) entered() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.begun...)
}

func newFake() *fakeStation { return &fakeStation{hints: map[chan api.Hint]bool{}} }

func (f *fakeStation) note(format string, args ...any) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, fmt.Sprintf(format, args...))
	return f.fail
}

func (f *fakeStation) last() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.calls) == 0 {
		return ""
	}
	return f.calls[len(f.calls)-1]
}

func (f *fakeStation) failWith(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fail = err
}

func (f *fakeStation) count() (calls, open, listeners int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.calls), f.open, len(f.hints)
}

func (f *fakeStation) publish(h api.Hint) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for c := range f.hints {
		c <- h
	}
}

func (f *fakeStation) Subscribe() (<-chan api.Hint, func()) {
	c := make(chan api.Hint, 8)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.hints[c] = true
	return c, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.hints, c)
	}
}

func (f *fakeStation) SetupState(context.Context) (api.SetupState, error) {
	return api.SetupState{State: api.SetupReady}, f.note("SetupState")
}

func (f *fakeStation) InitRoot(_ context.Context, r api.RootRequest) (api.SetupDone, error) {
	return api.SetupDone{Unit: "u", Seat: "s", Role: "admin"}, f.note("InitRoot %s %v", r.Unit, r.Roles)
}

func (f *fakeStation) RequestEnrolment(_ context.Context, r api.EnrolmentRequest) (api.RequestFile, error) {
	return api.RequestFile{File: api.File{Name: "r", Data: []byte{1}}}, f.note("RequestEnrolment %s", r.Unit)
}

func (f *fakeStation) PreviewJoin(_ context.Context, r api.JoinRequest) (api.JoinPreview, error) {
	return api.JoinPreview{}, f.note("PreviewJoin %x", r.Certificate)
}

func (f *fakeStation) Join(_ context.Context, r api.JoinRequest) (api.SetupDone, error) {
	return api.SetupDone{}, f.note("Join %x", r.Certificate)
}

func (f *fakeStation) Recover(_ context.Context, r api.RecoverRequest) (api.RequestFile, error) {
	return api.RequestFile{}, f.note("Recover %s", r.SeatName)
}

func (f *fakeStation) SeatsHere(context.Context) ([]api.SeatHere, error) {
	return []api.SeatHere{{Seat: seatID, SeatName: "赵示和", Roles: []string{"mediator"}}}, f.note("SeatsHere")
}

func (f *fakeStation) SignIn(_ context.Context, seat, secret string) (api.Session, error) {
	if f.blocking != nil {
		f.mu.Lock()
		f.begun = append(f.begun, seat)
		f.mu.Unlock()
		<-f.blocking
	}
	if err := f.note("SignIn %s", seat); err != nil {
		return nil, err
	}
	if secret != goodSecret {
		return nil, &api.Error{Reason: api.Reason{Code: api.CodeWrongSecret, Detail: "the secret is wrong"}, Retry: 1500 * time.Millisecond}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.open++
	return &fakeSession{f: f, drafts: map[string]json.RawMessage{}}, nil
}

func (f *fakeStation) Codes(context.Context) (api.Codes, error) { return api.Codes{}, f.note("Codes") }

func (f *fakeStation) Divisions(_ context.Context, under string) ([]api.Division, error) {
	return nil, f.note("Divisions %s", under)
}

func (f *fakeStation) CheckUnitCode(_ context.Context, code string) (api.UnitCode, error) {
	return api.UnitCode{Code: code}, f.note("CheckUnitCode %s", code)
}

type fakeSession struct {
	f      *fakeStation
	drafts map[string]json.RawMessage
}

func (s *fakeSession) Close() error {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	s.f.open--
	return nil
}

func (s *fakeSession) Person(context.Context) (api.Person, error) {
	return api.Person{Seat: seatID, SeatName: "赵示和"}, s.f.note("Person")
}

func (s *fakeSession) ListCases(_ context.Context, q api.CaseQuery) (api.CaseList, error) {
	return api.CaseList{}, s.f.note("ListCases %+v", q)
}

func (s *fakeSession) Case(_ context.Context, id string) (api.CaseView, error) {
	return api.CaseView{ID: id, Access: "full"}, s.f.note("Case %s", id)
}

func (s *fakeSession) Steps(_ context.Context, id string) ([]api.Step, error) {
	return []api.Step{{Step: "accept"}}, s.f.note("Steps %s", id)
}

func (s *fakeSession) History(_ context.Context, id string) ([]api.Change, error) {
	return nil, s.f.note("History %s", id)
}

func (s *fakeSession) Repeats(_ context.Context, id string) (api.RepeatList, error) {
	return api.RepeatList{Items: []api.Repeat{}}, s.f.note("Repeats %s", id)
}

func (s *fakeSession) Holders(_ context.Context, id string) ([]api.Holder, error) {
	return nil, s.f.note("Holders %s", id)
}

func (s *fakeSession) Sheet(_ context.Context, id, lang string) (api.Sheet, error) {
	return api.Sheet{Case: id, Lang: lang, Sections: []api.SheetSection{{Key: "k", Rows: [][]string{nil}}}}, s.f.note("Sheet %s %s", id, lang)
}

func (s *fakeSession) Form(_ context.Context, id, form, lang string) (api.FormFile, error) {
	return api.FormFile{Pages: 1}, s.f.note("Form %s %s %s", id, form, lang)
}

func (s *fakeSession) Docket(_ context.Context, id string, r api.DocketRequest) (api.DocketFolder, error) {
	return api.DocketFolder{
		DocketSummary: api.DocketSummary{Case: id, Kind: "suit", Documents: 1}, Dirs: []string{"01_申请人材料"}, Files: []api.DocketFile{{Path: "cover.json", Data: []byte("{}")}},
	}, s.f.note("Docket %s %s %s", id, r.Kind, r.Lang)
}

func (s *fakeSession) NewCase(_ context.Context, token string, doc []byte) (api.Saved, error) {
	return api.Saved{ID: "c1"}, s.f.note("NewCase %s %s", token, doc)
}

func (s *fakeSession) Inbox(context.Context) (api.Inbox, error) {
	return api.Inbox{}, s.f.note("Inbox")
}

func (s *fakeSession) Late(context.Context) (api.LateList, error) {
	return api.LateList{}, s.f.note("Late")
}

func (s *fakeSession) Adopt(_ context.Context, token, id string) (api.Adopted, error) {
	return api.Adopted{Adopted: 1}, s.f.note("Adopt %s %s", token, id)
}

func (s *fakeSession) Due(_ context.Context, q api.DueQuery) (api.DueList, error) {
	return api.DueList{}, s.f.note("Due %s %v", q.On, q.All)
}

func (s *fakeSession) NewOral(_ context.Context, token string, doc []byte) (api.Saved, error) {
	return api.Saved{ID: "c1"}, s.f.note("NewOral %s %s", token, doc)
}

func (s *fakeSession) NewLead(_ context.Context, token string, doc []byte) (api.Saved, error) {
	return api.Saved{ID: "c1"}, s.f.note("NewLead %s %s", token, doc)
}

func (s *fakeSession) PatchCase(_ context.Context, _, id string, p api.Patch) (api.Saved, error) {
	return api.Saved{ID: id}, s.f.note("PatchCase %s %v %s", id, p.Base, p.Fields)
}

func (s *fakeSession) Act(_ context.Context, _, id, step string, fields json.RawMessage, base ...string) (api.Saved, error) {
	return api.Saved{ID: id}, s.f.note("Act %s %s %v %s", id, step, base, fields)
}

func (s *fakeSession) Preview(_ context.Context, id, step string, fields json.RawMessage, base ...string) (api.StepPreview, error) {
	return api.StepPreview{Case: id}, s.f.note("Preview %s %s %v %s", id, step, base, fields)
}

func (s *fakeSession) Conflicts(_ context.Context, id string) (api.ConflictList, error) {
	return api.ConflictList{}, s.f.note("Conflicts %s", id)
}

func (s *fakeSession) Settle(_ context.Context, _, id string, v api.Settlement) (api.Saved, error) {
	return api.Saved{ID: id}, s.f.note("Settle %s %s %s", id, v.Field, v.Value)
}

func (s *fakeSession) Notes(_ context.Context, id string) (api.NotesView, error) {
	return api.NotesView{Case: id}, s.f.note("Notes %s", id)
}

func (s *fakeSession) PatchNotes(_ context.Context, _, id string, p api.Patch) (api.Saved, error) {
	return api.Saved{ID: id}, s.f.note("PatchNotes %s %s", id, p.Fields)
}

func (s *fakeSession) Import(_ context.Context, lines []byte) (api.ImportResult, error) {
	return api.ImportResult{}, s.f.note("Import %d %s", len(lines), lines[:min(len(lines), 20)])
}

func (s *fakeSession) Export(_ context.Context, after string, limit int) (api.ExportPage, error) {
	return api.ExportPage{Lines: "{}\n", Cases: 1}, s.f.note("Export %q %d", after, limit)
}

func (s *fakeSession) ListDrafts(context.Context) ([]api.DraftInfo, error) {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	var all []api.DraftInfo
	for n := range s.drafts {
		all = append(all, api.DraftInfo{Name: n})
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Name < all[j].Name })
	return all, s.f.fail
}

func (s *fakeSession) Draft(_ context.Context, name string) (api.Draft, error) {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	v, ok := s.drafts[name]
	if !ok {
		return api.Draft{}, fmt.Errorf("draft %s: %w", name, store.ErrNotFound)
	}
	return api.Draft{DraftInfo: api.DraftInfo{Name: name}, Value: v}, s.f.fail
}

func (s *fakeSession) PutDraft(_ context.Context, name string, v json.RawMessage) (api.DraftInfo, error) {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	s.drafts[name] = v
	return api.DraftInfo{Name: name}, s.f.fail
}

func (s *fakeSession) DeleteDraft(_ context.Context, name string) error {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	delete(s.drafts, name)
	return s.f.fail
}

func (s *fakeSession) SyncState(context.Context) (api.SyncState, error) {
	return api.SyncState{Saved: true, Road: "none"}, s.f.note("SyncState")
}

func (s *fakeSession) SyncWith(_ context.Context, peer string) (api.SyncResult, error) {
	return api.SyncResult{Peer: peer}, s.f.note("SyncWith %s", peer)
}

func (s *fakeSession) Peers(context.Context) ([]api.Peer, error) { return nil, s.f.note("Peers") }

func (s *fakeSession) PutPeers(_ context.Context, p []api.Peer) ([]api.Peer, error) {
	return p, s.f.note("PutPeers %v", p)
}

func (s *fakeSession) ListTables(_ context.Context, unit string) ([]api.TableLine, error) {
	return nil, s.f.note("ListTables %s", unit)
}

func (s *fakeSession) Table(_ context.Context, name, unit string) (api.TableView, error) {
	return api.TableView{TableLine: api.TableLine{Table: name}, Document: json.RawMessage("{}")}, s.f.note("Table %s %s", name, unit)
}

func (s *fakeSession) PublishTable(_ context.Context, document []byte) (api.TablePublished, error) {
	return api.TablePublished{}, s.f.note("PublishTable %s", document)
}

func (s *fakeSession) Register(_ context.Context, unit string) (api.RegisterView, error) {
	return api.RegisterView{UnitCode: unit}, s.f.note("Register %s", unit)
}

func (s *fakeSession) PatchRegister(_ context.Context, token, unit string, p api.Patch) (api.Saved, error) {
	return api.Saved{}, s.f.note("PatchRegister %s %s %v %s", token, unit, p.Base, p.Fields)
}

func (s *fakeSession) SuggestFor(_ context.Context, q api.SuggestQuery) (api.Suggestions, error) {
	return api.Suggestions{Case: q.Case}, s.f.note("SuggestFor %s %s %v", q.Case, q.List, q.Languages)
}

func (s *fakeSession) Numbers(_ context.Context, series string, year int) (api.Numbers, error) {
	return api.Numbers{Series: series, Year: year}, s.f.note("Numbers %s %d", series, year)
}

func (s *fakeSession) OpenOf(_ context.Context, name string) ([]api.MediatorCases, error) {
	return nil, s.f.note("OpenOf %s", name)
}

func (s *fakeSession) HandOver(_ context.Context, r api.HandoverRequest) (api.Handover, error) {
	return api.Handover{From: r.From}, s.f.note("HandOver %s %v %s %v", r.From, r.To, r.Reason, r.DryRun)
}

func (s *fakeSession) Units(context.Context) ([]api.Unit, error) { return nil, s.f.note("Units") }

func (s *fakeSession) Seats(context.Context) ([]api.Seat, error) { return nil, s.f.note("Seats") }

func (s *fakeSession) Status(context.Context) (api.Status, error) {
	return api.Status{}, s.f.note("Status")
}

func (s *fakeSession) Verify(context.Context) (api.VerifyResult, error) {
	return api.VerifyResult{}, s.f.note("Verify")
}

func (s *fakeSession) AcceptLoss(context.Context) (api.LossResult, error) {
	return api.LossResult{}, s.f.note("AcceptLoss")
}

func (s *fakeSession) Rebuild(context.Context) (api.RebuildResult, error) {
	return api.RebuildResult{}, s.f.note("Rebuild")
}

func (s *fakeSession) PreviewEnrolment(_ context.Context, r []byte) (api.EnrolmentPreview, error) {
	return api.EnrolmentPreview{Kind: "unit"}, s.f.note("PreviewEnrolment %x", r)
}

func (s *fakeSession) Enrol(_ context.Context, r api.EnrolRequest) (api.Enrolled, error) {
	return api.Enrolled{}, s.f.note("Enrol %x %s", r.Request, r.SeatOf)
}

func (s *fakeSession) Relate(_ context.Context, r api.RelateRequest) (api.Related, error) {
	return api.Related{}, s.f.note("Relate %s %s %s", r.Unit, r.Court, r.Bureau)
}

func (s *fakeSession) AddSeat(_ context.Context, r api.AddSeatRequest) (api.RequestFile, error) {
	return api.RequestFile{}, s.f.note("AddSeat %s", r.SeatName)
}

func (s *fakeSession) JoinSeat(_ context.Context, c []byte) (api.SetupDone, error) {
	return api.SetupDone{}, s.f.note("JoinSeat %x", c)
}

func (s *fakeSession) ChangeSecret(_ context.Context, _, _ string) error {
	return s.f.note("ChangeSecret")
}

var (
	_ api.Station = (*fakeStation)(nil)
	_ api.Session = (*fakeSession)(nil)
)
