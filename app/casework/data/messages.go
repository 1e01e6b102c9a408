package data

import (
	"embed"
	"maps"
	"sort"
	"strings"
	"sync"
)

//go:embed messages*.json
var messageFiles embed.FS

type message struct {
	Zh string `json:"zh"`
	En string `json:"en"`
}

var messages = sync.OnceValue(func() map[string]message {
	out := map[string]message{}
	for _, raw := range mustRead(messageFiles) {
		part := map[string]message{}
		mustDecode("messages", raw, &part)
		maps.Copy(out, part)
	}
	return out
})

// Text is the message of a key in the language, each {name} in it replaced by
// the parameter of that name. A key without a message gives "".
func Text(lang Lang, key string, params map[string]string) string {
	m, ok := messages()[key]
	if !ok {
		return ""
	}
	text := m.Zh
	if lang == English {
		text = m.En
	}
	if len(params) == 0 || !strings.Contains(text, "{") {
		return text
	}
	names := make([]string, 0, len(params))
	for name := range params {
		names = append(names, name)
	}
	sort.Strings(names)
	pairs := make([]string, 0, 2*len(names))
	for _, name := range names {
		pairs = append(pairs, "{"+name+"}", params[name])
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// HasText reports whether the key has a message.
func HasText(key string) bool {
	_, ok := messages()[key]
	return ok
}

// Article names an article of law in the language; "" where key is "".
func Article(key string, lang Lang) string {
	if key == "" {
		return ""
	}
	return Text(lang, "article."+key, nil)
}
