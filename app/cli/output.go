package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/uuid"

	"hejie/app/api"
	"hejie/app/casework/data"
	"hejie/store/host"
)

// document prints one JSON document in a line.
func (a *app) document(v any) error {
	e := json.NewEncoder(a.w.stdout)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return failOn(err, "output.failed")
	}
	return nil
}

// answer prints the document with --json, and otherwise what human prints.
func (a *app) answer(v any, human func(p *printer)) error {
	if a.json {
		return a.document(v)
	}
	p := &printer{a: a}
	human(p)
	return p.flush()
}

// printer collects what is printed for a person.
type printer struct {
	a   *app
	buf bytes.Buffer
}

// say prints the sentence of a key.
func (p *printer) say(key string, params ...string) { p.line(p.a.t(key, params...)) }

func (p *printer) line(s string) {
	p.buf.WriteString(s)
	p.buf.WriteByte('\n')
}

// columns prints fields separated by tabs, as tools and people can both read.
func (p *printer) columns(fields ...string) {
	for i, f := range fields {
		fields[i] = strings.NewReplacer("\t", " ", "\n", " ", "\r", " ").Replace(f)
	}
	p.line(strings.Join(fields, "\t"))
}

func (p *printer) flush() error {
	if _, err := p.a.w.stdout.Write(p.buf.Bytes()); err != nil {
		return failOn(err, "output.failed")
	}
	return nil
}

// name is a code's word in the language of the output.
func (p *printer) name(list, code string) string { return data.Name(list, code, p.a.lang) }

// statement is one of several to decide between, whole and in words where there
// are any; ids stand as they are, since `case settle` takes them.
func (p *printer) statement(v any) string {
	m, ok := v.(map[string]any)
	step, _ := m["step"].(string)
	if !ok || step == "" {
		return valueText(v)
	}
	rest := map[string]any{}
	for key, field := range m {
		if key != "step" && key != "id" {
			rest[key] = field
		}
	}
	id, _ := m["id"].(string)
	return strings.Join([]string{p.name("step", step), id, valueText(rest)}, " ")
}

// state is where a case stands: the words of those tracks that have begun.
func (p *printer) state(s api.State) string {
	var words []string
	for _, t := range []struct{ track, code string }{
		{"mediation", s.Mediation}, {"performance", s.Performance}, {"confirmation", s.Confirmation}, {"referral", s.Referral},
	} {
		if t.code != "" && t.code != "none" {
			words = append(words, p.name(t.track+"_state", t.code))
		}
	}
	return strings.Join(words, p.a.t("list.and"))
}

// words prints six words and whose they are on stderr, for two people to compare.
func (a *app) words(key, name string, words []string) {
	a.note(key, "name", name, "words", strings.Join(words, " · "))
}

// warn prints what was done all the same but should be looked at.
func (a *app) warn(warnings []api.Reason) {
	for _, r := range warnings {
		a.note("warning", "text", reasonText(a.lang, r))
	}
}

// leftOutLine is the last line of a list from which cases were left out.
type leftOutLine struct {
	LeftOut []api.Reason `json:"left_out"`
}

// leftOut names the cases that could not be read while the others were; nothing
// where there are none.
func (a *app) leftOut(list []api.Reason) error {
	if len(list) == 0 {
		return nil
	}
	a.warn(list)
	if a.json {
		return a.document(leftOutLine{list})
	}
	return nil
}

// confirm asks a person at a terminal to go on; without one nothing is asked.
func (a *app) confirm(key string) error {
	if a.w.ask == nil || a.json {
		return nil
	}
	line, err := a.w.ask(a.t(key), false)
	if err != nil {
		return err
	}
	switch strings.ToLower(strings.TrimSpace(line)) {
	case "y", "yes", "是", "对", "一致":
		return nil
	}
	return fail("confirm.no")
}

// token makes a client token: a save that is repeated with it adds nothing.
func (a *app) token() (string, error) {
	id, err := uuid.NewV7FromReader(a.set.random)
	if err != nil {
		return "", fmt.Errorf("no randomness: %w", err)
	}
	return id.String(), nil
}

// maxInput bounds the documents that commands read. The rules bound them much
// lower, with a better sentence; this keeps a wrong file from filling memory.
const maxInput = 256 << 20

// input reads a file that the caller named; - is stdin.
func (a *app) input(name string) ([]byte, error) {
	from := a.w.stdin
	if name != "-" {
		f, err := os.Open(a.w.path(name))
		if err != nil {
			return nil, failOn(err, "file.read", "file", name)
		}
		defer f.Close()
		from = f
	}
	raw, err := io.ReadAll(io.LimitReader(from, maxInput+1))
	if err != nil {
		return nil, failOn(err, "file.read", "file", name)
	}
	if len(raw) > maxInput {
		return nil, fail("file.too_large", "file", name, "limit", fmt.Sprint(maxInput>>20))
	}
	return raw, nil
}

// output is a file that is written whole or not at all.
type output struct {
	a          *app
	name, path string
	temp       *os.File
}

// create begins a file before what is to be in it is made, so that a folder
// that can't be written to is found in time.
func (a *app) create(name string) (*output, error) {
	path := a.w.path(name)
	temp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return nil, failOn(err, "file.write", "file", name)
	}
	return &output{a: a, name: name, path: path, temp: temp}, nil
}

// Write implements io.Writer.
func (o *output) Write(p []byte) (int, error) {
	n, err := o.temp.Write(p)
	if err != nil {
		err = failOn(err, "file.write", "file", o.name)
	}
	return n, err
}

// commit gives the file its name, durably.
func (o *output) commit() error {
	err := o.temp.Sync()
	if cerr := o.temp.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(o.temp.Name(), o.path)
	}
	if err == nil {
		err = host.OS{}.SyncDir(filepath.Dir(o.path))
	}
	if err != nil {
		return failOn(err, "file.write", "file", o.name)
	}
	o.temp = nil
	return nil
}

// drop removes what was not committed.
func (o *output) drop() {
	if o.temp != nil {
		_ = o.temp.Close()
		_ = os.Remove(o.temp.Name()) // a left temporary file harms nobody
	}
}

// save writes a whole file.
func (a *app) save(name string, content []byte) error {
	o, err := a.create(name)
	if err != nil {
		return err
	}
	defer o.drop()
	if _, err := o.Write(content); err != nil {
		return err
	}
	return o.commit()
}
