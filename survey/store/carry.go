package store

import (
	"cmp"
	"encoding/binary"
	"slices"

	"vereda/survey/record"
)

// What a file or a stick carries: everything that the centre has not covered, in as many batches as that takes.

// UncoveredAfter is Uncovered behind a place, and the place behind what it returns; place 0 is the beginning. No entries: there are no more.
func (s *Store) UncoveredAfter(place uint64, n, size int) (entries []record.Entry, next uint64, err error) {
	entries, err = s.some(n, size, func(tx *transaction, do func(waiting) error) error {
		next = place
		return eachWaiting(tx, func(w waiting) error {
			at := binary.BigEndian.Uint64(w.number)
			if at <= place {
				return nil
			}
			err := do(w)
			if err == nil {
				next = at
			}
			return err
		})
	})
	return entries, next, err
}

// Held returns which entries a batch held that is not covered yet, in their order; zero for those that were not this tablet's. Nil: the batch is not
// known here.
func (s *Store) Held(batch record.ID) (ids []record.ID, err error) {
	err = s.view(func(tx *transaction) error {
		keys, err := held(tx, batch)
		ids = nil
		for _, key := range keys {
			ids = append(ids, key.entry())
		}
		return err
	})
	return ids, err
}

// UncoveredMedia returns the files of this tablet's revisions that are here and that the centre is not known to have, the small ones first.
func (s *Store) UncoveredMedia() (files []record.Media, err error) {
	err = s.view(func(tx *transaction) error {
		files = nil
		seen := map[record.ID]bool{}
		media, there := tx.Bucket(bucketMedia), tx.Bucket(bucketThere)
		return each(tx.Bucket(bucketRevisions), nil, func(key, raw []byte) error {
			if !ours(tx, key) {
				return nil
			}
			r, err := record.ParseRevision(slices.Clone(raw))
			if err != nil {
				return nil // what cannot be read any more is named where it is sent
			}
			for _, m := range r.Media {
				if !seen[m.SHA256] && media.Get(m.SHA256[:]) != nil && there.Get(m.SHA256[:]) == nil {
					files = append(files, m)
				}
				seen[m.SHA256] = true
			}
			return nil
		})
	})
	slices.SortFunc(files, func(a, b record.Media) int {
		return cmp.Or(cmp.Compare(a.Size, b.Size), slices.Compare(a.SHA256[:], b.SHA256[:]))
	})
	return files, err
}
