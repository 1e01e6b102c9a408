//go:build desktop && !linux

package desktop

// displayMissing is nil: the other systems always have a display.
func displayMissing() error { return nil }
