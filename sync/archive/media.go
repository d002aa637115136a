package archive

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/google/uuid"

	"vereda/survey/fieldwork"
	"vereda/survey/record"
	"vereda/sync/device"
)

// Files lie beside the database, in the folder media, by their SHA-256: media/ab/abcd…. One that is there was whole when it was put
// there, and the table files names it after that; one that is named and gone is asked for again.

// The folders of files.
const (
	mediaFolder  = "media"
	uploadFolder = "uploads" // in it: what is not whole yet
	asideFolder  = "aside"   // in it: what was not what its name said
)

// ErrSpoilt says that a file is not what its hash says. It was set aside.
var ErrSpoilt = &Error{"wrong-hash", "the file is not what its hash says; it was set aside"}

// UploadFolder returns the folder for files that are not whole yet: on the disk where they stay when they are. It is made when it is asked for.
func (a *Archive) UploadFolder() (string, error) {
	folder := filepath.Join(a.db.dir, mediaFolder, uploadFolder)
	return folder, a.mediaFailed("folder", os.MkdirAll(folder, 0o700))
}

func (a *Archive) mediaPath(id record.ID) string {
	name := id.String()
	return filepath.Join(a.db.dir, mediaFolder, name[:2], name)
}

// mediaFailed names what failed about a file, as failed does.
func (a *Archive) mediaFailed(what string, err error) error {
	return a.db.diagnose(failed(what+" of a file", err))
}

// ReceiveMedia takes a file that is complete out of the folder of uploads, after its hash was checked; it is durable on return. from is the
// device that brought it, origin the archive that it was fetched from or that relayed it; both may be "". ErrSpoilt when it is something else: then it
// lies aside, and is named by Spoilt. Beside any other error it stays where it is.
func (a *Archive) ReceiveMedia(ctx context.Context, id record.ID, path string, from device.ID, origin string) error {
	got, size, err := hashFile(path)
	if errors.Is(err, os.ErrNotExist) { // it was moved, and the program ended before that was noted
		path = a.mediaPath(id)
		got, size, err = hashFile(path)
	}
	if err != nil {
		return a.mediaFailed("taking", err)
	}
	if got != id {
		return a.spoil(ctx, id, got, size, path, from)
	}
	if err := a.place(id, path); err != nil {
		return a.mediaFailed("taking", err)
	}
	return a.write(ctx, "take a file", func(t *tx) error {
		added, err := t.exec(`INSERT INTO files (place, id, size, device, origin, received) SELECT last + 1, $1, $2, $3, $4, $5 FROM file_places WHERE true
			ON CONFLICT (id) DO NOTHING`, id[:], size, string(from), origin, a.options.Now().UnixMilli())
		if err == nil && added > 0 {
			_, err = t.exec("UPDATE file_places SET last = last + 1")
		}
		if err == nil {
			_, err = t.exec("DELETE FROM offered WHERE id = $1", id[:])
		}
		if err == nil {
			err = t.reviewAgain(id)
		}
		return err
	})
}

// reviewAgain lets interviews of the forms that come with a file be merged again, now that it is here: their rules may say something else. What is being
// merged meanwhile, perhaps without it, does not count: it is as if another version of the form had come.
func (t *tx) reviewAgain(id record.ID) error {
	const forms = "SELECT f.form FROM forms f JOIN media m ON m.seq = f.seq WHERE m.id = $1 AND length(m.interview) = 0"
	_, err := t.exec("UPDATE generation SET n = n + 1 WHERE EXISTS ("+forms+")", id[:])
	if err == nil {
		_, err = t.exec("INSERT INTO dirty (interview, mark) SELECT i.id, (SELECT coalesce(max(seq), 0) FROM entries) FROM interviews i WHERE i.form IN ("+forms+
			") ON CONFLICT (interview) DO UPDATE SET mark = excluded.mark", id[:])
	}
	return err
}

// PutMedia keeps a file that this collector's own people gave.
func (a *Archive) PutMedia(ctx context.Context, kind string, content io.Reader) (record.Media, error) {
	folder, err := a.UploadFolder()
	if err != nil {
		return record.Media{}, err
	}
	f, err := os.CreateTemp(folder, "own-*")
	if err != nil {
		return record.Media{}, a.mediaFailed("keeping", err)
	}
	defer os.Remove(f.Name()) // gone when it was taken
	hash := sha256.New()
	size, err := io.Copy(io.MultiWriter(f, hash), content)
	if err = cmp.Or(err, f.Close()); err != nil {
		return record.Media{}, a.mediaFailed("keeping", err)
	}
	m := record.Media{SHA256: record.ID(hash.Sum(nil)), Size: size, Type: kind}
	return m, a.ReceiveMedia(ctx, m.SHA256, f.Name(), "", "")
}

func hashFile(path string) (id record.ID, size int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return id, 0, err
	}
	defer f.Close()
	hash := sha256.New()
	size, err = io.Copy(hash, f)
	return record.ID(hash.Sum(nil)), size, err
}

// place moves a file where whole files lie, and waits until the disk has it.
func (a *Archive) place(id record.ID, path string) error {
	target := a.mediaPath(id)
	if path == target {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
		return err
	}
	if err := syncFile(path); err != nil {
		return err
	}
	if err := os.Rename(path, target); err != nil {
		return err
	}
	for _, folder := range []string{filepath.Dir(target), filepath.Join(a.db.dir, mediaFolder), a.db.dir} {
		syncFolder(folder)
	}
	return nil
}

