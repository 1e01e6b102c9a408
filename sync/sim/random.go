package sim

import (
	"encoding/binary"
	"math/rand/v2"
	"sync"

	"hejie/sync/seal"
)

// Random is a machine's source of randomness (host.Random), drawn from the
// world's seed and a name. It seals to public keys by itself (seal.Sealer).
type Random struct {
	// mu guards what follows.
	mu sync.Mutex
	r  *rand.ChaCha8
}

var _ seal.Sealer = (*Random)(nil)

// Random is the stream of random bytes of a name.
func (w *World) Random(name string) *Random {
	return &Random{r: rand.NewChaCha8(hashOf("random", binary.LittleEndian.AppendUint64(nil, w.seed), []byte(name)))}
}

// Read implements host.Random; it never fails.
func (r *Random) Read(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.r.Read(b)
}
