package replica

import (
	"context"
	"testing"

	"hejie/store"
	"hejie/sync/exchange"
)

// interrupted does something here after each answer came, as a person does who
// saves while stations meet.
type interrupted struct {
	server *exchange.Server
	from   store.ID
	save   func()
}

func (c interrupted) Roundtrip(ctx context.Context, request []byte) ([]byte, error) {
	out, err := c.server.Serve(ctx, c.from, request)
	c.save()
	return out, err
}

// A save between the moment in which both were found equal and its note is not
// in step.
func TestASaveDuringAMeetingIsNotInStep(t *testing.T) {
	_, town, village, _ := county(t)
	village.newCase("a")
	clock := &stepClock{at: 1_800_000_000_000}
	server, err := exchange.NewServer(town.r, clock, town.random)
	if err != nil {
		t.Fatal(err)
	}
	run := func(save func()) exchange.Report {
		t.Helper()
		report, err := exchange.Run(context.Background(), interrupted{server, village.machine.Public(), save}, village.r, town.machine.Public(), clock, village.random)
		if err != nil {
			t.Fatal(err)
		}
		return report
	}
	stillInStep := func(n *node, with *node) bool {
		m, met := n.r.MeetingWith(with.id)
		now, err := n.r.SharedPrint(context.Background(), with.id)
		return met && m.InStep && err == nil && string(now) == string(m.Print)
	}
	if r := run(func() {}); !r.InStep || !stillInStep(village, town) {
		t.Fatalf("%+v", r)
	}
	if r := run(func() { village.newCase("b") }); !r.InStep {
		t.Fatalf("%+v", r)
	}
	if stillInStep(village, town) {
		t.Error("the village says that it is in step, and the town has not got its last case")
	}
	run(func() {})
	if r := run(func() {}); !r.InStep || !stillInStep(village, town) || !stillInStep(town, village) {
		t.Errorf("%+v", r)
	}
}
