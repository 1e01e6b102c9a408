package station

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"hejie/app/api"
	"hejie/app/casework"
	"hejie/store"
	"hejie/sync/oplog"
	"hejie/sync/replica"
)

func (d *desk) preview(id, step, fields string) api.StepPreview {
	d.t.Helper()
	v, err := d.ss.Preview(context.Background(), id, step, []byte(fields))
	if err != nil {
		d.t.Fatal(err)
	}
	return v
}

// lies tells whether operations of a case lie at a desk, whether it can open
// them all, and how many frames it holds at all.
func (d *desk) lies(id string) (held, open bool, frames int) {
	d.t.Helper()
	record, err := parseHex(id)
	if err != nil {
		d.t.Fatal(err)
	}
	r := d.ss.open.replica
	err = r.View(context.Background(), func(rd store.Reader) error {
		if err := rd.Frames(1, func(f store.Frame) (bool, error) {
			frames++
			if f.Kind != store.KindOperation {
				return true, nil
			}
			op, err := oplog.Trusted(f.Bytes)
			held = held || err == nil && op.RecordID() == record
			return true, err
		}); err != nil || !held {
			return err
		}
		open = true
		return r.Operations(rd, record, func(w replica.Written) error {
			open = open && w.Readable
			return nil
		})
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return held, open, frames
}

// TestAPreviewSaysWhoReadsThen: letters over every kind of way; what the preview
// says of readers and carriers is what the desks find when all have met.
func TestAPreviewSaysWhoReadsThen(t *testing.T) {
	court, town, a := county(t)
	b := town.admit(4, "990125101204-tw", "东坡村人民调解委员会", "钱示清", "mediator", "director")
	far := court.admit(5, "990125102000-zz", "白石镇综治中心", "冯例安", "admin", "director", "mediator")
	c := far.admit(6, "990125102201-tw", "白石村人民调解委员会", "卫例平", "mediator", "director")
	desks := []*desk{court, town, a, b, far, c}
	ways := [][2]*desk{{a, town}, {b, town}, {c, far}, {town, court}, {far, court}}
	all := func() {
		for range 3 {
			for _, w := range ways {
				meet(w[0], w[1])
			}
		}
	}
	all()
	court.keeps("", `{"roster.+":{"unit":"990125101204-tw","name":"东坡村"}}`)
	court.keeps("", `{"roster.+":{"unit":"990125102201-tw","name":"白石村"}}`)
	const consents = `"consents":[{"who":"李大样","how":"written","at":"2026-03-10"}]`
	effective := func(d *desk) string {
		id := d.newCase("")
		d.act(id, "accept", `{"at":"2026-03-10"}`)
		d.act(id, "assign", `{"mediators":["赵示和"],"by":"committee","at":"2026-03-10"}`)
		d.act(id, "start-session", `{"at":"2026-03-12T19:30:00+08:00"}`)
		d.act(id, "agree", `{"form":"written","at":"2026-03-17","terms":[{"who":"王小例","what":"换新瓦管","due":"2026-03-20"}]}`)
		d.act(id, "sign", `{"by":["李大样","王小例","赵示和"],"seal":true,"at":"2026-03-17"}`)
		return id
	}
	for name, tt := range map[string]struct {
		from              *desk
		made              func(d *desk) string
		step, fields      string
		readers, carriers []*desk
	}{
		"village to village":        {a, func(d *desk) string { return d.newCase("") }, "refer", `{"at":"2026-03-10","kind":"transfer","to":"990125101204-tw","letter_no":"移1号",` + consents + `}`, []*desk{b}, nil},
		"village to township":       {a, func(d *desk) string { return d.newCase("") }, "refer", `{"at":"2026-03-10","kind":"hand_up","to":"990125101000-zz"}`, nil, nil},
		"township to court":         {town, func(d *desk) string { return d.newCase("") }, "refer", `{"at":"2026-03-10","kind":"transfer","to":"990125000000-fy","letter_no":"移2号",` + consents + `}`, []*desk{court}, nil},
		"township to far township":  {town, func(d *desk) string { return d.newCase("") }, "refer", `{"at":"2026-03-10","kind":"transfer","to":"990125102000-zz","letter_no":"移3号",` + consents + `}`, []*desk{far}, []*desk{court}},
		"court to village":          {court, func(d *desk) string { return d.newCase("") }, "refer", `{"at":"2026-03-10","kind":"delegate_pre","to":"990125101204-tw","court_no":"318号",` + consents + `}`, []*desk{b}, []*desk{town}},
		"court to far village":      {court, func(d *desk) string { return d.newCase("") }, "refer", `{"at":"2026-03-10","kind":"delegate_pre","to":"990125102201-tw","court_no":"319号",` + consents + `}`, []*desk{c}, []*desk{far}},
		"application to the court":  {a, effective, "confirm-apply", `{"at":"2026-03-20","court":"990125000000-fy","by":["李大样","王小例"],"answers":[{"question":"status","answer":false},{"question":"ownership","answer":false}]}`, []*desk{court}, nil},
		"a leaflet takes nobody in": {a, func(d *desk) string { return d.newCase("") }, "refer", `{"at":"2026-03-10","kind":"guide","to":"990125101204-tw"}`, nil, nil},
		"no letter at all":          {a, func(d *desk) string { return d.newCase("") }, "accept", `{"at":"2026-03-10"}`, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			id := tt.made(tt.from)
			tt.from.note(id, `{"minutes":"王:最多退南段。"}`)
			all()
			type place struct{ held, open bool }
			before := map[*desk]place{}
			for _, d := range desks {
				held, open, _ := d.lies(id)
				before[d] = place{held, open}
			}
			was := tt.from.get(id)
			_, _, frames := tt.from.lies(id)
			v := tt.from.preview(id, tt.step, tt.fields)
			if _, _, now := tt.from.lies(id); now != frames || tt.from.get(id) != was {
				t.Fatal("a preview changed something")
			}
			saved := tt.from.act(id, tt.step, tt.fields)
			if *saved.State != v.State {
				t.Errorf("the state is %+v, the preview said %+v", *saved.State, v.State)
			}
			all()
			var reads, carries []string
			for _, d := range desks {
				held, open, _ := d.lies(id)
				switch was := before[d]; {
				case open && !was.open:
					reads = append(reads, d.status().Unit)
				case held && !open && !was.held:
					carries = append(carries, d.status().Unit)
				}
			}
			saidReads, saidCarries := namesOf(v.Opens)
			if !slices.Equal(sortedStrings(reads), saidReads) || !slices.Equal(sortedStrings(carries), saidCarries) {
				t.Errorf("read now %v, carry now %v; the preview said %v and %v", reads, carries, saidReads, saidCarries)
			}
			if want := units(tt.readers); !slices.Equal(want, saidReads) || !slices.Equal(units(tt.carriers), saidCarries) {
				t.Errorf("the preview says %v and %v", saidReads, saidCarries)
			}
			if o := v.Opens; o != nil {
				if lines, err := tt.from.ss.History(context.Background(), id); err != nil || o.Operations != opsIn(lines) || o.Since != "2026-02-02" || !o.Digest || len(o.Never) != 5 || o.Unnamed != 0 {
					t.Errorf("%+v, %d operations, %v", o, opsIn(lines), err)
				}
				for _, d := range tt.readers { // what never goes did not
					if n, err := d.ss.Notes(context.Background(), id); err != nil || n.Minutes != "" {
						t.Errorf("%+v %v", n, err)
					}
				}
			}
			next, err := tt.from.ss.Steps(context.Background(), id)
			if err != nil {
				t.Fatal(err)
			}
			var lawful, said []string
			for _, s := range next {
				if s.Allowed {
					lawful = append(lawful, fmt.Sprint(s.Step, s.Next))
				}
			}
			for _, s := range v.Next {
				said = append(said, fmt.Sprint(s.Step, s.Usual))
			}
			if !slices.Equal(lawful, said) {
				t.Errorf("possible now\n%v, the preview said\n%v", lawful, said)
			}
			running, err := tt.from.ss.Case(context.Background(), id)
			if err != nil {
				t.Fatal(err)
			}
			for _, k := range v.Started {
				if !slices.ContainsFunc(running.Clocks, func(r api.Clock) bool { return r.Clock == k.Clock && r.DueOn == k.DueOn && r.EndedOn == "" }) {
					t.Errorf("the clock %s until %s does not run", k.Clock, k.DueOn)
				}
			}
		})
	}
	if st := town.status(); st.Late != 0 {
		t.Errorf("%+v", st)
	}
}

func namesOf(o *api.Opening) (readers, carriers []string) {
	if o == nil {
		return nil, nil
	}
	for _, u := range o.Readers {
		readers = append(readers, u.Unit)
	}
	for _, u := range o.Carriers {
		carriers = append(carriers, u.Unit)
	}
	return sortedStrings(readers), sortedStrings(carriers)
}

func units(desks []*desk) (out []string) {
	for _, d := range desks {
		out = append(out, d.status().Unit)
	}
	return sortedStrings(out)
}

func sortedStrings(in []string) []string {
	slices.Sort(in)
	return in
}

func opsIn(lines []api.Change) int {
	seen := map[string]bool{}
	for _, l := range lines {
		if !l.Notes {
			seen[l.ID] = true
		}
	}
	return len(seen)
}

// TestAPreviewRefusesAsTheStep: the same refusals, field errors and warnings as
// the step itself.
func TestAPreviewRefusesAsTheStep(t *testing.T) {
	_, town, village := county(t)
	ctx := context.Background()
	id := village.newCase("")
	old := village.heads(id)
	village.keeps("", `{"abbr":"河湾"}`)
	if v := village.preview(id, "accept", `{"at":"2026-03-10"}`); v.Number != "（2026）河湾人调字第1号" {
		t.Errorf("the number would be %q", v.Number)
	}
	// It claimed none: another case takes it meanwhile.
	other := village.newCase("")
	village.act(other, "accept", `{"at":"2026-03-10"}`)
	if v := village.preview(id, "accept", `{"at":"2026-03-10"}`); v.Number != "（2026）河湾人调字第2号" || v.State.Mediation != "accepted" {
		t.Errorf("%+v", v)
	}
	village.act(id, "accept", `{"at":"2026-03-10"}`)
	meet(village, town)
	for name, tt := range map[string]struct {
		step, fields string
		base         []string
		warned       bool
	}{
		"out of order":    {step: "sign", fields: `{}`},
		"no such step":    {step: "dance", fields: `{}`},
		"a field missing": {step: "assign", fields: `{}`},
		"a wrong date":    {step: "terminate", fields: `{"reason":"refused","at":"2026-02-30"}`},
		"too early":       {step: "terminate", fields: `{"reason":"refused","at":"2026-03-01"}`},
		"to nobody":       {step: "refer", fields: `{"at":"2026-03-10","kind":"guide","to":"990125999999-tw"}`},
		"no consents":     {step: "refer", fields: `{"at":"2026-03-10","kind":"delegate_pre","to":"990125101000-zz"}`},
		"a stale view":    {step: "assign", fields: `{"mediators":["赵示和"],"by":"committee","at":"2026-03-10"}`, base: old},
		"foreign heads":   {step: "assign", fields: `{}`, base: []string{strings.Repeat("ab", 32)}},
		"no heads":        {step: "assign", fields: `{}`, base: []string{"zz"}},
		"a warning":       {step: "assign", fields: `{"mediators":["李大样"],"by":"committee","at":"2026-03-10"}`, warned: true},
	} {
		v, err := village.ss.Preview(ctx, id, tt.step, []byte(tt.fields), tt.base...)
		saved, real := village.ss.Act(ctx, token(), id, tt.step, []byte(tt.fields), tt.base...)
		if tt.warned {
			if err != nil || real != nil || len(v.Warnings) != 1 || v.Warnings[0].Code != saved.Warnings[0].Code {
				t.Errorf("%s: %v %+v, %v %+v", name, err, v.Warnings, real, saved.Warnings)
			}
			continue
		}
		a, _ := api.ReasonOf(err)
		b, _ := api.ReasonOf(real)
		if err == nil || a.Code != b.Code || a.Detail != b.Detail {
			t.Errorf("%s: the preview says %v, the step %v", name, err, real)
		}
	}
	var refusal *casework.Refusal
	if _, err := village.ss.Preview(ctx, id, "refer-accept", nil); !errors.As(err, &refusal) {
		t.Error(err)
	}
	_ = village.ss.Close()
	if _, err := village.ss.Preview(ctx, id, "assign", nil); err == nil {
		t.Error("somebody who signed out looks ahead")
	}
}
