package relay_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/google/uuid"

	"vereda/survey/record"
	"vereda/survey/store"
)

// photographed finalizes one more interview, with a photo of so many random bytes.
func (w *world) photographed(t *tablet, size int) record.Media {
	content := make([]byte, size)
	w.random.Read(content)
	m, err := t.store.PutMedia("image/jpeg", bytes.NewReader(content))
	w.must(err)
	at := w.now.Add(t.ahead)
	w.made++
	id := interviewID(w.made)
	w.must(t.store.Begin(store.Interview{ID: id, Form: "household", Version: "1", State: store.Draft, Created: at, Changed: at}))
	name, err := record.New(record.File, m.FileName())
	w.must(err)
	body, err := t.store.Compose(id, store.Author{Device: string(t.key.ID()), By: t.claims.Name, At: at}, record.Answers{"photo": name}, nil, true)
	w.must(err)
	r, err := record.Seal(body)
	w.must(err)
	w.must(t.store.Finalize(r))
	return m
}

// publishWith makes a form version that comes with a file of so many bytes.
func (w *world) publishWith(c *collector, form string, size int) {
	content := make([]byte, size)
	w.random.Read(content)
	m, err := c.archive.PutMedia(background, "text/csv", bytes.NewReader(content))
	w.must(err)
	w.must(c.archive.Publish(background, record.FormVersion{V: 1, Form: form, Version: "1", Name: form + ".xlsx", Source: []byte("workbook"),
		Files: []record.FormFile{{Name: "towns.csv", Media: m}}}))
}

func (w *world) doPhoto(t *testing.T, d *datadriven.TestData) string {
	w.photographed(w.tablet(t, d, d.CmdArgs[0].Key), number(t, d, "bytes", 1000))
	return "ok"
}

// doFiles says which files a collector has whole and which it waits for.
func (w *world) doFiles(t *testing.T, d *datadriven.TestData) string {
	c := w.first(t, d)
	list, _, err := c.archive.MediaAfter(background, "", 0, 1000)
	w.must(err)
	waiting, err := c.archive.Awaited(background, w.interviewIDs())
	w.must(err)
	awaited := 0
	for _, n := range waiting {
		awaited += n
	}
	spoilt, err := c.archive.Spoilt(background)
	w.must(err)
	out := fmt.Sprintf("%d whole, %d on the way", len(list), awaited)
	for _, s := range spoilt {
		out += fmt.Sprintf("\nset aside: %d bytes from %s", s.Size, w.nameOf(s.Device))
	}
	return out
}

func (w *world) interviewIDs() (ids []uuid.UUID) {
	for n := range w.made {
		ids = append(ids, interviewID(n+1))
	}
	return ids
}

// doCover lets the centre make receipts for files.
func (w *world) doCover(t *testing.T, d *datadriven.TestData) string {
	n, err := w.first(t, d).archive.CoverMedia(background)
	w.must(err)
	return fmt.Sprintf("%d receipts", n)
}

// doAlbum says what a tablet knows about where its files are.
func (w *world) doAlbum(t *testing.T, d *datadriven.TestData) string {
	tablet := w.tablet(t, d, d.CmdArgs[0].Key)
	n, size, err := tablet.store.PhotosLeft()
	w.must(err)
	pending, err := tablet.store.PendingMedia("", 100)
	w.must(err)
	forms, err := tablet.store.Forms()
	w.must(err)
	out := fmt.Sprintf("%d not at the centre (%d bytes), %d to be sent to the collector met last", n, size, len(pending))
	for _, f := range forms {
		missing, err := tablet.store.MissingFiles(f)
		w.must(err)
		if len(f.Files) > 0 {
			out += fmt.Sprintf("\nform %s: of its %d files missing %v", f.Form, len(f.Files), missing)
		}
	}
	return out
}

// doSpoil changes the bytes of what a hub has not taken in yet, or of all whole files.
func (w *world) doSpoil(t *testing.T, d *datadriven.TestData) string {
	c := w.first(t, d)
	files, err := filepath.Glob(filepath.Join(c.dir, "media", "??", "*"))
	w.must(err)
	for _, name := range files {
		b, err := os.ReadFile(name)
		w.must(err)
		b[len(b)/2] ^= 1
		w.must(os.WriteFile(name, b, 0o600))
	}
	return fmt.Sprintf("%d files", len(files))
}
