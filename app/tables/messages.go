package tables

import (
	_ "embed"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
)

//go:embed messages.json
var messageFile []byte

var messages = sync.OnceValue(func() map[string]Text {
	out := map[string]Text{}
	if err := json.Unmarshal(messageFile, &out); err != nil {
		panic("embedded messages of tables: " + err.Error())
	}
	return out
})

// paramWant names what is wanted instead: a number, or a word of the messages.
const paramWant = "want"

// sentence is a message with its parameters put in; empty where there is none.
func sentence(lang, id string, params map[string]string) string {
	s := messages()[id].In(lang)
	if len(params) == 0 {
		return s
	}
	pairs := make([]string, 0, 2*len(params))
	for _, k := range slices.Sorted(maps.Keys(params)) {
		value := params[k]
		if k == paramWant && strings.HasPrefix(value, "type.") {
			value = messages()[value].In(lang)
		}
		pairs = append(pairs, "{"+k+"}", value)
	}
	return strings.NewReplacer(pairs...).Replace(s)
}
