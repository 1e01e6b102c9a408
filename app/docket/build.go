package docket

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"hejie/app/casework"
	"hejie/app/casework/data"
	"hejie/app/casework/numbers"
	"hejie/app/tables"
)

// Input is what a folder is made from.
type Input struct {
	// View is the whole case, unmasked, with the ids of units and seats.
	View   casework.CaseView
	Facts  casework.DocketFacts
	Clocks []casework.Clock
	Tables *tables.Set // in force for the owner
	Owner  string      // id of the unit that owns the case
	// Unit finds a unit by its id; false where it is none of the tree.
	Unit func(id string) (Body, bool)
	By   Maker
	At   string // RFC 3339: when it is made
	Lang data.Lang
	// Have are the files at hand for the papers that letters list.
	Have []Have
}

// Body is a unit as it is known here.
type Body struct {
	Unit
	Court bool
}

// Have is a file that somebody has, known by its hash.
type Have struct {
	SHA256 string
	Name   string
	Bytes  int64
}

// Package is a folder as it is to be written.
type Package struct {
	Cover  Cover
	Dirs   []string
	Files  []Content
	Copies []Copy
	// Withheld are listed papers that stay with the body, with the message that
	// says why; they are told to the person and not to the court.
	Withheld []casework.ListedPaper
	// Unlisted are the files at hand that no letter lists: they are left out.
	Unlisted []string
}

// Content is a file that was made here.
type Content struct {
	Path string // with slashes
	Data []byte
}

// Copy says where a file at hand goes.
type Copy struct {
	SHA256 string
	Path   string
}

// builder collects a package.
type builder struct {
	in      Input
	out     Package
	folders map[string]Folder // by id
	count   map[string]int    // papers with a file in a folder
}

// Build makes the folder. It fails only where a page can't be laid out, which
// is a defect of the program.
func Build(in Input) (Package, error) {
	b := &builder{in: in, folders: map[string]Folder{}, count: map[string]int{}}
	b.out.Cover = b.cover()
	for _, f := range in.Tables.Documents().Folders {
		folder := Folder{Position: f.Position, ID: f.ID, Label: Label{f.Zh, f.En}, Path: fmt.Sprintf("%02d_%s", f.Position, SafeName(f.Name(string(in.Lang))))}
		b.folders[f.ID] = folder
		b.out.Cover.Folders = append(b.out.Cover.Folders, folder)
		b.out.Dirs = append(b.out.Dirs, folder.Path)
	}
	if err := b.made(); err != nil {
		return Package{}, err
	}
	b.listed()
	b.order()
	if err := b.sheets(); err != nil {
		return Package{}, err
	}
	raw, err := b.out.Cover.encode()
	if err != nil {
		return Package{}, err
	}
	b.out.Files = append([]Content{{CoverFile, raw}}, b.out.Files...)
	return b.out, nil
}

// encode writes the cover as one indented document.
func (c Cover) encode() ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(c)
	return out.Bytes(), err
}

func (b *builder) say(key string, params ...string) string {
	return text(b.in.Lang, key, params...)
}

func text(lang data.Lang, key string, params ...string) string {
	values := map[string]string{}
	for i := 0; i+1 < len(params); i += 2 {
		values[params[i]] = params[i+1]
	}
	return data.Text(lang, "docket."+key, values)
}

// label is a code's name in both languages.
func label(list, code string) Label {
	return Label{data.Name(list, code, data.Chinese), data.Name(list, code, data.English)}
}

func article(key string) Label {
	return Label{data.Article(key, data.Chinese), data.Article(key, data.English)}
}

// in is a label in the language of the folder.
func (b *builder) word(l Label) string {
	if b.in.Lang == data.English {
		return l.EN
	}
	return l.ZH
}

// unit is a unit by its id, or what stands in its place as its name.
func (b *builder) unit(id string) Unit {
	if u, ok := b.in.Unit(id); ok {
		return u.Unit
	}
	return Unit{Name: id}
}

