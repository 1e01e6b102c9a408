package cli

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"hejie/app/casework/data"
)

//go:embed messages/*.json
var messageFiles embed.FS

type message struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// messages are all sentences of the command line by key: help, errors, output.
var messages = sync.OnceValue(func() map[string]message {
	all := map[string]message{}
	files, err := messageFiles.ReadDir("messages")
	if err != nil {
		panic(err) // the folder is part of the program
	}
	for _, f := range files {
		raw, err := messageFiles.ReadFile("messages/" + f.Name())
		if err == nil {
			part := map[string]message{}
			err = json.Unmarshal(raw, &part)
			for k, m := range part {
				if _, twice := all[k]; twice {
					err = fmt.Errorf("%s is there twice", k)
				}
				all[k] = m
			}
		}
		if err != nil {
			panic(fmt.Sprintf("embedded messages %s: %v", f.Name(), err))
		}
	}
	return all
})

// text is the sentence of a key, each {name} replaced by the value after the
// name in params. A key without a sentence is a defect that a test finds; the
// key itself is shown.
func text(lang data.Lang, key string, params ...string) string {
	m, ok := messages()[key]
	if !ok {
		return key
	}
	s := m.EN
	if lang == data.Chinese {
		s = m.ZH
	}
	return fill(s, params...)
}

func fill(s string, params ...string) string {
	if len(params) < 2 || !strings.Contains(s, "{") {
		return s
	}
	pairs := slices.Clone(params[:len(params)/2*2])
	for i := 0; i < len(pairs); i += 2 {
		pairs[i] = "{" + pairs[i] + "}"
	}
	return strings.NewReplacer(pairs...).Replace(s)
}
