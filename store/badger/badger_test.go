package badger_test

import (
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"

	"hejie/store/badger"
	"hejie/store/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, storetest.Subject{Opener: badger.Opener{}, Slow: true})
}

func TestMain(m *testing.M) {
	badger.Probe()
	if dir := os.Getenv(childDir); dir != "" {
		fmt.Fprintln(os.Stderr, child(dir)) // it returns only if it failed
		os.Exit(1)
	}
	if dir := os.Getenv(takenDir); dir != "" {
		if err := taken(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	// glog, which Badger's cache brings along, flushes its log for ever.
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("github.com/golang/glog.(*fileSink).flushDaemon"))
}

func TestDamage(t *testing.T) { storetest.Matrix(t, badger.Opener{}, 15) }
