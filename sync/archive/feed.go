package archive

import (
	"cmp"
	"context"
	"slices"

	"vereda/survey/record"
	"vereda/sync/device"
)

// Since returns entries that concern a device and come after the cursor, at most n and about size bytes, and the cursor
// behind them; the same cursor when there are none. Forms, settings and revocations concern every device; revisions and verdicts those
// devices that took part in the interview, but for what they wrote themselves; assignments those that they were ever given to; receipts
// the device that waits for them, and that of a new centre all. When a device joins an interview or is given an assignment, what was said before comes then. A
// device that replaces others counts as each of them too, and gets also what they wrote. A cursor
// beyond this archive's end, from before a backup was put back, counts as 0: entries are known by their IDs, so getting one again does no harm.
func (a *Archive) Since(ctx context.Context, to device.Claims, cursor uint64, n, size int) (entries []record.Entry, next uint64, err error) {
	err = a.read(ctx, "since", func(t *tx) error {
		var end uint64
		if err := t.one("SELECT coalesce(max(seq), 0) FROM entries", nil, &end); err != nil {
			return err
		}
		if cursor > end {
			cursor = 0
		}
		next = cursor
		news, err := t.news(string(to.ID()), to.Replaces, cursor, n)
		if err != nil {
			return err
		}
		entries, next, err = t.fetch(news, cursor, n, size)
		return err
	})
	return entries, next, err
}

// news is an entry that concerns a device: place is where it stands in that device's feed. Several entries have one place
// when the device joined their interview there.
type news struct{ place, seq uint64 }

func (t *tx) news(device string, replaces []device.ID, cursor uint64, n int) (list []news, err error) {
	add := func(scan func(...any) error) error {
		var one news
		err := scan(&one.place, &one.seq)
		list = append(list, one)
		return err
	}
	err = t.each(`SELECT seq, seq FROM entries WHERE kind IN ('form', 'revocation', 'setting') AND seq > $1 AND sender <> $2
		AND NOT EXISTS (SELECT 1 FROM aside WHERE aside.seq = entries.seq) ORDER BY seq LIMIT $3`, []any{cursor, device, n}, add)
	if err != nil {
		return nil, err
	}
	err = t.each(`SELECT CASE WHEN e.seq < p.since THEN p.since ELSE e.seq END, e.seq FROM parts p JOIN entries e ON e.interview = p.interview
		WHERE p.device = $1 AND p.last > $2 AND e.device <> $1 AND (e.seq > $2 OR p.since > $2)`, []any{device, cursor}, add)
	if err != nil {
		return nil, err
	}
	err = t.each("SELECT f.place, f.seq FROM feed f WHERE f.device IN ($1, '') AND f.place > $2", []any{device, cursor}, add)
	for _, older := range replaces {
		if err == nil {
			err = t.inherited(device, string(older), cursor, add)
		}
	}
	slices.SortFunc(list, func(a, b news) int {
		return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.seq, b.seq))
	})
	return slices.Compact(list), err
}

// inherited finds what concerns a device because it replaces an older one: what the older one wrote too.
func (t *tx) inherited(device, older string, cursor uint64, add func(scan func(...any) error) error) error {
	err := t.each(`SELECT CASE WHEN e.seq < p.since THEN p.since ELSE e.seq END, e.seq FROM parts p JOIN entries e ON e.interview = p.interview
		WHERE p.device = $1 AND e.device <> $2 AND (e.seq > $3 OR p.since > $3)`, []any{older, device, cursor}, add)
	if err != nil {
		return err
	}
	return t.each(`SELECT f.place, f.seq FROM feed f JOIN entries e ON e.seq = f.seq WHERE f.device = $1 AND f.place > $2 AND e.kind <> 'receipt'`,
		[]any{older, cursor}, add)
}

// fetch reads entries up to the limits. It stops only between places, so that the cursor says all.
func (t *tx) fetch(list []news, cursor uint64, n, size int) (entries []record.Entry, next uint64, err error) {
	next = cursor
	bytes := 0
	for _, one := range list {
		if one.place != next && (len(entries) >= n || bytes >= size) {
			break
		}
		var e record.Entry
		if err := t.one("SELECT kind, body FROM entries WHERE seq = $1", []any{one.seq}, &e.Kind, &e.Body); err != nil {
			return nil, cursor, err
		}
		entries = append(entries, e)
		bytes += len(e.Body)
		next = one.place
	}
	return entries, next, nil
}
