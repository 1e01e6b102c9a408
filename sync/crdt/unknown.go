package crdt

import (
	"cmp"
	"slices"
)

// Reason says why a change has no effect on what is shown.
type Reason uint8

// The reasons.
const (
	// UnknownChange: of a kind, or with a key, that this program does not know.
	UnknownChange Reason = 1
	// UnknownField: in a field that the schema does not name.
	UnknownField Reason = 2
	// Misused: of a kind that the field does not take, or with a path that
	// leads to no field.
	Misused Reason = 3
	// Dangling: it names a text element or map entry that is not here.
	Dangling Reason = 4
	// UnknownBodyKey: no change, but a key of the body that is not known.
	UnknownBodyKey Reason = 5
)

// BodyKey is the index that an UnknownBodyKey has in place of a change's.
const BodyKey = ^uint32(0)

// UnknownView is one change that is kept without effect.
type UnknownView struct {
	Ref    Ref
	Op     OpInfo
	Kind   ChangeKind // 0 if it has no kind that fits one
	Path   Path       // nil if it could not be read
	Reason Reason
	Raw    []byte // the change's encoding, or the body key's value
}

type oddity struct {
	op     int32
	index  uint32
	kind   ChangeKind
	path   Path
	reason Reason
	raw    []byte
}

// Unknown lists every change that is kept without effect, by depth, operation
// and index.
func (s *State) Unknown() []UnknownView {
	all := append(slices.Clone(s.odd), s.dangling()...)
	slices.SortStableFunc(all, func(a, b oddity) int {
		return cmp.Or(s.compareOps(a.op, b.op), cmp.Compare(a.index, b.index))
	})
	var out []UnknownView
	for _, o := range all {
		out = append(out, UnknownView{
			Ref: Ref{s.ops[o.op].meta.Name, o.index}, Op: s.info(o.op),
			Kind: o.kind, Path: o.path, Reason: o.reason, Raw: o.raw,
		})
	}
	return out
}

// ReadOnly reports whether a change that this program does not know touches
// what the path names (DESIGN P4): the field, something that it lies in, or,
// for a path to an entry, something inside it. An unknown change whose path
// can't be read touches everything.
func (s *State) ReadOnly(path Path) bool {
	for i := range s.odd {
		o := &s.odd[i]
		if o.reason != UnknownChange && o.reason != UnknownField {
			continue
		}
		short, long := o.path, path
		if len(path)%2 == 0 && len(path) < len(o.path) && len(path) > 0 {
			short, long = path, o.path
		}
		if len(short) <= len(long) && slices.Equal(short, long[:len(short)]) {
			return true
		}
	}
	return false
}
