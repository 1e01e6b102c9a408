package packstore_test

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"hejie/store"
	"hejie/store/badger"
	"hejie/store/mem"
	"hejie/store/packstore"
	"hejie/store/storetest"
)

// frameSize is about that of a saved case.
const frameSize = 1229

func benchFrame(n uint64) store.Frame {
	b := make([]byte, frameSize)
	binary.BigEndian.PutUint64(b, n)
	return store.Frame{ID: sha256.Sum256(b[:8]), Kind: store.KindOperation, Bytes: b}
}

// BenchmarkFloor is the least that a durable save costs: append and sync.
func BenchmarkFloor(b *testing.B) {
	f, err := os.Create(filepath.Join(b.TempDir(), "floor"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	data := make([]byte, frameSize)
	for b.Loop() {
		if _, err := f.Write(data); err != nil {
			b.Fatal(err)
		}
		if err := f.Sync(); err != nil {
			b.Fatal(err)
		}
	}
}

func openBench(b *testing.B, engine string) *packstore.Store {
	b.Helper()
	o := packstore.Options{Dir: b.TempDir(), Applier: storetest.Ledger{}, Engine: mem.Opener{}}
	if engine == "badger" {
		o.Engine = badger.Opener{}
	}
	s, err := packstore.Open(context.Background(), o)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	return s
}

// BenchmarkAppend is one save after the other.
func BenchmarkAppend(b *testing.B) {
	for _, engine := range []string{"mem", "badger"} {
		b.Run(engine, func(b *testing.B) {
			s := openBench(b, engine)
			n := uint64(0)
			for b.Loop() {
				n++
				if _, err := s.Append(context.Background(), []store.Frame{benchFrame(n)}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkBulk appends 1,000 frames at a time, each giving four rows, the
// index and an entry; an operation is one frame.
func BenchmarkBulk(b *testing.B) {
	for _, engine := range []string{"mem", "badger"} {
		b.Run(engine, func(b *testing.B) {
			s := openBench(b, engine)
			frames := make([]store.Frame, 0, 1000)
			n := uint64(0)
			for b.Loop() {
				n++
				if frames = append(frames, benchFrame(n)); len(frames) == cap(frames) {
					if _, err := s.Append(context.Background(), frames); err != nil {
						b.Fatal(err)
					}
					frames = frames[:0]
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "frames/s")
		})
	}
}
