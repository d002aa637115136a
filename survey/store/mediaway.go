package store

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/google/uuid"

	"vereda/survey/record"
)

// A tablet answers for the files of its own revisions: the centre tells each device of those. Another tablet's revision may name a file that is here, too, when somebody
// attached the same one; that is the other's to bring.

// Where a file of a revision is on its way stands in bucket there: under its hash, when the centre has it whole; under its hash and an
// archive, when that archive has it. A new centre begins anew: the bucket is emptied.

// PendingMedia returns the files of this tablet's revisions that neither the centre has whole nor an archive, the smallest first; at most n. archive "":
// the one that answered last.
func (s *Store) PendingMedia(archive string, n int) (files []record.Media, err error) {
	err = s.view(func(tx *transaction) error {
		if archive == "" {
			met, _, err := metLast(tx)
			if err != nil {
				return err
			}
			if len(met) > 0 {
				archive = met[0]
			}
		}
		files, err = uncoveredFiles(tx)
		files = slices.DeleteFunc(files, func(m record.Media) bool { return tx.Bucket(bucketThere).Get(thereKey(m.SHA256, archive)) != nil })
		files = files[:min(n, len(files))]
		return err
	})
	return files, err
}

func thereKey(id record.ID, archive string) []byte { return append(bytes.Clone(id[:]), archive...) }

// uncoveredFiles returns the files of this tablet's revisions that the centre does not have, the smallest first.
func uncoveredFiles(tx *transaction) (files []record.Media, err error) {
	owner, err := uncoveredMedia(tx)
	for id := range owner {
		var m mediaHeader
		if err := getJSON(tx.Bucket(bucketMedia), id[:], &m); err != nil {
			return nil, err
		}
		files = append(files, record.Media{SHA256: id, Size: m.Size, Type: m.Type})
	}
	slices.SortFunc(files, func(a, b record.Media) int {
		return cmp.Or(cmp.Compare(a.Size, b.Size), bytes.Compare(a.SHA256[:], b.SHA256[:]))
	})
	return files, err
}

// uncoveredMedia returns the interviews of the files of this tablet's revisions that the centre does not have. Revisions are only looked at when there is such a
// file at all.
func uncoveredMedia(tx *transaction) (map[record.ID][]uuid.UUID, error) {
	left := map[record.ID]bool{}
	there := tx.Bucket(bucketThere)
	c := tx.Bucket(bucketMedia).Cursor()
	for k, _ := c.First(); k != nil; k, _ = c.Next() {
		if len(k) == len(record.ID{}) && there.Get(k) == nil {
			left[record.ID(k)] = true
		}
	}
	owner := map[record.ID][]uuid.UUID{}
	if len(left) == 0 {
		return owner, nil
	}
	err := each(tx.Bucket(bucketRevisions), nil, func(key, raw []byte) error {
		if !bytes.Contains(raw, []byte(`"media":{`)) || !ours(tx, key) {
			return nil
		}
		r, err := record.ParseRevision(raw)
		if err != nil {
			return nil // whoever reads the interview is told
		}
		for _, m := range r.Media {
			if left[m.SHA256] && !slices.Contains(owner[m.SHA256], r.Interview) {
				owner[m.SHA256] = append(owner[m.SHA256], r.Interview)
			}
		}
		return nil
	})
	return owner, err
}

// ours reports whether this tablet wrote a revision: it waits in the outbox, or somebody has answered for it.
func ours(tx *transaction, key []byte) bool {
	if tx.Bucket(bucketPlaces).Get(key) != nil {
		return true
	}
	answered, _ := tx.Bucket(bucketReceipts).Cursor().Seek(key)
	return bytes.HasPrefix(answered, key)
}

// PhotosLeft returns how many files of this tablet's revisions the centre does not have, and their bytes.
func (s *Store) PhotosLeft() (n int, size int64, err error) {
	err = s.view(func(tx *transaction) error {
		files, err := uncoveredFiles(tx)
		n, size = len(files), 0
		for _, m := range files {
			size += m.Size
		}
		return err
	})
	return n, size, err
}

// PhotosOf returns of how many files of each interview the centre has not said that it has them; interviews without such files are left out.
func (s *Store) PhotosOf() (n map[uuid.UUID]int, err error) {
	err = s.view(func(tx *transaction) error {
		n = map[uuid.UUID]int{}
		owner, err := uncoveredMedia(tx)
		for _, interviews := range owner {
			for _, id := range interviews {
				n[id]++
			}
		}
		return err
	})
	return n, err
}

// MediaAt notes that an archive has files whole. It is not the centre's, so they stay here.
func (s *Store) MediaAt(archive string, ids []record.ID) error {
	if archive == "" {
		return errNoArchive
	}
	return s.update(func(tx *transaction) error {
		for _, id := range ids {
			if tx.Bucket(bucketMedia).Get(id[:]) == nil {
				continue
			}
			if err := put(tx.Bucket(bucketThere), thereKey(id, archive), nil); err != nil {
				return err
			}
		}
		return nil
	})
}

// MediaFrom opens a file at an offset; the caller closes it. ErrNotFound when it is not there.
func (s *Store) MediaFrom(id record.ID, offset int64) (io.ReadCloser, error) {
	r := &mediaReader{store: s}
	err := s.view(func(tx *transaction) error { return getJSON(tx.Bucket(bucketMedia), id[:], &r.file) })
	if err != nil {
		return nil, err
	}
	if offset < 0 || offset > r.file.Size {
		return nil, fmt.Errorf("store: a file of %d bytes has no byte %d", r.file.Size, offset)
	}
	r.place = uint32(offset / chunkSize)
	r.read = int64(r.place) * chunkSize
	if inside := offset % chunkSize; inside > 0 {
		if err := r.next(); err != nil {
			return nil, err
		}
		if int64(len(r.rest)) < inside {
			return nil, &DamageError{"chunks", errors.New("a piece of a file is too short")}
		}
		r.rest = r.rest[inside:]
	}
	return r, nil
}
