package station

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"hejie/app/api"
	"hejie/store"
	"hejie/store/host/memfs"
	"hejie/store/mem"
	"hejie/sync/exchange"
	"hejie/sync/identity"
)

// cheap makes secrets quick to try; the default is for people.
var cheap = identity.Cost{Time: 1, Memory: 8 << 10, Lanes: 1}

const secret = "八个字的口令真长"

// ticking is a clock that goes on by a millisecond a look.
type ticking struct {
	mu sync.Mutex
	at int64
}

func (c *ticking) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at++
	return time.UnixMilli(c.at)
}

// chacha is a deterministic source of bytes.
type chacha struct {
	mu sync.Mutex
	r  *rand.ChaCha8
}

func (c *chacha) Read(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.r.Read(b)
}

// desk is a station on a disk in memory with one person signed in.
type desk struct {
	t  *testing.T
	s  *Station
	o  Options
	ss *Session
	fs *memfs.FS
	// seen are heads of cases that this person looked at a while ago.
	seen map[string][]string
}

func newDesk(t *testing.T, seed uint64) *desk {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	fs := memfs.New(seed)
	d := &desk{t: t, fs: fs, o: Options{
		Dir: "data", Outside: "outside", FS: fs, Clock: &ticking{at: 1_770_000_000_000 + int64(seed)}, Random: &chacha{r: rand.NewChaCha8(key)},
		Engine: mem.Opener{}, Cost: cheap, Reserve: -1, Version: "test",
	}}
	d.start()
	return d
}

func (d *desk) start() {
	d.t.Helper()
	s, err := Open(d.o)
	if err != nil {
		d.t.Fatal(err)
	}
	d.s = s
	d.t.Cleanup(func() { _ = s.Close() })
}

func (d *desk) signIn() {
	d.t.Helper()
	h, err := d.s.SeatBy(context.Background(), "")
	if err != nil {
		d.t.Fatal(err)
	}
	d.signInAs(h.Seat, secret)
}

func (d *desk) signInAs(seat, secret string) {
	d.t.Helper()
	ss, err := d.s.SignIn(context.Background(), seat, secret)
	if err != nil {
		d.t.Fatal(err)
	}
	d.ss = ss.(*Session)
}

// again closes the program and opens it anew.
func (d *desk) again() {
	d.t.Helper()
	if err := d.s.Close(); err != nil {
		d.t.Fatal(err)
	}
	d.start()
	d.signIn()
}

func newCourt(t *testing.T, seed uint64) *desk {
	d := newDesk(t, seed)
	_, err := d.s.InitRoot(context.Background(), api.RootRequest{Unit: "990125000000-fy", UnitName: "青禾县人民法院", SeatName: "吴例静", Roles: []string{"admin", "judge", "clerk"}, Secret: secret, Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	d.signIn()
	return d
}

// admit enrols a new station under d by files.
func (d *desk) admit(seed uint64, code, name, person string, roles ...string) *desk {
	d.t.Helper()
	child := newDesk(d.t, seed)
	req, err := child.s.RequestEnrolment(context.Background(), api.EnrolmentRequest{Unit: code, UnitName: name, SeatName: person, Roles: roles, Secret: secret})
	if err != nil {
		d.t.Fatal(err)
	}
	e, err := d.ss.Enrol(context.Background(), api.EnrolRequest{Request: req.File.Data})
	if err != nil {
		d.t.Fatal(err)
	}
	if _, err := child.s.Join(context.Background(), api.JoinRequest{Certificate: e.File.Data, Secret: secret}); err != nil {
		d.t.Fatal(err)
	}
	child.signIn()
	return child
}

func county(t *testing.T) (court, town, village *desk) {
	court = newCourt(t, 1)
	town = court.admit(2, "990125101000-zz", "清溪镇综治中心", "郑例贤", "admin", "director", "mediator")
	village = town.admit(3, "990125101203-tw", "河湾村人民调解委员会", "赵示和", "mediator", "director")
	return court, town, village
}

// wire is an exchange in the same process.
type wire struct {
	server *exchange.Server
	from   store.ID
}

func (w wire) Roundtrip(ctx context.Context, request []byte) ([]byte, error) {
	return w.server.Serve(ctx, w.from, request)
}

// meet lets a call b.
func meet(a, b *desk) exchange.Report {
	a.t.Helper()
	server, err := exchange.NewServer(b.ss.open.replica, b.o.Clock, b.o.Random)
	if err != nil {
		a.t.Fatal(err)
	}
	report, err := exchange.Run(context.Background(), wire{server, a.ss.open.machine.Public()}, a.ss.open.replica, b.ss.open.machine.Public(), a.o.Clock, a.o.Random)
	if err != nil {
		a.t.Fatal(err)
	}
	for _, d := range []*desk{a, b} {
		if err := d.s.takeReadingKeys(context.Background(), d.ss.open, d.ss.keys); err != nil {
			a.t.Fatal(err)
		}
		d.ss.pay(context.Background())
	}
	return report
}

func token() string { return uuid.Must(uuid.NewV7()).String() }

func wallCase(number string) []byte {
	if number != "" {
		number = fmt.Sprintf(`"external_id":%q,`, number)
	}
	return fmt.Appendf(nil, `{%s"category":"02","source":"application","title":"李大样与王小例墙界纠纷","received_at":"2026-03-09T09:00:00+08:00",
"facts":"我家与王小例家东西相邻,中间原有一道1998年砌的土墙。","claims":"请求王小例按原墙中心线退回。","amount_fen":30000,"place":"河湾村3组","tags":["elderly"],
"parties":[{"side":"applicant","kind":"person","name":"李大样","sex":"male","phone":"000-0000-0001","needs":["elderly"]},{"side":"respondent","kind":"person","name":"王小例","phone":"000-0000-0002"}]}`, number)
}

func (d *desk) newCase(number string) string {
	d.t.Helper()
	saved, err := d.ss.NewCase(context.Background(), token(), wallCase(number))
	if err != nil {
		d.t.Fatal(err)
	}
	return saved.ID
}

func (d *desk) set(id, fields string) api.Saved {
	d.t.Helper()
	saved, err := d.ss.PatchCase(context.Background(), token(), id, api.Patch{Fields: api.Object(fields)})
	if err != nil {
		d.t.Fatal(err)
	}
	return saved
}

func (d *desk) act(id, step, fields string) api.Saved {
	d.t.Helper()
	saved, err := d.ss.Act(context.Background(), token(), id, step, []byte(fields))
	if err != nil {
		d.t.Fatal(err)
	}
	return saved
}

func (d *desk) get(id string) string {
	d.t.Helper()
	b, err := d.ss.Document(context.Background(), id)
	if err != nil {
		d.t.Fatal(err)
	}
	return string(b)
}

func (d *desk) status() api.Status {
	d.t.Helper()
	st, err := d.ss.Status(context.Background())
	if err != nil {
		d.t.Fatal(err)
	}
	return st
}
