package fault

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"vereda/survey/record"
	"vereda/survey/store"
	"vereda/sync/archive"
)

// attach takes a photo, or attaches another file, and answers a question with it. Most are small, some need more than one request; now and
// then it is one that somebody has attached before.
func (t *tablet) attach(answers record.Answers, question record.Path, kind string) error {
	w := t.w
	size := 1 + w.some(4000)
	if w.chance(6) {
		size = w.some(700_000)
	}
	content := make([]byte, size)
	if _, err := w.bytes.Read(content); err != nil {
		return err
	}
	if w.chance(8) {
		content = []byte("the same everywhere")
	}
	m, err := t.store.PutMedia(kind, bytes.NewReader(content))
	if err != nil {
		return err
	}
	answers[question], err = record.New(record.File, m.FileName())
	return err
}

// album returns which of the photos that count a tablet has.
func (t *tablet) album() (list []record.ID) {
	for id := range t.w.photos {
		if _, err := t.store.MediaInfo(id); err == nil {
			list = append(list, id)
		}
	}
	return list
}

// forgotRightly looks whether the centre has all that a tablet has not any more, whole.
func (t *tablet) forgotRightly(before []record.ID) {
	for _, id := range before {
		_, err := t.store.MediaInfo(id)
		if err == nil {
			continue
		}
		if !errors.Is(err, store.ErrNotFound) {
			t.w.must(err)
		}
		content, err := os.ReadFile(filepath.Join(t.w.centre.dir, "media", id.String()[:2], id.String()))
		if err != nil || record.ID(sha256.Sum256(content)) != id {
			t.w.failf("%s forgot file %s, which the centre does not have: %v", t.name, id, err)
		}
	}
}

// checkPhotos looks whether every file of a finalized revision is whole here.
func (c *collector) checkPhotos() {
	if err := whole(c.archive, c.w.photos); err != nil {
		c.w.failf("%s: %w", c.name, err)
	}
}

// whole returns which of the files is not whole in an archive.
func whole(a *archive.Archive, photos map[record.ID]int64) error {
	ids := slices.Collect(maps.Keys(photos))
	for _, id := range ids {
		f, err := a.OpenMedia(background, id)
		if err != nil {
			return fmt.Errorf("LOST: file %s of %d bytes is not there: %w", id, photos[id], err)
		}
		content, err := io.ReadAll(f)
		if err = errors.Join(err, f.Close()); err != nil || record.ID(sha256.Sum256(content)) != id {
			return fmt.Errorf("LOST: file %s is not whole: %d bytes, %w", id, len(content), err)
		}
	}
	here, err := a.HereMedia(background, ids)
	if err == nil && len(here) != len(ids) {
		err = fmt.Errorf("it names %d of %d files", len(here), len(ids))
	}
	return err
}
