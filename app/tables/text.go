package tables

import "slices"

// English is the language code that picks English; any other picks Chinese.
const English = "en"

// Text is a text in both languages of the program.
type Text struct {
	Zh string `json:"zh"`
	En string `json:"en"`
}

// In is the text in the language ("zh" or "en").
func (t Text) In(lang string) string {
	if lang == English {
		return t.En
	}
	return t.Zh
}

// Named is a row that has only an id, its names and its source.
type Named struct {
	ID     string `json:"id"`
	Zh     string `json:"zh"`
	En     string `json:"en"`
	Source string `json:"source"`
}

// Name is the row's name in the language.
func (n Named) Name(lang string) string { return Text{n.Zh, n.En}.In(lang) }

func (n Named) rowID() string { return n.ID }

// identified are rows with an id that is unique in their list.
type identified interface{ rowID() string }

func find[T identified](rows []T, id string) (T, bool) {
	i := slices.IndexFunc(rows, func(r T) bool { return r.rowID() == id })
	if i < 0 {
		var none T
		return none, false
	}
	return rows[i], true
}

func ids[T identified](rows []T) []string {
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = r.rowID()
	}
	return out
}
