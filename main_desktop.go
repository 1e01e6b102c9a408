//go:build desktop

package main

import (
	"hejie/app/cli"
	"hejie/app/desktop"
)

func run(args []string) int {
	return desktop.Main(cli.Window(args))
}
