package archive

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"vereda/survey/fieldwork"
	"vereda/survey/record"
)

// Assignments lists assignments by ID: those made first come first.
func (a *Archive) Assignments(ctx context.Context, f fieldwork.AssignmentFilter) (list []fieldwork.Assignment, err error) {
	if f.Limit <= 0 {
		f.Limit = 1000
	}
	where, args := assignmentCondition(f)
	err = a.settled(ctx, "assignments", func(t *tx) error {
		list, err = t.assignments(fmt.Sprintf("%s ORDER BY a.id LIMIT $%d", where, len(args)+1), append(args, f.Limit)...)
		return err
	})
	return list, err
}

// Assignment returns one assignment, withdrawn or not; ErrNotFound when there is none.
func (a *Archive) Assignment(ctx context.Context, id uuid.UUID) (one fieldwork.Assignment, err error) {
	err = a.settled(ctx, "assignment", func(t *tx) error {
		list, err := t.assignments(" WHERE a.id = $1", id[:])
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return ErrNotFound
		}
		one = list[0]
		return nil
	})
	return one, err
}

// assignmentCondition writes a filter as SQL.
func assignmentCondition(f fieldwork.AssignmentFilter) (string, []any) {
	terms, args := []string{}, []any{}
	add := func(term string, arg any) {
		args = append(args, arg)
		terms = append(terms, fmt.Sprintf(term, len(args)))
	}
	if f.Form != "" {
		add("a.form = $%d", f.Form)
	}
	if f.EA != "" {
		add("a.ea = $%d", f.EA)
	}
	if f.Assignee != "" {
		add("a.assignee = $%d", strings.TrimPrefix(f.Assignee, "-"))
	}
	if f.After != uuid.Nil {
		add("a.id > $%d", f.After[:])
	}
	if f.Open {
		terms = append(terms, "NOT EXISTS (SELECT 1 FROM interviews i WHERE i.assignment = a.id AND i.final > 0)")
	}
	if !f.Withdrawn {
		terms = append(terms, "a.withdrawn = 0")
	}
	if len(terms) == 0 {
		return "", args
	}
	return " WHERE " + strings.Join(terms, " AND "), args
}

func (t *tx) assignments(where string, args ...any) (list []fieldwork.Assignment, err error) {
	err = t.each(`SELECT a.disputed, a.stands, e.received, e.body,
		(SELECT count(*) FROM interviews i WHERE i.assignment = a.id),
		(SELECT coalesce(max(i.final), 0) FROM interviews i WHERE i.assignment = a.id),
		(SELECT max(i.id) FROM interviews i WHERE i.assignment = a.id)
		FROM assignments a JOIN entries e ON e.seq = a.seq`+where, args, func(scan func(...any) error) error {
		var one fieldwork.Assignment
		var stands, body, interview []byte
		var received int64
		if err := scan(&one.Disputed, &stands, &received, &body, &one.Visits, &one.Done, &interview); err != nil {
			return err
		}
		one.Assignment, err = record.ParseAssignment(body)
		one.Stands, one.Received = splitIDs(stands), time.UnixMilli(received)
		copy(one.Interview[:], interview)
		list = append(list, one)
		return err
	})
	return list, err
}

// Settings lists what counts of the project's settings, by name. They are not to be taken for Setting, which is this collector's own.
func (a *Archive) Settings(ctx context.Context) (list []fieldwork.Setting, err error) {
	subjects, received, err := heardAll(ctx, a, record.KindSetting, record.ParseSetting, func(s record.Setting) string { return s.Name })
	for _, all := range subjects {
		var one fieldwork.Setting
		one.Setting, one.Stands, one.Disputed = record.StandingSetting(all)
		one.Received = received[one.Stands[len(one.Stands)-1]]
		list = append(list, one)
	}
	slices.SortFunc(list, func(a, b fieldwork.Setting) int { return strings.Compare(a.Name, b.Name) })
	return list, err
}

// Decisions lists what counts of the decisions about pairs of interviews, by their IDs; those that were taken back too.
func (a *Archive) Decisions(ctx context.Context) (list []fieldwork.Decision, err error) {
	subjects, received, err := heardAll(ctx, a, record.KindDuplicate, record.ParseDuplicate, func(d record.Duplicate) string { return string(d.A[:]) + string(d.B[:]) })
	for _, all := range subjects {
		var one fieldwork.Decision
		one.Duplicate, one.Stands, one.Disputed = record.StandingDuplicate(all)
		one.Received = received[one.Stands[len(one.Stands)-1]]
		for _, id := range one.Stands {
			d := all[id]
			one.Said = append(one.Said, fieldwork.Said{ID: id, Decision: d.Decision, Keep: d.Keep, By: d.By, Device: d.Device})
		}
		list = append(list, one)
	}
	slices.SortFunc(list, func(a, b fieldwork.Decision) int {
		if c := slices.Compare(a.A[:], b.A[:]); c != 0 {
			return c
		}
		return slices.Compare(a.B[:], b.B[:])
	})
	return list, err
}

// heardAll returns all statements of a kind by subject, and when each came.
func heardAll[T any](ctx context.Context, a *Archive, kind string, parse func([]byte) (T, error), subject func(T) string) (map[string]map[record.ID]T, map[record.ID]time.Time, error) {
	subjects, received := map[string]map[record.ID]T{}, map[record.ID]time.Time{}
	err := a.read(ctx, kind+"s", func(t *tx) error {
		return t.said(kind, nil, func(h heard) error {
			one, err := parse(h.body)
			if err != nil {
				return nil // damaged on the disk: Verify names it
			}
			s := subject(one)
			if subjects[s] == nil {
				subjects[s] = map[record.ID]T{}
			}
			subjects[s][h.id], received[h.id] = one, time.UnixMilli(h.received)
			return nil
		})
	})
	return subjects, received, err
}
