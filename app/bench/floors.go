package bench

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"

	"hejie/store/host"
	"hejie/store/rows"
)

// Sizes of the floors' work: enough for a steady figure, little time.
const (
	recordSize  = 1229 // bytes of one sealed case, as BENCH's floors have it
	appendTries = 200
	signTries   = 4000 // a core
	bulkRows    = 20_000
	bulkBatch   = 1000
)

// fullFloors is from how many cases on the floors do their whole work; a small
// run is a try of the command, and need not wait for steady figures.
const fullFloors = 500

func (r *run) share(work int) int {
	if r.N >= fullFloors {
		return work
	}
	return max(work/20, work*r.N/fullFloors)
}

// floorAppend is the least that a durable save costs: append and sync.
func (r *run) floorAppend() error {
	r.Say("append + fsync")
	fs := host.OS{}
	name := filepath.Join(r.Dir, "floor")
	f, err := fs.Create(name)
	if err != nil {
		return err
	}
	record := make([]byte, recordSize)
	if _, err := io.ReadFull(r.Random, record); err != nil {
		return errors.Join(err, f.Close())
	}
	tries := r.share(appendTries)
	times := make([]time.Duration, 0, tries)
	for range tries {
		d, err := r.timed(func() error {
			if _, err := f.Write(record); err != nil {
				return err
			}
			return f.Sync()
		})
		if err != nil {
			return errors.Join(err, f.Close())
		}
		times = append(times, d)
	}
	r.result.Floor["append_fsync_p50_ms"] = percentile(times, 0.5)
	r.result.Floor["append_fsync_p95_ms"] = percentile(times, 0.95)
	return errors.Join(f.Close(), fs.Remove(name))
}

// floorSignatures is how many signatures and checks all cores do in a second.
func (r *run) floorSignatures() error {
	r.Say("Ed25519")
	seed := make([]byte, ed25519.SeedSize)
	if _, err := io.ReadFull(r.Random, seed); err != nil {
		return err
	}
	key := ed25519.NewKeyFromSeed(seed)
	public, ok := key.Public().(ed25519.PublicKey)
	if !ok {
		return errors.New("no Ed25519 key")
	}
	hash := sha256.Sum256(seed)
	signature := ed25519.Sign(key, hash[:])
	cores, tries := runtime.GOMAXPROCS(0), r.share(signTries)
	rate := func(one func()) float64 {
		began := r.Clock.Now()
		var all sync.WaitGroup
		for range cores {
			all.Go(func() {
				for range tries {
					one()
				}
			})
		}
		all.Wait()
		return float64(cores*tries) / r.Clock.Now().Sub(began).Seconds()
	}
	r.result.Floor["sign_per_s"] = rate(func() { ed25519.Sign(key, hash[:]) })
	r.result.Floor["verify_per_s"] = rate(func() { ed25519.Verify(public, hash[:], signature) })
	return nil
}

// floorBulk is how many rows of a record's size the engine takes in a second.
func (r *run) floorBulk() error {
	r.Say("Badger")
	dir := filepath.Join(r.Dir, "bulk")
	if err := (host.OS{}).MkdirAll(dir); err != nil {
		return err
	}
	var key [32]byte
	if _, err := io.ReadFull(r.Random, key[:]); err != nil {
		return err
	}
	e, err := r.Engine.Open(dir, key)
	if err != nil {
		return err
	}
	value := make([]byte, recordSize)
	if _, err := io.ReadFull(r.Random, value); err != nil {
		return errors.Join(err, e.Close())
	}
	count := r.share(bulkRows)
	took, err := r.timed(func() error {
		for at := 0; at < count; at += bulkBatch {
			b := &rows.Batch{}
			for n := range min(bulkBatch, count-at) {
				id := sha256.Sum256(binary.BigEndian.AppendUint64(nil, uint64(at+n)))
				b.Put(id[:], value)
			}
			if err := e.Write(b); err != nil {
				return err
			}
		}
		return nil
	})
	r.result.Floor["badger_bulk_per_s"] = float64(count) / took.Seconds()
	return errors.Join(err, e.Close(), (host.OS{}).RemoveAll(dir))
}

// floorZstd is the raw input, compressed as one stream at the default level.
func (r *run) floorZstd(raw []byte) error {
	r.Say("zstd")
	n, err := compressed(raw)
	r.result.Floor["raw_bytes"] = float64(len(raw))
	r.result.Floor["zstd_bytes"] = float64(n)
	return err
}

func compressed(raw []byte) (int, error) {
	w, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return 0, err
	}
	return len(w.EncodeAll(raw, nil)), w.Close()
}
