package fault

import (
	"crypto/sha256"
	"errors"
	"io"
	"os"
	"path/filepath"

	"bytes"

	"vereda/survey/record"
	"vereda/survey/store"
)

// attach takes a photo, or attaches another file, and answers a question with it. Most are small, some need more than one request; now and
// then it is one that somebody has attached before.
func (t *tablet) attach(answers record.Answers, question record.Path, kind string) error {
	w := t.w
	size := 1 + w.some(4000)
	if w.chance(6) {
		size = w.some(300_000)
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
	for id, size := range c.w.photos {
		f, err := c.archive.OpenMedia(background, id)
		if err != nil {
			c.w.failf("LOST: file %s of %d bytes is not at %s: %v", id, size, c.name, err)
		}
		content, err := io.ReadAll(f)
		if err = errors.Join(err, f.Close()); err != nil || record.ID(sha256.Sum256(content)) != id {
			c.w.failf("LOST: file %s is not whole at %s: %d bytes, %v", id, c.name, len(content), err)
		}
	}
	here, err := c.archive.HereMedia(background, keys(c.w.photos))
	c.w.must(err)
	if len(here) != len(c.w.photos) {
		c.w.failf("%s names %d of %d files", c.name, len(here), len(c.w.photos))
	}
}

func keys(m map[record.ID]int64) (list []record.ID) {
	for id := range m {
		list = append(list, id)
	}
	return list
}
