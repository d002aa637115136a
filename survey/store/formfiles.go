package store

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"slices"

	"vereda/survey/record"
)

// AwaitedMedia returns files that come with forms and are not here whole, the smallest first; at most n.
func (s *Store) AwaitedMedia(n int) (files []record.Media, err error) {
	err = s.view(func(tx *transaction) error {
		files = nil
		seen := map[record.ID]bool{}
		err := each(tx.Bucket(bucketForms), nil, func(key, value []byte) error {
			var h formHeader
			err := decodeJSON(key, value, &h)
			for _, f := range h.Files {
				if !seen[f.SHA256] && tx.Bucket(bucketMedia).Get(f.SHA256[:]) == nil {
					seen[f.SHA256], files = true, append(files, f.Media)
				}
			}
			return err
		})
		slices.SortFunc(files, func(a, b record.Media) int {
			return cmp.Or(cmp.Compare(a.Size, b.Size), bytes.Compare(a.SHA256[:], b.SHA256[:]))
		})
		files = files[:min(n, len(files))]
		return err
	})
	return files, err
}

// FormFiles returns the files of a form version that are here, by name, and the names of those that are not.
func (s *Store) FormFiles(f record.FormVersion) (files map[string][]byte, missing []string, err error) {
	files = map[string][]byte{}
	for _, file := range f.Files {
		r, err := s.Media(file.SHA256)
		if errors.Is(err, ErrNotFound) {
			missing = append(missing, file.Name)
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		content, err := io.ReadAll(r)
		if err != nil {
			return nil, nil, err
		}
		files[file.Name] = content
	}
	return files, missing, nil
}

// MissingFiles returns the names of the files of a form version that are not here yet.
func (s *Store) MissingFiles(f record.FormVersion) (names []string, err error) {
	err = s.view(func(tx *transaction) error {
		names = nil
		for _, file := range f.Files {
			if tx.Bucket(bucketMedia).Get(file.SHA256[:]) == nil {
				names = append(names, file.Name)
			}
		}
		return nil
	})
	return names, err
}
