package archive

import (
	"context"
	"database/sql"
	"errors"

	"vereda/survey/record"
	"vereda/sync/device"
)

// maxCovered is how many files one receipt names at most.
const maxCovered = 500

// CoverMedia makes, at the central collector, receipts for files that are here. Each travels as an entry to the device whose revision named the
// files, whether it sent them here itself or not: the answer that told it so may have been lost, and the device may meet only hubs from
// then on. It returns how many receipts it made.
func (a *Archive) CoverMedia(ctx context.Context) (n int, err error) {
	for a.options.AcknowledgeMedia != nil {
		who, ids, err := a.uncoveredMedia(ctx)
		if err != nil || len(ids) == 0 {
			return n, err
		}
		if ids, err = a.HereMedia(ctx, ids); err != nil { // a backup may have been put back without its files
			return n, err
		}
		if len(ids) == 0 {
			continue // those are not named any more
		}
		e, err := a.options.AcknowledgeMedia(a.ID(), who, ids)
		if err != nil || e.Kind == "" {
			return n, err
		}
		r := a.understand(e)
		err = a.write(ctx, "cover files", func(t *tx) error {
			if err := a.put(t, []reading{r}); err != nil {
				return err
			}
			return t.toldMedia(who, ids)
		})
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// uncoveredMedia returns files of one device for which there is no receipt yet.
func (a *Archive) uncoveredMedia(ctx context.Context) (who device.ID, ids []record.ID, err error) {
	err = a.read(ctx, "uncovered files", func(t *tx) error {
		const uncovered = `FROM media m JOIN files f ON f.id = m.id WHERE length(m.interview) > 0
			AND NOT EXISTS (SELECT 1 FROM told_files d WHERE d.device = m.device AND d.id = m.id)`
		err := t.one("SELECT m.device "+uncovered+" ORDER BY m.device LIMIT 1", nil, &who)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		ids, err = t.ids("SELECT DISTINCT m.id "+uncovered+" AND m.device = $1 ORDER BY m.id LIMIT $2", string(who), maxCovered)
		return err
	})
	return who, ids, err
}

// toldMedia notes that there is a receipt for files of a device.
func (t *tx) toldMedia(who device.ID, ids []record.ID) error {
	for _, id := range ids {
		if _, err := t.exec("INSERT INTO told_files (device, id) VALUES ($1, $2) ON CONFLICT (device, id) DO NOTHING", string(who), id[:]); err != nil {
			return err
		}
	}
	return nil
}

// ids reads a column of hashes.
func (t *tx) ids(query string, args ...any) (list []record.ID, err error) {
	err = t.each(query, args, func(scan func(...any) error) error {
		var raw []byte
		err := scan(&raw)
		var id record.ID
		copy(id[:], raw)
		list = append(list, id)
		return err
	})
	return list, err
}

// MediaAfter returns the files that are here whole, in the order in which they came: those after a place, at most n, and the place behind
// them. Those that came from the archive to are passed over.
func (a *Archive) MediaAfter(ctx context.Context, to string, after uint64, n int) (list []record.Media, next uint64, err error) {
	err = a.read(ctx, "files in order", func(t *tx) error {
		list, next = nil, after
		if err := t.one("SELECT last FROM file_places", nil, &next); err != nil {
			return err
		}
		if after > next {
			after = 0 // of this archive before it was restored
		}
		return t.each("SELECT place, id, size FROM files WHERE place > $1 AND (origin <> $2 OR origin = '') ORDER BY place LIMIT $3", []any{after, to, n}, func(scan func(...any) error) error {
			var m record.Media
			var id []byte
			var place uint64
			err := scan(&place, &id, &m.Size)
			copy(m.SHA256[:], id)
			if list = append(list, m); len(list) == n {
				next = place
			}
			return err
		})
	})
	return list, next, err
}

// MediaPlaces returns how far the files of another archive were read, and how far it was brought those of this one.
func (a *Archive) MediaPlaces(ctx context.Context, archive string) (pulled, pushed uint64, err error) {
	err = a.read(ctx, "places of files", func(t *tx) error {
		err := t.one("SELECT pulled, pushed FROM media_peers WHERE archive = $1", []any{archive}, &pulled, &pushed)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return pulled, pushed, err
}

// ReachedMedia notes both places.
func (a *Archive) ReachedMedia(ctx context.Context, archive string, pulled, pushed uint64) error {
	return a.write(ctx, "places of files", func(t *tx) error { return t.reachedMedia(archive, pulled, pushed) })
}

func (t *tx) reachedMedia(archive string, pulled, pushed uint64) error {
	_, err := t.exec("INSERT INTO media_peers (archive, pulled, pushed) VALUES ($1, $2, $3) ON CONFLICT (archive) DO UPDATE SET pulled = excluded.pulled, pushed = excluded.pushed",
		archive, pulled, pushed)
	return err
}

// Offered notes which files another archive has, and how far it was read, in one transaction. Those that are here are passed over.
func (a *Archive) Offered(ctx context.Context, archive string, files []record.Media, pulled, pushed uint64) error {
	return a.write(ctx, "offered files", func(t *tx) error {
		for _, m := range files {
			_, err := t.exec("INSERT INTO offered (archive, id, size) SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT 1 FROM files WHERE id = $2) ON CONFLICT (archive, id) DO NOTHING",
				archive, m.SHA256[:], m.Size)
			if err != nil {
				return err
			}
		}
		return t.reachedMedia(archive, pulled, pushed)
	})
}

// ToFetch returns files that another archive has and that are not here, the small ones first; at most n. forms: only those that come with
// forms.
func (a *Archive) ToFetch(ctx context.Context, archive string, forms bool, n int) (list []record.Media, err error) {
	err = a.read(ctx, "files to fetch", func(t *tx) error {
		list = nil
		which := ""
		if forms {
			which = "AND EXISTS (SELECT 1 FROM media m WHERE m.id = o.id AND length(m.interview) = 0)"
		}
		return t.each("SELECT o.id, o.size FROM offered o WHERE o.archive = $1 "+which+" ORDER BY o.size, o.id LIMIT $2", []any{archive, n}, func(scan func(...any) error) error {
			var m record.Media
			var id []byte
			err := scan(&id, &m.Size)
			copy(m.SHA256[:], id)
			list = append(list, m)
			return err
		})
	})
	return list, err
}

// NotOffered forgets that another archive has a file: it is not there any more.
func (a *Archive) NotOffered(ctx context.Context, archive string, id record.ID) error {
	return a.write(ctx, "a file that is gone there", func(t *tx) error {
		_, err := t.exec("DELETE FROM offered WHERE archive = $1 AND id = $2", archive, id[:])
		return err
	})
}
