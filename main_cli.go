//go:build !desktop

package main

import "hejie/app/cli"

func run(args []string) int {
	return cli.Main(args)
}
