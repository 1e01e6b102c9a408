package replica

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"hejie/store"
	"hejie/sync/crdt"
	"hejie/sync/exchange"
	"hejie/sync/oplog"
)

func TestACaseReachesTheStationWholeAndTheCourtAsFigures(t *testing.T) {
	court, town, village, other := county(t)
	id := village.newCase("李大样与王小例墙界纠纷")
	meet(village, town)
	meet(town, court)
	meet(town, other)
	if got := town.state(id).Register(crdt.Path{{Field: "title"}}).Shown; got != "李大样与王小例墙界纠纷" {
		t.Fatalf("the township sees %v", got)
	}
	held := func(n *node, id store.ID) (ok bool) {
		_ = n.r.View(context.Background(), func(rd store.Reader) (err error) { ok, err = rd.Has(id); return err })
		return ok
	}
	if held(court, id) || held(other, id) {
		t.Fatal("the case lies where it must not")
	}
	digest := court.digestOf(id)
	if got := court.state(digest).Register(crdt.Path{{Field: "amount"}}).Shown; got != int64(33) {
		t.Fatalf("the court's figure is %v", got)
	}
	if held(other, digest) {
		t.Fatal("another village learns that the case exists")
	}
}

func TestOneCaseChangedApartIsTheSameEverywhere(t *testing.T) {
	_, town, village, _ := county(t)
	id := village.newCase("欠薪")
	meet(village, town)
	village.set(id, "amount", int64(1670300))
	village.set(id, "title", "村里改的题目")
	town.set(id, "amount", int64(1240000))
	meet(village, town)
	a, b := village.state(id), town.state(id)
	if !bytes.Equal(a.Encode(), b.Encode()) {
		t.Fatal("two states")
	}
	amount := crdt.Path{{Field: "amount"}}
	if v := a.Register(amount); !v.Contested || len(v.Values) != 2 {
		t.Fatalf("%+v", v)
	}
	town.set(id, "amount", int64(1240000))
	meet(town, village)
	if v := village.state(id).Register(amount); v.Contested || v.Shown != int64(1240000) {
		t.Fatalf("settled, but %+v", v)
	}
	if village.fingerprint(town) != town.fingerprint(village) {
		t.Fatal("not in step")
	}
}

func TestAnyOrderTwiceAndInPiecesGivesTheSameRows(t *testing.T) {
	_, town, village, _ := county(t)
	for range 3 {
		id := village.newCase("邻里")
		meet(village, town)
		for i := range 4 {
			village.set(id, "title", int64(i))
			town.set(id, "amount", int64(i))
			if i%2 == 1 {
				meet(village, town)
			}
		}
	}
	meet(village, town)
	var frames []exchange.Wire
	_ = town.s.View(context.Background(), func(rd store.Reader) error {
		return rd.Frames(1, func(f store.Frame) (bool, error) {
			frames = append(frames, exchange.Wire{Kind: f.Kind, Bytes: bytes.Clone(f.Bytes)})
			return true, nil
		})
	})
	want := rows(t, town)
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 1))
		again := newNode(t, 2) // the township's own keys
		again.request("990125101000-zz", "清溪镇综治中心", "admin", "director")
		again.open(town.tree)
		for round := 0; ; round++ {
			shuffled := slices.Clone(frames)
			r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
			left := 0
			for piece := range slices.Chunk(shuffled, 1+r.IntN(len(shuffled))) {
				for _, v := range again.take(village, piece) {
					if v.Outcome == exchange.Refused {
						left++
					}
				}
			}
			if left == 0 && round > 0 {
				break
			}
			if round > 50 {
				t.Fatalf("seed %d: %d frames find no place", seed, left)
			}
		}
		got := rows(t, again)
		if len(got) != len(want) {
			t.Fatalf("seed %d: %d rows, not %d", seed, len(got), len(want))
		}
		for k, v := range want {
			if !bytes.Equal(got[k], v) {
				t.Fatalf("seed %d: row %q differs", seed, k)
			}
		}
		if again.fingerprint(village) != town.fingerprint(village) {
			t.Fatalf("seed %d: another fingerprint", seed)
		}
	}
}

