//go:build windows

package host

import (
	"errors"
	"fmt"

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

func isBusy(err error) bool {
	return errors.Is(err, windows.ERROR_SHARING_VIOLATION) || errors.Is(err, windows.ERROR_LOCK_VIOLATION)
}

func isDenied(err error) bool { return errors.Is(err, windows.ERROR_ACCESS_DENIED) }

// private gives a file an access list of its own, which names this user alone
// and takes nothing from its folder.
func private(name string) error {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return fmt.Errorf("make %s private: who this user is: %w", name, err)
	}
	list, err := windows.ACLFromEntries([]windows.EXPLICIT_ACCESS{{
		AccessPermissions: windows.GENERIC_ALL,
		AccessMode:        windows.SET_ACCESS,
		Inheritance:       windows.NO_INHERITANCE,
		Trustee: windows.TRUSTEE{
			TrusteeForm: windows.TRUSTEE_IS_SID, TrusteeType: windows.TRUSTEE_IS_USER,
			TrusteeValue: windows.TrusteeValueFromSID(user.User.Sid),
		},
	}}, nil)
	if err != nil {
		return fmt.Errorf("make %s private: %w", name, err)
	}
	if err := windows.SetNamedSecurityInfo(name, windows.SE_FILE_OBJECT,
		windows.DACL_SECURITY_INFORMATION|windows.PROTECTED_DACL_SECURITY_INFORMATION, nil, nil, list, nil); err != nil {
		// A stick whose file system knows no such lists keeps nobody out anyway.
		if errors.Is(err, windows.ERROR_INVALID_FUNCTION) || errors.Is(err, windows.ERROR_NOT_SUPPORTED) {
			return nil
		}
		return fmt.Errorf("make %s private: %w", name, err)
	}
	return nil
}
