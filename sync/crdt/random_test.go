package crdt_test

import (
	"fmt"
	"math/rand/v2"

	"github.com/fxamacker/cbor/v2"

	"hejie/sync/crdt"
)

// draw picks a number from 0 to n-1: rapid, a seeded generator or a fuzz
// input's bytes.
type draw func(n int) int

func seeded(seed uint64) draw {
	r := rand.New(rand.NewPCG(seed, 0x6a65))
	return r.IntN
}

// world is a few replicas that write and pull at random.
type world struct {
	draw     draw
	replicas []*replica
	all      []sent // every operation, each after its heads
	wild     bool   // also changes that no correct program writes
}

func newWorld(tb failer, d draw, wild bool) *world {
	w := &world{draw: d, wild: wild}
	for i := range 2 + d(3) {
		w.replicas = append(w.replicas, newReplica(tb, byte(i+1)))
	}
	return w
}

func (w *world) run(steps int) {
	for range steps {
		r := w.replicas[w.draw(len(w.replicas))]
		switch n := w.draw(10); {
		case n < 3:
			r.pull(w.replicas[w.draw(len(w.replicas))])
		case n == 3 && w.wild && len(w.all) > 0:
			w.twin(r)
		default:
			var changes []crdt.Change
			for range 1 + w.draw(3) {
				changes = append(changes, w.change(r, uint32(len(changes)))...)
			}
			body := crdt.Body{Changes: oneOfEach(changes)}
			if w.wild && w.draw(12) == 0 { // a later program's, which has no effect here
				body.Unknown = []crdt.UnknownKey{{Key: 99, Raw: []byte{0x01}}}
			}
			w.all = append(w.all, r.send(body))
		}
	}
}

// twin writes an earlier operation's changes again under its name, as two
// digests of one case operation are.
func (w *world) twin(r *replica) {
	old := w.all[w.draw(len(w.all))]
	changes := old.body.Changes
	if w.draw(2) == 0 && len(changes) > 0 {
		changes = changes[:len(changes)-1]
	}
	r.count++
	op := sent{body: crdt.Body{Changes: changes}, meta: crdt.Meta{Name: old.meta.Name, Heads: r.state.Heads(), Stamp: 7}}
	op.meta.ID = hashID("twin", r.seat, r.count, op.meta.Heads)
	r.take(op)
	w.all = append(w.all, op)
}

// oneOfEach drops what would edit one text or list twice in one operation:
// the helpers count in the state before the operation.
func oneOfEach(changes []crdt.Change) []crdt.Change {
	var out []crdt.Change
	last := map[string]int{}
	for i, c := range changes {
		p := fmt.Sprint(c.Path)
		if from, ok := last[p]; ok && c.Kind != crdt.Add && changes[from].Kind != c.Kind && i != from+1 {
			c = crdt.Change{Void: true}
		} else {
			last[p] = i
		}
		out = append(out, c)
	}
	return out
}

var tagValues = []crdt.Value{"邻里", "土地", int64(3), true, nil, []byte{1, 2}, []any{int64(1), "二"}, map[string]any{"a": int64(1), "b": nil}}

// change gives the changes of one random act; index is where they will stand.
func (w *world) change(r *replica, index uint32) []crdt.Change {
	s, d := r.state, w.draw
	at := w.container(s)
	inside := len(at) > 0
	in := func(root, entry string) crdt.Path {
		name := root
		if inside {
			name = entry
		}
		return append(at[:len(at):len(at)], crdt.Segment{Field: name})
	}
	choice := d(15)
	if w.wild && d(4) == 0 {
		choice = 14
	}
	switch choice {
	case 0:
		return []crdt.Change{s.AssignChange(in("title", "name"), tagValues[d(3)])}
	case 1:
		return []crdt.Change{s.AssignChange(in("amount", "debt"), int64(d(4)))}
	case 2:
		return []crdt.Change{s.AddChange(in("tags", "roles"), tagValues[d(len(tagValues))])}
	case 3:
		return s.RemoveValue(in("tags", "roles"), tagValues[d(len(tagValues))])
	case 4:
		self := crdt.Ref{Index: index}
		return []crdt.Change{s.AddChange(f("parties"), nil), s.AssignChange(f("parties", self, "name"), fmt.Sprintf("李大样%d", d(9)))}
	case 5:
		if inside {
			return s.RemoveEntry(at[:len(at)-1], at[len(at)-1].Entry)
		}
		return nil
	case 6, 7:
		path := in("story", "note")
		n := len([]rune(s.Text(path)))
		return s.TextSplice(path, d(n+1), max(0, d(6)-3), []string{"", "甲乙", "a", "xyz丙"}[d(4)])
	case 8:
		path := in("story", "note")
		return s.TextEdit(path, mangle(d, s.Text(path)))
	case 9:
		path := in("agenda", "steps")
		return s.ListInsert(path, d(len(s.List(path))+1), int64(d(9)), "条款")
	case 10:
		path := in("agenda", "steps")
		return s.ListDelete(path, d(len(s.List(path))+1), 1+d(2))
	case 11:
		path := in("track", "seen")
		c := crdt.Change{Kind: crdt.Event, Path: path, Value: "受理"}
		if all := s.Events(path); len(all) > 0 {
			c.After = []crdt.Ref{all[len(all)-1].Ref}
		}
		return []crdt.Change{c}
	case 12:
		if len(at) != 2 {
			return nil
		}
		phones := append(at[:2:2], crdt.Segment{Field: "phones"})
		number := append(phones[:3:3], crdt.Segment{Entry: crdt.Ref{Index: index}}, crdt.Segment{Field: "number"})
		return []crdt.Change{s.AddChange(phones, nil), s.AssignChange(number, "000-0000")}
	case 13:
		return []crdt.Change{w.unknown(at)}
	default:
		if w.wild {
			return []crdt.Change{w.misuse()}
		}
		return []crdt.Change{{Void: true}}
	}
}

