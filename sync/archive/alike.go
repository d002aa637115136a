package archive

import (
	"context"
	"database/sql"
	"errors"

	"github.com/google/uuid"

	"vereda/survey/fieldwork"
)

// Uncompared returns at most n interviews that were merged since they were compared, those changed first at first, and how many there are in all.
func (a *Archive) Uncompared(ctx context.Context, n int) (list []fieldwork.Changed, left int, err error) {
	err = a.settled(ctx, "uncompared", func(t *tx) error {
		if err := t.one("SELECT count(*) FROM uncompared", nil, &left); err != nil || left == 0 {
			return err
		}
		var ids []uuid.UUID
		err := t.each("SELECT interview, mark FROM uncompared ORDER BY mark, interview LIMIT $1", []any{n}, func(scan func(...any) error) error {
			var id []byte
			var one fieldwork.Changed
			err := scan(&id, &one.Mark)
			list, ids = append(list, one), append(ids, uuid.UUID(id))
			return err
		})
		for i := 0; err == nil && i < len(ids); i++ {
			if err = ctx.Err(); err == nil {
				err = t.change(&list[i], ids[i])
			}
		}
		return err
	})
	return list, left, err
}

func (t *tx) change(c *fieldwork.Changed, id uuid.UUID) error {
	h, _, err := t.loadHistory(id)
	if errors.Is(err, ErrNotFound) {
		c.Merged.Interview = id // nothing of it can be read any more
		return nil
	}
	if err != nil {
		return err
	}
	c.Merged = h.Merge()
	for i, r := range h.Revisions() {
		if i == 0 {
			c.By, c.Device = r.By, r.Device
		}
		c.Finalized = c.Finalized || r.Final
	}
	return nil
}

// uncompare notes that an interview was merged anew.
func (t *tx) uncompare(id uuid.UUID, mark int64) error {
	_, err := t.exec("INSERT INTO uncompared (interview, mark) VALUES ($1, $2) ON CONFLICT (interview) DO UPDATE SET mark = excluded.mark", id[:], mark)
	return err
}

// Households calls f for what was taken out of interviews to compare them, from the number after on, in the order of the numbers.
func (a *Archive) Households(ctx context.Context, after int64, f func(fieldwork.Household) error) error {
	return a.read(ctx, "households", func(t *tx) error {
		return t.each("SELECT interview, n, body FROM households WHERE n > $1 ORDER BY n", []any{after}, func(scan func(...any) error) error {
			var h fieldwork.Household
			var id []byte
			if err := scan(&id, &h.N, &h.Body); err != nil {
				return err
			}
			h.Interview = uuid.UUID(id)
			return f(h)
		})
	})
}

// KeepCompared keeps what comparing found, and returns the number of the last household. known is that of the last one the caller has seen:
// ErrChanged, and nothing kept, when another program compared in between. An interview that changed in between stays uncompared.
func (a *Archive) KeepCompared(ctx context.Context, known int64, list []fieldwork.Compared) (last int64, err error) {
	err = a.write(ctx, "keep compared", func(t *tx) error {
		if err := t.one("SELECT coalesce(max(n), 0) FROM households", nil, &last); err != nil {
			return err
		}
		if last != known {
			return ErrChanged
		}
		for i := range list {
			last++
			if err := t.keepCompared(last, &list[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return last, err
}

func (t *tx) keepCompared(n int64, c *fieldwork.Compared) error {
	id := c.Interview[:]
	if _, err := t.exec("DELETE FROM uncompared WHERE interview = $1 AND mark = $2", id, c.Mark); err != nil {
		return err
	}
	if _, err := t.exec("DELETE FROM pairs WHERE a = $1 OR b = $1", id); err != nil {
		return err
	}
	body := c.Household
	if body == nil {
		body = []byte{}
	}
	if _, err := t.exec("INSERT INTO households (interview, n, body) VALUES ($1, $2, $3) ON CONFLICT (interview) DO UPDATE SET n = excluded.n, body = excluded.body", id, n, body); err != nil {
		return err
	}
	for _, p := range c.Pairs {
		_, err := t.exec("INSERT INTO pairs (a, b, form, score, probability, body) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (a, b) DO NOTHING",
			p.A[:], p.B[:], p.Form, p.Score, p.Probability, string(p.Body))
		if err != nil {
			return err
		}
	}
	return nil
}

// Pairs calls f for the pairs of interviews that look like one household, of a form or of all for "", the most likely first, until it returns false.
func (a *Archive) Pairs(ctx context.Context, form string, f func(fieldwork.Alike) bool) error {
	err := a.read(ctx, "pairs", func(t *tx) error {
		return t.each("SELECT a, b, form, score, probability, body FROM pairs WHERE $1 = '' OR form = $1 ORDER BY score DESC, a DESC, b DESC", []any{form}, func(scan func(...any) error) error {
			p, err := scanAlike(scan)
			if err == nil && !f(p) {
				return errStop
			}
			return err
		})
	})
	if errors.Is(err, errStop) {
		return nil
	}
	return err
}

func scanAlike(scan func(...any) error) (p fieldwork.Alike, err error) {
	var x, y []byte
	var body string
	err = scan(&x, &y, &p.Form, &p.Score, &p.Probability, &body)
	copy(p.A[:], x)
	copy(p.B[:], y)
	p.Body = []byte(body)
	return p, err
}

// Pair returns what makes two interviews look like one household; ErrNotFound when they do not, or were not compared yet.
func (a *Archive) Pair(ctx context.Context, x, y uuid.UUID) (p fieldwork.Alike, err error) {
	err = a.read(ctx, "pair", func(t *tx) (err error) {
		p, err = scanAlike(func(into ...any) error {
			return t.one("SELECT a, b, form, score, probability, body FROM pairs WHERE a = $1 AND b = $2", []any{x[:], y[:]}, into...)
		})
		if errors.Is(err, sql.ErrNoRows) {
			return ErrNotFound
		}
		return err
	})
	return p, err
}

// Briefs returns interviews in few words, by ID; those that are not there are left out.
func (a *Archive) Briefs(ctx context.Context, interviews ...uuid.UUID) (briefs map[uuid.UUID]fieldwork.Brief, err error) {
	briefs = map[uuid.UUID]fieldwork.Brief{}
	err = a.settled(ctx, "briefs", func(t *tx) error {
		for _, id := range interviews {
			err := t.each("SELECT "+interviewColumns+" FROM interviews WHERE id = $1", []any{id[:]}, func(scan func(...any) error) error {
				i, _, err := scanInterview(scan)
				briefs[id] = fieldwork.Brief{ID: i.ID, Form: i.Form, Name: i.Name, Device: i.Device, By: i.By, Final: i.Final, State: i.State, Received: i.Received}
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return briefs, err
}