func (b *builder) cover() Cover {
	v, facts := b.in.View, b.in.Facts
	out := Cover{
		Format: Format, Version: Version, MadeAt: b.in.At, MadeBy: b.in.By, CaseID: v.ID, Heads: v.Heads, Kind: facts.Kind,
		Court: b.court(), CourtNumbers: b.courtNumbers(), Case: v.Document.WithoutIDs(), Category: label("category", v.Category),
		Mediation: Mediation{Unit: b.unit(b.in.Owner), Number: v.Number, Mediators: list(v.Mediators), State: v.State.Mediation},
		Letters:   []Letter{}, Clocks: b.clocks(), Outcome: b.outcome(), Agreement: b.agreement(), Notices: []Notice{},
		Unsettled: []string{}, Folders: []Folder{}, Documents: []Paper{}, Files: []File{},
	}
	for _, l := range facts.Letters {
		out.Letters = append(out.Letters, b.letter(l))
	}
	if h := b.handler(); h.Name != "" {
		out.Mediation.Unit = h
	}
	for _, n := range facts.Notices {
		out.Notices = append(out.Notices, Notice{What: n.What, Label: label("notice", n.What), On: n.On, To: list(n.To), How: n.How})
	}
	for _, c := range v.Conflicts {
		out.Unsettled = append(out.Unsettled, c.Field)
	}
	if u := facts.Undisputed; u != nil {
		out.Undisputed = &Undisputed{On: u.On, Facts: list(u.Facts), ConfirmedBy: list(u.ConfirmedBy)}
	}
	if a := facts.Application; a != nil {
		out.Application = &Application{On: a.On, By: list(a.By), Oral: a.Oral, Answers: list(a.Answers)}
	}
	if v.Confirmation != nil {
		c := *v.Confirmation
		c.Court = b.courtText(c.Court)
		out.Confirmation = &c
	}
	if v.Suit != nil {
		s := *v.Suit
		s.Court = b.courtText(s.Court)
		out.Suit = &s
	}
	return out
}

// handler is the body that took the case over by the last letter and reported,
// where that was not its owner.
func (b *builder) handler() Unit {
	var out Unit
	for _, l := range b.in.Facts.Letters {
		if body, ok := b.in.Unit(l.To); ok && !body.Court && l.AcceptedOn != "" {
			out = body.Unit
		}
	}
	return out
}

// courtText is a court by its code, or by the name that was given.
func (b *builder) courtText(id string) string {
	if id == "" {
		return ""
	}
	u := b.unit(id)
	return cmp.Or(u.Code, u.Name)
}

// court is the court that the papers are for; nil where the case names none.
func (b *builder) court() *Unit {
	v := b.in.View
	var ids []string
	if c := v.Confirmation; c != nil && b.in.Facts.Kind == casework.DocketConfirmation {
		ids = append(ids, c.Court)
	}
	if s := v.Suit; s != nil && b.in.Facts.Kind == casework.DocketSuit {
		ids = append(ids, s.Court)
	}
	for i := len(b.in.Facts.Letters) - 1; i >= 0; i-- {
		for _, id := range []string{b.in.Facts.Letters[i].From, b.in.Facts.Letters[i].To} {
			if u, ok := b.in.Unit(id); ok && u.Court {
				ids = append(ids, id)
			}
		}
	}
	if u, ok := b.in.Unit(b.in.Owner); ok && u.Court {
		ids = append(ids, b.in.Owner)
	}
	for _, id := range ids {
		if id != "" {
			u := b.unit(id)
			return &u
		}
	}
	return nil
}

func (b *builder) courtNumbers() []CourtNumber {
	out := []CourtNumber{}
	add := func(of, given string) {
		if given == "" || slices.ContainsFunc(out, func(n CourtNumber) bool { return n.Text == given }) {
			return
		}
		n := CourtNumber{Text: given, Of: of}
		if p, ok := numbers.ParseCourt(given); ok {
			n = CourtNumber{Text: p.String(), Of: of, Year: p.Year, Court: p.Court, Type: p.Type, N: p.N, Sub: p.Sub}
		}
		out = append(out, n)
	}
	for _, l := range b.in.Facts.Letters {
		add("referral", l.CourtNo)
	}
	if c := b.in.View.Confirmation; c != nil && c.Court != "" {
		add("confirmation", c.Number)
	}
	if s := b.in.View.Suit; s != nil {
		add("suit", s.Number)
	}
	return out
}

