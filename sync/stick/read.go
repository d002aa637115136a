package stick

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"filippo.io/age"

	"vereda/survey/record"
	"vereda/sync/batch"
	"vereda/sync/device"
	"vereda/sync/transfer"
)

// Answers says what a tablet found for itself on the stick.
type Answers struct {
	Collectors []string  // what those are called who answered
	Received   int       // entries that were taken: forms, assignments, verdicts
	Covered    int       // receipts of the central collector, each for a batch or for files
	Relayed    int       // batches that a hub has
	Renewals   int       // times that the project's key, or this device's certificate, turned out to be a new one
	Damaged    []Damaged // files that were not taken
	Newest     string    // moment of the newest answer, by its collector's clock, RFC 3339; "" for none
}

// Damaged is a file that could not be taken, or a folder whose manifest could not.
type Damaged struct {
	File string
	Err  error // *batch.Error, *ManifestError, *LockedError, *MissingError, or a *FolderError
}

// MissingError says that a manifest lists a file that is not there: the writing was interrupted, or somebody removed it.
type MissingError struct{ File string }

func (e *MissingError) Error() string { return "stick: " + e.File + " is not there" }

// Read takes what collectors wrote for this device. Only what they signed settles anything: receipts of the project's centre cover, receipts of a
// hub say where things are on the way. A damaged answer is passed over and named; others count. Reading twice does no harm. Errors are *FolderError,
// or the store's.
func (t Tablet) Read(f Folder) (Answers, error) {
	r := &reading{Tablet: t, folder: f, dir: forOf(t.Sealer.Project, t.Sealer.Key.ID(), "")}
	if _, _, err := f.List(""); err != nil {
		return r.Answers, folderFailed(err)
	}
	_, archives, err := f.List(r.dir)
	if err != nil {
		return r.Answers, folderFailed(err)
	}
	for i, archive := range archives[:min(len(archives), maxFolders)] {
		t.tell(Step{File: archive, Done: i, Total: len(archives)})
		if err := r.answer(r.dir + "/" + archive); err != nil {
			return r.Answers, err
		}
	}
	return r.Answers, nil
}

// reading is one Read under way.
type reading struct {
	Tablet
	Answers
	folder Folder
	dir    string
	failed error // of keeping what was learnt: the store's
}

// answer takes one collector's answer.
func (r *reading) answer(dir string) error {
	m, writer, err := readManifest(r.folder, dir, r.Opener, r.learn())
	if err == nil && (writer.Role != device.Collector || m.For != r.Sealer.Key.ID() || m.Archive == "") {
		err = &ManifestError{Err: errors.New("it is no collector's answer to this device")}
	}
	if r.failed != nil {
		return r.failed
	}
	if err != nil {
		return r.pass(dir+"/"+ManifestName, err)
	}
	whole := true
	for _, one := range m.Batches {
		b, err := openBatch(r.folder, dir+"/"+one.File, r.Opener, r.keys())
		if err == nil && b.Device.Role != device.Collector && b.Device.Role != device.Coordinator {
			err = fmt.Errorf("stick: signed by %s, who may not", b.Device.ID())
		}
		if err != nil {
			whole = false
			if err := r.pass(dir+"/"+one.File, err); err != nil {
				return err
			}
			continue
		}
		if err := r.take(b.Entries); err != nil {
			return err
		}
	}
	if err := r.acknowledged(m); err != nil {
		return err
	}
	r.Collectors = append(r.Collectors, m.Name)
	r.Newest = max(r.Newest, m.At.UTC().Format("2006-01-02T15:04:05Z"))
	if !whole {
		return nil
	}
	return r.reached(m)
}

// learn returns what keeps news of the project's key; nil where nobody keeps them.
func (r *reading) learn() learner {
	if r.Renewed == nil {
		return nil
	}
	return func(statements [][]byte, fresh device.Certificate) error {
		m, news, err := r.member.Renew(r.Sealer.Key.ID(), statements, fresh)
		if err != nil {
			return &ManifestError{Err: err}
		}
		if !news {
			return nil
		}
		if r.failed = r.Renewed(m); r.failed != nil {
			return r.failed
		}
		r.member, r.Renewals = m, r.Renewals+1
		_, err = r.Opener.Trust.Learn(m.Rotations)
		return err
	}
}

