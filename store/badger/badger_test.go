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
	if dir := os.Getenv(childDir); dir != "" {
		fmt.Fprintln(os.Stderr, child(dir)) // it returns only if it failed
		os.Exit(1)
	}
	// glog, which Badger's cache brings along, flushes its log for ever.
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("github.com/golang/glog.(*fileSink).flushDaemon"))
}
