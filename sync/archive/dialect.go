package archive

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver"
	"github.com/pressly/goose/v3"
)

// All that is SQLite's own stands in this file and in migrations/. Every statement elsewhere is SQL that PostgreSQL runs
// too: $1, $2 in the order of first appearance, ON CONFLICT, RETURNING.

//go:embed migrations/*.sql
var migrations embed.FS

const (
	fileName    = "archive.db"
	partColumns = 1000 // of a table of answers; SQLite allows 2,000, PostgreSQL 1,600
	blobType    = "BLOB"
	intType     = "BIGINT"
	keyed       = " WITHOUT ROWID" // ends the making of a table whose rows lie in the order of its key; bad for rows of kilobytes
	busyMillis  = 10_000           // how long a writer waits for one in another process

	// checkpointPages is how many pages the write-ahead log has before they go into the file, 64 MiB: a page that many commits change goes once.
	checkpointPages = 4000
)

// database is a connection for writing and a pool for reading.
type database struct {
	dir             string
	writer, readers *pool
}

// openDatabase opens or makes the file in a folder and brings its schema up to date.
func openDatabase(ctx context.Context, dir string) (database, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return database{}, fmt.Errorf("archive: %w", err)
	}
	path, err := filepath.Abs(filepath.Join(dir, fileName))
	if err != nil {
		return database{}, fmt.Errorf("archive: %w", err)
	}
	d := database{dir: dir}
	if d.writer, err = openPool(path, "&_pragma=cache_size(-16384)&_txlock=immediate&_pragma=wal_autocheckpoint("+strconv.Itoa(checkpointPages)+")", 1); err != nil {
		return database{}, d.diagnose(err)
	}
	if err := migrate(ctx, d.writer.DB); err != nil {
		d.writer.Close()
		return database{}, d.diagnose(err)
	}
	if d.readers, err = openPool(path, "&_pragma=cache_size(-4096)&_pragma=query_only(on)", 4); err != nil {
		d.writer.Close()
		return database{}, d.diagnose(err)
	}
	return d, nil
}

func openPool(path, more string, connections int) (*pool, error) {
	pragmas := fmt.Sprintf("_pragma=busy_timeout(%d)&_pragma=page_size(16384)&_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=journal_size_limit(67108864)", busyMillis)
	u := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(path), RawQuery: pragmas + more}
	p := &pool{}
	var err error
	if p.DB, err = driver.Open(u.String(), nil, p.drop); err != nil {
		return nil, failed("open", err)
	}
	p.SetMaxOpenConns(connections)
	p.SetMaxIdleConns(connections)
	if connections > 1 {
		p.SetConnMaxIdleTime(time.Minute) // each holds memory of its own
	}
	return p, nil
}

// migrate runs what is missing. Two processes may do it at once: who comes second finds it done.
func migrate(ctx context.Context, db *sql.DB) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return failed("migrate", err)
	}
	for try := 0; ; try++ {
		err := migrateOnce(ctx, p)
		if err == nil || try == 3 || errors.Is(err, ErrNewer) || errors.Is(err, ErrFull) {
			return err
		}
	}
}

func migrateOnce(ctx context.Context, p *goose.Provider) error {
	current, target, err := p.GetVersions(ctx)
	if err != nil {
		return failed("migrate", err)
	}
	if current > target {
		return fmt.Errorf("%w: schema %d, this program knows %d", ErrNewer, current, target)
	}
	_, err = p.Up(ctx)
	return failed("migrate", err)
}

// How transactions begin: one that sees one moment of the database, on a connection that changes nothing; and one of the writer.
const (
	beginReading = "BEGIN"
	beginWriting = "BEGIN IMMEDIATE"
)

// snapshot writes the database into a file, on a connection that otherwise changes nothing.
func (c *conn) snapshot(file string) error {
	if err := c.Conn.Exec("PRAGMA query_only(off)"); err != nil {
		return err
	}
	_, err := c.exec("VACUUM INTO $1", []any{file})
	return errors.Join(err, c.Conn.Exec("PRAGMA query_only(on)"))
}

// kindOfFailure maps the driver's errors to this package's.
func kindOfFailure(err error) *Error {
	switch {
	case errors.Is(err, sqlite3.FULL), errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return ErrFull
	case errors.Is(err, sqlite3.BUSY), errors.Is(err, sqlite3.LOCKED):
		return ErrBusy
	case errors.Is(err, sqlite3.NOTADB), errors.Is(err, sqlite3.CORRUPT):
		return ErrDamaged
	}
	return nil
}

// probeSize is how much room a disk has that is not full, in bytes: more than what a small write needs.
const probeSize = 256 << 10

// diagnose finds the full disk behind an error of reading or writing: SQLite's driver loses the cause on the way, so the folder is
// asked for a little room.
func (d database) diagnose(err error) error {
	if !errors.Is(err, sqlite3.IOERR) || d.hasRoom() {
		return err
	}
	return fmt.Errorf("%w (%v)", ErrFull, err)
}

func (d database) hasRoom() bool {
	f, err := os.CreateTemp(d.dir, "room-*")
	if err != nil {
		return false
	}
	_, err = f.Write(make([]byte, probeSize))
	return errors.Join(err, f.Close(), os.Remove(f.Name())) == nil
}

// integrity asks the database to check itself: its pages and its indexes. "" when all is well.
func (t *tx) integrity() (problem string, err error) {
	err = t.one("PRAGMA integrity_check(1)", nil, &problem)
	if problem == "ok" {
		problem = ""
	}
	return problem, err
}

func (d database) close() error {
	return errors.Join(d.readers.Close(), d.writer.Close())
}
