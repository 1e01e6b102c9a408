//go:build windows

package host

import (
	"errors"

	"golang.org/x/sys/windows"
)

// syncDir does nothing: NTFS journals names in order with the file's own
// flush, and a folder handle can't be flushed without administrator's rights.
func syncDir(string) error { return nil }

func isNoSpace(err error) bool {
	return errors.Is(err, windows.ERROR_DISK_FULL) || errors.Is(err, windows.ERROR_HANDLE_DISK_FULL)
}

func freeBytes(dir string) int64 {
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return -1
	}
	var free uint64
	if err := windows.GetDiskFreeSpaceEx(name, &free, nil, nil); err != nil {
		return -1
	}
	return int64(free) //nolint:gosec // a disk has less than 2^63 bytes
}
