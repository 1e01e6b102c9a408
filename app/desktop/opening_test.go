package desktop

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"hejie/store"
)

// get asks for a path and returns the status and the page.
func get(t *testing.T, o *opening, path string) (int, string) {
	t.Helper()
	answer := httptest.NewRecorder()
	o.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, path, nil))
	return answer.Code, answer.Body.String()
}

// cases is the handler of a folder that is open.
var cases = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "the cases") })

func TestOpensAtTheFirstRequestOnly(t *testing.T) {
	var opened, closed atomic.Int32
	o := newOpening("/folder", func(context.Context) (http.Handler, func() error, error) {
		opened.Add(1)
		return cases, func() error { closed.Add(1); return nil }, nil
	})
	if opened.Load() != 0 {
		t.Fatal("the folder was opened before a page was asked for")
	}
	for range 3 {
		if code, body := get(t, o, "/"); code != http.StatusOK || body != "the cases" {
			t.Errorf("got %d %q", code, body)
		}
	}
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	if opened.Load() != 1 || closed.Load() != 1 {
		t.Errorf("opened %d times and closed %d times, want once each", opened.Load(), closed.Load())
	}
	if code, _ := get(t, o, "/"); code != http.StatusServiceUnavailable {
		t.Errorf("after closing the answer is %d", code)
	}
	if opened.Load() != 1 {
		t.Error("a request after closing opened the folder again")
	}
}

func TestCloseBeforeTheFirstRequest(t *testing.T) {
	o := newOpening("/folder", func(context.Context) (http.Handler, func() error, error) {
		t.Error("the folder was opened for a window that is closing")
		return cases, nil, nil
	})
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	if code, _ := get(t, o, pathRetry); code != http.StatusServiceUnavailable {
		t.Errorf("the answer is %d", code)
	}
}

func TestSlowFolderShowsThatItOpens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := make(chan struct{})
		o := newOpening("/folder", func(context.Context) (http.Handler, func() error, error) {
			<-slow
			return cases, nil, nil
		})
		asked := time.Now()
		code, body := get(t, o, "/")
		if code != http.StatusServiceUnavailable || !strings.Contains(body, "正在打开") || !strings.Contains(body, "Opening the data folder") {
			t.Errorf("got %d %q", code, body)
		}
		if waited := time.Since(asked); waited != patience {
			t.Errorf("the page came after %v, want %v", waited, patience)
		}
		close(slow)
		synctest.Wait()
		if code, body := get(t, o, "/"); code != http.StatusOK || body != "the cases" {
			t.Errorf("once open got %d %q", code, body)
		}
		if err := o.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestCloseEndsASlowOpening(t *testing.T) {
	o := newOpening("/folder", func(ctx context.Context) (http.Handler, func() error, error) {
		<-ctx.Done()
		return nil, nil, ctx.Err()
	})
	o.wait = 0
	if code, _ := get(t, o, "/"); code != http.StatusServiceUnavailable {
		t.Errorf("got %d", code)
	}
	if err := o.Close(); err != nil {
		t.Error(err)
	}
}

func TestCloseTellsWhatFailed(t *testing.T) {
	broken := errors.New("the last sync failed")
	o := newOpening("/folder", func(context.Context) (http.Handler, func() error, error) {
		return cases, func() error { return broken }, nil
	})
	get(t, o, "/")
	if err := o.Close(); !errors.Is(err, broken) {
		t.Errorf("got %v, want %v", err, broken)
	}
}

func TestFailureSaysWhatToDo(t *testing.T) {
	tests := []struct {
		err    error
		zh, en string
	}{
		{store.ErrInUse, "另一个程序正在使用", "Another program is using"},
		{store.ErrDiskFull, "磁盘空间不足", "disk is nearly full"},
		{store.ErrWrongKey, "密钥与这个数据文件夹不符", "key does not fit"},
		{&store.NewerFormatError{Path: "/folder", Has: 9, Know: 1}, "请安装新版本", "Install the newer version"},
		{errors.New("open /folder: permission denied"), "不要删除", "delete nothing"},
	}
	for _, test := range tests {
		t.Run(test.err.Error(), func(t *testing.T) {
			o := newOpening("/案件 <1>", func(context.Context) (http.Handler, func() error, error) {
				return nil, nil, fmt.Errorf("open: %w", test.err)
			})
			code, body := get(t, o, "/")
			if code != http.StatusServiceUnavailable {
				t.Errorf("got status %d", code)
			}
			for _, want := range []string{test.zh, test.en, "/案件 &lt;1&gt;", pathRetry} {
				if !strings.Contains(body, want) {
					t.Errorf("the page lacks %q:\n%s", want, body)
				}
			}
		})
	}
}

func TestRetryOpensAgain(t *testing.T) {
	var tries atomic.Int32
	o := newOpening("/folder", func(context.Context) (http.Handler, func() error, error) {
		if tries.Add(1) == 1 {
			return nil, nil, store.ErrInUse
		}
		return cases, nil, nil
	})
	get(t, o, "/")
	if _, body := get(t, o, "/"); !strings.Contains(body, "打不开") || tries.Load() != 1 {
		t.Errorf("loading the page again tried %d times and shows %q", tries.Load(), body)
	}
	if _, body := get(t, o, pathRetry); !strings.Contains(body, "正在打开") {
		t.Errorf("after a retry that works the page is %q", body)
	}
	if code, body := get(t, o, "/"); code != http.StatusOK || body != "the cases" || tries.Load() != 2 {
		t.Errorf("got %d %q after %d tries", code, body, tries.Load())
	}
	get(t, o, pathRetry)
	if tries.Load() != 2 {
		t.Error("a retry opened a folder that is open")
	}
}

// pipe is a writer as the window's: no http.Flusher, and an error once the page went away.
type pipe struct {
	http.ResponseWriter
	gone bool
}

func (p *pipe) Write(b []byte) (int, error) {
	if p.gone {
		return 0, io.ErrClosedPipe
	}
	return len(b), nil
}

func TestStreamsWorkAndEnd(t *testing.T) {
	page := &pipe{ResponseWriter: httptest.NewRecorder()}
	ended := false
	o := newOpening("/folder", func(context.Context) (http.Handler, func() error, error) {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			flusher, ok := w.(http.Flusher)
			if !ok {
				t.Error("the handler's writer is no http.Flusher")
				return
			}
			for range 3 {
				if _, err := io.WriteString(w, "data: x\n\n"); err != nil {
					break
				}
				flusher.Flush()
				if r.Context().Err() != nil {
					t.Error("the request ended while the page was there")
				}
				page.gone = true
			}
			<-r.Context().Done() // ends, or the test hangs
			ended = true
		}), nil, nil
	})
	o.ServeHTTP(page, httptest.NewRequest(http.MethodGet, "/api/events", nil))
	if !ended {
		t.Error("the stream's handler did not end")
	}
}
