package stick

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"

	"filippo.io/age"

	"vereda/survey/record"
	"vereda/sync/device"
	"vereda/sync/transfer"
)

// Answered is what was written back for one device.
type Answered struct {
	Device  device.Claims
	Entries int  // new for it; of a collector: in batches
	Shut    bool // it is revoked: nothing was written
}

// How much is asked of the archive at once.
const (
	answerEntries = 2048
	answerBytes   = 4 << 20
)

// Answer writes into a folder what there is for those whose files this collector has received since it began: receipts, and everything that came behind
// what the device says it has read. It is sealed by this collector, and encrypted for the device if the device says how. Errors are *FolderError, or the archive's.
func (c *Collector) Answer(ctx context.Context, f Folder) (all []Answered, err error) {
	ids := slices.Sorted(maps.Keys(c.callers))
	for i, id := range ids {
		one := c.callers[id]
		c.tell(Step{File: one.claims.Name, Done: i, Total: len(ids)})
		answered := Answered{Device: one.claims}
		err := c.Archive.Standing(ctx, id)
		switch {
		case isRevoked(err):
			answered.Shut, err = true, nil
		case err != nil && !isUnknown(err):
		case one.claims.Role == device.Collector:
			answered.Entries, err = c.answerCollector(ctx, f, one)
		default:
			answered.Entries, err = c.answerDevice(ctx, f, one)
		}
		if err != nil {
			return all, err
		}
		all = append(all, answered)
	}
	return all, nil
}

// isRevoked reports whether an archive's error says that a device is shut out, isUnknown that it has not met it, which is no reproach: its
// certificate says enough.
func isRevoked(err error) bool { return hasCode(err, transfer.CodeRevoked) }
func isUnknown(err error) bool { return hasCode(err, "unknown-device") }

func hasCode(err error, code string) bool {
	var coded interface{ Code() string }
	return errors.As(err, &coded) && coded.Code() == code
}

// answering is one answer being written.
type answering struct {
	c      *Collector
	folder Folder
	dir    string
	to     []age.Recipient
	m      manifest
}

func (c *Collector) answering(ctx context.Context, f Folder, one *caller) (*answering, error) {
	a := &answering{c: c, folder: f, dir: forOf(c.Sealer.Project, one.claims.ID(), c.Archive.ID())}
	var err error
	if a.to, err = one.manifest.recipients(); err != nil {
		return nil, err
	}
	after := one.manifest.Cursors[c.Archive.ID()]
	a.m = manifest{At: c.Now(), Archive: c.Archive.ID(), Name: c.Name, For: one.claims.ID(), After: after, Cursor: after}
	sweep(f, a.dir)
	a.m.Fresh, err = c.fresh(ctx, one)
	return a, err
}

// fresh returns the new certificate of a device that showed one by a former key; none where it needs none.
func (c *Collector) fresh(ctx context.Context, one *caller) (json.RawMessage, error) {
	if c.Fresh == nil || c.Opener.Trust == nil || len(one.shown) == 0 {
		return nil, nil
	}
	claims, current, err := c.Opener.Trust.Open(one.shown)
	if err != nil || current {
		return nil, nil // read already, so it counted then
	}
	fresh, err := c.Fresh(ctx, claims)
	return json.RawMessage(fresh), err
}

// put writes one batch of the answer.
func (a *answering) put(id record.ID, entries int, raw []byte) error {
	name := fmt.Sprintf("%06d-%s", len(a.m.Batches)+1, batchFile(id, len(a.to) > 0))
	var written int64
	sum, err := writeLocked(a.folder, a.dir+"/"+name, a.to, &written, bytes.NewReader(raw))
	a.m.Batches = append(a.m.Batches, listedBatch{name, id, entries, sum})
	return err
}

// end writes the manifest, and takes away the answer before.
func (a *answering) end() error {
	if err := a.m.write(a.folder, a.dir, a.c.Sealer, rotations(a.c.Opener)); err != nil {
		return err
	}
	remove(a.folder, a.dir, func(name string) bool {
		_, listed := a.m.listed(name)
		return isBatchFile(name) && !listed
	})
	return nil
}

