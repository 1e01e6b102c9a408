package station

import (
	"context"
	"testing"

	"hejie/app/api"
)

// mastered is a county with two masters: what its root is, who guides and who
// supervises. Township and village were admitted before anybody was named; the
// village's own log names neither.
type mastered struct {
	root, court, bureau, town, village *desk
}

const (
	courtCode  = "990125000000-fy"
	bureauCode = "990125000000-sfj"
)

func newMastered(t *testing.T, root string) *mastered {
	t.Helper()
	ctx := context.Background()
	c := &mastered{root: newDesk(t, 61)}
	done, err := c.root.s.InitRoot(ctx, rootOf(root))
	if err != nil {
		t.Fatal(err)
	}
	c.root.signInAs(done.Seat, secret)
	c.court, c.bureau = c.root, c.root
	c.town = c.root.admit(62, "990125101000-zz", "清溪镇综治中心", "郑例贤", "admin", "director", "mediator")
	c.village = c.town.admit(63, "990125101203-tw", "河湾村人民调解委员会", "赵示和", "mediator", "director")
	// A court is supervised by nobody: where it is the root, the township's log
	// says who supervises the village.
	r := api.RelateRequest{Unit: root}
	if root == courtCode {
		r.Unit = "990125101000-zz"
	}
	if root != courtCode {
		c.court = c.root.admit(64, courtCode, "青禾县人民法院", "吴例静", "admin", "director", "judge", "clerk")
		r.Court = courtCode
	}
	if root != bureauCode {
		c.bureau = c.root.admit(65, bureauCode, "青禾县司法局", "孙例正", "admin", "director", "clerk")
		r.Bureau = bureauCode
	}
	if _, err := c.root.ss.Relate(ctx, r); err != nil {
		t.Fatal(err)
	}
	c.meet()
	return c
}

func (c *mastered) meet() {
	for range 3 {
		for _, d := range []*desk{c.court, c.bureau, c.town} {
			if d != c.root {
				meet(d, c.root)
			}
		}
		meet(c.village, c.town)
	}
}

// TestMastersDoNotReadEachOther: the law sets court and bureau side by side, so
// the tree of the one does not make it a reader of the other's files.
func TestMastersDoNotReadEachOther(t *testing.T) {
	for _, root := range []string{bureauCode, "990125000000-zz", courtCode} {
		t.Run(root, func(t *testing.T) {
			for _, by := range []string{courtCode, bureauCode} {
				c := newMastered(t, root)
				owner := c.court
				if by == bureauCode {
					owner = c.bureau
				}
				id := owner.newCase("")
				c.meet()
				for _, other := range []*desk{c.root, c.court, c.bureau, c.town} {
					if other == owner {
						continue
					}
					for name, b := range other.opened() {
						if w := has(b); w != "" {
							t.Fatalf("%s has %q of a case of %s in %s", other.body(), w, by, name)
						}
					}
					_, err := other.ss.Document(context.Background(), id)
					if held := err == nil; held != (other == c.root || root == bureauCode && other == c.court) {
						t.Errorf("%s holds the figures of a case of %s: %t, %v", other.body(), by, held, err)
					}
				}
			}
		})
	}
}

// TestMastersWriteToAnyVillage: a letter of either reaches a village whose own
// log names neither, whoever stands at the root.
func TestMastersWriteToAnyVillage(t *testing.T) {
	for _, root := range []string{bureauCode, "990125000000-zz", courtCode} {
		t.Run(root, func(t *testing.T) {
			c := newMastered(t, root)
			c.court.keeps("", `{"roster.+":{"unit":"990125101203-tw","name":"河湾村人民调解委员会"}}`)
			sent := map[*desk]string{
				c.court:  `{"at":"2026-03-10","kind":"delegate_pre","to":"990125101203-tw","court_no":"（2026）样0125民诉前调318号","consents":[{"who":"李大样","how":"written","at":"2026-03-10"},{"who":"王小例","how":"written","at":"2026-03-10"}]}`,
				c.bureau: `{"at":"2026-03-10","kind":"transfer","to":"990125101203-tw","letter_no":"（2026）样移字第1号","consents":[{"who":"李大样","how":"written","at":"2026-03-10"},{"who":"王小例","how":"written","at":"2026-03-10"}]}`,
			}
			for by, letter := range sent {
				id := by.newCase("")
				by.act(id, "refer", letter)
				c.meet()
				c.village.act(id, "refer-receive", `{"at":"2026-03-10"}`)
				c.village.act(id, "refer-accept", `{"at":"2026-03-10"}`)
				c.village.act(id, "accept", `{"at":"2026-03-10"}`)
				c.village.act(id, "assign", `{"mediators":["赵示和"],"by":"committee","at":"2026-03-10"}`)
				c.village.act(id, "start-session", `{"at":"2026-03-12","place":"调解室"}`)
				c.village.act(id, "terminate", `{"reason":"deadlock","at":"2026-03-13"}`)
				c.village.act(id, "refer-report", `{"at":"2026-03-13","result":"deadlock","why":"双方差距较大"}`)
				c.meet()
				if got := by.see(id).State.Referral; got != "reported" {
					t.Errorf("%s sees its letter as %q", by.body(), got)
				}
			}
		})
	}
}

func (d *desk) body() string {
	u, _ := d.ss.registry().Unit(d.ss.unit)
	return bodyOf(u)
}
