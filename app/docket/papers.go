package docket

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"hejie/app/casework"
	"hejie/app/casework/data"
	"hejie/app/forms"
)

// folderOf maps the codes of docket_folder, as letters have them, to the ids of
// folders in the documents table.
var folderOf = map[string]string{
	"applicant": "applicant", "respondent": "respondent", "application": "mediation_application", "delivery": "service_address",
	"agreement": "agreement", "confirmation": "confirmation_application", "minutes": "minutes", "letter": "transfer_letter",
	"rights": "rights_notice", "preservation": "preservation", "appraisal": "appraisal", "other": "other",
}

// made lays out what the record itself says, as plain pages to read and to copy
// from. They are no statutory forms and nobody signed them, which each says.
func (b *builder) made() error {
	facts := b.in.Facts
	if facts.Agreement != nil {
		if err := b.page("agreement", b.say("paper.agreement"), b.agreementPage()); err != nil {
			return err
		}
	}
	if facts.Kind == casework.DocketConfirmation {
		if err := b.page("confirmation_application", b.say("paper.application"), b.applicationPage()); err != nil {
			return err
		}
	}
	if facts.Undisputed != nil {
		if err := b.page("minutes", b.say("paper.undisputed"), b.undisputedPage()); err != nil {
			return err
		}
	}
	for _, given := range []struct {
		name string
		list []casework.GivenText
	}{{"paper.minutes", facts.Minutes}, {"paper.released", facts.Released}} {
		for _, g := range given.list {
			if err := b.page("minutes", b.say(given.name), b.givenPage(g)); err != nil {
				return err
			}
		}
	}
	for _, l := range b.out.Cover.Letters {
		name := strings.TrimSpace(b.say("paper.letter") + " " + cmp.Or(l.LetterNo, l.CourtNo))
		if err := b.page("transfer_letter", name, b.letterPage(l)); err != nil {
			return err
		}
	}
	return nil
}

// page lays out one paper and puts it into its folder.
func (b *builder) page(folder, name string, sections []forms.Section) error {
	pdf, pages, err := forms.PDF(forms.Document{Title: name, Subtitle: b.say("unsigned"), Lang: string(b.in.Lang), Sections: sections})
	if err != nil {
		return err
	}
	p := Paper{Folder: folder, Name: name, Pages: int64(pages), Where: Made, Path: b.place(folder, name, ".pdf")}
	p.SHA256 = b.file(p.Path, pdf)
	b.out.Cover.Documents = append(b.out.Cover.Documents, p)
	return nil
}

// place is the path of a folder's next file.
func (b *builder) place(folder, name, ext string) string {
	b.count[folder]++
	if strings.EqualFold(path.Ext(name), ext) {
		name = name[:len(name)-len(ext)]
	}
	return fmt.Sprintf("%s/%02d_%s%s", b.folders[folder].Path, b.count[folder], SafeName(name), ext)
}

// listed puts the papers of letters into their folders: the files at hand, and
// a line for what is on paper or missing.
func (b *builder) listed() {
	here := map[string]Have{}
	for _, h := range b.in.Have {
		if _, twice := here[h.SHA256]; !twice {
			here[h.SHA256] = h
		}
	}
	wanted := map[string]bool{}
	for _, l := range b.in.Facts.Listed {
		wanted[l.SHA256] = true
		if l.Withheld != "" {
			b.out.Withheld = append(b.out.Withheld, l)
			continue
		}
		p := Paper{
			Folder: cmp.Or(folderOf[l.Folder], "other"), Name: l.Name, Pages: l.Pages, Copies: l.Copies, Copy: l.Copy, SHA256: l.SHA256,
			Where: OnPaper, Letter: l.Letter,
		}
		if l.SHA256 != "" {
			p.Where = Missing
		}
		if h, ok := here[l.SHA256]; ok && l.SHA256 != "" {
			p.Where, p.Path = Enclosed, b.place(p.Folder, l.Name, extension(h.Name))
			b.out.Copies = append(b.out.Copies, Copy{h.SHA256, p.Path})
			b.out.Cover.Files = append(b.out.Cover.Files, File{Path: p.Path, SHA256: h.SHA256, Bytes: h.Bytes})
		}
		b.out.Cover.Documents = append(b.out.Cover.Documents, p)
	}
	for _, h := range b.in.Have {
		if !wanted[h.SHA256] {
			b.out.Unlisted = append(b.out.Unlisted, h.Name)
		}
	}
}

// order numbers the papers as the folders lie.
func (b *builder) order() {
	documents := b.out.Cover.Documents
	slices.SortStableFunc(documents, func(x, y Paper) int {
		return cmp.Compare(b.folders[x.Folder].Position, b.folders[y.Folder].Position)
	})
	for i := range documents {
		documents[i].N = i + 1
	}
}

