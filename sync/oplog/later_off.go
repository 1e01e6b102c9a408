//go:build !later

package oplog

// laterKnows tells of a header key that a program knows which is a release ahead
// (build tag later, test/builds); no released program is built with it.
func laterKnows(uint64) bool { return false }
