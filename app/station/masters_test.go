package station

import (
	"context"
	"strings"
	"testing"

	"hejie/app/api"
	"hejie/app/tables"
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

// days sets the length of a clock in a document of the table.
func days(id string, n int) func(doc map[string]any) {
	return func(doc map[string]any) {
		for _, row := range doc["content"].(map[string]any)["clocks"].([]any) {
			if r := row.(map[string]any); r["id"] == id {
				r["length"] = n
			}
		}
	}
}

// TestNoTableHasTwoMasters: whoever is the root, each publishes the tables and
// rows of its own authority; what is the other's is refused, or counts for
// nothing where it was published before the other was named.
func TestNoTableHasTwoMasters(t *testing.T) {
	for _, root := range []string{bureauCode, "990125000000-zz", courtCode} {
		t.Run(root, func(t *testing.T) {
			c := newMastered(t, root)
			ctx := context.Background()
			published := func(d *desk) int {
				u, _ := d.ss.registry().Unit(d.ss.unit)
				return len(u.Tables)
			}
			for name, x := range map[string]struct {
				by       *desk
				document []byte
				says     string
			}{
				"the bureau's numbers, by the court":    {c.court, c.court.tableDoc(tables.TableNumbering, 2, nil), "numbering table"},
				"the court's questions, by the bureau":  {c.bureau, c.bureau.tableDoc(tables.TableConfirmation, 2, nil), ""},
				"the bureau's clock, by the court":      {c.court, c.court.tableDoc(tables.TableClocks, 2, days(tables.ClockMediation, 20)), "clocks[0] (mediation)"},
				"the court's clock, by the bureau":      {c.bureau, c.bureau.tableDoc(tables.TableClocks, 2, days(tables.ClockDelegated, 20)), "clocks[2] (delegated)"},
				"the bureau's rights, by the court":     {c.court, c.court.tableDoc(tables.TableAuthority, 2, bodies(tables.TableNumbering, "fy")), "tables[4] (numbering)"},
				"a folder for the court, by the bureau": {c.bureau, c.bureau.tableDoc(tables.TableDocuments, 2, renamed("export_folders")), "documents export_folders"},
				"the volume, by the court":              {c.court, c.court.tableDoc(tables.TableDocuments, 2, renamed("volume")), "documents volume"},
			} {
				before := published(x.by)
				_, err := x.by.ss.PublishTable(ctx, x.document)
				if code := problemCode(err); code != "table_master" && code != "table_authority" || !strings.Contains(err.Error(), x.says) {
					t.Errorf("%s: %v", name, err)
				}
				if after := published(x.by); after != before {
					t.Errorf("%s: %d tables, before %d", name, after, before)
				}
			}
			c.court.publish(c.court.tableDoc(tables.TableClocks, 2, days(tables.ClockDelegated, 25)))
			c.meet()
			c.bureau.publish(c.bureau.tableDoc(tables.TableClocks, 2, days(tables.ClockMediation, 20)))
			c.bureau.publish(c.bureau.tableDoc(tables.TableDocuments, 2, renamed("volume")))
			c.court.publish(c.court.tableDoc(tables.TableDocuments, 3, renamed("export_folders")))
			c.court.publish(c.court.tableDoc(tables.TableConfirmation, 2, nil))
			c.bureau.publish(c.bureau.tableDoc(tables.TableNumbering, 2, nil))
			c.meet()
			for _, d := range []*desk{c.court, c.bureau, c.town, c.village, c.root} {
				set := d.ss.Tables(c.village.ss.unit)
				mediation, _ := set.Clock(tables.ClockMediation)
				delegated, _ := set.Clock(tables.ClockDelegated)
				if mediation.Length != 20 || delegated.Length != 25 {
					t.Errorf("%s: mediation %d days, delegated %d", d.body(), mediation.Length, delegated.Length)
				}
				docs := set.Documents()
				if docs.Volume[0].Zh != "改过的" || docs.Folders[0].Zh != "改过的" {
					t.Errorf("%s: %s, %s", d.body(), docs.Volume[0].Zh, docs.Folders[0].Zh)
				}
			}
			list, err := c.village.ss.ListTables(ctx, "")
			if err != nil {
				t.Fatal(err)
			}
			for _, line := range list {
				if line.Unit != "" && !line.Effective {
					t.Errorf("%+v", line)
				}
			}
		})
	}
}

// TestASecondMasterComesLater: what the court published while it stood alone ends
// where a bureau is named, and its other tables stay.
func TestASecondMasterComesLater(t *testing.T) {
	court, town, village := county(t)
	court.publish(court.tableDoc(tables.TableNumbering, 2, nil))
	court.publish(court.tableDoc(tables.TableConfirmation, 2, nil))
	court.publish(court.tableDoc(tables.TableClocks, 2, days(tables.ClockMediation, 20)))
	bureau := court.admit(65, bureauCode, "青禾县司法局", "孙例正", "admin", "director")
	if _, err := court.ss.Relate(context.Background(), api.RelateRequest{Unit: "990125101000-zz", Bureau: bureauCode}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		meet(bureau, court)
		meet(town, court)
		meet(village, town)
	}
	for _, d := range []*desk{court, town, village} {
		set := d.ss.Tables(village.ss.unit)
		clock, _ := set.Clock(tables.ClockMediation)
		if got := originOf(d, set, tables.TableNumbering); got != "/1" || clock.Length != 30 {
			t.Errorf("%s: the numbers are %s, mediation %d days", d.body(), got, clock.Length)
		}
		if got := originOf(d, set, tables.TableConfirmation); got != "青禾县人民法院/2" {
			t.Errorf("%s: the questions are %s", d.body(), got)
		}
	}
	list, err := village.ss.ListTables(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range list {
		if line.Table == tables.TableNumbering && line.Unit != "" && line.Why != api.TableOtherMaster {
			t.Errorf("%+v", line)
		}
	}
	bureau.publish(bureau.tableDoc(tables.TableNumbering, 2, nil))
}

// bodies sets who may publish a table; renamed changes the first row of a list.
func bodies(table string, to ...string) func(doc map[string]any) {
	return func(doc map[string]any) {
		for _, row := range doc["content"].(map[string]any)["tables"].([]any) {
			if r := row.(map[string]any); r["id"] == table {
				r["bodies"] = to
			}
		}
	}
}

func renamed(list string) func(doc map[string]any) {
	return func(doc map[string]any) {
		doc["content"].(map[string]any)[list].([]any)[0].(map[string]any)["zh"] = "改过的"
	}
}