// answerDevice writes what is new for a tablet.
func (c *Collector) answerDevice(ctx context.Context, f Folder, one *caller) (n int, err error) {
	a, err := c.answering(ctx, f, one)
	if err != nil {
		return 0, err
	}
	if !c.Central {
		a.m.Receipts = one.receipts
	}
	for {
		entries, next, err := c.Archive.Since(ctx, one.claims, a.m.Cursor, answerEntries, answerBytes)
		if err != nil {
			return n, err
		}
		if len(entries) == 0 {
			a.m.Cursor = next
			return n, a.end()
		}
		var sealed bytes.Buffer
		id, err := c.Sealer.Seal(&sealed, entries, nil)
		if err != nil {
			return n, err
		}
		if err := a.put(id, len(entries), sealed.Bytes()); err != nil {
			return n, err
		}
		n += len(entries)
		a.m.Cursor = next
	}
}

// answerCollector writes the batches that another collector has not read.
func (c *Collector) answerCollector(ctx context.Context, f Folder, one *caller) (n int, err error) {
	if one.manifest.Archive == "" || one.manifest.Archive == c.Archive.ID() {
		return 0, nil
	}
	a, err := c.answering(ctx, f, one)
	if err != nil {
		return 0, err
	}
	if len(a.to) == 0 {
		a.to = c.Recipients
	}
	if a.m.Cursor, n, err = c.shelf(ctx, one.manifest.Archive, a.m.After, a.put); err != nil {
		return n, err
	}
	return n, a.end()
}

// shelf hands on all batches behind a place, but those that an archive brought; it returns the place behind them, and how many they are.
func (c *Collector) shelf(ctx context.Context, to string, after uint64, put func(record.ID, int, []byte) error) (place uint64, n int, err error) {
	for place = after; ; {
		list, next, err := c.Archive.Batches(ctx, to, place, answerEntries, answerBytes)
		if err != nil || len(list) == 0 {
			return cmp.Or(next, place), n, err
		}
		for _, one := range list {
			raw, err := c.Opener.Plain(one.Raw) // whoever reads it may not have the form yet
			if err != nil {
				return place, n, err
			}
			b, err := c.Opener.Open(bytes.NewReader(raw))
			if err != nil {
				return place, n, err
			}
			if err := put(b.ID, len(b.Entries), raw); err != nil {
				return place, n, err
			}
			n++
		}
		place = next
	}
}

// Carried says what a collector wrote for others.
type Carried struct {
	Batches int
	Media   int
	Next    uint64 // the place to begin at another time
}

// Carry writes the batches that this collector has behind a place, each as it came, and all files, for another collector to take. Repeating it does no harm.
func (c *Collector) Carry(ctx context.Context, f Folder, since uint64) (done Carried, err error) {
	dir := fromOf(c.Sealer.Project, c.Sealer.Key.ID())
	if _, _, err := f.List(""); err != nil {
		return done, folderFailed(err)
	}
	sweep(f, dir)
	cursors, err := c.Archive.Cursors(ctx)
	if err != nil {
		return done, err
	}
	a := &answering{c: c, folder: f, dir: dir, to: c.Recipients, m: manifest{At: c.Now(), Archive: c.Archive.ID(), Name: c.Name, After: since, Cursors: cursors}}
	if a.m.Cursor, done.Batches, err = c.shelf(ctx, "", since, a.put); err != nil {
		return done, err
	}
	done.Next = a.m.Cursor
	if err := c.listMedia(ctx, &a.m); err != nil {
		return done, err
	}
	if err := a.end(); err != nil {
		return done, err
	}
	return done, c.carryMedia(ctx, a, &done)
}

func (c *Collector) listMedia(ctx context.Context, m *manifest) error {
	if c.Files == nil {
		return nil
	}
	for place := uint64(0); ; {
		files, next, err := c.Files.After(ctx, place, answerEntries)
		if err != nil || len(files) == 0 {
			return err
		}
		m.Media, place = append(m.Media, files...), next
	}
}

func (c *Collector) carryMedia(ctx context.Context, a *answering, done *Carried) error {
	there, _, err := a.folder.List(a.dir + "/" + mediaFolder)
	if err != nil {
		return folderFailed(err)
	}
	for _, m := range a.m.Media {
		name := ending(m.SHA256.String(), len(a.to) > 0)
		done.Media++
		if slices.Contains(there, name) {
			continue // it was whole when it got its name
		}
		if err := c.carryFile(ctx, a, name, m); err != nil {
			return err
		}
	}
	return nil
}

func (c *Collector) carryFile(ctx context.Context, a *answering, name string, m record.Media) error {
	content, err := c.Files.Open(ctx, m.SHA256)
	if err != nil {
		return err
	}
	defer content.Close()
	var written int64
	_, err = writeLocked(a.folder, path.Join(a.dir, mediaFolder, name), a.to, &written, content)
	return err
}
