package casework

import (
	"encoding/json"
	"strings"

	"hejie/sync/crdt"
)

// Limits of notes: minutes of a long session by hand, in characters.
const (
	maxMinutes    = 50_000
	maxNoteText   = 1000
	maxNoteFields = 200 // sessions of one case
)

// noteTexts are the running texts of a body's notes.
var noteTexts = map[string]bool{"minutes": true, "proposals": true}

// sessionFields are the fields of one session in the notes; true: a running text.
var sessionFields = map[string]bool{"at": false, "place": false, "present": false, "result": false, "minutes": true}

// EditNotes makes the changes of an edit of a body's own notes (minutes,
// proposals, sessions.+ with {at, place, present, result, minutes},
// sessions.<id>.<field>, sessions.<id> with null to remove). What is the same
// already changes nothing. It fails with Problems.
func EditNotes(s *crdt.State, patch map[string]json.RawMessage) ([]crdt.Change, error) {
	e := noteEditor{s: s, ck: &checker{}}
	for _, path := range sortedKeys(patch) {
		n, ferr := parseJSON(patch[path])
		if ferr != nil {
			ferr.Path = shorten(path)
			e.ck.problems = append(e.ck.problems, ferr)
			continue
		}
		e.field(path, n)
	}
	if err := e.ck.problems.orNil(); err != nil {
		return nil, err
	}
	return e.changes, nil
}

type noteEditor struct {
	s       *crdt.State
	ck      *checker
	changes []crdt.Change
}

func (e *noteEditor) field(path string, n *node) {
	parts := strings.Split(path, ".")
	switch {
	case len(parts) == 1 && noteTexts[path]:
		e.text(path, root(path), n)
	case len(parts) == 2 && parts[0] == "sessions" && parts[1] == "+":
		e.add(path, n)
	case len(parts) >= 2 && parts[0] == "sessions":
		e.session(path, parts[1:], n)
	default:
		e.ck.fail(shorten(path), CodePath)
	}
}

func (e *noteEditor) text(name string, path crdt.Path, n *node) {
	text := ""
	if n.kind != nodeNull {
		var ok bool
		if text, ok = e.ck.text(name, n, 0, maxMinutes); !ok {
			return
		}
	}
	if e.s.ReadOnly(path) {
		e.ck.fail(name, CodeReadOnly)
		return
	}
	e.changes = append(e.changes, e.s.TextEdit(path, text)...)
}

func (e *noteEditor) add(path string, n *node) {
	if n.kind != nodeObject {
		e.ck.fail(path, CodeType, "want", "object")
		return
	}
	if len(e.s.Entries(root("sessions"))) >= maxNoteFields {
		e.ck.fail(path, CodeTooLarge, "size", itoa(maxNoteFields+1), "limit", itoa(maxNoteFields))
		return
	}
	entry := crdt.Segment{Entry: crdt.Ref{Index: uint32(len(e.changes))}}
	e.changes = append(e.changes, crdt.Change{Kind: crdt.Add, Path: root("sessions")})
	for i, key := range n.keys {
		running, known := sessionFields[key]
		name := path + "." + shorten(key)
		at := crdt.Path{{Field: "sessions"}, entry, {Field: key}}
		switch {
		case !known:
			e.ck.fail(name, CodePath)
		case running:
			if text, ok := e.ck.text(name, n.items[i], 0, maxMinutes); ok && text != "" {
				e.changes = append(e.changes, crdt.Change{Kind: crdt.Insert, Path: at, Parent: crdt.Element{Root: true}, Side: crdt.Right, Text: text})
			}
		default:
			if text, ok := e.ck.text(name, n.items[i], 0, maxNoteText); ok && text != "" {
				e.changes = append(e.changes, crdt.Change{Kind: crdt.Assign, Path: at, Value: text})
			}
		}
	}
}

func (e *noteEditor) session(path string, parts []string, n *node) {
	var refs []crdt.Ref
	for _, x := range e.s.Entries(root("sessions")) {
		refs = append(refs, x.Ref)
	}
	ref, ok := findRef(parts[0], refs)
	if !ok {
		e.ck.fail(shorten(path), CodeEntry)
		return
	}
	if len(parts) == 1 {
		if n.kind != nodeNull {
			e.ck.fail(shorten(path), CodePath)
			return
		}
		e.changes = append(e.changes, e.s.RemoveEntry(root("sessions"), ref)...)
		return
	}
	running, known := sessionFields[parts[1]]
	if !known || len(parts) != 2 {
		e.ck.fail(shorten(path), CodePath)
		return
	}
	at := inEntry("sessions", ref, parts[1])
	if running {
		e.text(path, at, n)
		return
	}
	var value crdt.Value
	if n.kind != nodeNull {
		text, ok := e.ck.text(path, n, 0, maxNoteText)
		if !ok {
			return
		}
		value = text
	}
	if v := e.s.Register(at); v.Shown != value || v.Also {
		e.changes = append(e.changes, e.s.AssignChange(at, value))
	}
}
