//go:build desktop

package desktop

import (
	"errors"
	"os"
)

// displayMissing says what to do where there is no display to open a window on.
func displayMissing() error {
	if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return errors.New("there is no display here: run `hejie serve` and open the address that it prints in a browser")
	}
	return nil
}
