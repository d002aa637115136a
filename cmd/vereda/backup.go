package main

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/klauspost/compress/zstd"

	"vereda/survey/record"
	"vereda/sync/archive"
)

// A backup is a tar file compressed with zstd: backup.json, archive.db, media/SHA256 for each file that is here whole, end.json. docs/archive.md
// describes it.
const (
	backupVersion  = 1
	backupHead     = "backup.json"
	backupDatabase = "archive.db"
	backupMedia    = "media/"
	backupEnd      = "end.json"
)

// backedUp is backup.json: what the backup is of.
type backedUp struct {
	Vereda  string    `json:"vereda"` // "backup"
	V       int       `json:"v"`
	Project string    `json:"project"`
	Name    string    `json:"name"`    // of the project
	Archive string    `json:"archive"` // its ID
	At      time.Time `json:"at"`
}

// backupSum is end.json, without which a backup is not whole.
type backupSum struct {
	Database record.ID `json:"database"` // SHA-256 of archive.db
	Media    int       `json:"media"`
	Missing  int       `json:"missing"` // files that should be here and are not; `vereda verify` names them
}

// backupCommand is `vereda backup`.
type backupCommand struct {
	File string `arg:"" help:"The file to write; - is standard output. One that is there is not written over."`
	Data string `default:"${data}" placeholder:"DIR" help:"The collector's data folder (${data})."`
}

func (c *backupCommand) Run(w *world) error {
	col, err := openCollector(w, c.Data)
	if err != nil {
		return err
	}
	defer col.archive.Close()
	var sum backupSum
	write := func(out io.Writer, scratch string) error {
		sum, err = col.backup(w, out, scratch)
		return err
	}
	if c.File == "-" {
		err = write(w.out, os.TempDir())
	} else {
		err = writeNew(c.File, write)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(w.err, "backup of project %q with its keys, all entries and %s; who has this file has the project: keep it locked away\n",
		col.Project.Name, count(sum.Media, "file"))
	if sum.Missing > 0 {
		return findings("%s not in the folder media, though the archive names them; `vereda verify` tells which", count(sum.Missing, "file"))
	}
	return nil
}

// writeNew writes a file that was not there, for its owner alone: whole and durable, or not at all.
func writeNew(name string, write func(out io.Writer, scratch string) error) (err error) {
	if _, err := os.Lstat(name); err == nil {
		return usage{fmt.Errorf("%s is there already; give the backup another name, or move that one away", name)}
	}
	folder := filepath.Dir(name)
	f, err := os.CreateTemp(folder, ".writing-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if err := errors.Join(write(f, folder), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), name); err == nil || errors.Is(err, os.ErrExist) {
		return err
	}
	return os.Rename(f.Name(), name) // a stick that knows no links
}

// backup writes all that a data folder needs to be made again: the database as it is at one moment, and every file that it names.
func (c *collector) backup(w *world, out io.Writer, scratch string) (sum backupSum, err error) {
	folder, err := os.MkdirTemp(scratch, ".writing-*")
	if err != nil {
		return sum, err
	}
	defer os.RemoveAll(folder)
	database := filepath.Join(folder, backupDatabase)
	if err := c.archive.Snapshot(w, database); err != nil {
		return sum, err
	}
	packed, err := zstd.NewWriter(out, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return sum, err
	}
	t := &tarring{tar.NewWriter(packed), w.now().UTC().Truncate(time.Second)}
	if err := t.json(backupHead, backedUp{"backup", backupVersion, c.Project.ID, c.Project.Name, c.archive.ID(), t.at}); err != nil {
		return sum, err
	}
	if sum.Database, err = t.file(backupDatabase, database); err != nil {
		return sum, err
	}
	if err := t.media(w, c.archive, &sum); err != nil {
		return sum, err
	}
	return sum, errors.Join(t.json(backupEnd, sum), t.Close(), packed.Close())
}

// tarring is a backup being written.
type tarring struct {
	*tar.Writer
	at time.Time
}

func (t *tarring) begin(name string, size int64) error {
	return t.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: size, ModTime: t.at, Format: tar.FormatPAX})
}

func (t *tarring) json(name string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if err := t.begin(name, int64(len(b))); err != nil {
		return err
	}
	_, err = t.Write(b)
	return err
}

// file adds a file of the disk, and returns its hash.
func (t *tarring) file(name, path string) (id record.ID, err error) {
	f, err := os.Open(path)
	if err != nil {
		return id, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return id, err
	}
	return t.content(name, info.Size(), f)
}

func (t *tarring) content(name string, size int64, content io.Reader) (id record.ID, err error) {
	if err := t.begin(name, size); err != nil {
		return id, err
	}
	hash := sha256.New()
	_, err = io.Copy(io.MultiWriter(t, hash), content)
	return record.ID(hash.Sum(nil)), err
}

// media adds the files that are here whole.
func (t *tarring) media(ctx context.Context, a *archive.Archive, sum *backupSum) error {
	for place := uint64(0); ; {
		list, next, err := a.MediaAfter(ctx, "", place, 1000)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, m := range list {
			content, err := a.OpenMedia(ctx, m.SHA256)
			if errors.Is(err, archive.ErrNotFound) {
				sum.Missing++
				continue
			}
			if err != nil {
				return err
			}
			size, err := content.Seek(0, io.SeekEnd)
			if err == nil {
				_, err = content.Seek(0, io.SeekStart)
			}
			if err == nil {
				_, err = t.content(backupMedia+m.SHA256.String(), size, content)
			}
			if err = errors.Join(err, content.Close()); err != nil {
				return err
			}
			sum.Media++
		}
		place = next
	}
}
