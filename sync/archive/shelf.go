package archive

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"

	"vereda/survey/record"
	"vereda/sync/batch"
)

// The shelf keeps every batch as it came, so that it can be relayed verbatim. What this collector's own people made is sealed into
// batches of its own before another collector asks.

// settingID is the setting that holds the archive's ID.
const settingID = "archive:id"

// ID returns the archive's ID, made when it was first opened: cursors and receipts are of an archive, never of an address.
func (a *Archive) ID() string { return a.id.Load().(string) }

// identify reads the archive's ID, or makes it: once, however many programs open a new archive at the same time.
func (a *Archive) identify(ctx context.Context) error {
	id, err := a.Setting(ctx, settingID)
	if err == nil && len(id) == 0 {
		id, err = a.firstID(ctx)
	}
	if err == nil {
		a.id.Store(string(id))
	}
	return err
}

func (a *Archive) firstID(ctx context.Context) (id []byte, err error) {
	made, err := newID(a.options.Now(), a.options.Random, "")
	if err != nil {
		return nil, err
	}
	err = a.write(ctx, "identify", func(t *tx) error {
		if _, err := t.exec("INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING", settingID, []byte(made)); err != nil {
			return err
		}
		return t.one("SELECT value FROM settings WHERE name = $1", []any{settingID}, &id)
	})
	return id, err
}

// Renew gives the archive a new ID, greater than the one before. To be called after a backup was put back: what came after the backup is
// gone from here, so tablets and other collectors send again what only this archive had acknowledged. Other programs that have the
// archive open must open it anew.
func (a *Archive) Renew(ctx context.Context) error {
	before, err := a.Setting(ctx, settingID)
	if err != nil {
		return err
	}
	id, err := newID(a.options.Now(), a.options.Random, string(before))
	if err != nil {
		return err
	}
	err = a.write(ctx, "renew", func(t *tx) error {
		if _, err := t.exec("DELETE FROM told_files"); err != nil { // receipts for files of the archive before say nothing
			return err
		}
		return t.setSetting(settingID, []byte(id))
	})
	if err == nil {
		a.id.Store(id)
	}
	return err
}

// newID returns a UUIDv7: who has heard of two centres knows by their IDs which is the later one. It is greater than the one before even
// where the clock was put back.
func newID(now time.Time, random io.Reader, before string) (string, error) {
	id, err := uuid.NewRandomFromReader(random)
	if err != nil {
		return "", fmt.Errorf("archive: no randomness for an ID: %w", err)
	}
	milliseconds := now.UnixMilli()
	if old, err := uuid.Parse(before); err == nil {
		milliseconds = max(milliseconds, int64(binary.BigEndian.Uint64(old[:8])>>16)+1)
	}
	binary.BigEndian.PutUint64(id[:8], uint64(milliseconds)<<16|uint64(id[6])<<8|uint64(id[7]))
	id[6] = id[6]&0x0f | 0x70
	return id.String(), nil
}

// Batches returns batches in the order in which they came: those after a place, at most n and about size bytes, one at least when there is any;
// next is the place behind them. Batches that the archive to has brought are passed over. Own entries that lie in no batch yet are sealed
// first.
func (a *Archive) Batches(ctx context.Context, to string, after uint64, n, size int) (list []batch.Sealed, next uint64, err error) {
	if err := a.sealWaiting(ctx); err != nil {
		return nil, after, err
	}
	err = a.read(ctx, "batches", func(t *tx) error {
		list, next, err = t.batches(to, after, n, size)
		return err
	})
	return list, next, err
}

// Batch returns a batch as it came; ErrNotFound for one that is not here.
func (a *Archive) Batch(ctx context.Context, id record.ID) (raw []byte, err error) {
	err = a.read(ctx, "batch", func(t *tx) error {
		err := t.one("SELECT raw FROM batches WHERE id = $1", []any{id[:]}, &raw)
		if errors.Is(err, sql.ErrNoRows) {
			return ErrNotFound
		}
		return err
	})
	return raw, err
}

func (t *tx) batches(to string, after uint64, n, size int) (list []batch.Sealed, next uint64, err error) {
	var end uint64
	if err := t.one("SELECT coalesce(max(place), 0) FROM batches", nil, &end); err != nil {
		return nil, after, err
	}
	if after > end {
		after = 0 // of this archive before it was restored
	}
	bytes := 0
	for next = after; len(list) < n; {
		var one batch.Sealed
		var id []byte
		var ahead *int64
		err := t.one("SELECT place, id, ahead, raw FROM batches WHERE place > $1 AND (origin <> $2 OR origin = '') ORDER BY place LIMIT 1", []any{next, to}, &one.Place, &id, &ahead, &one.Raw)
		if errors.Is(err, sql.ErrNoRows) {
			return list, end, nil
		}
		if err != nil {
			return nil, after, err
		}
		if len(list) > 0 && bytes+len(one.Raw) > size {
			break
		}
		copy(one.ID[:], id)
		one.Ahead = durationOf(ahead)
		list, next = append(list, one), one.Place
		bytes += len(one.Raw)
	}
	return list, next, nil
}

