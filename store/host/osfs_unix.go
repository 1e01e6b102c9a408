//go:build unix

package host

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

func syncDir(name string) error {
	d, err := os.Open(name)
	if err != nil {
		return err
	}
	if err := d.Sync(); err != nil {
		_ = d.Close() // the sync's error is the one to tell
		return err
	}
	return d.Close()
}

func isReadOnly(err error) bool {
	return errors.Is(err, unix.EROFS) || errors.Is(err, unix.EACCES) || errors.Is(err, unix.EPERM)
}

func isUnreadable(err error) bool { return errors.Is(err, unix.EIO) }

func isNoSpace(err error) bool {
	return errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT)
}

// Nobody holds a file here so that others can't use it.
func isBusy(error) bool { return false }

func isDenied(error) bool { return false }

func private(name string) error { return os.Chmod(name, fileMode) }
