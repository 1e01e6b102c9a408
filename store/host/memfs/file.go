package memfs

import (
	"errors"
	"fmt"
	"io"
	"io/fs"

	"hejie/store/host"
)

// file is a handle on a node.
type file struct {
	fs       *FS
	node     *node
	life     int
	readOnly bool
	closed   bool
}

func (h *file) begin() error {
	if err := h.fs.begin(); err != nil {
		return err
	}
	if h.life != h.fs.life {
		h.fs.mu.Unlock()
		return ErrDead
	}
	if h.closed {
		h.fs.mu.Unlock()
		return fs.ErrClosed
	}
	return nil
}

func (h *file) ReadAt(p []byte, off int64) (int, error) {
	if err := h.begin(); err != nil {
		return 0, err
	}
	defer h.fs.mu.Unlock()
	if off < 0 {
		return 0, errors.New("negative offset")
	}
	if off >= int64(len(h.node.data)) {
		return 0, io.EOF
	}
	for _, b := range h.node.bad {
		if int64(b.from) < off+int64(len(p)) && int64(b.to) > off {
			return 0, fmt.Errorf("%w: input/output error", host.ErrUnreadable)
		}
	}
	n := copy(p, h.node.data[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (h *file) Write(p []byte) (int, error) {
	if err := h.begin(); err != nil {
		return 0, err
	}
	defer h.fs.mu.Unlock()
	if h.readOnly {
		return 0, fs.ErrPermission
	}
	if h.fs.frozen {
		return 0, fmt.Errorf("%w: read-only file system", host.ErrReadOnly)
	}
	if h.fs.change() {
		h.node.data = append(h.node.data, p[:h.fs.rng.IntN(len(p)+1)]...)
		return 0, ErrDead
	}
	if free := h.fs.free(); free >= 0 && free < int64(len(p)) {
		h.node.data = append(h.node.data, p[:free]...)
		return int(free), host.ErrNoSpace
	}
	h.node.data = append(h.node.data, p...)
	return len(p), nil
}

// WriteAt overwrites bytes that are there; until a Sync a power loss leaves each
// sector as it was or as it is.
func (h *file) WriteAt(p []byte, off int64) (int, error) {
	if err := h.begin(); err != nil {
		return 0, err
	}
	defer h.fs.mu.Unlock()
	if h.readOnly {
		return 0, fs.ErrPermission
	}
	if h.fs.frozen {
		return 0, fmt.Errorf("%w: read-only file system", host.ErrReadOnly)
	}
	if off < 0 || off+int64(len(p)) > int64(len(h.node.data)) {
		return 0, errors.New("overwrite beyond the end of the file")
	}
	h.node.data = append([]byte(nil), h.node.data...) // synced may share the memory
	if h.fs.change() {
		copy(h.node.data[off:], p[:h.fs.rng.IntN(len(p)+1)])
		return 0, ErrDead
	}
	return copy(h.node.data[off:], p), nil
}

func (h *file) Size() (int64, error) {
	if err := h.begin(); err != nil {
		return 0, err
	}
	defer h.fs.mu.Unlock()
	return int64(len(h.node.data)), nil
}

// Sync makes the content durable. One that fails drops what it should have
// written as Linux does: the running system still sees it, the disk has zeros.
func (h *file) Sync() error {
	if err := h.begin(); err != nil {
		return err
	}
	defer h.fs.mu.Unlock()
	if h.fs.change() {
		if h.fs.rng.IntN(2) == 0 {
			h.node.sync()
		}
		return ErrDead
	}
	if h.fs.syncs > 0 {
		h.fs.syncs--
		h.node.holes = append(h.node.holes, hole{len(h.node.synced), len(h.node.data)})
		return ErrSync
	}
	h.node.sync()
	return nil
}

// sync makes the content durable but for the holes.
func (n *node) sync() {
	n.synced = n.data[:len(n.data):len(n.data)]
	if len(n.holes) == 0 {
		return
	}
	n.synced = append([]byte(nil), n.data...)
	for _, h := range n.holes {
		if h.from < len(n.synced) {
			clear(n.synced[h.from:min(h.to, len(n.synced))])
		}
	}
}

func (h *file) Truncate(size int64) error {
	if err := h.begin(); err != nil {
		return err
	}
	defer h.fs.mu.Unlock()
	if h.readOnly {
		return fs.ErrPermission
	}
	if h.fs.frozen {
		return fmt.Errorf("%w: read-only file system", host.ErrReadOnly)
	}
	if size < 0 || size > int64(len(h.node.data)) {
		return errors.New("cut beyond the end of the file")
	}
	if h.fs.change() {
		return ErrDead
	}
	// A copy: synced may share the memory, and the cut is not durable yet.
	h.node.data = append([]byte(nil), h.node.data[:size]...)
	for i := range h.node.holes {
		h.node.holes[i].from = min(h.node.holes[i].from, int(size))
		h.node.holes[i].to = min(h.node.holes[i].to, int(size))
	}
	return nil
}

func (h *file) Close() error {
	h.fs.mu.Lock()
	defer h.fs.mu.Unlock()
	if h.closed {
		return fs.ErrClosed
	}
	h.closed = true
	return nil
}
