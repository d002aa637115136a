package archive

import (
	"context"
	"database/sql"
	"errors"
)

// tx is a transaction. Not safe for concurrent use.
type tx struct{ conn *conn }

// exec returns how many rows a statement changed.
func (t *tx) exec(query string, args ...any) (int64, error) { return t.conn.exec(query, args) }

// one scans the first row; sql.ErrNoRows when there is none.
func (t *tx) one(query string, args []any, into ...any) error {
	found := false
	err := t.conn.each(query, args, func(scan func(...any) error) error {
		if found {
			return errStop
		}
		found = true
		return scan(into...)
	})
	if err == nil && !found {
		return sql.ErrNoRows
	}
	if err == errStop {
		return nil
	}
	return err
}

// each calls f for every row, with a function that scans it.
func (t *tx) each(query string, args []any, f func(scan func(into ...any) error) error) error {
	return t.conn.each(query, args, f)
}

// define runs a statement that changes tables, or all rows of one.
func (t *tx) define(statement string) error { return t.conn.Exec(statement) }

// read runs f in a transaction that sees one moment of the database.
func (a *Archive) read(ctx context.Context, what string, f func(*tx) error) error {
	err := a.db.readers.on(ctx, func(c *conn) error { return c.transaction(beginReading, f) })
	if ctx.Err() != nil && err != nil && !errors.Is(err, errStop) {
		return ctx.Err() // it has ended the transaction
	}
	return a.db.diagnose(failed(what, err))
}

// job is a change that waits for its turn.
type job struct {
	ctx  context.Context
	do   func(*tx) error
	done chan error
}

// maxGroup is how many jobs share one commit at most.
const maxGroup = 64

// write runs f in the transaction of one writer, together with other changes that wait at that moment, and returns
// after the commit. An error of f undoes f alone. f may be undone and called again: what it leaves behind outside the
// transaction, it overwrites.
func (a *Archive) write(ctx context.Context, what string, f func(*tx) error) error {
	return a.writeLater(ctx, what, f)()
}

// writeLater is write that waits only until it is f's turn to wait: what was handed over before is done before. wait returns after the commit.
func (a *Archive) writeLater(ctx context.Context, what string, f func(*tx) error) (wait func() error) {
	j := &job{ctx, f, make(chan error, 1)}
	a.closing.RLock()
	defer a.closing.RUnlock()
	if a.closed {
		return func() error { return ErrClosed }
	}
	select {
	case a.jobs <- j:
	case <-ctx.Done():
		return func() error { return ctx.Err() }
	}
	return func() error { return a.db.diagnose(failed(what, <-j.done)) }
}

// writeLoop is the writer: it takes what waits, and commits it with one fsync.
func (a *Archive) writeLoop() {
	defer close(a.stopped)
	for j := range a.jobs {
		a.commit(a.gather(j))
	}
}

func (a *Archive) gather(first *job) []*job {
	group := []*job{first}
	for len(group) < maxGroup {
		select {
		case j, open := <-a.jobs:
			if !open {
				return group
			}
			group = append(group, j)
		default:
			return group
		}
	}
	return group
}

// commit runs a group in one transaction. When a job of it fails, each is run again by itself, so that no job suffers or
// profits from another that was undone.
func (a *Archive) commit(group []*job) {
	byJob, err := a.commitGroup(group)
	for _, j := range group {
		if byJob && len(group) > 1 {
			_, err = a.commitGroup([]*job{j})
		}
		j.done <- err
	}
}

// commitGroup reports also whether it was one of the jobs that failed.
func (a *Archive) commitGroup(group []*job) (byJob bool, err error) {
	err = a.db.writer.on(context.Background(), func(c *conn) error {
		return c.transaction(beginWriting, func(t *tx) error {
			if _, err := a.forms.refresh(t); err != nil {
				return err
			}
			for _, j := range group {
				if err := j.ctx.Err(); err != nil {
					byJob = true
					return err
				}
				if err := j.do(t); err != nil {
					byJob = true
					return err
				}
			}
			return nil
		})
	})
	return byJob, err
}
