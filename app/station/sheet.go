package station

import (
	"context"
	"fmt"

	"hejie/app/api"
	"hejie/app/casework"
	"hejie/app/casework/data"
	"hejie/app/forms"
)

// sheet lays the plain summary of a case out for print.
func (ss *Session) sheet(d *document, lang string) api.Sheet {
	l := data.Chinese
	if lang == string(data.English) {
		l = data.English
	}
	named := ss.named(d)
	out := api.Sheet{Case: named.ID, Title: named.Title, Subtitle: named.Unit, Lang: string(l), Sections: []api.SheetSection{}}
	for _, s := range casework.Sheet(named, l) {
		out.Sections = append(out.Sections, showSection(s))
	}
	return out
}

// named is a case with the names of units and seats in the place of their ids,
// where the logs here have them.
func (ss *Session) named(d *document) casework.CaseView {
	v := d.whole
	if name := ss.unitName(hexID(d.rec.Owner)); name != "" {
		v.Unit = name
	}
	for i := range v.Steps {
		s := &v.Steps[i]
		by := ss.by(s.Seat, s.Unit, s.At)
		s.Seat, s.Unit = by.SeatName, by.UnitName
	}
	for _, c := range v.Conflicts {
		for i := range c.Values {
			said := &c.Values[i]
			by := ss.by(said.Seat, said.Unit, said.At)
			said.Seat = by.SeatName
			if by.UnitName != "" {
				said.Unit = by.UnitName
			}
		}
	}
	return v
}

// showSection turns lines of label and value into pairs; a section of one
// unlabelled value is running text.
func showSection(s casework.Section) api.SheetSection {
	out := api.SheetSection{Key: s.Key, Heading: s.Title, Kind: "pairs"}
	if len(s.Items) == 1 && s.Items[0].Label == "" && len(s.Items[0].Items) == 0 {
		out.Kind, out.Paragraphs = "text", []string{s.Items[0].Value}
		return out
	}
	var add func(items []casework.SheetItem)
	add = func(items []casework.SheetItem) {
		for _, it := range items {
			out.Pairs = append(out.Pairs, api.SheetPair{Label: it.Label, Value: it.Value})
			add(it.Items)
		}
	}
	add(s.Items)
	return out
}

// Form implements api.CaseReader: "sheet" is the plain summary; the statutory
// forms come with the issue that builds them.
func (ss *Session) Form(ctx context.Context, id, form, lang string) (api.FormFile, error) {
	if form != "sheet" {
		return api.FormFile{}, problem(api.CodeNotFound, fmt.Sprintf("there is no form %q: this program has `sheet`", shorten(form)), "form", shorten(form))
	}
	sheet, err := ss.Sheet(ctx, id, lang)
	if err != nil {
		return api.FormFile{}, err
	}
	doc := forms.Document{Title: sheet.Title, Subtitle: sheet.Subtitle, Lang: sheet.Lang}
	for _, s := range sheet.Sections {
		part := forms.Section{Heading: s.Heading, Paragraphs: s.Paragraphs}
		for _, p := range s.Pairs {
			part.Pairs = append(part.Pairs, forms.Pair{Label: p.Label, Value: p.Value})
		}
		doc.Sections = append(doc.Sections, part)
	}
	pdf, pages, err := forms.PDF(doc)
	if err != nil {
		return api.FormFile{}, err
	}
	return api.FormFile{Pages: pages, File: api.File{Name: "sheet-" + sheet.Case[:8] + ".pdf", MediaType: "application/pdf", Data: pdf}}, nil
}
