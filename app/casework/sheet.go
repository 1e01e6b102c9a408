package casework

import (
	"fmt"
	"strconv"
	"strings"

	"hejie/app/casework/data"
)

// Section is one part of the plain summary of a case, for printing.
type Section struct {
	Key   string      `json:"key"`   // stable: head, parties, story, claims, agreement, steps, conflicts, foot
	Title string      `json:"title"` // of the foot: empty
	Items []SheetItem `json:"items"`
}

// SheetItem is one labelled line or paragraph; Items are the lines below it.
type SheetItem struct {
	Label string      `json:"label"`
	Value string      `json:"value"`
	Items []SheetItem `json:"items,omitempty"`
}

// Sheet makes the plain summary of a case in a language. It holds no layout;
// sections without content are left out. Units are shown as the view has them:
// who prints for people puts their names there.
func Sheet(v CaseView, lang data.Lang) []Section {
	w := sheetWriter{lang: lang, party: map[string]string{}}
	for _, p := range v.Parties {
		w.party[p.ID] = p.Name
	}
	sections := []Section{
		{Key: "head", Items: w.head(v)},
		{Key: "parties", Items: w.parties(v)},
		{Key: "story", Items: w.paragraph(v.Facts)},
		{Key: "claims", Items: w.paragraph(v.Claims)},
		{Key: "agreement", Items: w.agreement(v.Agreement)},
		{Key: "steps", Items: w.steps(v)},
		{Key: "conflicts", Items: w.conflicts(v.Conflicts)},
	}
	var out []Section
	for _, s := range sections {
		if len(s.Items) > 0 {
			s.Title = data.Text(lang, "sheet."+s.Key, nil)
			out = append(out, s)
		}
	}
	if foot := w.foot(v); len(foot) > 0 {
		out = append(out, Section{Key: "foot", Items: foot})
	}
	return out
}

type sheetWriter struct {
	lang  data.Lang
	party map[string]string
}

func (w sheetWriter) item(field, value string) []SheetItem {
	if value == "" {
		return nil
	}
	return []SheetItem{{Label: data.Name("field", field, w.lang), Value: value}}
}

func (w sheetWriter) paragraph(text string) []SheetItem {
	if text == "" {
		return nil
	}
	return []SheetItem{{Value: text}}
}

func (w sheetWriter) code(list, code string) string {
	if code == "" {
		return ""
	}
	return data.Name(list, code, w.lang)
}

func (w sheetWriter) codes(list string, codes []string) string {
	var out []string
	for _, c := range codes {
		out = append(out, w.code(list, c))
	}
	return strings.Join(out, w.comma())
}

func (w sheetWriter) comma() string {
	if w.lang == data.English {
		return ", "
	}
	return "、"
}

// yuan writes an amount with its thousands parted, as on a receipt.
func (w sheetWriter) yuan(fen *int64) string {
	if fen == nil {
		return ""
	}
	whole := strconv.FormatInt(*fen/100, 10)
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return data.Text(w.lang, "sheet.yuan", map[string]string{"yuan": fmt.Sprintf("%s.%02d", whole, *fen%100)})
}

// SheetDay writes a day or an instant as sheets do.
func SheetDay(s string, lang data.Lang) string { return sheetWriter{lang: lang}.at(s) }

// at writes a day or an instant as people read it, in Beijing; what is neither
// stays as it is.
func (w sheetWriter) at(s string) string {
	day, clock := dayLayout, " 15:04"
	if w.lang == data.Chinese {
		day = "2006年1月2日"
	}
	if t, ok := parseDay(s); ok {
		return t.Format(day)
	}
	if t, ok := parseInstant(s); ok {
		return t.In(beijing).Format(day + clock)
	}
	return s
}

func (w sheetWriter) states(s State) string {
	out := []string{w.code("mediation_state", s.Mediation)}
	for _, track := range [][2]string{{"performance_state", s.Performance}, {"confirmation_state", s.Confirmation}, {"referral_state", s.Referral}} {
		if track[1] != StateNone {
			out = append(out, w.code(track[0], track[1]))
		}
	}
	return strings.Join(out, w.comma())
}

func (w sheetWriter) outcome(outcome string) string {
	switch {
	case outcome == "agreed":
		return w.code("mediation_state", StateAgreed)
	case outcome == StateRefusedIntake:
		return w.code("mediation_state", StateRefusedIntake)
	}
	return w.code("termination_reason", outcome)
}

