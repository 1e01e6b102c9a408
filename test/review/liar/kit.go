package liar

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Kit writes as one seat of a folder.
type Kit struct {
	*Folder
	Operations map[ID]*Operation
	Wraps      []*Wrap

	keys     map[ID][]byte // by commitment
	epoch    []byte
	numbers  map[lane]uint64
	previous map[lane]ID
	tick     uint64
	chain    [][]byte
}

type lane struct {
	owner ID
	class uint64
}

// New opens the folder of a seat. certificate is the file that came back from
// enroll to this unit, or to any below it: the first edition's machines show
// their certificates, which stand in the logs.
func New(dir, name, secret, certificate string) (*Kit, error) {
	f, err := OpenFolder(dir, name, secret)
	if err != nil {
		return nil, err
	}
	k := &Kit{Folder: f, Operations: map[ID]*Operation{}, keys: map[ID][]byte{}, epoch: random(8), numbers: map[lane]uint64{}, previous: map[lane]ID{}, tick: uint64(time.Now().UnixMilli()) << 16}
	b, err := os.ReadFile(filepath.Clean(certificate))
	if err != nil {
		return nil, err
	}
	file, err := Map(b)
	if err != nil {
		return nil, err
	}
	for _, v := range file.list(3) {
		frame, _ := v.([]byte)
		if err := k.take(Frame{FrameOperation, frame}); err != nil {
			return nil, err
		}
	}
	k.chain, err = k.certificates()
	return k, err
}

func (k *Kit) take(f Frame) error {
	switch f.Kind {
	case FrameOperation:
		o, err := parseOperation(f.Bytes)
		if err != nil {
			return err
		}
		k.Operations[o.ID] = o
	case FrameWrap:
		w, err := parseWrap(f.Bytes)
		if err != nil {
			return err
		}
		k.Wraps = append(k.Wraps, w)
	}
	return nil
}

// Dial opens a session as the folder's machine.
func (k *Kit) Dial(ctx context.Context, address string) (*Road, error) {
	config, err := TLS(k.Machine, k.chain)
	if err != nil {
		return nil, err
	}
	return Dial(ctx, address, config, k.Tree)
}

// Pull takes all that the folder's unit shares with a served one.
func (k *Kit) Pull(ctx context.Context, address string) error {
	r, err := k.Dial(ctx, address)
	if err != nil {
		return err
	}
	defer r.Close()
	for _, phase := range []int{phaseLogs, phaseData} {
		frames, err := r.pull(ctx, phase)
		if err != nil {
			return err
		}
		for _, f := range frames {
			if err := k.take(f); err != nil {
				return err
			}
		}
	}
	k.unlock()
	return nil
}

// Push sends frames in a session of its own.
func (k *Kit) Push(ctx context.Context, address string, frames ...Frame) ([]Outcome, error) {
	r, err := k.Dial(ctx, address)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return r.Push(ctx, frames...)
}

// Items of a unit's log.
const (
	itemAdmit = 1
	itemName  = 3
)

// log gives a unit's entries and the heads of its two branches (own, parent's).
func (k *Kit) log(unit ID) (entries []*Operation, heads [2]ID) {
	for _, o := range k.Operations {
		if o.Header.number(5) == 1 && o.Header.id(4) == unit {
			entries = append(entries, o)
		}
	}
	slices.SortFunc(entries, func(a, b *Operation) int { return slices.Compare(a.ID[:], b.ID[:]) })
	named := map[ID]uint64{}
	for _, o := range entries {
		for _, h := range o.Header.list(11) {
			named[toID(h)] |= 1 << o.Header.number(24)
		}
	}
	for _, o := range entries {
		if b := o.Header.number(24); named[o.ID]&(1<<b) == 0 && b <= 2 && b > 0 {
			heads[b-1] = o.ID
		}
	}
	return entries, heads
}

// LogHeads are the heads of a unit's log as header fields 12 and 13 name them.
func (k *Kit) LogHeads(unit ID) []ID {
	_, heads := k.log(unit)
	var ids []ID
	for _, h := range heads {
		if h != (ID{}) {
			ids = append(ids, h)
		}
	}
	return Sorted(ids)
}

// Sorted are ids as the pages want lists of them.
func Sorted(ids []ID) []ID {
	slices.SortFunc(ids, func(a, b ID) int { return slices.Compare(a[:], b[:]) })
	return slices.Compact(ids)
}

// items are the items of a log's entry.
func items(o *Operation) []M {
	plain, err := content(o.Body)
	if err != nil {
		return nil
	}
	m, err := Map(plain)
	if err != nil {
		return nil
	}
	var all []M
	for _, v := range m.list(1) {
		if item, ok := v.(M); ok {
			all = append(all, item)
		}
	}
	return all
}

// admission is the admit item of a unit, and the request in it.
func (k *Kit) admission(unit ID) (item, request M, err error) {
	entries, _ := k.log(unit)
	for _, o := range entries {
		for _, item := range items(o) {
			if item.number(1) == itemAdmit {
				request, err := Map(item.bytes(2))
				return item, request, err
			}
		}
	}
	return nil, nil, fmt.Errorf("the log of unit %x is not here", unit[:4])
}

// Above are a unit's ancestors, its parent first.
func (k *Kit) Above(unit ID) (all []ID) {
	for {
		item, _, err := k.admission(unit)
		if err != nil || item.id(5) == (ID{}) {
			return all
		}
		unit = item.id(5)
		all = append(all, unit)
	}
}

// readingKey is a unit's first reading key: whom its request names.
func (k *Kit) readingKey(unit ID) ([]byte, error) {
	_, request, err := k.admission(unit)
	if err != nil {
		return nil, err
	}
	return request.bytes(10), nil
}

// certificates are what the first edition's machine shows: its own, and the
// issuing ones from its issuer's to the root's.
func (k *Kit) certificates() ([][]byte, error) {
	item, _, err := k.admission(k.Unit)
	if err != nil {
		return nil, err
	}
	list := item.list(4)
	if len(list) < 2 {
		return nil, errors.New("an admission without certificates")
	}
	der, _ := list[1].([]byte)
	chain := [][]byte{der}
	for _, unit := range append([]ID{k.Unit}, k.Above(k.Unit)...) {
		item, _, err := k.admission(unit)
		if err != nil {
			return nil, err
		}
		if list := item.list(4); len(list) > 2 && (unit != k.Unit || item.id(5) == (ID{})) {
			der, _ := list[2].([]byte)
			chain = append(chain, der)
		}
	}
	return chain, nil
}
