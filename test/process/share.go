package process

import (
	"context"
	"os"
	"path/filepath"
)

// Share builds the program and sets a county up in a folder, for Shared.
func Share(ctx context.Context, dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	program, err := build(filepath.Join(dir, sharedProgram), "")
	if err != nil {
		return err
	}
	//nolint:contextcheck // commands run under the T's context, which is this one
	return Alone(ctx, func(t T) { SetUp(t, program, filepath.Join(dir, sharedCounty)) })
}
