package mem_test

import (
	"testing"

	"go.uber.org/goleak"

	"hejie/store/mem"
	"hejie/store/storetest"
)

func TestStore(t *testing.T) { storetest.Run(t, storetest.Subject{Opener: mem.Opener{}}) }

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestDamage(t *testing.T) { storetest.Matrix(t, mem.Opener{}, 5) }
