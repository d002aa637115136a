package archive

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"vereda/survey/fieldwork"
)

// Work lists assignments as a coordinator looks for them, by form, EA and household, and tells how many the filter chooses in all.
func (a *Archive) Work(ctx context.Context, f fieldwork.WorkFilter) (list []fieldwork.Assignment, total int, err error) {
	if f.Limit <= 0 {
		f.Limit = 50
	}
	where, args := workCondition(f)
	err = a.settled(ctx, "work", func(t *tx) error {
		if err := t.one("SELECT count(*) FROM assignments a"+where, args, &total); err != nil {
			return err
		}
		page := fmt.Sprintf("%s ORDER BY a.form, a.ea, a.household, a.id LIMIT $%d OFFSET $%d", where, len(args)+1, len(args)+2)
		list, err = t.assignments(page, append(args, f.Limit, f.Skip)...)
		return err
	})
	return list, total, err
}

// workCondition writes a filter as SQL.
func workCondition(f fieldwork.WorkFilter) (string, []any) {
	where, args := assignmentCondition(fieldwork.AssignmentFilter{Form: f.Form, Assignee: f.Assignee, Withdrawn: f.Withdrawn})
	terms := []string{}
	if where != "" {
		terms = append(terms, strings.TrimPrefix(where, " WHERE "))
	}
	if f.EA != "" {
		args = append(args, f.EA)
		terms = append(terms, fmt.Sprintf("substr(a.ea, 1, length($%d)) = $%d", len(args), len(args)))
	}
	const visited = "EXISTS (SELECT 1 FROM interviews i WHERE i.assignment = a.id)"
	const done = "EXISTS (SELECT 1 FROM interviews i WHERE i.assignment = a.id AND i.final > 0)"
	switch f.State {
	case fieldwork.WorkOpen:
		terms = append(terms, "NOT "+visited)
	case fieldwork.WorkBegun:
		terms = append(terms, visited, "NOT "+done)
	case fieldwork.WorkDone:
		terms = append(terms, done)
	case fieldwork.WorkOverdue:
		args = append(args, f.Today)
		terms = append(terms, fmt.Sprintf("a.due <> '' AND a.due < $%d", len(args)), "NOT "+done)
	}
	if len(terms) == 0 {
		return "", args
	}
	return " WHERE " + strings.Join(terms, " AND "), args
}

// ConflictsAfter lists the conflicts of at most n interviews whose IDs are greater than after, of a form or of all for "", by interview and path.
func (a *Archive) ConflictsAfter(ctx context.Context, form string, after uuid.UUID, n int) (list []fieldwork.Conflict, err error) {
	err = a.settled(ctx, "conflicts", func(t *tx) error {
		return t.each(`SELECT c.interview, i.form, i.name, c.path, c.candidates FROM conflicts c JOIN interviews i ON i.id = c.interview
			WHERE c.interview IN (SELECT id FROM interviews WHERE conflicts > 0 AND id > $1 AND ($2 = '' OR form = $2) ORDER BY id LIMIT $3)
			ORDER BY c.interview, c.path`, []any{after[:], form, n}, func(scan func(...any) error) error {
			c, err := scanConflict(scan)
			list = append(list, c)
			return err
		})
	})
	return list, err
}
