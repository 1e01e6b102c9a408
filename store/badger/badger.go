// Package badger is the engine that keeps rows in Badger, on the disk.
//
// It is for real data folders: rows outlive Close, and reading needs little
// memory. It keeps nothing that can't be derived anew from the packs, so its
// writes are not synced one by one. It may be used only through packstore.
// Invariant: a Write is seen by a View whole or not at all; one that is too
// large for a Badger transaction is bracketed by a mark that makes the next
// opening fail with rows.ErrDirty if it was cut short.
package badger

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	db "github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/options"

	"hejie/store/host"
	"hejie/store/mem"
	"hejie/store/packstore"
	"hejie/store/rows"
)

// Sizes for a laptop with 4 GB: Badger's defaults take 2.6 GB while loading a
// million rows.
const (
	memTable   = 16 << 20 // two of them; one transaction is at most 15 % of it
	blockCache = 16 << 20
	indexCache = 16 << 20 // needed where rows are encrypted
	valueFile  = 32 << 20
	// largeValue is from where values lie outside the tree, so that rows of
	// megabytes are not rewritten by each compaction.
	largeValue = 32 << 10
)

// folder is the name of the engines' folder in a data folder.
const folder = "badger"

// dirtyKey is the row that stands while a large Write is under way. Packstore's
// rows begin with other bytes.
var dirtyKey = []byte{0}

// Opener opens engines.
type Opener struct {
	// Logger takes what Badger says; nil: nothing is said. Badger does not write
	// rows into its messages.
	Logger *slog.Logger
}

var _ rows.Opener = Opener{}

// Spare implements rows.Sparer: rows lie in memory.
func (Opener) Spare() rows.Opener { return mem.Opener{} }

// Folder implements rows.Opener.
func (Opener) Folder() string { return folder }

// settings are how a folder of rows is opened.
func settings(dir string, key [32]byte, log db.Logger) db.Options {
	return db.DefaultOptions(dir).
		WithEncryptionKey(key[:]).
		WithMemTableSize(memTable).
		WithNumMemtables(2).
		WithNumLevelZeroTables(3).
		WithNumLevelZeroTablesStall(8).
		WithNumCompactors(2).
		WithBlockCacheSize(blockCache).
		WithIndexCacheSize(indexCache).
		WithValueLogFileSize(valueFile).
		WithValueThreshold(largeValue).
		WithCompression(options.Snappy).
		WithChecksumVerificationMode(options.OnBlockRead).
		WithVerifyValueChecksum(true).
		WithDetectConflicts(false). // there is one writer
		WithSyncWrites(false).      // the packs are durable, rows are derived
		WithMetricsEnabled(false).
		WithLogger(log)
}

// Open implements rows.Opener. Files that were damaged while they were closed
// are an error and end nothing, whatever was done to them.
func (o Opener) Open(dir string, key [32]byte) (rows.Engine, error) {
	sums, err := ready(dir, key)
	if err != nil {
		return nil, fmt.Errorf("open badger in %s: %w", dir, err)
	}
	// From here on the folder is not one that was closed well.
	if err := os.Remove(filepath.Join(dir, markFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("open badger in %s: %w", dir, err)
	}
	log := logger{log: o.Logger, left: new(atomic.Bool)}
	d, err := db.Open(settings(dir, key, log))
	if err != nil {
		return nil, fmt.Errorf("open badger in %s: %w", dir, err)
	}
	e := &Engine{db: d, dir: dir, sums: sums}
	dirty, err := e.dirty()
	if err == nil && (dirty || log.left.Load()) {
		err = rows.ErrDirty
	}
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	tighten(dir)
	return e, nil
}

// tighten takes from others the right to read the files of a folder, which
// Badger gives them as far as the system's mask does. The folder keeps others
// out already; where the system knows no such rights nothing happens.
func tighten(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0 {
			_ = os.Chmod(filepath.Join(dir, e.Name()), 0o600) // as said
		}
	}
}

// Open opens a store whose rows lie in Badger; o.Engine is set here.
func Open(ctx context.Context, o packstore.Options, log *slog.Logger) (*packstore.Store, error) {
	o.Engine = Opener{Logger: log}
	return packstore.Open(ctx, o)
}

// Engine implements rows.Engine.
type Engine struct {
	db   *db.DB
	dir  string
	sums mark // of the files as they were at opening
	// gate is held by a Write of several transactions, and for the moment in
	// which a View takes its state.
	gate sync.RWMutex
}

func (e *Engine) dirty() (bool, error) {
	txn := e.db.NewTransaction(false)
	defer txn.Discard()
	_, err := txn.Get(dirtyKey)
	if errors.Is(err, db.ErrKeyNotFound) {
		return false, nil
	}
	return err == nil, err
}

// View implements rows.Engine.
func (e *Engine) View(fn func(rows.Reader) error) error {
	e.gate.RLock()
	txn := e.db.NewTransaction(false)
	e.gate.RUnlock()
	r := &reader{txn: txn}
	defer r.close()
	return fn(r)
}

