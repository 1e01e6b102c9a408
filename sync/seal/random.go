package seal

import (
	"io"

	"hejie/store/host"
)

func readFull(random host.Random, b []byte) (int, error) { return io.ReadFull(random, b) }
