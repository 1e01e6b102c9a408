package cli

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"hejie/store/badger"
	"hejie/store/host"
)

// Version names the program in status, in the API and in `hejie version`.
const Version = "0.1.0"

// Main runs one command and returns its exit status: 0 done, 1 failed, 2 wrong
// usage. SIGINT and SIGTERM end it in good order.
func Main(args []string) int { return mainWith(args, production()) }

func mainWith(args []string, s settings) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	w, err := machine(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, "hejie:", err)
		return exitFailed
	}
	return run(ctx, w, s, nil, args)
}

// production are the settings of the program itself.
func production() settings {
	return settings{
		clock: host.System{}, random: host.SystemRandom, engine: badger.Opener{},
		outside: outsideFolder(), wait: waitFor,
	}
}

// outsideFolder is where the counters lie that tell a copied data folder: in
// the folder for the machine's own state of this person. Empty where there is
// none that can be written to (a service without a home); a folder then counts
// as copied only by its own counter.
func outsideFolder() string {
	base, err := os.UserConfigDir()
	if err != nil {
		return ""
	}
	dir := filepath.Join(base, "hejie", "instances")
	if (host.OS{}).MkdirAll(dir) != nil {
		return ""
	}
	return dir
}

func waitFor(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
