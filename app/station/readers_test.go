package station

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"

	"hejie/app/api"
	"hejie/app/casework"
)

// caseReaders are the methods of a session that read cases: all must answer,
// whatever stands in one. Refusals that a person can act on are answers.
var caseReaders = map[string]func(ctx context.Context, ss *Session, id string) error{
	"Case":      func(ctx context.Context, ss *Session, id string) error { _, err := ss.Case(ctx, id); return err },
	"Document":  func(ctx context.Context, ss *Session, id string) error { _, err := ss.Document(ctx, id); return err },
	"Conflicts": func(ctx context.Context, ss *Session, id string) error { _, err := ss.Conflicts(ctx, id); return err },
	"Steps":     func(ctx context.Context, ss *Session, id string) error { _, err := ss.Steps(ctx, id); return err },
	"History":   func(ctx context.Context, ss *Session, id string) error { _, err := ss.History(ctx, id); return err },
	"Holders":   func(ctx context.Context, ss *Session, id string) error { _, err := ss.Holders(ctx, id); return err },
	"Notes":     func(ctx context.Context, ss *Session, id string) error { _, err := ss.Notes(ctx, id); return err },
	"Repeats":   func(ctx context.Context, ss *Session, id string) error { _, err := ss.Repeats(ctx, id); return err },
	"Sheet":     func(ctx context.Context, ss *Session, id string) error { _, err := ss.Sheet(ctx, id, "zh"); return err },
	"Form": func(ctx context.Context, ss *Session, id string) error {
		_, err := ss.Form(ctx, id, "sheet", "zh")
		return err
	},
	"Docket": func(ctx context.Context, ss *Session, id string) error {
		for _, kind := range []string{"", casework.DocketSuit, casework.DocketConfirmation} {
			if _, err := ss.Docket(ctx, id, api.DocketRequest{Kind: kind}); err != nil && codeOfPlain(err) == "" {
				return err
			}
		}
		return nil
	},
	"Preview": func(ctx context.Context, ss *Session, id string) error {
		for _, step := range []string{"stop", "withdraw", "consent", "risk", "close", "agree", "terminate"} {
			if _, err := ss.Preview(ctx, id, step, json.RawMessage(`{"at":"2026-03-20"}`)); err != nil && codeOfPlain(err) == "" {
				return fmt.Errorf("%s: %w", step, err)
			}
		}
		return nil
	},
	"SuggestFor": func(ctx context.Context, ss *Session, id string) error {
		_, err := ss.SuggestFor(ctx, api.SuggestQuery{Case: id})
		return err
	},
	"ListCases": func(ctx context.Context, ss *Session, _ string) error {
		_, err := ss.ListCases(ctx, api.CaseQuery{Counts: true})
		return err
	},
	"Due": func(ctx context.Context, ss *Session, _ string) error {
		_, err := ss.Due(ctx, api.DueQuery{All: true})
		return err
	},
	"Inbox":  func(ctx context.Context, ss *Session, _ string) error { _, err := ss.Inbox(ctx); return err },
	"Late":   func(ctx context.Context, ss *Session, _ string) error { _, err := ss.Late(ctx); return err },
	"Export": func(ctx context.Context, ss *Session, _ string) error { _, err := ss.Export(ctx, "", 0); return err },
	"OpenOf": func(ctx context.Context, ss *Session, _ string) error { _, err := ss.OpenOf(ctx, ""); return err },
	"Status": func(ctx context.Context, ss *Session, _ string) error { _, err := ss.Status(ctx); return err },
	"HandOver": func(ctx context.Context, ss *Session, _ string) error {
		_, err := ss.HandOver(ctx, api.HandoverRequest{From: "赵示和", To: []string{"孙例新"}, Reason: "left", DryRun: true})
		return err
	},
	"Verify":  func(ctx context.Context, ss *Session, _ string) error { _, err := ss.Verify(ctx); return err },
	"Rebuild": func(ctx context.Context, ss *Session, _ string) error { _, err := ss.Rebuild(ctx); return err },
}

// ofNoCase are the readers that go through all cases, whichever is named.
var ofNoCase = []string{"ListCases", "Due", "Inbox", "Late", "Export", "OpenOf", "Status", "HandOver", "Verify", "Rebuild"}

