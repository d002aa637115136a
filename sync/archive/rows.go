package archive

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"

	"vereda/survey/fieldwork"
	"vereda/survey/record"
)

// rowsPage is how many interviews are read at once.
const rowsPage = 500

// errStop ends a reading that the caller has had enough of.
var errStop = errors.New("stop")

// Rows yields a table of answers in columns: the interviews of a form in the order of their IDs (repeat ""), or the instances
// of a repeat, by interview and then in the order of their paths. It sees one moment of the database, and holds a page of it
// in memory. It yields ErrNotFound for a form or a repeat that is not there. See fieldwork.Row.
func (a *Archive) Rows(ctx context.Context, form string, repeat record.Path) iter.Seq2[fieldwork.Row, error] {
	return func(yield func(fieldwork.Row, error) bool) {
		err := a.settled(ctx, "rows", func(t *tx) error {
			forms, err := a.forms.refresh(t)
			if err != nil {
				return err
			}
			l := forms.layouts[form]
			if l == nil || l.parts[repeat] == nil {
				return fmt.Errorf("form %q, repeat %q: %w", form, repeat, ErrNotFound)
			}
			return t.rows(ctx, form, l.parts[repeat], yield)
		})
		if err != nil && !errors.Is(err, errStop) {
			yield(fieldwork.Row{}, err)
		}
	}
}

func (t *tx) rows(ctx context.Context, form string, parts []*table, yield func(fieldwork.Row, error) bool) error {
	after := []byte{}
	for {
		heads, err := t.heads(form, after)
		if err != nil || len(heads) == 0 {
			return err
		}
		last := heads[len(heads)-1].Interview
		page, err := t.answers(parts, after, last[:])
		if err != nil {
			return err
		}
		for _, h := range heads {
			for len(page) > 0 && bytes.Equal(page[0].interview, h.Interview[:]) {
				h.Instance, h.Answers = page[0].instance, page[0].answers
				if !yield(h, nil) {
					return errStop
				}
				page = page[1:]
			}
		}
		if len(page) > 0 {
			return fmt.Errorf("answers of an interview %x that is not there", page[0].interview)
		}
		after = last[:]
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

// heads reads a page of interviews.
func (t *tx) heads(form string, after []byte) (list []fieldwork.Row, err error) {
	err = t.each("SELECT id, version, device, by_name, final, conflicts FROM interviews WHERE form = $1 AND id > $2 ORDER BY id LIMIT $3",
		[]any{form, after, rowsPage}, func(scan func(...any) error) error {
			var r fieldwork.Row
			var id []byte
			err := scan(&id, &r.Version, &r.Device, &r.By, &r.Final, &r.Conflicts)
			copy(r.Interview[:], id)
			list = append(list, r)
			return err
		})
	return list, err
}

// answerRow is a row of answers, put together from the parts of a table.
type answerRow struct {
	interview []byte
	instance  record.Path
	answers   record.Answers
}

// answers reads the rows of the interviews after one ID and up to another.
func (t *tx) answers(parts []*table, after, until []byte) (page []answerRow, err error) {
	for i, part := range parts {
		n := 0
		scanner := newRowScanner(part)
		query := "SELECT " + part.columnNames() + " FROM " + part.name() + " WHERE interview > $1 AND interview <= $2 ORDER BY interview, instance"
		err := t.each(query, []any{after, until}, func(scan func(...any) error) error {
			if err := scan(scanner.into...); err != nil {
				return err
			}
			if i == 0 {
				page = append(page, answerRow{bytes.Clone(scanner.interview), record.Path(scanner.instance), make(record.Answers, scanner.filled())})
			}
			if n >= len(page) || !bytes.Equal(page[n].interview, scanner.interview) || string(page[n].instance) != scanner.instance {
				return errors.New("the parts of a table differ")
			}
			n++
			return scanner.read(page[n-1].answers)
		})
		if err != nil {
			return nil, err
		}
	}
	return page, nil
}

// rowScanner reads rows of one table.
type rowScanner struct {
	table     *table
	interview []byte
	instance  string
	rest      *string
	values    []any
	into      []any
}

func newRowScanner(t *table) *rowScanner {
	s := &rowScanner{table: t, values: make([]any, len(t.columns))}
	s.into = []any{&s.interview, &s.instance, &s.rest}
	for i := range s.values {
		s.into = append(s.into, &s.values[i])
	}
	return s
}

func (s *rowScanner) filled() (n int) {
	for _, v := range s.values {
		if v != nil {
			n++
		}
	}
	return n
}

// read puts the row's answers into a map, typed again.
func (s *rowScanner) read(answers record.Answers) (err error) {
	for i, c := range s.table.columns {
		switch v := s.values[i].(type) {
		case nil:
		case int64:
			answers[c.Path] = record.NewInteger(v)
		case string:
			if answers[c.Path], err = readValue(c.Kind, v); err != nil {
				return fmt.Errorf("%s: %w", c.Path, err)
			}
		default:
			return fmt.Errorf("%s: a column holds a %T", c.Path, v)
		}
	}
	if s.rest == nil {
		return nil
	}
	var rest []leftover
	if err := json.Unmarshal([]byte(*s.rest), &rest); err != nil {
		return err
	}
	for _, r := range rest {
		if answers[record.Path(r.Path)], err = readValue(r.Kind, r.Text); err != nil {
			return fmt.Errorf("%s: %w", r.Path, err)
		}
	}
	return nil
}
