//go:build later

package oplog

// laterKnows: see later_off.go. Key 33 is a field that the later program
// understands and that changes nothing there.
func laterKnows(key uint64) bool { return key == 33 }
