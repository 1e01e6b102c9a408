package sim

import (
	"encoding/hex"
	"errors"
	"fmt"

	"hejie/app/api"
	"hejie/app/casework"
	"hejie/store"
	"hejie/store/host"
	"hejie/sync/exchange"
	"hejie/sync/sim"
)

// reason is why something failed, in words that are the same in every run.
func reason(err error) string {
	var refusal *casework.Refusal
	var field *casework.FieldError
	var coded *api.Error
	switch {
	case errors.As(err, &refusal):
		return "refused: " + refusal.Rule
	case errors.As(err, &field):
		return "refused: " + field.Path + " " + field.Code
	case errors.As(err, &coded):
		return "refused: " + coded.Code()
	}
	return err.Error()
}

// byMachine tells of an error whose cause is a machine's trouble and no defect.
func byMachine(err error) bool {
	for _, known := range []error{
		store.ErrDiskFull, store.ErrFailed, store.ErrClosed, store.ErrInUse, host.ErrNoSpace, sim.ErrReadOnly, sim.ErrCut, sim.ErrDown, errDown,
		exchange.ErrPeerDisk, exchange.ErrPeerFailed,
	} {
		if errors.Is(err, known) {
			return true
		}
	}
	return false
}

func hexID(id store.ID) string { return hex.EncodeToString(id[:]) }

func parseID(text string) (store.ID, error) {
	b, err := hex.DecodeString(text)
	if err != nil || len(b) != len(store.ID{}) {
		return store.ID{}, fmt.Errorf("%q is no id", text)
	}
	return store.ID(b), nil
}
