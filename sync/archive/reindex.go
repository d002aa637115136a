package archive

import (
	"context"
	"fmt"
)

// Reindex makes everything that is not an entry, a setting or a person's account again from the entries. Others wait, or get
// ErrBusy, while it reads the entries; the merging after that goes on beside them.
func (a *Archive) Reindex(ctx context.Context) error {
	err := a.write(ctx, "reindex", func(t *tx) error { return a.reindex(ctx, t) })
	if err != nil {
		return err
	}
	return a.Settle(ctx)
}

func (a *Archive) reindex(ctx context.Context, t *tx) error {
	if err := t.clear(); err != nil {
		return err
	}
	in, err := a.own(t)
	if err != nil {
		return err
	}
	// Forms first: the order in which entries came decides nothing.
	for _, which := range []string{"kind <> 'revision'", "kind = 'revision'"} {
		if err := in.reapplyAll(ctx, which); err != nil {
			return err
		}
	}
	return in.finish()
}

// clear empties what is made from entries.
func (t *tx) clear() error {
	layouts, err := loadLayouts(t)
	if err != nil {
		return err
	}
	for _, l := range layouts {
		for _, parts := range l.parts {
			for _, p := range parts {
				if err := t.define("DROP TABLE " + p.name()); err != nil {
					return err
				}
			}
		}
	}
	for _, name := range []string{"aside", "forms", "layout_tables", "layout_columns", "parts", "counts", "dirty", "interviews", "conflicts", "totals",
		"said", "feed", "receipts", "assignments", "media", "uncompared", "households", "pairs"} {
		if err := t.define("DELETE FROM " + name); err != nil {
			return err
		}
	}
	return t.define("UPDATE generation SET n = n + 1")
}

func (in *intake) reapplyAll(ctx context.Context, which string) error {
	for last := int64(0); ; {
		page, err := in.storedAfter(which, last)
		if err != nil || len(page) == 0 {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		for i := range page {
			if err := in.reapply(&page[i]); err != nil {
				return err
			}
		}
		last = page[len(page)-1].seq
	}
}

// storedAfter reads a page of entries in the order of the feed.
func (t *tx) storedAfter(which string, last int64) (page []stored, err error) {
	err = t.each("SELECT "+storedColumns+" FROM entries e WHERE seq > $1 AND "+which+" ORDER BY seq LIMIT 500", []any{last}, func(scan func(...any) error) error {
		var s stored
		err := s.scan(scan)
		page = append(page, s)
		return err
	})
	return page, err
}

// reapply brings an entry's own columns in line with its body, and applies it as if it came now. It keeps its place in the feed.
func (in *intake) reapply(s *stored) error {
	r := in.understand(s.entry)
	in.how = s.how
	var interview []byte
	if r.isRevision() {
		interview = r.revision.Interview[:]
	}
	if _, err := in.exec("UPDATE entries SET interview = $1, device = $2 WHERE seq = $3 AND (interview IS NULL OR interview <> $1 OR device <> $2)",
		interview, r.author(s.sender), s.seq); err != nil {
		return err
	}
	if _, err := in.apply(s.seq, &r); err != nil {
		return fmt.Errorf("entry %s: %w", r.id, err)
	}
	return nil
}
