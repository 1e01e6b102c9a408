package cli

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"hejie/app/api"
)

// previewStep tells what a step would do, and does nothing.
func (a *app) previewStep(ctx context.Context, id, step, file string, base []string) error {
	return a.session(ctx, func(s api.Session) error {
		fields, err := a.stepFields(file)
		if err != nil {
			return err
		}
		v, err := s.Preview(ctx, id, step, json.RawMessage(fields), base...)
		if err != nil {
			return err
		}
		a.warn(v.Warnings)
		return a.answer(v, func(p *printer) { p.preview(v) })
	})
}

// preview prints what a step would do.
func (p *printer) preview(v api.StepPreview) {
	p.say("preview.state", "step", p.name("step", v.Step), "state", p.state(v.State))
	if v.Number != "" {
		p.say("preview.number", "number", v.Number)
	}
	for _, c := range v.Started {
		p.say("preview.started", "clock", p.a.in(c.Label), "due", c.DueOn, "article", p.a.in(c.Article))
	}
	for _, c := range v.Ended {
		p.say("preview.ended", "clock", p.a.in(c.Label))
	}
	var next []string
	for _, s := range v.Next {
		next = append(next, s.Step+" "+p.a.in(s.Label))
	}
	p.say("preview.next", "steps", strings.Join(next, ", "))
	if v.Opens == nil {
		p.say("preview.opens.nobody")
		return
	}
	p.opening(*v.Opens)
}

// opening prints what is given to whom.
func (p *printer) opening(o api.Opening) {
	p.say("preview.opens", "operations", strconv.Itoa(o.Operations), "since", o.Since)
	for _, u := range o.Readers {
		p.columns("", u.Code, u.Name, u.Unit)
	}
	if o.Digest {
		p.say("preview.digest")
	}
	if len(o.Carriers)+o.Unnamed > 0 {
		p.say("preview.carriers")
	}
	for _, u := range o.Carriers {
		p.columns("", u.Code, u.Name, u.Unit)
	}
	if o.Unnamed > 0 {
		p.say("preview.unnamed", "n", strconv.Itoa(o.Unnamed))
	}
	var never []string
	for _, c := range o.Never {
		never = append(never, p.a.in(c.Label))
	}
	p.say("preview.never", "what", strings.Join(never, ", "))
	p.line(p.a.in(o.Final))
}