func (r *reading) keys() []age.Identity {
	if r.Key == nil {
		return nil
	}
	return []age.Identity{r.Key}
}

// pass notes what could not be taken. A folder that is gone ends it all.
func (r *reading) pass(file string, err error) error {
	var gone *FolderError
	if errors.As(err, &gone) {
		return err
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = &MissingError{file}
	}
	r.Damaged = append(r.Damaged, Damaged{file, err})
	return nil
}

// take hands on what came: first what covers, each by itself, then the rest.
func (r *reading) take(all []record.Entry) error {
	var rest []record.Entry
	for _, e := range all {
		if e.Kind != record.KindReceipt {
			rest = append(rest, e)
			continue
		}
		c, err := transfer.ReadReceipt(e.Body, projectKey(r.Opener))
		if err != nil {
			rest = append(rest, e) // set aside: nobody signed it
			continue
		}
		own := string(r.Sealer.Key.ID())
		if c.Device == "" { // it says where the centre is, to all
			c.Device = own
		}
		if c.Device != own {
			continue
		}
		c.At = r.Now()
		if err := r.Outbox.Covered(c); err != nil {
			return err
		}
		r.Covered++
	}
	r.Received += len(rest)
	if len(rest) == 0 {
		return nil
	}
	return r.Outbox.Accept(rest, "", 0)
}

// acknowledged takes a hub's receipts, which name batches: what they held is known here alone.
func (r *reading) acknowledged(m manifest) error {
	for _, a := range m.Receipts {
		held, err := r.Outbox.Held(a.Batch)
		if err != nil {
			return err
		}
		receipts := spread(a.Runs, held)
		if receipts == nil {
			continue
		}
		err = r.Outbox.Settle(record.Settlement{Archive: m.Archive, Name: m.Name, Device: string(r.Sealer.Key.ID()), Batch: a.Batch, Receipts: receipts, At: r.Now()})
		if err != nil {
			return err
		}
		r.Relayed++
	}
	return nil
}

// spread makes receipts of runs; nil when they don't fit the entries.
func spread(runs []device.Run, entries []record.ID) (receipts []record.Receipt) {
	for _, run := range runs {
		if run.Count < 1 || run.Count > len(entries)-len(receipts) {
			return nil
		}
		for range run.Count {
			receipts = append(receipts, record.Receipt{Entry: entries[len(receipts)], Status: record.Status(run.Status), Reason: run.Reason})
		}
	}
	if len(receipts) != len(entries) {
		return nil
	}
	return receipts
}

// reached keeps how far the archive is read now, unless something lies between: an answer that was made for another state of this tablet.
func (r *reading) reached(m manifest) error {
	cursors, err := r.Outbox.Cursors()
	if err != nil || m.After > cursors[m.Archive] || m.Cursor <= cursors[m.Archive] {
		return err
	}
	return r.Outbox.Accept(nil, m.Archive, m.Cursor)
}

// openBatch opens a batch file, encrypted or not.
func openBatch(f Folder, name string, o batch.Opener, keys []age.Identity) (*batch.Batch, error) {
	file, err := f.Open(name)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			err = folderFailed(err)
		}
		return nil, err
	}
	defer file.Close()
	b, err := OpenBatch(file, strings.HasSuffix(name, encryptedEnding), o.Open, keys...)
	var refused *batch.Error
	if errors.As(err, &refused) && refused.Reason == batch.ReadFailed {
		err = folderFailed(err)
	}
	return b, err
}

// OpenBatch reads a batch file in one of a batch.Opener's ways. Errors are *batch.Error or *LockedError.
func OpenBatch(file io.Reader, encrypted bool, open func(io.Reader) (*batch.Batch, error), keys ...age.Identity) (*batch.Batch, error) {
	limited := io.LimitReader(file, maxFile)
	if !encrypted {
		return open(limited)
	}
	// All of it is decrypted before any of it is used: age says at the end of each piece whether it is right.
	opened, err := unlock(limited, keys)
	var content []byte
	if err == nil {
		content, err = io.ReadAll(opened)
	}
	var locked *LockedError
	switch {
	case errors.As(err, &locked):
		return nil, err
	case err != nil:
		return nil, &batch.Error{Reason: batch.Corrupt, Err: err}
	}
	return open(bytes.NewReader(content))
}
