package stick

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"slices"

	"filippo.io/age"
	"github.com/google/uuid"

	"vereda/survey/record"
)

// Write writes everything that the centre has not covered, then what files go with it. Repeating it, also after an interruption, does no harm:
// what is there already stays, and what this device wrote before and is not needed any more goes, when all else is there. Errors are
// *FolderError, or the store's.
func (t Tablet) Write(f Folder) (Written, error) {
	w := &writing{Tablet: t, folder: f, dir: fromOf(t.Sealer.Project, t.Sealer.Key.ID()), interviews: map[uuid.UUID]bool{}}
	err := w.run()
	return w.Written, err
}

// writing is one Write under way.
type writing struct {
	Tablet
	Written
	folder     Folder
	dir        string
	before     manifest // that lies there
	now        manifest
	interviews map[uuid.UUID]bool
}

func (w *writing) run() error {
	if _, _, err := w.folder.List(""); err != nil {
		return folderFailed(err)
	}
	sweep(w.folder, w.dir)
	sweep(w.folder, w.dir+"/"+mediaFolder)
	w.before, _, _ = readManifest(w.folder, w.dir, w.Opener, nil) // one that cannot be read is as good as none
	cursors, err := w.Outbox.Cursors()
	if err != nil {
		return err
	}
	w.now = manifest{At: w.Now(), Cursors: cursors}
	if w.Key != nil {
		w.now.Recipient = w.Key.Recipient().String()
	}
	if err := w.batches(); err != nil {
		return err
	}
	if w.now.Media, err = w.Outbox.UncoveredMedia(); err != nil {
		return err
	}
	if err := w.now.write(w.folder, w.dir, w.Sealer, rotations(w.Opener)); err != nil {
		return err
	}
	if err := w.media(); err != nil {
		return err
	}
	w.clean()
	return nil
}

// batches writes the entries.
func (w *writing) batches() error {
	for place := uint64(0); ; {
		entries, next, err := w.Outbox.UncoveredAfter(place, fileEntries, fileBytes)
		if err != nil || len(entries) == 0 {
			return err
		}
		place = next
		var sealed bytes.Buffer
		id, err := w.Sealer.Seal(&sealed, entries, nil)
		if err != nil {
			return err
		}
		if err := w.Outbox.Sealed(id, entries); err != nil { // before the file has its name: a receipt may come back for it
			return err
		}
		sum, err := w.put(batchFile(id, len(w.Recipients) > 0), &sealed)
		if err != nil {
			return err
		}
		w.now.Batches = append(w.now.Batches, listedBatch{batchFile(id, len(w.Recipients) > 0), id, len(entries), sum})
		w.count(entries)
		w.tell(Step{Done: len(w.now.Batches)})
	}
}

func (w *writing) count(entries []record.Entry) {
	w.Files++
	w.Entries += len(entries)
	for _, e := range entries {
		if r, err := record.ParseRevision(bytes.Clone(e.Body)); err == nil {
			w.interviews[r.Interview] = true
		}
	}
	w.Interviews = len(w.interviews)
}

// put writes one batch file, unless it lies there already, and returns its hash.
func (w *writing) put(name string, sealed *bytes.Buffer) (record.ID, error) {
	if before, ok := w.before.listed(name); ok {
		if sum, size, err := hashOf(w.folder, w.dir+"/"+name); err == nil && sum == before.SHA256 {
			w.Kept++
			w.Bytes += size
			return sum, nil
		}
	}
	return writeLocked(w.folder, w.dir+"/"+name, w.Recipients, &w.Bytes, sealed)
}

// writeLocked writes a file, encrypted to recipients if there are any, and returns the hash of what lies there.
func writeLocked(f Folder, name string, to []age.Recipient, written *int64, content io.Reader) (record.ID, error) {
	hash := sha256.New()
	var reading error
	err := f.Write(name, func(out io.Writer) error {
		counted := &counter{Writer: io.MultiWriter(out, hash)}
		err := lock(counted, to, func(in io.Writer) error {
			_, err := io.Copy(in, remembering{content, &reading})
			return err
		})
		*written += counted.n
		return err
	})
	if reading != nil {
		return record.ID{}, reading
	}
	return record.ID(hash.Sum(nil)), folderFailed(err)
}

// counter counts what is written to it.
type counter struct {
	io.Writer
	n int64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.Writer.Write(b)
	c.n += int64(n)
	return n, err
}

// remembering is a reader whose own failure can be told from the writer's.
type remembering struct {
	io.Reader
	err *error
}

func (r remembering) Read(b []byte) (int, error) {
	n, err := r.Reader.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		*r.err = err
	}
	return n, err
}

func hashOf(f Folder, name string) (sum record.ID, size int64, err error) {
	in, err := f.Open(name)
	if err != nil {
		return sum, 0, err
	}
	defer in.Close()
	hash := sha256.New()
	size, err = io.Copy(hash, in)
	return record.ID(hash.Sum(nil)), size, err
}

// media writes the files, each by its hash.
func (w *writing) media() error {
	there, _, err := w.folder.List(w.dir + "/" + mediaFolder)
	if err != nil {
		return folderFailed(err)
	}
	for i, m := range w.now.Media {
		name := ending(m.SHA256.String(), len(w.Recipients) > 0)
		w.tell(Step{Done: len(w.now.Batches) + i, Total: len(w.now.Batches) + len(w.now.Media)})
		if slices.Contains(there, name) && w.whole(name, m) {
			w.Kept++
		} else if err := w.putMedia(name, m); err != nil {
			return err
		}
		w.Media++
	}
	return nil
}

// whole reports whether a file lies there as it should. Of an encrypted one that cannot be known here: its size says that it was written to its end.
func (w *writing) whole(name string, m record.Media) bool {
	sum, size, err := hashOf(w.folder, w.dir+"/"+mediaFolder+"/"+name)
	if err != nil {
		return false
	}
	if len(w.Recipients) == 0 {
		return sum == m.SHA256
	}
	return size > m.Size
}

func (w *writing) putMedia(name string, m record.Media) error {
	content, err := w.Outbox.Media(m.SHA256)
	if err != nil {
		return err
	}
	defer content.Close()
	_, err = writeLocked(w.folder, w.dir+"/"+mediaFolder+"/"+name, w.Recipients, &w.Bytes, content)
	return err
}

// clean removes what this device wrote before and what is not needed any more: the centre has it, or it was written anew. What stays because it could not be removed
// does no harm.
func (w *writing) clean() {
	remove(w.folder, w.dir, func(name string) bool {
		_, needed := w.now.listed(name)
		return isBatchFile(name) && !needed
	})
	remove(w.folder, w.dir+"/"+mediaFolder, func(name string) bool {
		return !slices.ContainsFunc(w.now.Media, func(m record.Media) bool {
			return name == ending(m.SHA256.String(), len(w.Recipients) > 0)
		})
	})
}

func remove(f Folder, dir string, which func(name string) bool) {
	files, _, err := f.List(dir)
	if err != nil {
		return
	}
	for _, name := range files {
		if which(name) {
			if err := f.Remove(dir + "/" + name); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return
			}
		}
	}
}
