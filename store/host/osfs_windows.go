//go:build windows

package host

import (
	"errors"

	"golang.org/x/sys/windows"
)

// syncDir does nothing: NTFS journals names in order with the file's own
// flush, and a folder handle can't be flushed without administrator's rights.
func syncDir(string) error { return nil }

func isReadOnly(err error) bool {
	return errors.Is(err, windows.ERROR_WRITE_PROTECT) || errors.Is(err, windows.ERROR_ACCESS_DENIED)
}

func isUnreadable(err error) bool {
	return errors.Is(err, windows.ERROR_CRC) || errors.Is(err, windows.ERROR_SECTOR_NOT_FOUND) ||
		errors.Is(err, windows.ERROR_IO_DEVICE) || errors.Is(err, windows.ERROR_READ_FAULT) ||
		errors.Is(err, windows.ERROR_FILE_CORRUPT)
}

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