func (w sheetWriter) head(v CaseView) []SheetItem {
	var out []SheetItem
	out = append(out, w.item("title", v.Title)...)
	out = append(out, w.item("state", w.states(v.State))...)
	out = append(out, w.item("outcome", w.outcome(v.Outcome))...)
	out = append(out, w.item("unit", v.Unit)...)
	out = append(out, w.item("external_id", v.ExternalID)...)
	out = append(out, w.item("category", w.code("category", v.Category))...)
	out = append(out, w.item("source", w.code("source", v.Source))...)
	out = append(out, w.item("received_at", w.at(v.ReceivedAt))...)
	out = append(out, w.item("place", v.Place)...)
	out = append(out, w.item("amount_fen", w.yuan(v.AmountFen))...)
	out = append(out, w.item("tags", w.codes("tag", v.Tags))...)
	return append(out, w.item("mediators", strings.Join(v.Mediators, w.comma()))...)
}

// footDigits are enough of an id to find a case by: lists and commands take
// such a beginning.
const footDigits = 8

// foot names a case that has no number by the beginning of its id.
func (w sheetWriter) foot(v CaseView) []SheetItem {
	if v.ExternalID != "" {
		return nil
	}
	colon := "："
	if w.lang == data.English {
		colon = ": "
	}
	return []SheetItem{{Value: data.Name("field", "id", w.lang) + colon + v.ID[:min(footDigits, len(v.ID))]}}
}

func (w sheetWriter) agreement(a *Agreement) []SheetItem {
	if a == nil {
		return nil
	}
	out := w.item("form", w.code("agreement_form", a.Form))
	out = append(out, w.item("at", w.at(a.At))...)
	out = append(out, w.item("facts", a.Facts)...)
	for _, t := range a.Terms {
		items := w.item("who", t.Who)
		items = append(items, w.item("to", t.To)...)
		items = append(items, w.item("how", t.How)...)
		items = append(items, w.item("amount_fen", w.yuan(t.AmountFen))...)
		items = append(items, w.item("due", w.at(t.Due))...)
		done := data.Text(w.lang, "sheet.open", nil)
		if t.PerformedOn != "" {
			done = data.Text(w.lang, "sheet.performed", map[string]string{"at": w.at(t.PerformedOn)})
		}
		items = append(items, w.item("lifecycle.performance", done)...)
		items = append(items, w.item("proof", t.Proof)...)
		out = append(out, SheetItem{Label: strconv.FormatInt(t.N, 10), Value: t.What, Items: items})
	}
	for _, clause := range a.Clauses {
		out = append(out, w.item("clause", clause)...)
	}
	if a.Acceleration {
		out = append(out, w.item("acceleration", data.Text(w.lang, "sheet.yes", nil))...)
	}
	if a.InterestBP > 0 {
		out = append(out, w.item("interest_bp", strconv.FormatInt(a.InterestBP, 10))...)
	}
	return append(out, w.item("effective_on", w.at(a.EffectiveOn))...)
}

func (w sheetWriter) steps(v CaseView) []SheetItem {
	var out []SheetItem
	for _, s := range v.Steps {
		item := SheetItem{Label: w.at(s.On), Value: w.code("step", s.Step)}
		if s.Standing != Stands {
			item.Items = []SheetItem{{Value: data.Text(w.lang, "standing."+string(s.Standing), nil)}}
		}
		fields, _ := s.Fields.(map[string]any)
		for _, spec := range StepFields(s.Step) {
			if spec.Name == keyAt || spec.Name == keyTerms || spec.Name == keyForm {
				continue
			}
			if text := w.fieldText(spec, fields[spec.Name]); text != "" {
				item.Items = append(item.Items, w.item(spec.Name, text)...)
			}
		}
		out = append(out, item)
	}
	return out
}

func (w sheetWriter) fieldText(spec FieldSpec, v any) string {
	switch v := v.(type) {
	case string:
		if spec.List != "" {
			return w.code(spec.List, v)
		}
		return v
	case int64:
		return strconv.FormatInt(v, 10)
	case bool:
		if v {
			return "✓"
		}
	case []any:
		var names []string
		for _, item := range v {
			names = append(names, fmt.Sprint(item))
		}
		return strings.Join(names, w.comma())
	}
	return ""
}

func (w sheetWriter) conflicts(list []Conflict) []SheetItem {
	var out []SheetItem
	for _, c := range list {
		item := SheetItem{Label: data.Name("field", c.Field, w.lang)}
		for _, v := range c.Values {
			item.Items = append(item.Items, SheetItem{Label: v.Unit, Value: w.claim(v.Value)})
		}
		out = append(out, item)
	}
	return out
}

func (w sheetWriter) claim(v any) string {
	switch v := v.(type) {
	case string:
		return w.at(v)
	case int64:
		return w.yuan(&v)
	case map[string]any:
		step, _ := v[keyStep].(string)
		at, _ := v[keyAt].(string)
		return strings.TrimSpace(w.code("step", step) + " " + w.at(at))
	}
	return ""
}