// otherMethods read no case, or change one: those are tried where pairs are made.
var otherMethods = []string{
	"AcceptLoss", "Act", "AddSeat", "Adopt", "ChangeSecret", "Close", "DeleteDraft", "Draft", "Enrol", "Import", "JoinSeat", "ListDrafts", "ListTables", "NewCase", "NewLead", "NewOral",
	"Numbers", "PatchCase", "PatchNotes", "PatchRegister", "Peers", "Person", "PreviewEnrolment", "PublishTable", "PutDraft", "PutPeers", "Register", "Relate", "Rostered",
	"Seats", "Settle", "SyncState", "SyncWith", "Table", "Tables", "TablesOn", "Units",
}

// TestEverySessionReaderIsListed: a new method of a session stands in one of the
// two lists.
func TestEverySessionReaderIsListed(t *testing.T) {
	all := reflect.TypeFor[*Session]()
	for i := range all.NumMethod() {
		name := all.Method(i).Name
		if caseReaders[name] == nil && !slices.Contains(otherMethods, name) {
			t.Errorf("%s stands in no list: does it read cases?", name)
		}
	}
	for _, name := range slices.Concat(slices.Collect(maps.Keys(caseReaders)), otherMethods) {
		if _, has := all.MethodByName(name); !has {
			t.Errorf("%s is listed and gone", name)
		}
	}
}

// TestSessionReadersOverContradictions: one county with a case for each kind of
// contradiction that two desks can make of a case apart; every reader of every
// desk answers, while it is open and after each choice, and leaves none out.
func TestSessionReadersOverContradictions(t *testing.T) {
	ctx := context.Background()
	court, town, village := county(t)
	step := func(name, fields string) func(d *desk, id string) {
		return func(d *desk, id string) { d.act(id, name, fields) }
	}
	const work = "work"
	kinds := []struct {
		from        string
		left, right func(d *desk, id string)
	}{
		{"", step("accept", `{"at":"2026-03-10"}`), step("accept", `{"at":"2026-03-11"}`)},
		{"", step("accept", `{"at":"2026-03-10"}`), step("refuse", `{"ground":"not_civil","at":"2026-03-10"}`)},
		{"", claims("甲说"), claims("乙说")},
		{work, oral(300000), oral(500000)},
		{work, oral(300000), step("terminate", `{"reason":"refused","at":"2026-03-12"}`)},
		{work, step("terminate", `{"reason":"refused","at":"2026-03-12"}`), step("terminate", `{"reason":"unreachable","at":"2026-03-13"}`)},
		{work, step("stop", `{"at":"2026-03-12","by":["李大样"],"choice":"sue"}`), oral(300000)},
	}
	var ids []string
	for range kinds {
		id := village.newCase("")
		ids = append(ids, id)
	}
	for i, k := range kinds {
		if k.from == work {
			village.act(ids[i], "accept", `{"at":"2026-03-10"}`)
			village.act(ids[i], "assign", `{"mediators":["赵示和"],"by":"committee","at":"2026-03-10"}`)
			village.act(ids[i], "start-session", `{"at":"2026-03-11T09:00:00+08:00","place":"村委会"}`)
		}
	}
	meet(village, town)
	for i, k := range kinds {
		k.left(village, ids[i])
		k.right(town, ids[i])
	}
	all := func(when string) {
		t.Helper()
		meet(village, town)
		meet(town, court)
		for _, d := range []*desk{village, town, court} {
			for _, name := range slices.Sorted(maps.Keys(caseReaders)) {
				of := ids
				if slices.Contains(ofNoCase, name) {
					of = ids[:1]
				}
				for _, id := range of {
					if err := caseReaders[name](ctx, d.ss, id); err != nil && (codeOfPlain(err) == "" || codeOfPlain(err) == CodeUnreadable) {
						t.Errorf("%s: %s of %s: %v", when, name, id[:8], err)
					}
				}
			}
			if st := d.status(); slices.ContainsFunc(st.Wrong, func(r api.Reason) bool { return r.Code == CodeUnreadable }) {
				t.Errorf("%s: status: %+v", when, st.Wrong)
			}
		}
	}
	all("open")
	for i, id := range ids {
		list := village.conflicts(id)
		if len(list) != 1 {
			t.Fatalf("%d: %+v", i, list)
		}
		c := list[0]
		value := c.Values[i%len(c.Values)].Value
		if m, ok := value.(map[string]any); ok {
			value = m["id"]
		}
		if err := village.settle(id, c.Field, value, c.Heads...); err != nil {
			t.Fatalf("%d: %v", i, err)
		}
	}
	all("settled")
}
