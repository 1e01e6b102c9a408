package station

import (
	"context"
	"regexp"
	"strconv"
	"time"

	"hejie/app/api"
	"hejie/app/casework"
	"hejie/app/casework/data"
	"hejie/app/docket"
	"hejie/store"
	"hejie/sync/crdt"
)

// maxHave bounds the files that are looked for among a case's papers.
const maxHave = 10_000

var hashForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

// Docket implements api.Docketing.
func (ss *Session) Docket(ctx context.Context, id string, r api.DocketRequest) (api.DocketFolder, error) {
	if err := ss.live(); err != nil {
		return api.DocketFolder{}, err
	}
	if !ss.worksOnCases() {
		return api.DocketFolder{}, say(CodeNotAllowed, "docket.masked")
	}
	in, err := ss.docketInput(ctx, id, r)
	if err != nil {
		return api.DocketFolder{}, err
	}
	made, err := docket.Build(in)
	if err != nil {
		return api.DocketFolder{}, err
	}
	return showDocket(made), nil
}

// docketInput reads what a folder is made from, on one consistent reading.
func (ss *Session) docketInput(ctx context.Context, id string, r api.DocketRequest) (docket.Input, error) {
	in := docket.Input{Lang: data.Chinese, At: r.At, Unit: ss.docketUnit}
	if r.Lang == string(data.English) {
		in.Lang = data.English
	}
	if in.At == "" {
		in.At = ss.station.o.Clock.Now().UTC().Format(time.RFC3339)
	} else if _, err := time.Parse(time.RFC3339, in.At); err != nil {
		return in, say(api.CodeInvalidField, "docket.at", "value", shorten(in.At))
	}
	if len(r.Have) > maxHave {
		return in, say(api.CodeTooLarge, "docket.have", "limit", strconv.Itoa(maxHave))
	}
	for _, h := range r.Have {
		if !hashForm.MatchString(h.SHA256) {
			return in, say(api.CodeInvalidField, "docket.hash", "value", shorten(h.SHA256))
		}
		in.Have = append(in.Have, docket.Have(h))
	}
	_, seat, _ := ss.registry().Seat(ss.seat())
	by, _ := ss.docketUnit(hexID(ss.unit))
	in.By = docket.Maker{Unit: by.Unit, Seat: hexID(ss.seat()), SeatName: seat.Name}
	err := ss.view(ctx, func(rd store.Reader) error {
		if _, err := ss.whole(rd, id); err != nil {
			return err
		}
		d, err := ss.document(rd, id)
		if err != nil {
			return err
		}
		court := func(unit crdt.ID) bool { b, _ := ss.docketUnit(hexID(unit)); return b.Court }
		if in.Facts, err = casework.DocketOf(d.state, plainNames, r.Kind, court); err != nil {
			return caseError(err)
		}
		in.View, in.Owner, in.Tables = d.whole, hexID(d.rec.Owner), ss.Tables(d.rec.Owner)
		in.Clocks = casework.Clocks(d.state, in.Tables, d.rec.Owner, ss.place(d.rec.Owner))
		return nil
	})
	return in, err
}

// docketUnit is a unit as a cover names it.
func (ss *Session) docketUnit(id string) (docket.Body, bool) {
	u, ok := ss.unitBy(id)
	if !ok || hexID(u.ID) != id {
		return docket.Body{}, false
	}
	out := docket.Body{Unit: docket.Unit{Code: u.Code, Name: u.Name}}
	if code, _, err := casework.ParseUnitCode(u.Code); err == nil {
		out.Court = code.Body == "fy" || code.Body == "ft"
	}
	return out, true
}

func showDocket(p docket.Package) api.DocketFolder {
	out := api.DocketFolder{
		DocketSummary: api.DocketSummary{Case: p.Cover.CaseID, Kind: p.Cover.Kind, Documents: len(p.Cover.Documents), Unlisted: []string{}, Warnings: []api.Reason{}},
		Dirs:          p.Dirs,
	}
	out.Unlisted = append(out.Unlisted, p.Unlisted...)
	for _, d := range p.Cover.Documents {
		*map[string]*int{docket.Made: &out.Made, docket.Enclosed: &out.Enclosed, docket.OnPaper: &out.Paper, docket.Missing: &out.Missing}[d.Where]++
	}
	for _, f := range p.Files {
		out.Files = append(out.Files, api.DocketFile(f))
	}
	for _, c := range p.Copies {
		out.Copies = append(out.Copies, api.DocketCopy(c))
	}
	warn := func(key string, params ...string) {
		out.Warnings = append(out.Warnings, say("warning_docket", key, params...).Reason)
	}
	for _, l := range p.Withheld {
		warn("docket.withheld."+l.Withheld, "name", l.Name)
	}
	for _, field := range p.Cover.Unsettled {
		e := say("warning_docket", "docket.unsettled", "field", data.Name("field", field, data.English))
		e.Reason.Texts.ZH = data.Text(data.Chinese, "docket.unsettled", map[string]string{"field": data.Name("field", field, data.Chinese)})
		out.Warnings = append(out.Warnings, e.Reason)
	}
	for _, c := range p.Cover.Clocks {
		if late := c.EndedOn == "" && c.DueOn != "" && c.DueOn < casework.BeijingDay(p.Cover.MadeAt); late && c.Clock == casework.ClockConfirmation && p.Cover.Kind == casework.DocketConfirmation {
			warn("docket.late", "due", c.DueOn) // told, not refused: a person and then the court decide
		}
	}
	if out.Missing > 0 {
		warn("docket.missing", "n", strconv.Itoa(out.Missing))
	}
	return out
}

// say makes an error whose sentence is a message of casework's data, in both
// languages.
func say(code, key string, params ...string) *api.Error {
	e := problem(code, "", params...)
	e.Reason.Detail = data.Text(data.English, key, e.Reason.Params)
	e.Reason.Texts = &api.Label{ZH: data.Text(data.Chinese, key, e.Reason.Params), EN: e.Reason.Detail}
	return e
}
