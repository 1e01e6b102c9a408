package samples

import (
	"bytes"
	_ "embed" // the examples are part of the program
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
)

//go:embed examples.json
var examples []byte

// Wall is the first of the two worked examples: a wall between neighbours.
func Wall() []byte { return example(0) }

// Wages is the second of the two worked examples: unpaid wages.
func Wages() []byte { return example(1) }

func example(n int) []byte {
	var all []json.RawMessage
	if err := json.Unmarshal(examples, &all); err != nil {
		panic("embedded examples: " + err.Error()) // part of the program, read by its tests
	}
	var out bytes.Buffer
	if err := json.Compact(&out, all[n]); err != nil {
		panic("embedded examples: " + err.Error())
	}
	return out.Bytes()
}

// Maker makes fictional case documents from a seed.
type Maker struct {
	r      *rand.Rand
	n      int
	varied bool
}

// New begins a sequence of documents.
func New(seed uint64) *Maker {
	return &Maker{r: rand.New(rand.NewPCG(seed, 0x68656a6965))}
}

// NewVaried begins a sequence whose stories make no sense but compress as
// people's own do: for measurements.
func NewVaried(seed uint64) *Maker {
	m := New(seed)
	m.varied = true
	return m
}

// document has the fields of a case document in its order.
type document struct {
	ExternalID string   `json:"external_id"`
	Category   string   `json:"category"`
	Source     string   `json:"source"`
	Title      string   `json:"title"`
	ReceivedAt string   `json:"received_at"`
	Facts      string   `json:"facts"`
	Claims     string   `json:"claims"`
	AmountFen  int64    `json:"amount_fen"`
	Place      string   `json:"place"`
	Tags       []string `json:"tags"`
	Parties    []party  `json:"parties"`
}

type party struct {
	Side       string `json:"side"`
	Kind       string `json:"kind"`
	Name       string `json:"name"`
	Sex        string `json:"sex"`
	Ethnicity  string `json:"ethnicity"`
	BirthDate  string `json:"birth_date"`
	Phone      string `json:"phone"`
	Address    string `json:"address"`
	Occupation string `json:"occupation"`
}

func (m *Maker) pick(words []string) string { return words[m.r.IntN(len(words))] }

// name is a person's name with a character that marks it as made up.
func (m *Maker) name() string { return m.pick(surnames) + m.pick(markers) + m.pick(givenNames) }

func (m *Maker) day(from, years int) string {
	return fmt.Sprintf("%04d-%02d-%02d", from+m.r.IntN(years), 1+m.r.IntN(12), 1+m.r.IntN(28))
}

func (m *Maker) person(side, village string) party {
	return party{
		Side: side, Kind: "person", Name: m.name(), Sex: m.pick([]string{"male", "female"}), Ethnicity: "01", BirthDate: m.day(1945, 58),
		Phone: fmt.Sprintf("000-0000-%04d", m.r.IntN(10000)), Address: fmt.Sprintf("样例省样例市青禾县清溪镇%s%d组%d号", village, 1+m.r.IntN(9), 1+m.r.IntN(99)),
		Occupation: m.pick(occupations),
	}
}

// Next makes one document: 26 fields, 200 to 400 characters of story.
func (m *Maker) Next() []byte {
	m.n++
	k := kinds[m.r.IntN(len(kinds))]
	village := m.pick(villages)
	a, b := m.person("applicant", village), m.person("respondent", village)
	amount := int64(100+m.r.IntN(60000)) * 100
	d := document{
		ExternalID: fmt.Sprintf("YL-%06d", m.n), Category: k.category, Source: m.pick([]string{"application", "application", "ex_officio", "hotline"}),
		Title:      fmt.Sprintf("%s与%s%s纠纷", a.Name, b.Name, k.name),
		ReceivedAt: fmt.Sprintf("%sT%02d:%02d:00+08:00", m.day(2024, 2), 8+m.r.IntN(10), m.r.IntN(60)),
		Facts:      m.story(k, a.Name, b.Name, amount), Claims: fmt.Sprintf("请求%s，并赔偿损失%d元。", k.claim, amount/100),
		AmountFen: amount, Place: "样例省青禾县清溪镇" + village, Tags: []string{m.pick(tags)}, Parties: []party{a, b},
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(d); err != nil {
		panic(err) // strings and numbers always encode
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}

// Lines makes n documents, one a line.
func (m *Maker) Lines(n int) []byte {
	var out []byte
	for range n {
		out = append(append(out, m.Next()...), '\n')
	}
	return out
}

// Sentence makes one sentence of a story, as an edit would append it.
func (m *Maker) Sentence() string {
	if m.varied {
		return m.pick(actors) + m.phrase(6+m.r.IntN(14)) + "，" + m.phrase(5+m.r.IntN(10)) + m.pick(verbs) + m.phrase(2+m.r.IntN(5)) + "。"
	}
	return fmt.Sprintf("%s%s，%s%s%s。", m.pick(times), m.pick(villages), m.pick(actors), m.pick(verbs), m.pick(things))
}

// phrase is n common characters, from those of everyday text.
func (m *Maker) phrase(n int) string {
	out := make([]rune, n)
	for i := range out {
		f := m.r.Float64()
		out[i] = common[int(f*float64(len(common)))]
	}
	return string(out)
}

// story strings sentences together until there is enough.
func (m *Maker) story(k kind, a, b string, amount int64) string {
	want := 180 + m.r.IntN(60)
	var s strings.Builder
	fmt.Fprintf(&s, k.story, a, b, amount/100)
	for n := len([]rune(s.String())); n < want; {
		next := m.Sentence()
		if m.r.IntN(3) == 0 {
			next = fmt.Sprintf("%s称%s%s，%s不予认可。", a, m.pick(verbs), m.pick(things), b)
		}
		s.WriteString(next)
		n += len([]rune(next))
	}
	return s.String()
}
