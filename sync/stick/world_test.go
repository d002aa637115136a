package stick_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"

	"filippo.io/age"
	"github.com/google/uuid"

	"vereda/survey/record"
	"vereda/survey/store"
	"vereda/sync/archive"
	"vereda/sync/batch"
	"vereda/sync/device"
	"vereda/sync/stick"
	"vereda/sync/transfer"
)

// tester is what the world needs of a test: *testing.T and *rapid.T have it.
type tester interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Logf(format string, args ...any)
}

var background = context.Background()

// world is a project in the small: collectors with real SQLite archives, tablets with real bbolt stores, and sticks. Time stands still.
type world struct {
	t          tester
	dir        string
	random     *rand.ChaCha8
	now        time.Time
	key        device.Key // the project's
	project    device.Project
	coordinate *age.X25519Identity // the coordinators'; nil: sticks are not encrypted
	made       int
	closers    []io.Closer
}

func newWorld(t tester, dir string, encrypted bool) *world {
	w := &world{t: t, dir: dir, random: rand.NewChaCha8([32]byte{5}), now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	w.key = w.newKey()
	w.project = device.Project{ID: "0193a5b2-7d1c-7000-8000-0000000000aa", Name: "Norte 2026", Key: w.key.Public()}
	if encrypted {
		var err error
		w.coordinate, err = age.GenerateX25519Identity()
		w.must(err)
	}
	return w
}

func (w *world) close() {
	for _, c := range w.closers {
		w.must(c.Close())
	}
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) newKey() device.Key {
	k, err := device.NewKey(w.random)
	w.must(err)
	return k
}

func (w *world) sealer(name string, role device.Role) batch.Sealer {
	key := w.newKey()
	cert, err := device.Issue(w.key, device.Claims{Project: w.project.ID, Device: key.Public(), Name: name, Role: role, From: w.now, Until: w.now.AddDate(10, 0, 0)})
	w.must(err)
	return batch.Sealer{Project: w.project.ID, Key: key, Certificate: cert}
}

// collector is a collector of the project; the central one has the project's key.
type collector struct {
	w       *world
	name    string
	central bool
	sealer  batch.Sealer
	archive *archive.Archive
}

func (w *world) addCollector(name string, central bool) *collector {
	c := &collector{w: w, name: name, central: central, sealer: w.sealer(name, device.Collector)}
	o := archive.Options{
		Now: func() time.Time { return w.now }, Random: w.random, Shape: shape,
		Seal: func(entries []record.Entry) (*batch.Batch, error) {
			var raw bytes.Buffer
			if _, err := c.sealer.Seal(&raw, entries, nil); err != nil {
				return nil, err
			}
			return c.opener().Open(&raw)
		},
		Receipt: func(b []byte) (device.Receipt, error) { return device.OpenReceipt(b, w.project.Key) },
	}
	if central {
		o.Acknowledge = func(archive string, from device.ID, id record.ID, receipts []record.Receipt) (record.Entry, error) {
			statement, err := device.SignReceipt(w.key, transfer.Acknowledgement(archive, from, id, receipts))
			return record.Entry{Kind: record.KindReceipt, Body: statement}, err
		}
		o.AcknowledgeMedia = func(archive string, to device.ID, ids []record.ID) (record.Entry, error) {
			files := make([]string, len(ids))
			for i, id := range ids {
				files[i] = id.String()
			}
			statement, err := device.SignReceipt(w.key, device.Receipt{Archive: archive, Device: to, Media: files})
			return record.Entry{Kind: record.KindReceipt, Body: statement}, err
		}
	}
	var err error
	c.archive, err = archive.Open(background, filepath.Join(w.dir, name), o)
	w.must(err)
	w.closers = append(w.closers, c.archive)
	if central {
		w.must(c.archive.Publish(background, record.FormVersion{V: 1, Form: "household", Version: "1", Name: "household.xlsx", Source: []byte("workbook")}))
	}
	return c
}

// shape is that of a form with a question and a photo.
func shape(f record.FormVersion) (archive.Shape, error) {
	return archive.Shape{Form: f.Form, Version: f.Version, Title: f.Form, Columns: []archive.Column{{Path: "head", Kind: record.Text}, {Path: "photo", Kind: record.File}}}, nil
}

func (c *collector) opener() batch.Opener {
	return batch.Opener{Project: c.w.project.ID, ProjectKey: c.w.project.Key, Dictionaries: c.archive.Dictionary}
}

// stick returns what takes and answers.
func (c *collector) stick() *stick.Collector {
	s := &stick.Collector{Archive: c.archive, Files: files{c.archive}, Name: c.name, Central: c.central, Sealer: c.sealer, Opener: c.opener(), Now: func() time.Time { return c.w.now }}
	if c.w.coordinate != nil {
		s.Keys, s.Recipients = []age.Identity{c.w.coordinate}, []age.Recipient{c.w.coordinate.Recipient()}
	}
	return s
}

// files are the photos of an archive.
type files struct{ archive *archive.Archive }

func (f files) Missing(ctx context.Context, ids []record.ID) ([]record.ID, error) {
	here, err := f.archive.HereMedia(ctx, ids)
	return slices.DeleteFunc(ids, func(id record.ID) bool { return slices.Contains(here, id) }), err
}

func (f files) Take(ctx context.Context, id record.ID, from device.ID, content io.Reader) error {
	folder, err := f.archive.UploadFolder()
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(folder, "*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	_, err = io.Copy(file, content)
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	err = f.archive.ReceiveMedia(ctx, id, file.Name(), from, "")
	if errors.Is(err, archive.ErrSpoilt) {
		return stick.ErrSpoilt
	}
	return err
}

func (f files) Cover(ctx context.Context) error {
	_, err := f.archive.CoverMedia(ctx)
	return err
}

func (f files) After(ctx context.Context, place uint64, n int) ([]record.Media, uint64, error) {
	return f.archive.MediaAfter(ctx, "", place, n)
}

func (f files) Open(ctx context.Context, id record.ID) (io.ReadCloser, error) {
	return f.archive.OpenMedia(ctx, id)
}

// tablet is one device in the field.
type tablet struct {
	w      *world
	name   string
	sealer batch.Sealer
	store  *store.Store
	all    []record.ID // of the revisions that it ever finalized
	photos []record.ID
	key    *age.X25519Identity
}

func (w *world) addTablet(name string) *tablet {
	s, err := store.Open(filepath.Join(w.dir, name+".tablet"))
	w.must(err)
	w.closers = append(w.closers, s)
	return &tablet{w: w, name: name, sealer: w.sealer(name, device.Enumerator), store: s}
}

// stick returns what writes and reads.
func (t *tablet) stick() stick.Tablet {
	m := transfer.Membership{V: 1, Project: t.w.project, Key: t.sealer.Key.Marshal(), Certificate: t.sealer.Certificate}
	s, err := stick.NewTablet(m, t.store, store.ErrNotFound, func() time.Time { return t.w.now })
	t.w.must(err)
	if t.w.coordinate != nil {
		s.Recipients = []age.Recipient{t.w.coordinate.Recipient()}
		if t.key == nil {
			t.key, err = age.GenerateX25519Identity()
			t.w.must(err)
		}
		s.Key = t.key
	}
	return s
}

// save finalizes one more interview, with a photo if there is one.
func (t *tablet) save(photo string) {
	w := t.w
	w.made++
	id := uuid.MustParse(fmt.Sprintf("0193a5b2-7d1c-7000-8000-%012d", w.made))
	w.must(t.store.Begin(store.Interview{ID: id, Form: "household", Version: "1", State: store.Draft, Created: w.now, Changed: w.now}))
	answers := record.Answers{"head": record.NewText("María " + id.String())}
	if photo != "" {
		m, err := t.store.PutMedia("image/jpeg", bytes.NewReader([]byte(photo)))
		w.must(err)
		name, err := record.New(record.File, m.FileName())
		w.must(err)
		answers["photo"] = name
		t.photos = append(t.photos, m.SHA256)
	}
	body, err := t.store.Compose(id, store.Author{Device: string(t.sealer.Key.ID()), By: t.name, At: w.now}, answers, nil, true)
	w.must(err)
	r, err := record.Seal(body)
	w.must(err)
	w.must(t.store.Finalize(r))
	t.all = append(t.all, r.ID)
}

// left returns what the centre has not covered.
func (t *tablet) left() map[record.ID]bool {
	entries, _, err := t.store.UncoveredAfter(0, 1<<20, 1<<30)
	t.w.must(err)
	left := map[record.ID]bool{}
	for _, e := range entries {
		left[e.ID()] = true
	}
	files, err := t.store.UncoveredMedia()
	t.w.must(err)
	for _, m := range files {
		left[m.SHA256] = true
	}
	return left
}

// holds checks the law: what has left the outbox is at the centre.
func (t *tablet) holds(centre *collector) {
	t.w.t.Helper()
	left := t.left()
	for _, id := range t.all {
		if _, err := centre.archive.Entry(background, id); err != nil && !left[id] {
			t.w.t.Fatalf("%s: entry %s is settled, and the centre does not have it: %v", t.name, id, err)
		}
	}
	for _, id := range t.photos {
		if _, err := centre.archive.OpenMedia(background, id); err != nil && !left[id] {
			t.w.t.Fatalf("%s: photo %s is settled, and the centre does not have it: %v", t.name, id, err)
		}
	}
}
