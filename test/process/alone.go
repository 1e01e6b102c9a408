package process

import (
	"context"
	"errors"
	"fmt"
	"os"
)

// Alone runs f with a T outside a test, in a folder that is removed afterwards:
// for programs that make or measure folders. What a test would fail with comes
// back as the error.
func Alone(ctx context.Context, f func(T)) (err error) {
	dir, err := os.MkdirTemp("", "desks")
	if err != nil {
		return err
	}
	a := &alone{ctx: ctx, dir: dir}
	defer a.end()
	defer func() {
		p := recover()
		failure, ours := p.(stopped)
		switch {
		case ours:
			err = failure.why
		case p != nil:
			panic(p)
		}
	}()
	f(a)
	return nil
}

// alone is a T without a test: the first failure ends what is done.
type alone struct {
	ctx     context.Context //nolint:containedctx // lives for one call
	dir     string
	cleanup []func()
}

// stopped is how alone leaves functions that a test would leave by Goexit.
type stopped struct{ why error }

func (a *alone) Helper()                      {}
func (a *alone) Errorf(f string, args ...any) { panic(stopped{fmt.Errorf(f, args...)}) }
func (a *alone) Fatal(args ...any)            { panic(stopped{errors.New(fmt.Sprint(args...))}) }
func (a *alone) Fatalf(f string, args ...any) { a.Errorf(f, args...) }
func (a *alone) Cleanup(f func())             { a.cleanup = append(a.cleanup, f) }
func (a *alone) Context() context.Context     { return a.ctx }

func (a *alone) TempDir() string {
	dir, err := os.MkdirTemp(a.dir, "desk")
	if err != nil {
		a.Fatal(err)
	}
	return dir
}

func (a *alone) end() {
	for i := len(a.cleanup) - 1; i >= 0; i-- {
		a.cleanup[i]()
	}
	_ = os.RemoveAll(a.dir)
}