// rowOverhead is more than what Badger adds to a row in a transaction's size.
const rowOverhead = 32

// Write implements rows.Engine.
func (e *Engine) Write(b *rows.Batch) error {
	if int64(b.Len())+2 < e.db.MaxBatchCount() &&
		int64(b.Size()+rowOverhead*b.Len()) < e.db.MaxBatchSize() {
		return e.writeOne(b)
	}
	return e.writeMany(b)
}

func (e *Engine) writeOne(b *rows.Batch) error {
	txn := e.db.NewTransaction(true)
	defer txn.Discard()
	if err := b.Each(func(key, value []byte, deleted bool) error {
		return change(txn, key, value, deleted)
	}); err != nil {
		return fmt.Errorf("write rows: %w", err)
	}
	if err := txn.Commit(); err != nil {
		return fmt.Errorf("write rows: %w", err)
	}
	return nil
}

func change(txn *db.Txn, key, value []byte, deleted bool) error {
	if deleted {
		return txn.Delete(key)
	}
	return txn.Set(key, value)
}

// writeMany writes a large batch between setting the dirty mark durably and
// taking it away. Views begun meanwhile wait.
func (e *Engine) writeMany(b *rows.Batch) (err error) {
	e.gate.Lock()
	defer e.gate.Unlock()
	if err := e.db.Update(func(txn *db.Txn) error { return txn.Set(dirtyKey, nil) }); err != nil {
		return fmt.Errorf("mark a large write: %w", err)
	}
	if err := e.db.Sync(); err != nil {
		return fmt.Errorf("mark a large write: %w", err)
	}
	txn := e.db.NewTransaction(true)
	defer func() { txn.Discard() }()
	err = b.Each(func(key, value []byte, deleted bool) error {
		err := change(txn, key, value, deleted)
		if !errors.Is(err, db.ErrTxnTooBig) {
			return err
		}
		if err := txn.Commit(); err != nil {
			return err
		}
		txn = e.db.NewTransaction(true)
		return change(txn, key, value, deleted)
	})
	if err == nil {
		err = txn.Commit()
	}
	if err == nil {
		// All rows must be on the disk before the mark goes.
		err = e.db.Sync()
	}
	if err == nil {
		err = e.db.Update(func(txn *db.Txn) error { return txn.Delete(dirtyKey) })
	}
	if err != nil {
		return fmt.Errorf("write many rows: %w", err)
	}
	return nil
}

// Sync implements rows.Engine.
func (e *Engine) Sync() error { return e.db.Sync() }

// gcRatio and gcRounds bound what Close spends on giving back the space of
// large values that are outdated.
const (
	gcRatio  = 0.5
	gcRounds = 4
)

// closeTime bounds closing: Badger waits for ever for merges of files that
// somebody took away. What it leaves is derived anew.
const (
	closeTime = 8 * time.Second
	goneTime  = time.Second // where there is nothing left to close well
)

// Check implements rows.Checker.
func (e *Engine) Check(stop <-chan struct{}) error {
	tighten(e.dir)
	return e.sums.checkTables(e.dir, stop)
}

// Close implements rows.Engine.
func (e *Engine) Close() error {
	limit := closeTime
	if _, err := os.Stat(filepath.Join(e.dir, db.ManifestFilename)); errors.Is(err, fs.ErrNotExist) {
		limit = goneTime
	}
	err := host.Within(limit, e.close)
	if errors.Is(err, host.ErrLate) {
		return fmt.Errorf("the rows in %s could not be closed within %v: they are derived anew at the next start: %w", e.dir, limit, err)
	}
	return err
}

func (e *Engine) close() (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("close the rows in %s: panic: %v", e.dir, p)
		}
	}()
	for range gcRounds {
		if e.db.RunValueLogGC(gcRatio) != nil {
			break // nothing to give back
		}
	}
	if err := e.db.Close(); err != nil {
		return err
	}
	tighten(e.dir)
	// Without the mark the next opening tries the rows first.
	_ = writeMark(e.dir, e.sums)
	return nil
}

// logger passes Badger's messages to slog.
type logger struct {
	log *slog.Logger
	// left is set when Badger says that it goes on without a table whose index is
	// damaged; it says so nowhere else.
	left *atomic.Bool
}

func (l logger) say(level slog.Level, format string, args ...any) {
	if l.log != nil && l.log.Enabled(context.Background(), level) {
		l.log.Log(context.Background(), level, "badger", "message", fmt.Sprintf(format, args...))
	}
}

// Errorf implements Badger's Logger.
func (l logger) Errorf(f string, a ...any) {
	if l.left != nil && strings.HasPrefix(f, "Ignoring table") {
		l.left.Store(true)
	}
	l.say(slog.LevelError, f, a...)
}

func (l logger) Warningf(f string, a ...any) { l.say(slog.LevelWarn, f, a...) }
func (l logger) Infof(f string, a ...any)    { l.say(slog.LevelDebug, f, a...) }
func (l logger) Debugf(string, ...any)       {}

var (
	_ io.Closer    = (*Engine)(nil)
	_ rows.Checker = (*Engine)(nil)
)
