package memfs

import "bytes"

// Files gives the contents of every file as a running program sees them, so
// that a test can look for what should be in none.
func (f *FS) Files() map[string][]byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := map[string][]byte{}
	for name, n := range f.names {
		out[name] = bytes.Clone(n.data)
	}
	return out
}
