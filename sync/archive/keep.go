package archive

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
)

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

var insertInterview = "INSERT INTO interviews (" + interviewColumns + ") VALUES " + places(strings.Count(interviewColumns, ",")+1) + " ON CONFLICT (id) DO NOTHING"

// keep writes a projection in the place of the one before, whose form it returns.
func (t *tx) keep(id uuid.UUID, p projection, forms *formSet) (before string, err error) {
	if p.interview == nil {
		return t.forget(id, forms)
	}
	added, err := t.exec(insertInterview, p.interview...)
	if err == nil && added == 0 {
		if before, err = t.forget(id, forms); err == nil {
			_, err = t.exec(insertInterview, p.interview...)
		}
	}
	if err != nil {
		return "", err
	}
	for _, c := range p.conflicts {
		if _, err := t.exec("INSERT INTO conflicts (interview, path, candidates) VALUES ($1, $2, $3)", c...); err != nil {
			return "", err
		}
	}
	for _, tr := range p.tables {
		for _, row := range tr.rows { // each by itself: a statement that writes several keeps a copy of the pages that it changes
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
