package exchange

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"hejie/store"
)

func TestBatchesRoundTrip(t *testing.T) {
	var b batch
	frames := []Wire{{store.KindOperation, []byte("one")}, {store.KindWrap, nil}, {9, bytes.Repeat([]byte("x"), 9000)}}
	for i, f := range frames {
		if !b.add(store.ID{byte(i)}, f) {
			t.Fatal("no room")
		}
	}
	encoded := b.encode()
	if len(encoded) > 200 {
		t.Fatal("not compressed:", len(encoded))
	}
	got, err := parseBatch(encoded)
	if err != nil || len(got) != 3 {
		t.Fatal(got, err)
	}
	for i, f := range frames {
		if got[i].Kind != f.Kind || !bytes.Equal(got[i].Bytes, f.Bytes) {
			t.Fatal(i, got[i])
		}
	}
	if b.add(store.ID{4}, Wire{1, make([]byte, store.MaxFrame)}) {
		t.Fatal("a batch took more than its limit")
	}
	var alone batch
	if !alone.add(store.ID{4}, Wire{1, make([]byte, store.MaxFrame)}) || len(alone.raw) > MaxBatch {
		t.Fatal("the largest frame does not fit alone")
	}
}

func TestBatchesThatLieAreRefused(t *testing.T) {
	bomb, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	zeros := bomb.EncodeAll(make([]byte, 64<<20), nil)
	claim := func(n uint64, content []byte) []byte {
		return append(binary.AppendUvarint([]byte{batchZstd}, n), content...)
	}
	for name, data := range map[string][]byte{
		"a bomb that says so":              claim(64<<20, zeros),
		"a bomb that says less":            claim(1000, zeros),
		"a billion bytes":                  claim(1<<30, nil),
		"unknown compression":              {7, 1, 0},
		"no length":                        {batchStored},
		"another length":                   {batchStored, 9, 1, 0},
		"a frame beyond the batch":         {batchStored, 2, 1, 200},
		"a frame without length":           {batchStored, 1, 1},
		"a frame that claims 2^63":         append([]byte{batchStored, 11, 1}, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1),
		"rubbish instead of a zstd stream": claim(10, []byte("rubbish")),
	} {
		if got, err := parseBatch(data); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %d frames, %v", name, len(got), err)
		}
	}
}

func FuzzParseBatch(f *testing.F) {
	var b batch
	b.add(store.ID{1}, Wire{1, []byte("a frame")})
	f.Add(b.encode())
	f.Add([]byte{batchStored, 2, 1, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		frames, err := parseBatch(data)
		if err != nil {
			return
		}
		total := 0
		for _, w := range frames {
			total += len(w.Bytes)
		}
		if total > MaxBatch {
			t.Fatalf("%d bytes decoded", total)
		}
	})
}

func FuzzDecodeMessages(f *testing.F) {
	for _, v := range []any{
		&request{Version: 1, Kind: kindHello, Tree: make([]byte, 8), Nonce: make([]byte, 16), LogCount: 7},
		&request{Version: 1, Kind: kindWork, Held: make([]byte, 16), New: [][]byte{{1}}, Audit: &audit{}, Tell: true},
		&response{Version: 1, Outcomes: []byte{1, 3}, Refusals: []refusal{{Index: 1, Reason: 2, Sentence: "no"}}},
	} {
		data, err := encode(v, bytes.NewReader([]byte{1, 2, 3}))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte{0xa1, 0x01, 0x9b, 0, 0, 0, 0, 0x3b, 0x9a, 0xca, 0}) // an array of a billion
	f.Fuzz(func(t *testing.T, data []byte) {
		if r, err := decodeRequest(data); err == nil {
			again, err := encoding.Marshal(r)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := decodeRequest(again); err != nil {
				t.Fatal(err)
			}
		}
		if r, err := decodeResponse(data); err == nil && r.Version != Version {
			t.Fatal("another version was taken")
		}
	})
}

type testClock struct{ now time.Time }

func (c *testClock) Now() time.Time { return c.now }

func TestBudgetsComeBackWithTimeAndNeverMore(t *testing.T) {
	clock := &testClock{now: time.Unix(1000, 0)}
	b := newBudgets(clock)
	peer := store.ID{1}
	spend := func() (n int) {
		for b.bad(peer, costMalformed) {
			n++
		}
		return n
	}
	if n := spend(); n != burstBad/costMalformed {
		t.Fatal(n)
	}
	clock.now = clock.now.Add(-time.Hour) // a clock set back gives nothing
	if spend() != 0 {
		t.Fatal("a clock set back gave a budget")
	}
	clock.now = clock.now.Add(time.Duration(costMalformed/rateBad) * time.Second)
	if n := spend(); n != 1 {
		t.Fatal(n)
	}
	clock.now = clock.now.Add(1000 * time.Hour)
	if n := spend(); n != burstBad/costMalformed {
		t.Fatal(n)
	}
	if !b.bad(store.ID{2}, costMalformed) {
		t.Fatal("one peer pays for another")
	}
}

func TestBudgetsForgetTheOldestBeyondTheirNumber(t *testing.T) {
	b := newBudgets(&testClock{})
	for i := range 3 * maxBudgets {
		var id store.ID
		binary.BigEndian.PutUint32(id[:], uint32(i))
		b.message(id, 1)
		if len(b.peers) > maxBudgets || b.seen.Len() != len(b.peers) {
			t.Fatal("unbounded")
		}
	}
	var last store.ID
	binary.BigEndian.PutUint32(last[:], 3*maxBudgets-1)
	if b.peers[last] == nil {
		t.Fatal("the newest was forgotten")
	}
}

func TestStrangersTogetherHaveOneBudget(t *testing.T) {
	clock := &testClock{}
	b := newBudgets(clock)
	n := 0
	for range 1000 {
		if b.introduction() {
			n++
		}
	}
	if n != burstStrangers {
		t.Fatal(n)
	}
	// Who presses all the time keeps the others from nothing: the tokens come back.
	n = 0
	for range 1000 {
		clock.now = clock.now.Add(time.Millisecond)
		if b.introduction() {
			n++
		}
	}
	if n != rateStrangers {
		t.Fatal(n)
	}
}

func TestSentencesAreCutAtACharacter(t *testing.T) {
	long := string(bytes.Repeat([]byte("签"), 200))
	got := cut(long)
	if len(got) > MaxSentence || len(got)%3 != 0 || cut("short") != "short" {
		t.Fatal(len(got))
	}
}
