package process

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	// The program is built below, where the go command does not see that a cached
	// result of the tests depends on it.
	_ "hejie/app/cli"
)

// Program names the variable that gives another program to try than the one of
// this source tree: an earlier build, to see that it falls.
const Program = "HEJIE_PROGRAM"

// Build makes the command line program into dir with the build tags given and
// answers its path. It is made as `make build` does, so that the compiled
// packages are found in the cache.
func Build(dir, tags string) (string, error) {
	if given := os.Getenv(Program); given != "" && tags == "" {
		return given, nil
	}
	if shared := os.Getenv(Shared); shared != "" && tags == "" {
		return filepath.Join(shared, sharedProgram), nil
	}
	return build(filepath.Join(dir, sharedProgram+tags), tags)
}

func build(out, tags string) (string, error) {
	c := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-tags", tags, "-o", out, "hejie")
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if b, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building with tags %q: %w\n%s", tags, err, b)
	}
	return out, nil
}
