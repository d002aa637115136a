package stick

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"vereda/survey/record"
	"vereda/sync/batch"
	"vereda/sync/device"
	"vereda/sync/transfer"
)

// Took is what became of a batch file's entries: how many got which receipt.
type Took struct {
	File     string
	Batch    record.ID
	Device   device.Claims // who sealed it
	Statuses map[record.Status]int
	Reason   string // why the first one that is refused is
}

// Taken says what a collector found in a folder.
type Taken struct {
	Batches     []Took
	Media       int       // files that were taken
	Damaged     []Damaged // that were not, and manifests that say nothing
	Interrupted []string  // folders of devices that did not write to the end
	Foreign     []string  // projects whose files lie there too
	Waiting     int       // photos that are listed and not there
}

// Take receives all that lies in a folder for this project: batch files directly in it, and what devices and other collectors wrote. What is damaged or
// foreign is named, and stops nothing else. Taking the same again changes nothing. An error is a *FolderError, or the archive's; what was taken
// before it is stored.
func (c *Collector) Take(ctx context.Context, f Folder) (Taken, error) {
	t := &taking{Collector: c, folder: f}
	files, _, err := f.List("")
	if err != nil {
		return t.Taken, folderFailed(err)
	}
	files = slices.DeleteFunc(files, func(file string) bool { return !isBatchFile(file) })
	if err := t.batches(ctx, files, manifest{}, false); err != nil {
		return t.Taken, err
	}
	return t.Taken, t.project(ctx)
}

// taking is one Take under way.
type taking struct {
	*Collector
	Taken
	folder Folder
	failed error // of keeping what was learnt: the archive's
}

// learn returns what keeps news of the project's key; nil where nobody keeps them.
func (t *taking) learn() learner {
	if t.Renewed == nil {
		return nil
	}
	return func(statements [][]byte, fresh device.Certificate) error {
		err := t.Renewed(statements, fresh)
		if refused := (*device.RotationError)(nil); errors.As(err, &refused) {
			return &ManifestError{Err: err}
		}
		t.failed = err
		return err
	}
}

// project takes what lies in this project's part of the folder.
func (t *taking) project(ctx context.Context) error {
	_, projects, err := t.folder.List(root)
	if err != nil {
		return folderFailed(err)
	}
	t.Foreign = slices.DeleteFunc(projects, func(p string) bool { return p == t.Sealer.Project })
	own := string(t.Sealer.Key.ID())
	base := path.Join(root, t.Sealer.Project)
	_, devices, err := t.folder.List(path.Join(base, fromFolder))
	if err != nil {
		return folderFailed(err)
	}
	var dirs []string
	for _, d := range devices[:min(len(devices), maxFolders)] {
		if d != own {
			dirs = append(dirs, path.Join(base, fromFolder, d))
		}
	}
	_, archives, err := t.folder.List(path.Join(base, forFolder, own))
	if err != nil {
		return folderFailed(err)
	}
	for _, a := range archives {
		if a != t.Archive.ID() {
			dirs = append(dirs, path.Join(base, forFolder, own, a))
		}
	}
	for _, dir := range dirs {
		if err := t.device(ctx, dir); err != nil {
			return err
		}
	}
	if t.Files != nil { // also where a file came before the batch that names it
		return t.Files.Cover(ctx)
	}
	return nil
}