// sheets makes the printed cover and the list of papers for a spreadsheet.
func (b *builder) sheets() error {
	list := b.csv()
	b.file(SafeName(b.say("file.list"))+".csv", list)
	pdf, _, err := forms.PDF(forms.Document{Title: b.say("title." + b.in.Facts.Kind), Subtitle: b.in.View.Title, Lang: string(b.in.Lang), Sections: b.coverPage()})
	if err != nil {
		return err
	}
	b.file(SafeName(b.say("file.cover"))+".pdf", pdf)
	slices.SortFunc(b.out.Cover.Files, func(x, y File) int { return cmp.Compare(x.Path, y.Path) })
	return nil
}

// part turns a section of casework's sheet into one of a page.
func part(s casework.Section) forms.Section {
	out := forms.Section{Heading: s.Title}
	if len(s.Items) == 1 && s.Items[0].Label == "" && len(s.Items[0].Items) == 0 {
		out.Paragraphs = []string{s.Items[0].Value}
		return out
	}
	var add func([]casework.SheetItem)
	add = func(items []casework.SheetItem) {
		for _, i := range items {
			out.Pairs = append(out.Pairs, forms.Pair{Label: i.Label, Value: i.Value})
			add(i.Items)
		}
	}
	add(s.Items)
	return out
}

// sheet are the parts of casework's plain summary that go out.
func (b *builder) sheet(keys ...string) []forms.Section {
	v := b.in.View
	v.Unit, v.Agreement, v.Steps, v.Conflicts = b.unit(b.in.Owner).Name, b.in.Facts.Agreement, nil, nil
	var out []forms.Section
	for _, s := range casework.Sheet(v, b.in.Lang) {
		if slices.Contains(keys, s.Key) {
			out = append(out, part(s))
		}
	}
	return out
}

// pairs collects labelled lines; those without a value are left out.
type pairs struct {
	b    *builder
	list []forms.Pair
}

func (p *pairs) add(label, value string) {
	if value != "" {
		p.list = append(p.list, forms.Pair{Label: p.b.say("label." + label), Value: value})
	}
}

func (p *pairs) day(label, value string) { p.add(label, casework.SheetDay(value, p.b.in.Lang)) }

func (b *builder) section(key string, fill func(p *pairs)) []forms.Section {
	p := &pairs{b: b}
	fill(p)
	if len(p.list) == 0 {
		return nil
	}
	return []forms.Section{{Heading: b.say("section." + key), Pairs: p.list}}
}

func (b *builder) names(list []string) string { return strings.Join(list, b.say("and")) }

func (b *builder) agreementPage() []forms.Section {
	a := b.out.Cover.Agreement
	out := b.section("mediation", func(p *pairs) {
		p.add("unit", b.out.Cover.Mediation.Unit.Name)
		p.add("number", a.Number)
	})
	out = append(out, b.sheet("parties", "agreement")...)
	return append(out, b.section("signed", func(p *pairs) {
		p.add("signed_by", b.names(a.Signed))
		p.day("mediator_on", a.MediatorOn)
		p.day("sealed_on", a.SealedOn)
		p.day("effective_on", a.EffectiveOn)
	})...)
}

func (b *builder) applicationPage() []forms.Section {
	c := b.out.Cover
	out := b.section("application", func(p *pairs) {
		p.add("court", courtName(c.Court))
		p.add("request", b.request())
		if a := c.Application; a != nil {
			p.day("applied_on", a.On)
			p.add("applied_by", b.names(a.By))
			for _, answer := range a.Answers {
				p.list = append(p.list, forms.Pair{Label: b.question(answer.Question), Value: b.yes(answer.Answer)})
			}
		}
	})
	return append(out, b.sheet("parties", "agreement")...)
}

// request is what both parties ask the court for (form F15).
func (b *builder) request() string {
	c := b.out.Cover
	on := casework.SheetDay(c.Agreement.EffectiveOn, b.in.Lang)
	if c.Agreement.Number == "" {
		return b.say("request.unnumbered", "on", on, "unit", c.Mediation.Unit.Name)
	}
	return b.say("request", "on", on, "unit", c.Mediation.Unit.Name, "number", c.Agreement.Number)
}

// question is the question's words in the confirmation table in force.
func (b *builder) question(id string) string {
	for _, q := range b.in.Tables.Confirmation().Questions {
		if q.ID == id {
			return q.Text(string(b.in.Lang))
		}
	}
	return id
}

func (b *builder) yes(v bool) string {
	if v {
		return data.Text(b.in.Lang, "sheet.yes", nil)
	}
	return data.Text(b.in.Lang, "sheet.no", nil)
}

func courtName(u *Unit) string {
	if u == nil {
		return ""
	}
	return u.Name
}

func (b *builder) undisputedPage() []forms.Section {
	u := b.out.Cover.Undisputed
	out := []forms.Section{{Heading: b.say("section.undisputed")}}
	for i, fact := range u.Facts {
		out[0].Pairs = append(out[0].Pairs, forms.Pair{Label: strconv.Itoa(i + 1), Value: fact})
	}
	return append(out, b.section("signed", func(p *pairs) {
		p.add("confirmed_by", b.names(u.ConfirmedBy))
		p.day("confirmed_on", u.On)
	})...)
}

