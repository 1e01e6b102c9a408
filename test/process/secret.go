package process

import (
	"crypto/rand"
	"os"
	"path/filepath"

	"hejie/sync/identity"
)

// leastCost is the least that a key file may ask of who opens it.
var leastCost = identity.Cost{Time: 1, Memory: 8 << 10, Lanes: 1}

// easeSecrets gives the secrets of the desk's folder the least cost. The program
// reads the cost from the key file; at its own, most of what a test of many
// commands takes is the stretching of one secret again and again.
func (d *Desk) easeSecrets() {
	d.T.Helper()
	path := filepath.Join(d.Data(), "keys", "keys")
	b, err := os.ReadFile(path)
	if err != nil {
		d.T.Fatal(err)
	}
	file, err := identity.DecodeKeyFile(b)
	if err != nil {
		d.T.Fatal(err)
	}
	for _, s := range file.Slots {
		if s.Kind != identity.SlotSecret {
			continue
		}
		if err := file.ChangeSecret(rand.Reader, s.Seat, d.Pin, d.Pin, leastCost); err != nil {
			d.T.Fatal(err)
		}
	}
	if err := os.WriteFile(path, file.Encode(), 0o600); err != nil {
		d.T.Fatal(err)
	}
}