// container picks the record or one of the entries that the state shows.
func (w *world) container(s *crdt.State) crdt.Path {
	entries := s.Entries(f("parties"))
	if n := w.draw(len(entries) + 2); n < len(entries) {
		return f("parties", entries[n].Ref)
	}
	return nil
}

func mangle(d draw, text string) string {
	runes := []rune(text)
	if len(runes) == 0 {
		return "开头"
	}
	i := d(len(runes))
	j := i + d(len(runes)-i+1)
	return string(runes[:i]) + []string{"", "改", "新的"}[d(3)] + string(runes[j:])
}

// unknown is a change of a newer program: a new kind, a new key, a new field.
func (w *world) unknown(at crdt.Path) crdt.Change {
	field := append(at[:len(at):len(at)], crdt.Segment{Field: "hologram"})
	var path []any
	for _, seg := range field {
		if seg.Field != "" {
			path = append(path, seg.Field)
		} else {
			path = append(path, []any{seg.Entry.Op[:], seg.Entry.Index})
		}
	}
	var m map[int]any
	switch w.draw(3) {
	case 0:
		m = map[int]any{1: 77, 2: path, 30: []any{"new", 1}}
	case 1:
		path[len(path)-1] = "title"
		m = map[int]any{1: 1, 2: path, 3: "x", 99: nil}
	default:
		return crdt.Change{Kind: crdt.Assign, Path: field, Value: int64(w.draw(5))}
	}
	return crdt.Change{Raw: canonical(m)}
}

func canonical(v any) []byte {
	mode, err := cbor.CoreDetEncOptions().EncMode()
	if err != nil {
		panic(err)
	}
	raw, err := mode.Marshal(v)
	if err != nil {
		panic(err)
	}
	return raw
}

// someRef names something at random: this operation, one written, one unheard of.
func (w *world) someRef() crdt.Ref {
	r := crdt.Ref{Index: uint32(w.draw(3))}
	if len(w.all) > 0 && w.draw(6) > 0 {
		r.Op = w.all[w.draw(len(w.all))].meta.Name
	} else if w.draw(2) == 0 {
		r.Op = hashID("unheard of", w.draw(3))
	}
	return r
}

// misuse is a change that is well formed and wrong, or just unexpected.
func (w *world) misuse() crdt.Change {
	d := w.draw
	names := []string{"title", "amount", "tags", "story", "agenda", "track", "parties", "name", "note", "steps", "phones", "number"}
	path := f(names[d(len(names))])
	if d(2) == 0 {
		path = f("parties", w.someRef(), names[d(len(names))])
	}
	if d(6) == 0 {
		path = f("parties", w.someRef(), "phones", w.someRef(), "number")
	}
	c := crdt.Change{Kind: crdt.ChangeKind(1 + d(6)), Path: path}
	if d(3) == 0 { // the tree of a text has the most ways to go wrong
		c.Kind, c.Path = []crdt.ChangeKind{crdt.Insert, crdt.Insert, crdt.Delete}[d(3)], f("story")
	}
	refs := []crdt.Ref{w.someRef()}
	switch c.Kind {
	case crdt.Assign:
		c.Value, c.Replaces = int64(d(3)), refs
	case crdt.Add:
		c.Value = tagValues[d(len(tagValues))]
	case crdt.Remove:
		c.Replaces, c.Unread = refs, d(2) == 0
	case crdt.Insert:
		c.Parent = crdt.Element{Ref: w.someRef(), Offset: uint32(d(4))}
		if d(4) == 0 {
			c.Parent = crdt.Element{Root: true}
		}
		c.Side = crdt.Side(d(2))
		if c.Text = "错位字"; d(3) == 0 && len(c.Path) > 1 {
			c.Text, c.Items = "", []crdt.Value{"错", int64(1)}
		}
	case crdt.Delete:
		c.Spans = []crdt.Span{{Ref: w.someRef(), Offset: uint32(d(3)), Count: uint32(1 + d(4))}}
	case crdt.Event:
		c.Value, c.After = "越级", refs
	}
	return c
}