// Waiting returns how many batches there are for another collector's archive behind a place; own entries that are not sealed yet count
// as one.
func (a *Archive) Waiting(ctx context.Context, to string, after uint64) (n int, err error) {
	err = a.read(ctx, "waiting", func(t *tx) error {
		if err := t.one("SELECT count(*) FROM batches WHERE place > $1 AND (origin <> $2 OR origin = '')", []any{after, to}, &n); err != nil {
			return err
		}
		unsealed, err := t.unsealed()
		if unsealed && a.options.Seal != nil {
			n++
		}
		return err
	})
	return n, err
}

// unsealed reports whether entries lie in no batch yet.
func (t *tx) unsealed() (waiting bool, err error) {
	err = t.one("SELECT EXISTS (SELECT 1 FROM entries WHERE sealed = 0)", nil, &waiting)
	return waiting, err
}

// How much goes into a batch of own entries.
const (
	sealEntries = 2000
	sealBytes   = 4 << 20
)

// sealWaiting seals own entries that lie in no batch yet.
func (a *Archive) sealWaiting(ctx context.Context) error {
	if a.options.Seal == nil {
		return nil
	}
	for {
		waiting := false
		err := a.read(ctx, "seal", func(t *tx) (err error) {
			waiting, err = t.unsealed()
			return err
		})
		if err != nil || !waiting {
			return err
		}
		if err := a.write(ctx, "seal", a.sealSome); err != nil {
			return err
		}
	}
}

// sealSome seals one batch of them, forms first: what is compressed against their dictionaries comes behind.
func (a *Archive) sealSome(t *tx) error {
	if a.options.Seal == nil {
		return nil
	}
	var entries []record.Entry
	var seqs []int64
	size := 0
	for _, which := range []string{"kind = 'form'", "kind <> 'form'"} {
		err := t.each("SELECT seq, kind, body FROM entries WHERE sealed = 0 AND "+which+fmt.Sprintf(" ORDER BY seq LIMIT %d", sealEntries), nil, func(scan func(...any) error) error {
			var e record.Entry
			var seq int64
			if err := scan(&seq, &e.Kind, &e.Body); err != nil {
				return err
			}
			if len(entries) >= sealEntries || len(entries) > 0 && size+len(e.Body) > sealBytes {
				return io.EOF
			}
			entries, seqs, size = append(entries, e), append(seqs, seq), size+len(e.Body)
			return nil
		})
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
	}
	if len(entries) == 0 {
		return nil
	}
	return a.shelve(t, entries, seqs)
}

func (a *Archive) shelve(t *tx, entries []record.Entry, seqs []int64) error {
	b, err := a.options.Seal(entries)
	if err != nil {
		return err
	}
	if err := t.keepBatch(b, arrival{via: "collector", received: a.options.Now()}); err != nil {
		return err
	}
	for _, seq := range seqs {
		if _, err := t.exec("UPDATE entries SET sealed = 1, batch = coalesce(batch, $1) WHERE seq = $2", b.ID[:], seq); err != nil {
			return err
		}
	}
	return nil
}

// keepBatch puts a batch on the shelf, once. One that another collector had relayed here, and that its device brings now, moves to the
// end: the device waits for a receipt of the centre, which makes one when the batch comes by a hub.
func (t *tx) keepBatch(b *batch.Batch, how arrival) error {
	n, err := t.exec(`INSERT INTO batches (place, id, device, via, origin, received, ahead, raw)
		VALUES ((SELECT coalesce(max(place), 0) + 1 FROM batches), $1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (id) DO UPDATE SET place = excluded.place, origin = '' WHERE batches.origin <> '' AND excluded.origin = ''`,
		b.ID[:], string(b.Device.ID()), how.via, b.From, how.received.UnixMilli(), millisOf(b.Ahead), b.Raw)
	if err != nil || n > 0 || !b.Up {
		return err
	}
	return t.moveBatch(b.ID, b.From)
}

// moveBatch does the same for a batch that another hub brings up, whose device waits behind that one: it came here by another way, and may not have
// gone up.
func (t *tx) moveBatch(id record.ID, from string) error {
	n, err := t.exec(`INSERT INTO moved (batch, origin) SELECT id, $1 FROM batches WHERE id = $2 AND origin NOT IN ('', $1) ON CONFLICT (batch, origin) DO NOTHING`, from, id[:])
	if err != nil || n == 0 {
		return err
	}
	_, err = t.exec("UPDATE batches SET place = (SELECT max(place) + 1 FROM batches), origin = $1 WHERE id = $2", from, id[:])
	return err
}

// millisOf and durationOf keep a span of time that may not be known.
func millisOf(d *time.Duration) *int64 {
	if d == nil {
		return nil
	}
	n := d.Milliseconds()
	return &n
}

func durationOf(milliseconds *int64) *time.Duration {
	if milliseconds == nil {
		return nil
	}
	d := time.Duration(*milliseconds) * time.Millisecond
	return &d
}
