package archive

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"vereda/survey/fieldwork"
	"vereda/survey/record"
	"vereda/sync/device"
)

// How many files that are not what they should be are kept for a look, of each device.
const mostSpoilt = 20

// spoil sets a file aside that is not what its hash says.
func (a *Archive) spoil(ctx context.Context, id, got record.ID, size int64, path string, from device.ID) error {
	kept, n := "", 0
	err := a.read(ctx, "spoilt files", func(t *tx) error {
		return t.one("SELECT count(*) FROM spoilt WHERE device = $1 AND kept <> ''", []any{string(from)}, &n)
	})
	if err != nil {
		return err
	}
	if n < mostSpoilt {
		folder := filepath.Join(a.db.dir, mediaFolder, asideFolder)
		kept = fmt.Sprintf("%s-as-%.16s", got, id)
		if err := cmp.Or(os.MkdirAll(folder, 0o700), os.Rename(path, filepath.Join(folder, kept))); err != nil {
			return a.mediaFailed("setting aside", err)
		}
	} else if err := os.Remove(path); err != nil {
		return a.mediaFailed("setting aside", err)
	}
	err = a.write(ctx, "spoilt file", func(t *tx) error {
		if path == a.mediaPath(id) { // it was whole here once
			if err := t.loseFiles([]record.ID{id}); err != nil {
				return err
			}
		}
		_, err := t.exec("INSERT INTO spoilt (n, id, got, size, device, at, kept) VALUES ((SELECT coalesce(max(n), 0) + 1 FROM spoilt), $1, $2, $3, $4, $5, $6)",
			id[:], got[:], size, string(from), a.options.Now().UnixMilli(), kept)
		return err
	})
	return cmp.Or(err, error(fmt.Errorf("%w: %s is %s", ErrSpoilt, id, got)))
}

// Spoilt lists the files that came and were not what their hash said, the last first.
func (a *Archive) Spoilt(ctx context.Context) (list []fieldwork.Spoilt, err error) {
	err = a.read(ctx, "spoilt files", func(t *tx) error {
		return t.each("SELECT id, got, size, device, at, kept FROM spoilt ORDER BY n DESC LIMIT 1000", nil, func(scan func(...any) error) error {
			var one fieldwork.Spoilt
			var id, got []byte
			var at int64
			err := scan(&id, &got, &one.Size, &one.Device, &at, &one.Kept)
			copy(one.SHA256[:], id)
			copy(one.Got[:], got)
			one.At = time.UnixMilli(at)
			list = append(list, one)
			return err
		})
	})
	return list, err
}