// syncFolder makes a change of a folder durable, where the system knows such a thing.
func syncFolder(name string) {
	if d, err := os.Open(name); err == nil {
		_ = d.Sync()
		_ = d.Close()
	}
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// HereMedia returns those of some files that are whole here, in the order asked for.
func (a *Archive) HereMedia(ctx context.Context, ids []record.ID) (here []record.ID, err error) {
	var lost, found []record.ID
	err = a.read(ctx, "files", func(t *tx) error {
		for _, id := range ids {
			var size int64
			err := t.one("SELECT size FROM files WHERE id = $1", []any{id[:]}, &size)
			noted := err == nil
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				return err
			}
			i, err := os.Stat(a.mediaPath(id))
			switch {
			case noted && err == nil && i.Size() == size:
				here = append(here, id)
			case noted:
				lost = append(lost, id)
			case err == nil:
				found = append(found, id)
			}
		}
		return nil
	})
	if err == nil && len(lost) > 0 {
		err = a.write(ctx, "files that are gone", func(t *tx) error { return t.loseFiles(lost) })
	}
	for _, id := range found { // moved here just before the program ended
		if err == nil && a.ReceiveMedia(ctx, id, a.mediaPath(id), "", "") == nil {
			here = append(here, id)
		}
	}
	if len(found) > 0 {
		here = slices.DeleteFunc(slices.Clone(ids), func(id record.ID) bool { return !slices.Contains(here, id) })
	}
	return here, err
}

// loseFiles notes that files are not here any more: whoever has them is to send them again.
func (t *tx) loseFiles(ids []record.ID) error {
	for _, id := range ids {
		if _, err := t.exec("DELETE FROM files WHERE id = $1", id[:]); err != nil {
			return err
		}
	}
	return nil
}

// OpenMedia opens a file that is here; ErrNotFound when it is not.
func (a *Archive) OpenMedia(_ context.Context, id record.ID) (io.ReadSeekCloser, error) {
	f, err := os.Open(a.mediaPath(id))
	if errors.Is(err, os.ErrNotExist) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, a.mediaFailed("opening", err)
	}
	return f, nil
}

// MayFetch reports whether a device may have a file: those of forms everybody, those of an interview who took part in it, and collectors and
// coordinators all.
func (a *Archive) MayFetch(ctx context.Context, who device.Claims, id record.ID) (may bool, err error) {
	if who.Role != device.Enumerator {
		return true, nil
	}
	err = a.read(ctx, "may fetch", func(t *tx) error {
		for _, d := range append([]device.ID{who.ID()}, who.Replaces...) {
			err := t.one(`SELECT EXISTS (SELECT 1 FROM media m WHERE m.id = $1 AND (length(m.interview) = 0
				OR EXISTS (SELECT 1 FROM parts p WHERE p.interview = m.interview AND p.device = $2)))`, []any{id[:], string(d)}, &may)
			if err != nil || may {
				return err
			}
		}
		return nil
	})
	return may, err
}

// refer notes the files that an entry refers to; interview is empty for a form version.
func (in *intake) refer(seq int64, interview []byte, author string, files []record.Media) error {
	for _, m := range files {
		_, err := in.exec("INSERT INTO media (id, interview, device, size, type, seq) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id, interview, device) DO NOTHING",
			m.SHA256[:], interview, author, m.Size, m.Type, seq)
		if err != nil {
			return err
		}
	}
	return nil
}

// referAll notes the files that a revision or a form version refers to.
func (in *intake) referAll(seq int64, r *reading) error {
	var files []record.Media
	switch r.entry.Kind {
	case record.KindRevision:
		for _, m := range r.revision.Media {
			files = append(files, m)
		}
		return in.refer(seq, r.revision.Interview[:], r.revision.Device, files)
	case record.KindForm:
		for _, f := range r.form.Files {
			files = append(files, f.Media)
		}
		return in.refer(seq, []byte{}, "", files)
	}
	return nil
}

// MediaOf returns the files that an interview refers to, and whether they are here, by hash.
func (a *Archive) MediaOf(ctx context.Context, interview uuid.UUID) (list []fieldwork.File, err error) {
	err = a.read(ctx, "files of an interview", func(t *tx) error {
		return t.each(`SELECT m.id, max(m.size), max(m.type), EXISTS (SELECT 1 FROM files f WHERE f.id = m.id) FROM media m WHERE m.interview = $1 GROUP BY m.id ORDER BY m.id`,
			[]any{interview[:]}, func(scan func(...any) error) error {
				var one fieldwork.File
				var id []byte
				err := scan(&id, &one.Size, &one.Type, &one.Here)
				copy(one.SHA256[:], id)
				list = append(list, one)
				return err
			})
	})
	return list, err
}

// Awaited returns of how many files interviews tell that are not here; interviews that lack none are left out.
func (a *Archive) Awaited(ctx context.Context, interviews []uuid.UUID) (n map[uuid.UUID]int, err error) {
	n = map[uuid.UUID]int{}
	err = a.read(ctx, "awaited files", func(t *tx) error {
		for _, id := range interviews {
			missing := 0
			err := t.one("SELECT count(DISTINCT m.id) FROM media m WHERE m.interview = $1 AND NOT EXISTS (SELECT 1 FROM files f WHERE f.id = m.id)", []any{id[:]}, &missing)
			if err != nil {
				return err
			}
			if missing > 0 {
				n[id] = missing
			}
		}
		return nil
	})
	return n, err
}
