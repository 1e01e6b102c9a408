package station

import (
	"bytes"
	"testing"
)

// TestAnyByteFlippedHeals: whichever byte of a village's pack flips, with its rows
// gone too, a meeting with the township makes it whole, at this opening and at
// every later one, though what came back lies in the packs behind what builds
// on it.
func TestAnyByteFlippedHeals(t *testing.T) {
	_, town, village := county(t)
	id := village.newCase("")
	village.set(id, `{"title":"改过一次的题目"}`)
	if !inStep(village, town, 3) {
		t.Fatal("not in step before")
	}
	document, seat := village.get(id), hexID(village.ss.seat())
	village.shut()
	whole := village.fs.Files()
	pack := village.packOf()
	for at := 211; at < len(whole[pack]); at += 1531 {
		village.harm(nil, "")
		village.put(whole)
		if err := village.fs.Change(pack, func(b []byte) []byte {
			b = bytes.Clone(b)
			b[at] ^= 1
			return b
		}); err != nil {
			t.Fatal(err)
		}
		for opening := range 3 {
			village.start()
			village.signInAs(seat, secret)
			if opening == 0 && len(village.verify().Bad) == 0 {
				t.Errorf("byte %d: verify finds nothing", at)
			}
			if !inStep(village, town, 4) {
				t.Fatalf("byte %d: not in step at opening %d", at, opening)
			}
			if v := village.verify(); len(v.Bad) > 0 {
				t.Errorf("byte %d: at opening %d verify finds %+v", at, opening, v.Bad)
			}
			if got := village.get(id); got != document {
				t.Errorf("byte %d: at opening %d the case is %s", at, opening, got)
			}
			village.shut()
		}
	}
}
