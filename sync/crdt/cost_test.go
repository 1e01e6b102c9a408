package crdt_test

import (
	"testing"

	"hejie/sync/crdt"
)

// BenchmarkWorstBodies applies bodies of the greatest size that are made to be
// slow: an accepted author may be a liar, and one operation of his must not
// hold a village's laptop up for long.
func BenchmarkWorstBodies(b *testing.B) {
	each := func(make func(i uint32) crdt.Change) crdt.Body {
		var body crdt.Body
		for i := range uint32(crdt.MaxChanges) {
			body.Changes = append(body.Changes, make(i))
		}
		return body
	}
	insert := func(i uint32, parent crdt.Element, side crdt.Side) crdt.Change {
		return crdt.Change{Kind: crdt.Insert, Path: f("story"), Parent: parent, Side: side, Text: "字"}
	}
	self := func(i uint32) crdt.Element { return crdt.Element{Ref: crdt.Ref{Index: i}} }
	nobody := crdt.Ref{Op: hashID("nobody")}
	bodies := map[string]crdt.Body{
		"chain backwards": each(func(i uint32) crdt.Change { return insert(i, self(i+1), crdt.Right) }),
		"chain and siblings": each(func(i uint32) crdt.Change {
			switch {
			case i == 0:
				return insert(i, crdt.Element{Root: true}, crdt.Right)
			case i < crdt.MaxChanges/2:
				return insert(i, self(i-1), crdt.Right)
			}
			return insert(i, self(0), crdt.Right)
		}),
		"dangling": each(func(i uint32) crdt.Change { return insert(i, crdt.Element{Ref: nobody, Offset: i}, crdt.Left) }),
		"unknown": each(func(i uint32) crdt.Change {
			return crdt.Change{Kind: crdt.Assign, Path: f("hologram"), Value: int64(i)}
		}),
		"contested": each(func(i uint32) crdt.Change {
			return crdt.Change{Kind: crdt.Assign, Path: f("amount"), Value: int64(i)}
		}),
		"removed entries": each(func(i uint32) crdt.Change {
			if i%2 == 0 {
				return crdt.Change{Kind: crdt.Add, Path: f("parties")}
			}
			return crdt.Change{Kind: crdt.Remove, Path: f("parties"), Replaces: []crdt.Ref{{Index: i - 1}}}
		}),
		"events in a row": each(func(i uint32) crdt.Change {
			return crdt.Change{Kind: crdt.Event, Path: f("track"), After: []crdt.Ref{{Index: i + 1}}}
		}),
	}
	for name, body := range bodies {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				s := crdt.New(caseSchema)
				for i := range byte(3) {
					if err := s.Apply(crdt.Meta{ID: id(i + 1), Name: id(9 - i), Heads: s.Heads()}, body); err != nil {
						b.Fatal(err)
					}
				}
				// The same name again, by a smaller id: every tree is built anew.
				if err := s.Apply(crdt.Meta{ID: id(0), Name: id(9)}, body); err != nil {
					b.Fatal(err)
				}
				s.Shown()
			}
		})
	}
}
