//go:build !later

package seal

// laterCompressions are those of a program that is a release ahead (build tag
// later, test/builds); no released program is built with it.
func laterCompressions() []compression { return nil }
