//go:build windows

package badger

import (
	"os/exec"
	"syscall"

	"golang.org/x/sys/windows"
)

// hide keeps a child of the window's program from opening a console.
func hide(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{HideWindow: true, CreationFlags: windows.CREATE_NO_WINDOW}
}
