package station

import (
	"context"
	"slices"

	"hejie/sync/seal"
)

// keepReadingKeys adds private reading keys to the folder's and opens what they
// open.
func (s *Station) keepReadingKeys(ctx context.Context, o *opened, seeds [][seal.SeedSize]byte) error {
	o.mu.Lock()
	var fresh []*seal.PrivateKey
	for _, seed := range seeds {
		k, err := seal.PrivateKeyFrom(seed)
		if err != nil {
			o.mu.Unlock()
			return err
		}
		held := slices.ContainsFunc(o.unit.Reading, func(x *seal.PrivateKey) bool { return x.Name() == k.Name() })
		if !held {
			fresh = append(fresh, k)
		}
	}
	if len(fresh) == 0 {
		o.mu.Unlock()
		return nil
	}
	o.unit.Reading = append(o.unit.Reading, fresh...)
	var err error
	if o.lostUnit == nil && o.maySave() == nil { // else they are taken from the wraps at each sign-in
		err = s.folder.putUnitKeys(s.o.Random, o.key, o.unit)
	}
	o.mu.Unlock()
	if err != nil {
		return err
	}
	return o.replica.Unlock(ctx, fresh...)
}
