package packstore_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"hejie/store"
	"hejie/store/host/memfs"
	"hejie/store/mem"
	"hejie/store/packstore"
	"hejie/store/rows"
	"hejie/store/storetest"
)

func open(t *testing.T, o packstore.Options) *packstore.Store {
	t.Helper()
	s, err := packstore.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func closeStore(t *testing.T, s *packstore.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// held makes the writer wait, so that appends gather behind it.
func held(t *testing.T, s *packstore.Store, appends int, start func(i int)) *sync.WaitGroup {
	t.Helper()
	entered, leave := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		err := s.Derive(context.Background(), func(store.Tx) error {
			close(entered)
			<-leave
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-entered
	for i := range appends {
		wg.Go(func() { start(i) })
	}
	for s.Waiting() < appends {
		runtime.Gosched()
	}
	close(leave)
	return &wg
}

func TestGroupCommit(t *testing.T) {
	disk := memfs.New(1)
	s := open(t, packstore.Options{FS: disk, Dir: "d", Applier: storetest.Ledger{}, Engine: mem.Opener{}, Reserve: -1})
	defer closeStore(t, s)
	const appends = 20
	before := disk.Changes()
	held(t, s, appends, func(i int) {
		if a, err := s.Append(context.Background(), []store.Frame{benchFrame(uint64(i)), benchFrame(1000)}); err != nil || !a[0].New {
			t.Errorf("%+v %v", a, err)
		}
	}).Wait()
	if n := disk.Changes() - before; n != 3 {
		t.Errorf("%d appends made %d changes of the disk, want one write, one sync and the note of the reach", appends, n)
	}
	if n := s.Stats().Frames; n != appends+1 {
		t.Errorf("%d frames", n)
	}
}

func TestGroupWithOneRefused(t *testing.T) {
	s := open(t, packstore.Options{FS: memfs.New(1), Dir: "d", Applier: storetest.Ledger{}, Engine: mem.Opener{}, Reserve: -1})
	defer closeStore(t, s)
	held(t, s, 10, func(i int) {
		f := benchFrame(uint64(i))
		if i == 4 {
			f.Bytes = []byte("refuse")
		}
		if _, err := s.Append(context.Background(), []store.Frame{f}); (err != nil) != (i == 4) {
			t.Errorf("append %d: %v", i, err)
		}
	}).Wait()
	if n := s.Stats().Frames; n != 9 {
		t.Errorf("%d frames", n)
	}
}

func TestWithdraw(t *testing.T) {
	s := open(t, packstore.Options{FS: memfs.New(1), Dir: "d", Applier: storetest.Ledger{}, Engine: mem.Opener{}, Reserve: -1})
	defer closeStore(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	entered, leave := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		_ = s.Derive(context.Background(), func(store.Tx) error { close(entered); <-leave; return nil })
	})
	<-entered
	wg.Go(func() {
		if _, err := s.Append(ctx, []store.Frame{benchFrame(1)}); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	for s.Waiting() < 1 {
		runtime.Gosched()
	}
	cancel()
	for s.Waiting() > 0 {
		runtime.Gosched()
	}
	close(leave)
	wg.Wait()
	if n := s.Stats().Frames; n != 0 {
		t.Errorf("%d frames", n)
	}
}

// journal is an engine that lasts and may lose writes, as one that does not
// sync each does at power loss.
type journal struct {
	batches []*rows.Batch
	opened  int
}

func (j *journal) Folder() string { return "journal" }

func (j *journal) Open(dir string, key [32]byte) (rows.Engine, error) {
	if j.opened++; j.opened > 2 {
		j.batches = nil // the store removed the folder and derives anew
	}
	e, err := mem.Opener{}.Open(dir, key)
	for _, b := range j.batches {
		err = errors.Join(err, e.Write(b))
	}
	return journaled{e, j}, err
}

type journaled struct {
	rows.Engine
	j *journal
}

func (e journaled) Write(b *rows.Batch) error {
	e.j.batches = append(e.j.batches, b)
	return e.Engine.Write(b)
}

func TestLostWritesOfRows(t *testing.T) {
	const appends = 12
	for from := range appends {
		for to := from; to <= appends; to++ {
			t.Run(fmt.Sprintf("%d to %d", from, to), func(t *testing.T) {
				j := &journal{}
				o := packstore.Options{FS: memfs.New(1), Dir: "d", Applier: storetest.Ledger{}, Engine: j, Reserve: -1}
				s := open(t, o)
				for i := range appends {
					if _, err := s.Append(t.Context(), []store.Frame{benchFrame(uint64(i))}); err != nil {
						t.Fatal(err)
					}
				}
				closeStore(t, s)
				// The first write is the position of an empty store.
				j.batches = append(j.batches[:1+from:1+from], j.batches[1+to:]...)
				s = open(t, o)
				defer closeStore(t, s)
				if d, err := s.Verify(t.Context()); err != nil || len(d.Bad) > 0 {
					t.Fatalf("%+v %v", d, err)
				}
				if n := s.Stats().Frames; n != appends {
					t.Fatalf("%d frames", n)
				}
			})
		}
	}
}

// TestViewsDuringRebuild holds that readers see whole states while rows are
// derived anew beside them.
func TestViewsDuringRebuild(t *testing.T) {
	s := open(t, packstore.Options{FS: memfs.New(1), Dir: "d", Applier: storetest.Ledger{}, Engine: mem.Opener{}, Reserve: -1})
	defer closeStore(t, s)
	const frames = 300
	for i := range uint64(frames) {
		if _, err := s.Append(t.Context(), []store.Frame{benchFrame(i)}); err != nil {
			t.Fatal(err)
		}
	}
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			err := s.View(context.Background(), func(r store.Reader) error {
				f, err := r.Fingerprint(store.EntryKey{}, store.EntryKey{})
				if err == nil && f.Count != frames {
					err = fmt.Errorf("%d entries are seen", f.Count)
				}
				return err
			})
			if err != nil {
				t.Error(err)
				return
			}
			select {
			case <-done:
				return
			default:
			}
		}
	})
	for range 5 {
		if err := s.Rebuild(t.Context()); err != nil {
			t.Error(err)
		}
	}
	close(done)
	wg.Wait()
}

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("github.com/golang/glog.(*fileSink).flushDaemon"))
}