// rows reads every derived row that does not tell the order of arrival.
func rows(t *testing.T, n *node) map[string][]byte {
	out := map[string][]byte{}
	err := n.s.View(context.Background(), func(rd store.Reader) error {
		for kind := range 256 {
			// In the order, and from whom, it came; and a note that a rebuild is due: frames
			// in an order that Take keeps nobody in look like a loss.
			if kind == rowMember || kind == rowPending || kind == rowGap {
				continue
			}
			err := rd.Scan([]byte{byte(kind)}, nil, false, func(k, v []byte) (bool, error) {
				out[string(k)] = bytes.Clone(v)
				return true, nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestARebuildGivesTheSameRows(t *testing.T) {
	_, town, village, _ := county(t)
	id := village.newCase("邻里")
	meet(village, town)
	town.set(id, "amount", int64(5))
	want := rows(t, town)
	town.reopen()
	if err := town.s.Rebuild(context.Background()); err != nil {
		t.Fatal(err)
	}
	got := rows(t, town)
	for k, v := range want {
		if !bytes.Equal(got[k], v) {
			t.Fatalf("row %q differs", k)
		}
	}
	town.set(id, "amount", int64(6)) // its lane goes on where it was
	meet(town, village)
	if v := village.state(id).Register(crdt.Path{{Field: "amount"}}); v.Shown != int64(6) {
		t.Fatalf("%+v", v)
	}
}

func TestABrokenOrForeignFrameIsRefusedAndSpoilsNothing(t *testing.T) {
	_, town, village, _ := county(t)
	stranger := newRoot(t, 99)
	strange := stranger.newCase("别的树")
	id := village.newCase("邻里")
	var good, foreign []exchange.Wire
	_ = village.r.Shared(context.Background(), town.id, func(s exchange.Shared) error {
		return s.Entries(store.EntryKey{}, store.EntryKey{}, func(k store.EntryKey) (bool, error) {
			f, err := s.Frame(store.ID(k[41:]))
			good = append(good, exchange.Wire{Kind: f.Kind, Bytes: f.Bytes})
			return true, err
		})
	})
	_ = stranger.s.View(context.Background(), func(rd store.Reader) error {
		f, err := rd.Frame(strange)
		foreign = append(foreign, exchange.Wire{Kind: f.Kind, Bytes: f.Bytes})
		return err
	})
	bad := bytes.Clone(good[len(good)-1].Bytes)
	bad[len(bad)-1] ^= 1
	mixed := append([]exchange.Wire{{Kind: store.KindOperation, Bytes: bad}, {Kind: 9, Bytes: []byte("x")}, foreign[0]}, good...)
	verdicts := town.take(village, mixed)
	for i, want := range []exchange.Reason{exchange.ReasonBody, exchange.ReasonNone, exchange.ReasonTree} {
		outcome := exchange.Refused
		if want == exchange.ReasonNone {
			outcome = exchange.AsCargo // of a later kind: no fault
		}
		if verdicts[i].Outcome != outcome || verdicts[i].Reason != want {
			t.Errorf("frame %d: %+v", i, verdicts[i])
		}
	}
	for _, v := range verdicts[3:] {
		if v.Outcome == exchange.Refused {
			t.Errorf("a good frame was refused: %s", v.Sentence)
		}
	}
	if town.state(id).Len() == 0 {
		t.Fatal("the good case did not come")
	}
	refused, err := town.r.Refused(context.Background(), exchange.Peer{Machine: village.machine.Public()})
	if err != nil || len(refused) != 2 {
		t.Fatalf("%d noted, %v", len(refused), err)
	}
}

func TestAnAuditorsOperationIsHeldWithoutEffect(t *testing.T) {
	court, town, village, _ := county(t)
	id := village.newCase("邻里")
	meet(village, town)
	auditor := town.admit(7, "990125101300-zz", "审计", false, "auditor")
	_ = court
	// The auditor's unit is granted nothing; give it the record's key by hand to
	// see that the verdict does not hang on keys.
	meet(town, auditor)
	auditor.r.keys.note(func() (k [32]byte) {
		_ = town.s.View(context.Background(), func(rd store.Reader) error {
			var row recordRow
			_, err := load(rd, rowKey(rowRecord, id[:]), &row)
			key, _, _ := town.r.keys.resolve(rd, *row.Key)
			k = key
			return err
		})
		return k
	}())
	own := auditor.newCase("自己写的")
	counts, err := auditor.r.Count(context.Background(), nil)
	if err != nil || counts.Late == 0 {
		t.Fatalf("%+v, %v", counts, err)
	}
	if v := auditor.state(own).Register(crdt.Path{{Field: "title"}}); v.Shown != nil {
		t.Fatalf("an auditor's words show: %v", v.Shown)
	}
}

func TestReceiptsTellWhatAUnitHoldsAndTravelToTheOwner(t *testing.T) {
	court, town, village, other := county(t)
	village.newCase("一")
	village.newCase("二")
	own := []oplog.Seat{village.seat.Signing.Public()}
	unsent := func() uint64 {
		c, err := village.r.Count(context.Background(), own)
		if err != nil {
			t.Fatal(err)
		}
		return c.Unsent
	}
	if n := unsent(); n != 4 {
		t.Fatalf("%d unsent before any sync", n)
	}
	meet(village, town)
	meet(town, court)
	receipts(t, court, town)
	receipts(t, town, village)
	if n := unsent(); n != 0 {
		t.Fatalf("%d unsent though all receipts are here", n)
	}
	village.newCase("三")
	if n := unsent(); n != 2 {
		t.Fatalf("%d unsent after one more case", n)
	}
	list, err := other.r.Receipts(context.Background(), town.id)
	if err != nil || len(list) != 0 {
		t.Fatalf("another village has %d receipts, %v", len(list), err)
	}
}

// receipts brings a's receipts to b.
func receipts(t *testing.T, a, b *node) {
	ctx := context.Background()
	if _, err := a.r.OwnReceipt(ctx, b.id); err != nil {
		t.Fatal(err)
	}
	list, err := a.r.Receipts(ctx, b.id)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.r.TakeReceipts(ctx, exchange.Peer{}, list); err != nil {
		t.Fatal(err)
	}
	mine, _ := b.r.Receipts(ctx, a.id)
	if !slices.EqualFunc(list, mine, bytes.Equal) {
		t.Fatalf("%d receipts there, %d here", len(list), len(mine))
	}
}

func TestASaveWithTheSameTokenAnswersTheSame(t *testing.T) {
	_, _, village, _ := county(t)
	ctx := context.Background()
	made := 0
	write := func(save Save) (store.ID, store.ID, error) {
		var id store.ID
		again, err := village.r.Write(ctx, village.signer(), save, func(w *Writer) error {
			op, err := w.Create(Begin{Kind: oplog.KindCase, Owner: village.id}, crdt.Body{})
			if err == nil {
				id, made = op.ID, made+1
			}
			return err
		})
		return id, again, err
	}
	hashed, bare := Save{Token: [16]byte{1}, Asked: [32]byte{1}}, Save{Token: [16]byte{2}}
	first, again, err := write(hashed)
	if err != nil || again != (store.ID{}) {
		t.Fatalf("%x, %v", again, err)
	}
	// As an earlier program saved it: nothing is known of what it asked for.
	old, _, err := write(bare)
	if err != nil {
		t.Fatal(err)
	}
	check := func(when string) {
		t.Helper()
		for _, tt := range []struct {
			save Save
			want store.ID
		}{
			{hashed, first}, {Save{Token: hashed.Token}, first}, {bare, old}, {Save{Token: bare.Token, Asked: [32]byte{9}}, old},
		} {
			if _, again, err := write(tt.save); err != nil || again != tt.want {
				t.Errorf("%s: %v answered %x, %v, not %x", when, tt.save, again, err, tt.want)
			}
		}
		_, again, err := write(Save{Token: hashed.Token, Asked: [32]byte{2}})
		var reused *TokenReusedError
		if !errors.As(err, &reused) || reused.Record != first || again != (store.ID{}) {
			t.Errorf("%s: another save with the token answered %x, %v", when, again, err)
		}
		if made != 2 {
			t.Fatalf("%s: %d saves were made, not 2", when, made)
		}
	}
	check("at once")
	village.reopen()
	check("opened anew")
	if err := village.s.Rebuild(ctx); err != nil {
		t.Fatal(err)
	}
	check("derived anew")
}

func TestALaneRow(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var row laneRow
		held := map[uint64]bool{}
		for range 30 {
			n := 1 + r.Uint64N(20)
			row.add(n)
			held[n] = true
		}
		count := uint64(0)
		for i, run := range row.Runs {
			count += run[1] - run[0] + 1
			if i > 0 && row.Runs[i-1][1]+1 >= run[0] {
				t.Fatalf("runs touch: %v", row.Runs)
			}
			for n := run[0]; n <= run[1]; n++ {
				if !held[n] {
					t.Fatalf("%d is not held: %v", n, row.Runs)
				}
			}
		}
		if count != uint64(len(held)) {
			t.Fatalf("%v for %v", row.Runs, held)
		}
	}
}
