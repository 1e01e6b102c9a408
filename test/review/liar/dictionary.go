package liar

import (
	"os"
	"path/filepath"
)

// dictionary is compression 2's, whose bytes lie beside the vectors.
func dictionary() ([]byte, error) {
	return os.ReadFile(filepath.Join("..", "vectors", "dictionary-1.bin"))
}
