package desk

import (
	"context"
	"iter"
	"maps"
	"slices"

	"github.com/google/uuid"

	"vereda/survey/fieldwork"
	"vereda/survey/quality"
	"vereda/survey/record"
)

// Tables are rows of answers, as an archive gives them.
type Tables interface {
	Rows(ctx context.Context, form string, repeat record.Path) iter.Seq2[fieldwork.Row, error]
	Merged(ctx context.Context, interviews ...uuid.UUID) ([]record.Merged, error)
	Decisions(ctx context.Context) ([]fieldwork.Decision, error)
}

// Kept gives the rows that exports and indicators count: an interview that was decided to be a duplicate of another is left out, and one that was joined
// with others has what they answered and it does not. Nothing of what is left out is lost: the archive has it.
type Kept struct{ Tables Tables }

// Rows yields the rows of a table, in the order of the archive's.
func (k Kept) Rows(ctx context.Context, form string, repeat record.Path) iter.Seq2[fieldwork.Row, error] {
	return func(yield func(fieldwork.Row, error) bool) {
		decisions, err := k.Tables.Decisions(ctx)
		if err != nil {
			yield(fieldwork.Row{}, err)
			return
		}
		s := Settlement(decisions)
		joined, err := k.joined(ctx, s, form)
		if err != nil {
			yield(fieldwork.Row{}, err)
			return
		}
		r := rewriter{settlement: s, joined: joined, repeat: repeat, yield: yield}
		if repeat != "" {
			r.waiting = slices.SortedFunc(maps.Keys(joined), func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
		}
		for row, err := range k.Tables.Rows(ctx, form, repeat) {
			if err != nil {
				yield(row, err)
				return
			}
			if !r.row(row) {
				return
			}
		}
		r.until(uuid.Max)
	}
}

// joinedInterview is what an interview and those joined with it say together.
type joinedInterview struct {
	first   record.Merged
	answers record.Answers
}

// joined joins the interviews of a form that were decided to be.
func (k Kept) joined(ctx context.Context, s quality.Settlement, form string) (map[uuid.UUID]joinedInterview, error) {
	all := map[uuid.UUID]joinedInterview{}
	for _, c := range s.Clusters {
		if c.Open != quality.Settled || len(c.Joined) == 0 {
			continue
		}
		list, err := k.Tables.Merged(ctx, append([]uuid.UUID{c.Stands}, c.Joined...)...)
		if err != nil {
			return nil, err
		}
		if len(list) < 2 || list[0].Interview != c.Stands || list[0].Form != form {
			continue
		}
		answers, _ := quality.Join(list[0], list[1:]...)
		all[c.Stands] = joinedInterview{list[0], answers}
	}
	return all, nil
}

// rewriter leaves rows out, and puts the rows of joined interviews in the place of their own.
type rewriter struct {
	settlement quality.Settlement
	joined     map[uuid.UUID]joinedInterview
	waiting    []uuid.UUID // joined interviews whose rows of a repeat are still to come, ascending
	repeat     record.Path
	yield      func(fieldwork.Row, error) bool
}

func (r *rewriter) row(row fieldwork.Row) bool {
	if !r.until(row.Interview) {
		return false
	}
	if _, left := r.settlement.LeftOut(row.Interview); left {
		return true
	}
	if j, joined := r.joined[row.Interview]; joined && r.repeat == "" {
		row.Answers = rowsOf(j.answers, "")[""]
	} else if joined {
		return true // until gave what they say together
	}
	return r.yield(row, nil)
}

// until yields the rows of a repeat of joined interviews up to an interview.
func (r *rewriter) until(last uuid.UUID) bool {
	for len(r.waiting) > 0 && slices.Compare(r.waiting[0][:], last[:]) <= 0 {
		id := r.waiting[0]
		r.waiting = r.waiting[1:]
		j := r.joined[id]
		rows := rowsOf(j.answers, r.repeat)
		for _, instance := range slices.Sorted(maps.Keys(rows)) {
			row := fieldwork.Row{Interview: id, Version: j.first.Version, Final: j.first.Final, Conflicts: len(j.first.Conflicts), Instance: instance, Answers: rows[instance]}
			if !r.yield(row, nil) {
				return false
			}
		}
	}
	return true
}

// rowsOf lays answers out in the rows of a table: the one of the main table (repeat "") under "", or those of a repeat's instances.
func rowsOf(answers record.Answers, repeat record.Path) map[record.Path]record.Answers {
	rows := map[record.Path]record.Answers{}
	if repeat == "" {
		rows[""] = record.Answers{}
	}
	for p, v := range answers {
		instance, in := p.Instance()
		switch {
		case v.Kind() == record.Instance:
			if repeat != "" && p.Parent().Generic() == repeat && rows[p] == nil {
				rows[p] = record.Answers{}
			}
		case in && instance.Parent().Generic() == repeat:
			if rows[instance] == nil {
				rows[instance] = record.Answers{}
			}
			rows[instance][p.Generic()] = v
		case !in && repeat == "":
			rows[""][p.Generic()] = v
		}
	}
	return rows
}

// Marked gives all rows, and marks those that Kept leaves out with the interview that stands for them.
type Marked struct{ Tables Tables }

// Rows yields the rows of a table.
func (m Marked) Rows(ctx context.Context, form string, repeat record.Path) iter.Seq2[fieldwork.Row, error] {
	return func(yield func(fieldwork.Row, error) bool) {
		decisions, err := m.Tables.Decisions(ctx)
		if err != nil {
			yield(fieldwork.Row{}, err)
			return
		}
		s := Settlement(decisions)
		for row, err := range m.Tables.Rows(ctx, form, repeat) {
			if stands, left := s.LeftOut(row.Interview); left && err == nil {
				row.DuplicateOf = stands
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}
