package archive

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"vereda/survey/fieldwork"
)

// settled settles, then reads.
func (a *Archive) settled(ctx context.Context, what string, f func(*tx) error) error {
	if err := a.Settle(ctx); err != nil {
		return err
	}
	return a.read(ctx, what, f)
}

// condition writes a filter as SQL. paged: with Behind.
func condition(f fieldwork.Filter, paged bool) (string, []any) {
	var terms []string
	var args []any
	add := func(term string, arg any) {
		args = append(args, arg)
		terms = append(terms, fmt.Sprintf(term, len(args)))
	}
	if f.Form != "" {
		add("form = $%d", f.Form)
	}
	if f.Device != "" {
		add("device = $%d", f.Device)
	}
	if f.Conflicts {
		terms = append(terms, "conflicts > 0")
	}
	if f.Incomplete {
		terms = append(terms, "incomplete > 0")
	}
	switch f.State {
	case "":
	case fieldwork.ToReview:
		terms = append(terms, "final > 0 AND state IN ('', 'corrected', 'changed')")
	default:
		add("state = $%d", string(f.State))
		if f.Device == "" && !f.Conflicts && !f.Incomplete {
			terms = append(terms, "state <> ''") // then its index can be used; those of the others let less through
		}
	}
	if paged && f.Behind.ID != uuid.Nil {
		args = append(args, f.Behind.Received.UnixMilli(), f.Behind.ID[:])
		terms = append(terms, fmt.Sprintf("(received, id) < ($%d, $%d)", len(args)-1, len(args)))
	}
	if len(terms) == 0 {
		return "", nil
	}
	return " WHERE " + strings.Join(terms, " AND "), args
}

// Interviews lists interviews, those of which something was received last at first.
func (a *Archive) Interviews(ctx context.Context, f fieldwork.Filter) (list []fieldwork.Interview, err error) {
	if f.Limit <= 0 {
		f.Limit = 100
	}
	err = a.settled(ctx, "interviews", func(t *tx) error {
		if whole := (fieldwork.Filter{Behind: f.Behind, Limit: f.Limit}); f == whole {
			list, err = t.interviewsOfAll(f)
			return err
		}
		list, err = t.interviews(f)
		return err
	})
	return list, err
}

// interviewsOfAll lists interviews whatever they are, form by form: a page of each holds the page of all.
func (t *tx) interviewsOfAll(f fieldwork.Filter) (list []fieldwork.Interview, err error) {
	var forms []string
	err = t.each("SELECT form FROM totals WHERE n > 0", nil, func(scan func(...any) error) error {
		var form string
		err := scan(&form)
		forms = append(forms, form)
		return err
	})
	for _, f.Form = range forms {
		page, err := t.interviews(f)
		if err != nil {
			return nil, err
		}
		list = append(list, page...)
	}
	slices.SortFunc(list, func(a, b fieldwork.Interview) int { return a.Place().Compare(b.Place()) })
	return list[:min(f.Limit, len(list))], err
}

func (t *tx) interviews(f fieldwork.Filter) (list []fieldwork.Interview, err error) {
	query, args := listQuery(f)
	err = t.each(query, args, func(scan func(...any) error) error {
		i, _, err := scanInterview(scan)
		list = append(list, i)
		return err
	})
	return list, err
}

func listQuery(f fieldwork.Filter) (string, []any) {
	where, args := condition(f, true)
	return fmt.Sprintf("SELECT %s FROM interviews%s ORDER BY received DESC, id DESC LIMIT $%d", interviewColumns, where, len(args)+1), append(args, f.Limit)
}

func scanInterview(scan func(...any) error) (i fieldwork.Interview, flags string, err error) {
	var id []byte
	var received int64
	var at string
	var assignment []byte
	var corrected int64
	err = scan(&id, &i.Form, &i.Version, &i.Name, &i.Device, &i.By, &i.Final, &i.Incomplete, &i.Conflicts, &i.Flags, &flags, &received, &at,
		&assignment, &i.Verdict, &i.State, &corrected)
	if err != nil {
		return i, "", err
	}
	copy(i.ID[:], id)
	copy(i.Assignment[:], assignment)
	i.Received, i.Corrected = time.UnixMilli(received), moment(corrected)
	i.At, err = time.Parse(time.RFC3339Nano, at)
	return i, flags, err
}

// Total counts the interviews of a filter, whatever its Behind and Limit.
func (a *Archive) Total(ctx context.Context, f fieldwork.Filter) (n int, err error) {
	where, args := condition(f, false)
	query := "SELECT count(*) FROM interviews" + where
	if where == "" || where == " WHERE form = $1" {
		query = "SELECT coalesce(sum(n), 0) FROM totals" + where
	}
	err = a.settled(ctx, "total", func(t *tx) error {
		return t.one(query, args, &n)
	})
	return n, err
}

// Story returns one interview whole; ErrNotFound when there is none. Its steps are in merge order.
func (a *Archive) Story(ctx context.Context, interview uuid.UUID) (s fieldwork.Story, err error) {
	err = a.settled(ctx, "story", func(t *tx) error {
		h, steps, err := t.loadHistory(interview)
		if err != nil {
			return err
		}
		verdicts, err := t.verdicts(interview)
		if err != nil {
			return err
		}
		s = a.story(h.Finished().Merge(), h, steps, verdicts)
		return nil
	})
	return s, err
}

// Conflicts lists the conflicts of a form, or of all when form is "", by interview and path.
func (a *Archive) Conflicts(ctx context.Context, form string) (list []fieldwork.Conflict, err error) {
	err = a.settled(ctx, "conflicts", func(t *tx) error {
		return t.each(`SELECT c.interview, i.form, i.name, c.path, c.candidates FROM conflicts c JOIN interviews i ON i.id = c.interview
			WHERE $1 = '' OR i.form = $1 ORDER BY c.interview, c.path`, []any{form}, func(scan func(...any) error) error {
			c, err := scanConflict(scan)
			list = append(list, c)
			return err
		})
	})
	return list, err
}

func scanConflict(scan func(...any) error) (c fieldwork.Conflict, err error) {
	var id []byte
	var text string
	var candidates []candidate
	if err := scan(&id, &c.Form, &c.Name, &c.Path, &text); err != nil {
		return c, err
	}
	copy(c.Interview[:], id)
	if err := json.Unmarshal([]byte(text), &candidates); err != nil {
		return c, err
	}
	c.Candidates, err = readCandidates(candidates)
	return c, err
}

// Counts tells how many interviews came from each device on which day: each interview once, for the device whose revision came first.
func (a *Archive) Counts(ctx context.Context) (list []fieldwork.Count, err error) {
	err = a.read(ctx, "counts", func(t *tx) error {
		return t.each("SELECT device, day, n FROM counts ORDER BY day, device", nil, func(scan func(...any) error) error {
			var c fieldwork.Count
			err := scan(&c.Device, &c.Day, &c.N)
			list = append(list, c)
			return err
		})
	})
	return list, err
}
