//go:build linux || darwin

package host

import "golang.org/x/sys/unix"

func freeBytes(dir string) int64 {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return -1
	}
	return int64(s.Bavail) * int64(s.Bsize) //nolint:unconvert // on darwin it is an uint32
}
