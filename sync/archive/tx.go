package archive

import (
	"context"
	"database/sql"
	"errors"
)

// tx is a transaction that prepares each statement once. Not safe for concurrent use.
type tx struct {
	sql   *sql.Tx
	stmts map[string]*sql.Stmt
}

func newTx(t *sql.Tx) *tx { return &tx{t, map[string]*sql.Stmt{}} }

func (t *tx) prepared(query string) (*sql.Stmt, error) {
	if s := t.stmts[query]; s != nil {
		return s, nil
	}
	s, err := t.sql.Prepare(query) // closed with the transaction
	if err != nil {
		return nil, err
	}
	t.stmts[query] = s
	return s, nil
}

// exec returns how many rows a statement changed.
func (t *tx) exec(query string, args ...any) (int64, error) {
	s, err := t.prepared(query)
	if err != nil {
		return 0, err
	}
	r, err := s.Exec(args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// one scans the first row; sql.ErrNoRows when there is none.
func (t *tx) one(query string, args []any, into ...any) error {
	s, err := t.prepared(query)
	if err != nil {
		return err
	}
	return s.QueryRow(args...).Scan(into...)
}

// each calls f for every row, with a function that scans it.
func (t *tx) each(query string, args []any, f func(scan func(into ...any) error) error) error {
	s, err := t.prepared(query)
	if err != nil {
		return err
	}
	rows, err := s.Query(args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// read runs f in a transaction that sees one moment of the database.
func (a *Archive) read(ctx context.Context, what string, f func(*tx) error) error {
	t, err := a.db.readers.BeginTx(ctx, readOptions())
	if err != nil {
		return a.db.diagnose(failed(what, err))
	}
	defer t.Rollback()
	err = f(newTx(t))
	if ctx.Err() != nil && !errors.Is(err, errStop) {
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
	j := &job{ctx, f, make(chan error, 1)}
	a.closing.RLock()
	if a.closed {
		a.closing.RUnlock()
		return ErrClosed
	}
	select {
	case a.jobs <- j:
		a.closing.RUnlock()
	case <-ctx.Done():
		a.closing.RUnlock()
		return ctx.Err()
	}
	return a.db.diagnose(failed(what, <-j.done))
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
	s, err := a.db.writer.Begin()
	if err != nil {
		return false, err
	}
	defer s.Rollback()
	t := newTx(s)
	if _, err := a.forms.refresh(t); err != nil {
		return false, err
	}
	for _, j := range group {
		if err := j.ctx.Err(); err != nil {
			return true, err
		}
		if err := j.do(t); err != nil {
			return true, err
		}
	}
	return false, s.Commit()
}
