package main

import (
	"archive/tar"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/zstd"

	"vereda/survey/record"
	"vereda/sync/archive"
)

// backupError says why a file was not restored.
type backupError struct {
	Reason backupReason
	Err    error // may be nil
}

// backupReason is a closed list.
type backupReason string

// The reasons.
const (
	notABackup   backupReason = "not-a-backup"
	newerBackup  backupReason = "newer-version"
	brokenBackup backupReason = "damaged" // cut short, changed, or with something in it that does not belong there
)

func (e *backupError) Error() string {
	if e.Err == nil {
		return "backup: " + string(e.Reason)
	}
	return fmt.Sprintf("backup: %s: %v", e.Reason, e.Err)
}

// Unwrap returns the cause.
func (e *backupError) Unwrap() error { return e.Err }

// backupSentence says such an error to a person.
func backupSentence(e *backupError) string {
	switch e.Reason {
	case notABackup:
		return "this is no backup; choose a file that `vereda backup` wrote"
	case newerBackup:
		return "the backup was written by a newer version of Vereda; update this one and restore it again"
	}
	return "the backup is cut short or damaged, and nothing was restored; copy it again from where it lies, or take an earlier one"
}

// restoreCommand is `vereda restore`.
type restoreCommand struct {
	File string `arg:"" help:"A backup; - is standard input."`
	Data string `default:"${data}" placeholder:"DIR" help:"The data folder to make; it must not be there, or be empty (${data})."`
}

func (c *restoreCommand) Run(w *world) (err error) {
	if err := vacant(c.Data); err != nil {
		return err
	}
	in, err := openFile(w, c.File)
	if err != nil {
		return err
	}
	defer in.Close()
	whole, err := filepath.Abs(c.Data)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(whole), 0o700); err != nil {
		return err
	}
	folder, err := os.MkdirTemp(filepath.Dir(whole), ".restoring-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	head, err := readBackup(in, folder)
	if err != nil {
		return err
	}
	if err := revive(w, folder); err != nil {
		return err
	}
	_ = os.Remove(whole) // an empty folder
	if err := os.Rename(folder, whole); err != nil {
		return err
	}
	_, err = fmt.Fprintf(w.err, "restored project %q as it was on %s into %s. Run no other collector from the same backup; start this one with `vereda serve --data %s` where the tablets look for it. What came after the backup they send again, as far as they still hold it\n",
		head.Name, day(head.At), c.Data, c.Data)
	return err
}

// vacant refuses a folder in which something lies.
func vacant(dir string) error {
	files, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return err
	case len(files) > 0:
		return usage{fmt.Errorf("%s is not empty, and nothing is written over; name another folder with --data, or move that one away", dir)}
	}
	return nil
}

// revive makes of a data folder that was put back an archive of its own: tablets and other collectors hear of it, and send again what they have.
func revive(w *world, folder string) error {
	col, err := openCollector(w, folder)
	if errors.Is(err, errNoCollector) || errors.Is(err, archive.ErrDamaged) {
		return &backupError{brokenBackup, err}
	}
	if err != nil {
		return err
	}
	err = col.archive.Renew(w)
	if err == nil {
		err = col.archive.Announce(w)
	}
	return errors.Join(err, col.archive.Close())
}

// mostHead bounds the texts in a backup, in bytes.
const mostHead = 1 << 20

// readBackup writes what a backup holds into a folder, durably. Errors are *backupError, or the disk's.
func readBackup(in io.Reader, folder string) (head backedUp, err error) {
	packed, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(32<<20))
	if err != nil {
		return head, err
	}
	defer packed.Close()
	r := &untarring{tar: tar.NewReader(packed), folder: folder}
	if _, err := r.tar.Next(); err != nil {
		return head, &backupError{notABackup, err}
	}
	if err := r.json(&head); err != nil || head.Vereda != "backup" {
		return head, &backupError{notABackup, err}
	}
	if head.V > backupVersion {
		return head, &backupError{newerBackup, fmt.Errorf("version %d", head.V)}
	}
	for !r.ended {
		if err := r.next(); err != nil {
			return head, err
		}
	}
	if _, err := r.tar.Next(); err != io.EOF {
		return head, &backupError{brokenBackup, errors.New("something lies behind its end")}
	}
	if _, err := io.Copy(io.Discard, packed); err != nil { // the checksum stands at the end
		return head, &backupError{brokenBackup, err}
	}
	return head, nil
}

// untarring is a backup being read.
type untarring struct {
	tar      *tar.Reader
	folder   string
	database record.ID
	media    int
	ended    bool
}

func (r *untarring) json(v any) error {
	b, err := io.ReadAll(io.LimitReader(r.tar, mostHead))
	if err != nil {
		return err
	}
	return json.Unmarshal(b, v)
}

// next takes one file.
func (r *untarring) next() error {
	h, err := r.tar.Next()
	if err != nil {
		return &backupError{brokenBackup, err}
	}
	name, isMedia := strings.CutPrefix(h.Name, backupMedia)
	switch {
	case h.Typeflag != tar.TypeReg:
	case h.Name == backupDatabase && r.database == record.ID{}:
		r.database, err = r.file(backupDatabase)
		return err
	case isMedia:
		id, err := record.ParseID(name)
		if err != nil {
			break
		}
		got, err := r.file(filepath.Join("media", name[:2], name))
		if err == nil && got != id {
			err = &backupError{brokenBackup, fmt.Errorf("%s is another file", name)}
		}
		r.media++
		return err
	case h.Name == backupEnd:
		return r.end()
	}
	return &backupError{brokenBackup, fmt.Errorf("%.100q does not belong in it", h.Name)}
}

// end compares what came with what was written.
func (r *untarring) end() error {
	var sum backupSum
	if err := r.json(&sum); err != nil {
		return &backupError{brokenBackup, err}
	}
	if sum.Database != r.database || sum.Media != r.media {
		return &backupError{brokenBackup, errors.New("it does not hold what its end says")}
	}
	r.ended = true
	return nil
}

// file writes a file that was not there, and returns its hash.
func (r *untarring) file(name string) (id record.ID, err error) {
	name = filepath.Join(r.folder, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return id, err
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return id, &backupError{brokenBackup, err}
	}
	if err != nil {
		return id, err
	}
	hash := sha256.New()
	if _, err := io.Copy(io.MultiWriter(f, hash), remembered{r.tar}); err != nil {
		return id, errors.Join(err, f.Close())
	}
	return record.ID(hash.Sum(nil)), errors.Join(f.Sync(), f.Close())
}

// remembered makes the errors of reading a backup a *backupError, to tell them from those of writing.
type remembered struct{ r io.Reader }

func (r remembered) Read(b []byte) (int, error) {
	n, err := r.r.Read(b)
	if err != nil && err != io.EOF {
		err = &backupError{brokenBackup, err}
	}
	return n, err
}