// device takes what one device wrote: first what its manifest lists, in its order; then what else lies there.
func (t *taking) device(ctx context.Context, dir string) error {
	m, writer, err := readManifest(t.folder, dir, t.Opener, t.learn())
	known := err == nil
	if t.failed != nil {
		return t.failed
	}
	if err != nil {
		if err := t.pass(dir+"/"+ManifestName, err); err != nil {
			return err
		}
	}
	files, _, err := t.folder.List(dir)
	if err != nil {
		return folderFailed(err)
	}
	interrupted := !known
	names := make([]string, 0, len(files))
	for _, one := range m.Batches {
		names = append(names, path.Join(dir, one.File))
	}
	for _, file := range files {
		if _, listed := m.listed(file); isBatchFile(file) && !listed {
			names = append(names, path.Join(dir, file))
			interrupted = true
		}
		interrupted = interrupted || strings.HasPrefix(file, writingPrefix)
	}
	relayed, err := t.trusted(ctx, writer)
	if err != nil {
		return err
	}
	bad := len(t.Damaged)
	if err := t.batches(ctx, names, m, relayed); err != nil {
		return err
	}
	if known {
		one := t.caller(writer)
		one.manifest = m
		if len(m.Certificate) > 0 {
			one.shown = device.Certificate(m.Certificate)
		}
		missing, err := t.media(ctx, dir, m)
		if err != nil {
			return err
		}
		t.Waiting += missing
		interrupted = interrupted || missing > 0
		if len(t.Damaged) == bad && m.For == t.Sealer.Key.ID() && relayed {
			if err := t.reached(ctx, m); err != nil {
				return err
			}
		}
	}
	if interrupted {
		t.Interrupted = append(t.Interrupted, dir)
	}
	return nil
}

// pass notes what could not be taken. A folder that is gone ends it all.
func (t *taking) pass(file string, err error) error {
	var gone *FolderError
	if errors.As(err, &gone) {
		return err
	}
	if errors.Is(err, fs.ErrNotExist) {
		if path.Base(file) == ManifestName {
			return nil // the folder is named as interrupted
		}
		err = &MissingError{file}
	}
	t.Damaged = append(t.Damaged, Damaged{file, err})
	return nil
}

// trusted reports whether who wrote a manifest is a collector in good standing: what it lists, it has accepted.
func (t *taking) trusted(ctx context.Context, writer device.Claims) (bool, error) {
	if writer.Role != device.Collector {
		return false, nil
	}
	err := t.Archive.Standing(ctx, writer.ID())
	switch {
	case isRevoked(err):
		return false, nil
	case isUnknown(err):
		return true, nil
	}
	return err == nil, err
}

// batches takes batch files in their order; relayed says that the manifest is one of a collector.
func (t *taking) batches(ctx context.Context, names []string, m manifest, relayed bool) error {
	open := func(i int) (*batch.Batch, error) {
		b, err := openBatch(t.folder, names[i], t.Opener, t.Keys)
		if err != nil {
			return nil, err
		}
		if one, listed := m.listed(path.Base(names[i])); relayed && listed && one.Batch == b.ID {
			b.From = m.Archive // a collector has accepted it, and need not get it back
		}
		return b, nil
	}
	return t.Archive.ReceiveAll(ctx, "file", len(names), open, func(i int, b *batch.Batch, receipts []record.Receipt, err error) error {
		if err != nil {
			return t.pass(names[i], err)
		}
		t.remember(b, receipts)
		took := Took{File: names[i], Batch: b.ID, Device: b.Device, Statuses: map[record.Status]int{}}
		for _, r := range receipts {
			if took.Statuses[r.Status]++; r.Status == record.Refused && took.Reason == "" {
				took.Reason = r.Reason
			}
		}
		t.Batches = append(t.Batches, took)
		t.tell(Step{File: names[i], Done: len(t.Batches)})
		return nil
	})
}

// remember notes to whom an answer is due.
func (c *Collector) remember(b *batch.Batch, receipts []record.Receipt) {
	if b.Device.Role != device.Collector {
		one := c.caller(b.Device)
		if one.shown == nil {
			one.shown = b.Certificate
		}
		one.receipts = append(one.receipts, acknowledged{b.ID, runsOf(receipts)})
	}
}

func runsOf(receipts []record.Receipt) []device.Run {
	return transfer.Acknowledgement("", "", record.ID{}, receipts).Runs
}

// reached notes how far another collector's shelf is read now, unless something lies between.
func (t *taking) reached(ctx context.Context, m manifest) error {
	pulled, pushed, err := t.Archive.Places(ctx, m.Archive)
	if err != nil || m.After > pulled || m.Cursor <= pulled {
		return err
	}
	if err := t.Archive.Reached(ctx, m.Archive, m.Name, m.Cursor, pushed); err != nil {
		return fmt.Errorf("stick: noting how far %s is read: %w", m.Archive, err)
	}
	return nil
}
