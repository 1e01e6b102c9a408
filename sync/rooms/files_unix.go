//go:build unix

package rooms

import (
	"math"
	"syscall"
)

// maxFiles is how many files this process may have open at once; Go has raised
// it to what the system allows.
func maxFiles() int {
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l); err != nil {
		return 1024 // the least that systems give
	}
	return int(min(uint64(l.Cur), math.MaxInt32)) //nolint:unconvert // Cur is signed on some systems
}
