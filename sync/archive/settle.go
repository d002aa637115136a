package archive

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"
)

// How much one settling has in hand.
const (
	settlePage    = 1024    // interviews that are read of one moment of the database, at most
	settleChunk   = 256     // interviews that are handed to the writer at once, at most
	settleBytes   = 4 << 20 // of revisions in a chunk: beyond it, it is handed over
	settleMergers = 2       // that read and merge at once
	settleWaiting = 4       // chunks that the writer has and has not committed
)

// Settle brings merged interviews and columns up to date with the entries that are there when it is called. Readers call it
// themselves. Merging goes on beside Receive; only the writing of the results takes the writer's turn.
func (a *Archive) Settle(ctx context.Context) error {
	var until int64
	err := a.read(ctx, "settle", func(t *tx) error {
		return t.one("SELECT coalesce(max(mark), 0) FROM dirty", nil, &until)
	})
	if err != nil || until == 0 {
		return err
	}
	a.settling.Lock()
	defer a.settling.Unlock()
	for {
		n, err := a.settleAll(ctx, until)
		if err != nil || n == 0 {
			return err
		}
	}
}

// settleAll goes once through what is dirty, and returns how many interviews it merged. Some read and merge, each its own pages, while
// the writer writes what was merged before.
func (a *Archive) settleAll(ctx context.Context, until int64) (n int, err error) {
	group, ctx := errgroup.WithContext(ctx)
	s := &settlement{archive: a, until: until, group: group, waiting: make(chan struct{}, settleWaiting)}
	for range settleMergers {
		group.Go(func() error { return s.mergePages(ctx) })
	}
	err = group.Wait()
	return s.merged, err
}

// settlement is one walk through what is dirty.
type settlement struct {
	archive *Archive
	until   int64 // the highest mark
	group   *errgroup.Group
	waiting chan struct{} // chunks that the writer has

	mu     sync.Mutex // guards what follows
	last   dirtyInterview
	merged int
}

// dirtyInterview waits to be merged; mark is that of its last change.
type dirtyInterview struct {
	id   uuid.UUID
	mark int64
}

// chunk is what was merged of one moment of the database.
type chunk struct {
	archive *Archive
	forms   *formSet
	list    []mergedInterview
	bytes   int // of revisions
}

type mergedInterview struct {
	dirtyInterview
	projection projection
}

// mergePages merges page after page, until there is none.
func (s *settlement) mergePages(ctx context.Context) error {
	for more := true; more; {
		err := s.archive.read(ctx, "settle", func(t *tx) (err error) {
			more, err = s.mergePage(ctx, t)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// mergePage merges the next page as it is at one moment, and reports whether there was one. What is said meanwhile raises a mark: the
// interview then stays dirty.
func (s *settlement) mergePage(ctx context.Context, t *tx) (more bool, err error) {
	c := chunk{archive: s.archive}
	if c.forms, err = s.archive.forms.refresh(t); err != nil {
		return false, err
	}
	page, err := s.next(t)
	if err != nil {
		return false, err
	}
	var judged bool
	if err := t.one("SELECT EXISTS (SELECT 1 FROM said WHERE kind = 'verdict')", nil, &judged); err != nil {
		return false, err
	}
	for _, d := range page {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		p, err := s.archive.projectionOf(t, c.forms, d.id, judged)
		if err != nil && !errors.Is(err, ErrNotFound) { // nothing of it can be read any more: an empty projection
			return false, err
		}
		c.list, c.bytes = append(c.list, mergedInterview{d, p}), c.bytes+p.bytes
		if len(c.list) == settleChunk || c.bytes > settleBytes {
			if err := s.hand(ctx, c); err != nil {
				return false, err
			}
			c.list, c.bytes = nil, 0
		}
	}
	return len(page) > 0, s.hand(ctx, c)
}

// next takes the next page of what is dirty, in the order of the marks. No two mergers get the same.
func (s *settlement) next(t *tx) (page []dirtyInterview, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	err = t.each("SELECT interview, mark FROM dirty WHERE (mark, interview) > ($1, $2) AND mark <= $3 ORDER BY mark, interview LIMIT $4",
		[]any{s.last.mark, s.last.id[:], s.until, settlePage}, func(scan func(...any) error) error {
			var d dirtyInterview
			var id []byte
			err := scan(&id, &d.mark)
			copy(d.id[:], id)
			page = append(page, d)
			return err
		})
	if err == nil && len(page) > 0 {
		s.last = page[len(page)-1]
		s.merged += len(page)
	}
	return page, err
}

// hand gives a chunk to the writer, as soon as that has not too many.
func (s *settlement) hand(ctx context.Context, c chunk) error {
	if len(c.list) == 0 {
		return nil
	}
	select {
	case s.waiting <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	written := s.archive.writeLater(ctx, "settle", c.write)
	s.group.Go(func() error {
		defer func() { <-s.waiting }()
		return written()
	})
	return nil
}

// projectionOf merges an interview; judged says whether there may be verdicts on it.
func (a *Archive) projectionOf(t *tx, forms *formSet, id uuid.UUID, judged bool) (projection, error) {
	h, steps, err := t.loadHistory(id)
	if err != nil {
		return projection{}, fmt.Errorf("interview %s: %w", id, err)
	}
	size := 0
	for _, s := range steps {
		size += len(s.Revision.Bytes())
	}
	var verdicts []judgedVerdict
	if judged {
		if verdicts, err = t.verdicts(id); err != nil {
			return projection{}, err
		}
	}
	s := a.story(h.Finished().Conclude(), h, steps, verdicts)
	p, err := project(s, forms.layouts[s.Form])
	p.bytes = size
	return p, err
}
