package cli

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"hejie/store/badger"
	"hejie/store/host"
)

// farewell bounds the time from a signal to the end, whatever was under way and
// whatever happened to the files. Each part that ends in good order has less.
const farewell = 9 * time.Second

// Version names the program in status, in the API and in `hejie version`.
const Version = "0.1.0"

// Main runs one command and returns its exit status: 0 done, 1 failed, 2 wrong
// usage. SIGINT and SIGTERM end it in good order.
func Main(args []string) int { return mainWith(args, production()) }

func mainWith(args []string, s settings) int {
	quiet()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	w, err := machine(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, "hejie:", err)
		return exitFailed
	}
	done := make(chan int, 1)
	go func() { done <- run(ctx, w, s, nil, args) }()
	select {
	case status := <-done:
		return status
	case <-ctx.Done():
		stop() // a second signal ends the process at once
	}
	select {
	case status := <-done:
		return status
	case <-time.After(farewell):
		// What was acknowledged is on the disk: ending now loses no more than a
		// power cut, and nobody waits for a file or a caller that never answers.
		fmt.Fprintln(os.Stderr, "hejie:", text(w.lang, "signal.late"))
		return exitFailed
	}
}

// quiet drops what libraries write to the standard logger (quic-go about the
// system's buffers, net/http about odd answers): stderr is for this program's own
// sentences, and such lines name addresses. What matters of it comes back as an
// error.
func quiet() { slog.SetDefault(slog.New(slog.DiscardHandler)) } // the standard logger follows

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
