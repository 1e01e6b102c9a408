// Package cli is the command line of Hejie.
//
// It is for turning arguments into calls of the station and its answers into
// documents and exit statuses. It may hold no rules. Invariant: with --json
// stdout carries documents only; what is said to a person goes to stderr.
package cli

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"hejie/frontend"
)

// Exit statuses, as CLI.md promises them.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// Main runs one command and returns its exit status.
func Main(args []string) int {
	if len(args) == 0 || args[0] != "serve" {
		fmt.Fprintln(os.Stderr, "usage: hejie serve [--data DIR] [--listen ADDR]")
		return exitUsage
	}
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	data := flags.String("data", dataFolder(), "the data folder")
	listen := flags.String("listen", "127.0.0.1:0", "address of the API and web interface; port 0 asks for a free one")
	flags.Bool("json", true, "the line that says where it listens is a document in any case")
	if err := flags.Parse(args[1:]); err != nil {
		return exitUsage
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := serve(ctx, *data, *listen); err != nil {
		fmt.Fprintln(os.Stderr, "hejie serve:", err)
		return exitFailed
	}
	return exitDone
}

// Window names the data folder of the window and gives what opens it: the
// handler that `serve` listens with, and what closes it again.
func Window(args []string) (string, func(context.Context) (http.Handler, func() error, error)) {
	flags := flag.NewFlagSet("hejie-desktop", flag.ContinueOnError)
	data := flags.String("data", dataFolder(), "the data folder")
	if err := flags.Parse(args); err != nil {
		return "", func(context.Context) (http.Handler, func() error, error) { return nil, nil, err }
	}
	return *data, func(ctx context.Context) (http.Handler, func() error, error) { return open(ctx, *data) }
}

func dataFolder() string {
	if folder := os.Getenv("HEJIE_DATA"); folder != "" {
		return folder
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "hejie"
	}
	return filepath.Join(home, "hejie")
}

// open makes sure of the folder and gives the handler over it.
func open(_ context.Context, data string) (http.Handler, func() error, error) {
	if err := os.MkdirAll(data, 0o700); err != nil {
		return nil, nil, fmt.Errorf("open the data folder: %w", err)
	}
	return http.FileServerFS(frontend.Assets), func() error { return nil }, nil
}

func serve(ctx context.Context, data, listen string) (err error) {
	handler, closeData, err := open(ctx, data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeData()) }()
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", listen, err)
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	line := struct {
		Listen string `json:"listen"`
	}{"http://" + listener.Addr().String()}
	if err := json.NewEncoder(os.Stdout).Encode(line); err != nil {
		return errors.Join(err, server.Close())
	}
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		return server.Shutdown(context.WithoutCancel(ctx))
	}
}
