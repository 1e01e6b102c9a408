//go:build !later

package identity

// What a program knows of logs that is a release ahead (build tag later,
// test/builds); no released program is built with it.

func laterDecoder(ItemType) func(*fields) (Item, error) { return nil }
