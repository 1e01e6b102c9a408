//go:build !unix

package rooms

import "math"

// maxFiles is how many files this process may have open at once: Windows counts
// sockets by memory and not by a table.
func maxFiles() int { return math.MaxInt32 }
