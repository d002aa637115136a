package archive

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"
)

// settleChunk is how many interviews are merged between two commits.
const settleChunk = 256

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

// settleAll goes once through what is dirty, and returns how many interviews it merged. While one chunk is written the next
// is merged.
func (a *Archive) settleAll(ctx context.Context, until int64) (n int, err error) {
	written := make(chan error, 1)
	written <- nil
	for after := int64(0); ; {
		c, err := a.mergeSome(ctx, after, until)
		if before := <-written; before != nil || err != nil || len(c.list) == 0 {
			return n, cmp.Or(before, err)
		}
		n += len(c.list)
		after = c.list[len(c.list)-1].mark
		go func() { written <- a.write(ctx, "settle", c.write) }()
	}
}

// chunk is what was merged of one moment of the database.
type chunk struct {
	archive *Archive
	forms   *formSet
	list    []mergedInterview
}

type mergedInterview struct {
	id         uuid.UUID
	mark       int64
	projection projection
}

// mergeSome merges dirty interviews whose mark is above after and at most until, in the order of their marks.
func (a *Archive) mergeSome(ctx context.Context, after, until int64) (chunk, error) {
	c := chunk{archive: a}
	var judged bool
	err := a.read(ctx, "settle", func(t *tx) (err error) {
		if c.forms, err = a.forms.refresh(t); err != nil {
			return err
		}
		err = t.each("SELECT interview, mark FROM dirty WHERE mark > $1 AND mark <= $2 ORDER BY mark LIMIT $3", []any{after, until, settleChunk}, func(scan func(...any) error) error {
			var one mergedInterview
			var id []byte
			err := scan(&id, &one.mark)
			copy(one.id[:], id)
			c.list = append(c.list, one)
			return err
		})
		if err == nil {
			err = t.one("SELECT EXISTS (SELECT 1 FROM said WHERE kind = 'verdict')", nil, &judged)
		}
		return err
	})
	if err != nil {
		return c, err
	}
	half := len(c.list) / 2
	var both errgroup.Group
	for _, part := range [][]mergedInterview{c.list[:half], c.list[half:]} {
		both.Go(func() error { return a.mergeEach(ctx, c.forms, judged, part) })
	}
	return c, both.Wait()
}

// mergeEach merges interviews as they are now: what was said in between counts or not, and those that have changed stay dirty.
func (a *Archive) mergeEach(ctx context.Context, forms *formSet, judged bool, list []mergedInterview) error {
	if len(list) == 0 {
		return nil
	}
	return a.read(ctx, "settle", func(t *tx) (err error) {
		for i := 0; err == nil && i < len(list); i++ {
			if err = ctx.Err(); err != nil {
				break
			}
			list[i].projection, err = a.projectionOf(t, forms, list[i].id, judged)
			if errors.Is(err, ErrNotFound) {
				err = nil // nothing of it can be read any more: an empty projection
			}
		}
		return err
	})
}

// projectionOf merges an interview; judged says whether there may be verdicts on it.
func (a *Archive) projectionOf(t *tx, forms *formSet, id uuid.UUID, judged bool) (projection, error) {
	h, steps, err := t.loadHistory(id)
	if err != nil {
		return projection{}, fmt.Errorf("interview %s: %w", id, err)
	}
	var verdicts []judgedVerdict
	if judged {
		if verdicts, err = t.verdicts(id); err != nil {
			return projection{}, err
		}
	}
	s := a.story(h, steps, verdicts)
	return project(s, forms.layouts[s.Form])
}

// write keeps the results, except for interviews that have changed since: they stay dirty.
func (c chunk) write(t *tx) error {
	forms, err := c.archive.forms.current(t)
	if err != nil || forms.generation != c.forms.generation {
		return err // a form has come between: merged again, with its columns
	}
	more := map[string]int{}
	for i := range c.list {
		m := &c.list[i]
		unchanged, err := t.exec("DELETE FROM dirty WHERE interview = $1 AND mark = $2", m.id[:], m.mark)
		if err != nil {
			return err
		}
		if unchanged == 0 {
			continue
		}
		before, err := t.keep(m.id, m.projection, forms)
		if err != nil {
			return err
		}
		if err := t.uncompare(m.id, m.mark); err != nil {
			return err
		}
		more[before]--
		more[m.projection.form]++
	}
	return t.addTotals(more)
}

// addTotals counts interviews by form; "" stands for none.
func (t *tx) addTotals(more map[string]int) error {
	delete(more, "")
	for form, n := range more {
		if _, err := t.exec("INSERT INTO totals (form, n) VALUES ($1, $2) ON CONFLICT (form) DO UPDATE SET n = totals.n + excluded.n", form, n); err != nil {
			return err
		}
	}
	return nil
}

const interviewColumns = "id, form, version, name, device, by_name, final, incomplete, conflicts, flags, flag_list, received, at, assignment, verdict, state, corrected"

// keep writes a projection in the place of the one before, whose form it returns.
func (t *tx) keep(id uuid.UUID, p projection, forms *formSet) (before string, err error) {
	before, err = t.forget(id, forms)
	if err != nil || p.interview == nil {
		return before, err
	}
	if _, err := t.exec("INSERT INTO interviews ("+interviewColumns+") VALUES "+places(len(p.interview)), p.interview...); err != nil {
		return "", err
	}
	for _, c := range p.conflicts {
		if _, err := t.exec("INSERT INTO conflicts (interview, path, candidates) VALUES ($1, $2, $3)", c...); err != nil {
			return "", err
		}
	}
	for _, tr := range p.tables {
		for _, row := range tr.rows {
			if _, err := t.exec(tr.table.insert(), row...); err != nil {
				return "", err
			}
		}
	}
	return before, nil
}

// forget takes away what is kept of an interview, and returns its form; "" when nothing was kept.
func (t *tx) forget(id uuid.UUID, forms *formSet) (form string, err error) {
	err = t.one("SELECT form FROM interviews WHERE id = $1", []any{id[:]}, &form)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	statements := []string{"DELETE FROM interviews WHERE id = $1", "DELETE FROM conflicts WHERE interview = $1"}
	if l := forms.layouts[form]; l != nil {
		for _, parts := range l.parts {
			for _, p := range parts {
				statements = append(statements, "DELETE FROM "+p.name()+" WHERE interview = $1")
			}
		}
	}
	for _, s := range statements {
		if _, err := t.exec(s, id[:]); err != nil {
			return "", err
		}
	}
	return form, nil
}

// columnNames are the names of a table's columns, in the order of its rows.
func (t *table) columnNames() string {
	var b strings.Builder
	b.WriteString("interview, instance, rest")
	for _, c := range t.columns {
		fmt.Fprintf(&b, ", c%d", c.c)
	}
	return b.String()
}

func (t *table) insert() string {
	if t.inserting == "" {
		t.inserting = "INSERT INTO " + t.name() + " (" + t.columnNames() + ") VALUES " + places(3+len(t.columns))
	}
	return t.inserting
}

// places returns ($1, $2, ..., $n).
func places(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, ", $%d", i+1)
	}
	return "(" + b.String()[2:] + ")"
}