// givenPage is what the parties let out of the notes, with their names.
func (b *builder) givenPage(g casework.GivenText) []forms.Section {
	return append([]forms.Section{{Paragraphs: strings.Split(g.Text, "\n")}}, b.section("signed", func(p *pairs) {
		p.add("signed_by", b.names(g.By))
		p.day("confirmed_on", g.On)
	})...)
}

func (b *builder) letterPage(l Letter) []forms.Section {
	out := b.section("letter", func(p *pairs) { b.letterLines(p, l) })
	out = append(out, b.section("report", func(p *pairs) { b.reportLines(p, l.Report) })...)
	var papers []forms.Pair
	for _, m := range b.in.Facts.Listed {
		if m.Letter == l.ID && m.Withheld == "" {
			papers = append(papers, forms.Pair{Label: data.Name("docket_folder", cmp.Or(m.Folder, "other"), b.in.Lang), Value: m.Name})
		}
	}
	if len(papers) > 0 {
		out = append(out, forms.Section{Heading: b.say("section.documents"), Pairs: papers})
	}
	return out
}

func (b *builder) letterLines(p *pairs, l Letter) {
	p.add("letter_kind", b.word(l.KindLabel))
	p.add("letter_no", l.LetterNo)
	p.add("court_no", l.CourtNo)
	p.add("from", l.From.Name)
	p.add("to", l.To.Name)
	p.day("sent_on", l.SentOn)
	p.day("received_on", l.ReceivedOn)
	p.day("accepted_on", l.AcceptedOn)
	p.day("declined_on", l.DeclinedOn)
}

func (b *builder) reportLines(p *pairs, r *Report) {
	if r == nil {
		return
	}
	p.day("reported_on", r.On)
	p.add("letter_no", r.LetterNo)
	p.add("result", data.Name("referral_result", r.Result, b.in.Lang))
	p.add("why", r.Why)
	for _, fact := range r.Undisputed {
		p.add("undisputed", fact)
	}
	p.add("focus", r.Focus)
	p.add("conduct", r.Conduct)
	p.add("hints", r.Hints)
	if r.Simple != nil {
		p.add("simple", b.yes(*r.Simple))
	}
}

func (b *builder) coverPage() []forms.Section {
	c := b.out.Cover
	out := b.section("court", func(p *pairs) {
		p.add("court", courtName(c.Court))
		for _, n := range c.CourtNumbers {
			p.add("court_no", n.Text)
		}
		p.add("unit", c.Mediation.Unit.Name)
		p.add("number", c.Mediation.Number)
		p.add("made_by", b.names([]string{c.MadeBy.Name, c.MadeBy.SeatName}))
		p.day("made_at", c.MadeAt)
		p.add("unsettled", b.names(b.unsettled()))
	})
	out = append(out, b.sheet("head", "parties", "claims", "story")...)
	out = append(out, b.section("outcome", func(p *pairs) {
		if o := c.Outcome; o != nil {
			p.add("outcome", b.word(o.Label))
			p.day("outcome_on", o.On)
			p.add("article", b.word(o.Article))
			p.day("advised_on", o.AdvisedOn)
		}
	})...)
	for _, l := range c.Letters {
		out = append(out, b.section("letter", func(p *pairs) {
			b.letterLines(p, l)
			b.reportLines(p, l.Report)
		})...)
	}
	if c.Undisputed != nil {
		out = append(out, b.undisputedPage()...)
	}
	out = append(out, b.sheet("agreement")...)
	out = append(out, b.section("clocks", func(p *pairs) {
		for _, k := range c.Clocks {
			p.list = append(p.list, forms.Pair{Label: b.word(k.Label), Value: b.clockLine(k)})
		}
	})...)
	var papers []forms.Pair
	for _, d := range c.Documents {
		papers = append(papers, forms.Pair{Label: strconv.Itoa(d.N) + " " + b.word(b.folders[d.Folder].Label), Value: d.Name + b.say("bracket", "what", b.names(b.state(d)))})
	}
	if len(papers) > 0 {
		out = append(out, forms.Section{Heading: b.say("section.documents"), Pairs: papers})
	}
	return out
}

// clockLine says from when to when a time limit runs; some have no end that is set.
func (b *builder) clockLine(c Clock) string {
	from := casework.SheetDay(c.StartedOn, b.in.Lang)
	due := cmp.Or(c.ExtendedTo, c.DueOn)
	if due == "" {
		return b.say("clock.open", "started", from, "article", b.word(c.Article))
	}
	return b.say("clock", "started", from, "due", casework.SheetDay(due, b.in.Lang), "article", b.word(c.Article))
}

// unsettled are the contested fields in words.
func (b *builder) unsettled() []string {
	var out []string
	for _, f := range b.out.Cover.Unsettled {
		out = append(out, data.Name("field", f, b.in.Lang))
	}
	return out
}

// state says of a paper how many pages it has and where it is.
func (b *builder) state(d Paper) []string {
	var out []string
	if d.Pages > 0 {
		out = append(out, b.say("pages", "n", strconv.FormatInt(d.Pages, 10)))
	}
	if d.Copy != "" {
		out = append(out, data.Name("original_or_copy", d.Copy, b.in.Lang))
	}
	return append(out, b.say("where."+d.Where))
}
