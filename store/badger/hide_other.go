//go:build !windows

package badger

import "os/exec"

func hide(*exec.Cmd) {}
