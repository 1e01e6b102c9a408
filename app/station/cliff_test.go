package station

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"hejie/app/api"
)

// scale is how large the tests of cliffs are: 1 in every run; HEJIE_SCALE=40 is
// 2,000 operations of one case, 480 parties, 20,000 cases.
func scale() int {
	if n, err := strconv.Atoi(os.Getenv("HEJIE_SCALE")); err == nil && n > 0 {
		return n
	}
	return 1
}

// slack is by how much a bound may be passed where no HEJIE_SCALE says that the
// machine is there for this test alone: every run also runs under the race
// detector, beside other packages, on whatever machine there is.
const slack = 10

// took logs how long something took and fails where it is far over its bound.
func took(t *testing.T, what string, bound time.Duration, fn func()) {
	t.Helper()
	if os.Getenv("HEJIE_SCALE") == "" {
		bound *= slack
	}
	began := time.Now()
	fn()
	d := time.Since(began)
	t.Logf("%-40s %v", what, d.Round(time.Millisecond/10))
	if d > bound {
		t.Errorf("%s took %v, over %v", what, d, bound)
	}
}

func TestACaseOfManyOperations(t *testing.T) {
	_, town, village := county(t)
	ctx := context.Background()
	id := village.newCase("")
	meet(village, town)
	n := 50 * scale()
	took(t, fmt.Sprintf("%d edits", n), time.Duration(n)*100*time.Millisecond, func() {
		for i := range n {
			village.set(id, fmt.Sprintf(`{"place":"%d组","facts":"第%d次改动。"}`, i, i))
		}
	})
	town.set(id, `{"place":"镇里写的"}`)
	took(t, "meeting", 30*time.Second, func() { meet(village, town) })
	took(t, "a save", time.Second, func() { village.set(id, `{"place":"最后"}`) })
	took(t, "the document", time.Second, func() { village.get(id) })
	for range 5 { // side by side
		town.set(id, `{"place":"镇"}`)
		village.set(id, `{"place":"村"}`)
		meet(village, town)
	}
	took(t, "the history", time.Duration(scale())*3*time.Second, func() {
		if h, err := village.ss.History(ctx, id); err != nil || len(h) < n {
			t.Fatalf("%d lines, %v", len(h), err)
		}
	})
	took(t, "the state of the sync", time.Second, func() { _, _ = village.ss.SyncState(ctx) })
}

func TestACaseOfManyParties(t *testing.T) {
	_, town, village := county(t)
	var parties []string
	for i := range 12 * scale() {
		parties = append(parties, fmt.Sprintf(`{"side":"applicant","kind":"person","name":"李大样%d","phone":"000-0000-%04d"}`, i, i))
	}
	doc := strings.Replace(string(wallCase("")), `"parties":[`, `"parties":[`+strings.Join(parties, ",")+",", 1)
	var id string
	took(t, fmt.Sprintf("a case of %d parties", len(parties)), 3*time.Second, func() {
		saved, err := village.ss.NewCase(context.Background(), token(), []byte(doc))
		if err != nil {
			t.Fatal(err)
		}
		id = saved.ID
	})
	took(t, "a save", time.Second, func() { village.set(id, `{"place":"别处"}`) })
	took(t, "the document", time.Second, func() { village.get(id) })
	took(t, "the page", time.Second, func() {
		if _, err := village.ss.Case(context.Background(), id); err != nil {
			t.Fatal(err)
		}
	})
	meet(village, town)
}

func TestAListOfManyCases(t *testing.T) {
	court, town, village := county(t)
	ctx := context.Background()
	n := 500 * scale()
	var lines strings.Builder
	for i := range n {
		lines.WriteString(strings.ReplaceAll(string(wallCase(fmt.Sprintf("N-%06d", i))), "\n", "") + "\n")
	}
	took(t, fmt.Sprintf("importing %d cases", n), time.Duration(n)*30*time.Millisecond, func() {
		if r, err := village.ss.Import(ctx, []byte(lines.String())); err != nil || r.Added != n {
			t.Fatalf("%+v, %v", r, err)
		}
	})
	took(t, "a page of the list", 200*time.Millisecond*time.Duration(scale()), func() {
		if _, err := village.ss.ListCases(ctx, api.CaseQuery{Limit: 50}); err != nil {
			t.Fatal(err)
		}
	})
	took(t, "a page of the list with its counts", time.Second*time.Duration(scale()), func() {
		_, _ = village.ss.ListCases(ctx, api.CaseQuery{Limit: 50, Counts: true})
	})
	took(t, "the state of the sync", 500*time.Millisecond, func() { _, _ = village.ss.SyncState(ctx) })
	took(t, "the status", time.Second*time.Duration(scale()), func() { village.status() })
	took(t, "the first meeting", time.Duration(n)*30*time.Millisecond, func() { meet(village, town) })
	took(t, "the court's", time.Duration(n)*30*time.Millisecond, func() { meet(town, court) })
	took(t, "a save", 200*time.Millisecond, func() { village.newCase("") })
	took(t, "the next meeting", time.Second, func() { meet(village, town) })
	took(t, "the state of the sync at the court", 500*time.Millisecond, func() { _, _ = court.ss.SyncState(ctx) })
}

func TestAUnitOfManySeats(t *testing.T) {
	court, _, _ := county(t)
	ctx := context.Background()
	n := min(60, 8*scale())
	took(t, fmt.Sprintf("enrolling %d seats", n), time.Duration(n)*300*time.Millisecond, func() {
		for i := range n {
			req, err := court.ss.AddSeat(ctx, api.AddSeatRequest{SeatName: fmt.Sprintf("例%d", i), Roles: []string{"clerk"}, Secret: secret})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := court.ss.Enrol(ctx, api.EnrolRequest{Request: req.File.Data, SeatOf: court.status().Unit}); err != nil {
				t.Fatal(err)
			}
		}
	})
	took(t, "one more station", 3*time.Second, func() { court.admit(77, "990125102000-zz", "另一镇综治中心", "郑例", "admin") })
}
