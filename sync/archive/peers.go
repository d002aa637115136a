package archive

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"vereda/survey/fieldwork"
	"vereda/survey/record"
)

// Places tells how far another collector's shelf was read, and how far this one's was brought to it; 0 and 0 for one that is new.
func (a *Archive) Places(ctx context.Context, archive string) (pulled, pushed uint64, err error) {
	err = a.read(ctx, "places", func(t *tx) error {
		err := t.one("SELECT pulled, pushed FROM peers WHERE archive = $1", []any{archive}, &pulled, &pushed)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return pulled, pushed, err
}

// maxCursors is how many peers Cursors names: what a request may carry.
const maxCursors = 16

// Cursors tells how far the shelves of other collectors were read, of those that were asked last.
func (a *Archive) Cursors(ctx context.Context) (cursors map[string]uint64, err error) {
	cursors = map[string]uint64{}
	err = a.read(ctx, "cursors", func(t *tx) error {
		return t.each("SELECT archive, pulled FROM peers ORDER BY met DESC LIMIT $1", []any{maxCursors}, func(scan func(...any) error) error {
			var archive string
			var pulled uint64
			err := scan(&archive, &pulled)
			cursors[archive] = pulled
			return err
		})
	})
	return cursors, err
}

// Reached notes an exchange with another collector that succeeded, and how far both shelves are read now.
func (a *Archive) Reached(ctx context.Context, archive, name string, pulled, pushed uint64) error {
	now := a.options.Now().UnixMilli()
	return a.write(ctx, "reached", func(t *tx) error {
		_, err := t.exec(`INSERT INTO peers (archive, name, pulled, pushed, met) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (archive) DO UPDATE
			SET name = excluded.name, pulled = excluded.pulled, pushed = excluded.pushed, met = excluded.met`, archive, name, pulled, pushed, now)
		return err
	})
}

// Peers lists the collectors that this one ever asked, the one asked last first.
func (a *Archive) Peers(ctx context.Context) (list []fieldwork.Peer, err error) {
	err = a.read(ctx, "peers", func(t *tx) error {
		return t.each(`SELECT p.archive, p.name, p.met, (SELECT count(*) FROM batches b WHERE b.place > p.pushed AND (b.origin <> p.archive OR b.origin = ''))
			FROM peers p ORDER BY p.met DESC`, nil, func(scan func(...any) error) error {
			var one fieldwork.Peer
			var met int64
			err := scan(&one.Archive, &one.Name, &met, &one.Waiting)
			one.Met = moment(met)
			list = append(list, one)
			return err
		})
	})
	return list, err
}

// SetAside keeps a batch that another collector refused ("up"; place is on this shelf) or that came from there and was not taken ("down";
// place is on the other's), with the reason; so nothing behind it waits. raw is kept of those that came down. Setting the same aside
// again changes the reason.
func (a *Archive) SetAside(ctx context.Context, direction, archive string, place uint64, id record.ID, device, reason string, raw []byte) error {
	if raw == nil {
		raw = []byte{}
	}
	now := a.options.Now().UnixMilli()
	return a.write(ctx, "set aside", func(t *tx) error {
		_, err := t.exec(`INSERT INTO stuck (direction, archive, place, id, device, reason, at, raw) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
			ON CONFLICT (direction, archive, place) DO UPDATE SET reason = excluded.reason, at = excluded.at`,
			direction, archive, place, id[:], device, reason, now, raw)
		return err
	})
}

// Stuck lists the batches that were set aside so, oldest first.
func (a *Archive) Stuck(ctx context.Context) (list []fieldwork.Stuck, err error) {
	err = a.read(ctx, "stuck", func(t *tx) error {
		return t.each("SELECT direction, archive, place, id, device, reason, at FROM stuck ORDER BY at, direction, archive, place", nil, func(scan func(...any) error) error {
			var one fieldwork.Stuck
			var id []byte
			var at int64
			err := scan(&one.Direction, &one.Archive, &one.Place, &id, &one.Device, &one.Reason, &at)
			copy(one.Batch[:], id)
			one.At = time.UnixMilli(at)
			list = append(list, one)
			return err
		})
	})
	return list, err
}
