package mem

import (
	"context"

	"hejie/store/packstore"
)

// Open opens a store whose rows lie in memory; o.Engine is set here. With
// memfs as its o.FS nothing of it touches the machine.
func Open(ctx context.Context, o packstore.Options) (*packstore.Store, error) {
	o.Engine = Opener{}
	return packstore.Open(ctx, o)
}