func (b *builder) letter(l casework.Letter) Letter {
	out := Letter{
		ID: l.ID, Kind: l.Kind, KindLabel: label("referral_kind", l.Kind), State: l.State, From: b.unit(l.From), To: b.unit(l.To), LetterNo: l.LetterNo, CourtNo: l.CourtNo,
		SentOn: l.SentOn, ReceivedOn: l.ReceivedOn, AcceptedOn: l.AcceptedOn, DeclinedOn: l.DeclinedOn, Consents: l.Consents,
	}
	if r := l.Report; r != nil {
		out.Report = &Report{On: r.On, Result: r.Result, LetterNo: r.LetterNo, Why: r.Why, Focus: r.Focus, Conduct: r.Conduct, Hints: r.Hints, Undisputed: factsOf(r.Undisputed), Simple: r.Simple}
	}
	return out
}

// factsOf are the facts of a report's rows.
func factsOf(rows any) []string {
	var out []string
	list, _ := rows.([]any)
	for _, item := range list {
		row, _ := item.(map[string]any)
		if fact, ok := row["fact"].(string); ok {
			out = append(out, fact)
		}
	}
	return out
}

// courtClocks are those that a court looks at.
var courtClocks = []string{
	tables.ClockDelegated, tables.ClockEntrustedOrdinary, tables.ClockEntrustedSummary, tables.ClockReferralAnswer,
	tables.ClockConfirmationApply, tables.ClockConfirmationIntake, tables.ClockConfirmationRuling, tables.ClockConfirmationTarget, tables.ClockConfirmationSupplement,
	tables.ClockObjectionParty, tables.ClockDocketing, tables.ClockEnforcement, tables.ClockLimitation,
}

func (b *builder) clocks() []Clock {
	out := []Clock{}
	for _, c := range b.in.Clocks {
		if !slices.Contains(courtClocks, c.Clock) {
			continue
		}
		row, _ := b.in.Tables.Clock(c.Clock)
		out = append(out, Clock{
			Clock: c.Clock, Label: Label{row.Zh, row.En}, Article: Label{c.Article.Zh, c.Article.En}, About: c.About,
			StartedOn: c.StartedOn, DueOn: c.DueOn, ExtendedTo: c.ExtendedTo, EndedOn: c.EndedOn,
		})
	}
	return out
}

func (b *builder) outcome() *Outcome {
	facts := b.in.Facts
	if a := facts.Agreement; a != nil && facts.Ending == nil {
		rule := "mediation-29"
		if a.Form == "oral" {
			rule = "mediation-30"
		}
		return &Outcome{Code: "agreed", Label: label("mediation_state", casework.StateAgreed), On: a.EffectiveOn, Article: article(rule)}
	}
	e := facts.Ending
	if e == nil {
		return nil
	}
	reasons := "termination_reason"
	if e.Step == casework.StepRefuse {
		reasons = "refusal_ground"
	}
	return &Outcome{Code: e.Reason, Label: label(reasons, e.Reason), Step: e.Step, On: e.On, Article: article(e.Article), ByParty: e.ByParty, Advised: e.Advised, AdvisedOn: e.AdvisedOn}
}

func (b *builder) agreement() *Agreement {
	a := b.in.Facts.Agreement
	if a == nil {
		return nil
	}
	out := &Agreement{
		Form: a.Form, Number: b.in.View.Number, AgreedOn: casework.BeijingDay(a.At), EffectiveOn: a.EffectiveOn, Signed: []string{}, MediatorOn: a.MediatorOn, SealedOn: a.SealedOn,
		Facts: a.Facts, Terms: a.Terms, Clauses: a.Clauses, Acceleration: a.Acceleration, InterestBP: a.InterestBP,
	}
	for _, p := range b.in.View.Parties {
		if slices.Contains(a.Signed, p.ID) {
			out.Signed = append(out.Signed, p.Name)
		}
	}
	return out
}

// list is never null in JSON.
func list[T any](in []T) []T {
	if in == nil {
		return []T{}
	}
	return in
}

// file adds a file that was made here.
func (b *builder) file(path string, content []byte) string {
	hash := sha256.Sum256(content)
	b.out.Files = append(b.out.Files, Content{path, content})
	b.out.Cover.Files = append(b.out.Cover.Files, File{Path: path, SHA256: hex.EncodeToString(hash[:]), Bytes: int64(len(content))})
	return hex.EncodeToString(hash[:])
}
