package desk

import (
	"context"
	"fmt"
	"maps"
	"math/rand"
	"slices"
	"time"

	"github.com/google/uuid"

	"vereda/survey/fieldwork"
	"vereda/survey/form"
	"vereda/survey/interview"
	"vereda/survey/record"
)

// AnswerError says why a coordinator's answer cannot be written.
type AnswerError struct {
	Path   record.Path
	Reason string // "unknown": the form has no such question; "kind": no answer of the question's type; "rule": a rule of the form refuses it;
	// "choice": not among the choices; "missing": an answer that stands against it is known by name only; "gone": its repeat instance is not there
}

func (e *AnswerError) Error() string { return fmt.Sprintf("desk: %s: %s", e.Path, e.Reason) }

// Answer writes answers of an interview as a coordinator: a revision that knows all there are, so that conflicts about these questions are
// resolved. The zero Value takes an answer back. seen is the Mark of what was shown, "" for whatever there is. What the form calculates from them
// is calculated anew. It fails with ErrNotFound, ErrChanged or an *AnswerError; then nothing is stored.
func (d *Desk) Answer(ctx context.Context, by string, id uuid.UUID, seen string, answers record.Answers) error {
	s, err := d.story(ctx, id, seen)
	if err != nil {
		return err
	}
	f, err := d.form(ctx, s.Form, s.Version)
	if err != nil {
		return err
	}
	for _, p := range slices.Sorted(maps.Keys(answers)) {
		if err := check(f, s.Merged, p, answers[p], d.Now); err != nil {
			return err
		}
		if !known(s, p) {
			return &AnswerError{p, "missing"}
		}
	}
	b := record.Body{Interview: s.ID, Form: s.Form, Version: s.Version, Device: d.Device, N: s.Merged.Vector[d.Device] + 1, After: s.Merged.Vector,
		At: d.Now(), By: by, Final: s.Merged.Final, Assignment: s.Merged.Assignment, Verdicts: Standing(s.Verdicts), Set: record.Answers{}}
	give(s.Merged, answers, &b)
	follow(f, s.Merged, answers, &b)
	r, err := record.Seal(b)
	if err != nil {
		return err
	}
	return coded(d.Archive.PutKnowing(ctx, id, len(s.Steps), r.Entry()))
}

// give puts answers into a revision. A member of whom nothing is left is named itself: it stays.
func give(m record.Merged, answers record.Answers, b *record.Body) {
	after := maps.Clone(m.Answers)
	for p, v := range answers {
		if after[p] = v; v.IsZero() {
			b.Unset = append(b.Unset, p)
		} else {
			b.Set[p] = v
		}
	}
	for _, p := range b.Unset {
		if i, in := p.Instance(); in && after.Bare(i) {
			b.Set[i] = record.Exists()
		}
	}
}

// known reports whether all candidates of a conflict can be superseded: a revision names what it knows without gaps.
func known(s fieldwork.Story, p record.Path) bool {
	at := slices.IndexFunc(s.Merged.Conflicts, func(c record.Conflict) bool { return c.Path == p })
	if at < 0 {
		return true
	}
	for _, c := range s.Merged.Conflicts[at].Candidates {
		for _, step := range s.Steps {
			if step.Revision.ID == c.Revision && !s.Merged.Vector.Covers(step.Revision.Dot()) {
				return false
			}
		}
	}
	return true
}

// check tells whether a question may hold an answer.
func check(f *form.Form, m record.Merged, p record.Path, v record.Value, now func() time.Time) error {
	if instance, in := p.Instance(); in && m.Answers[instance].Kind() != record.Instance {
		return &AnswerError{p, "gone"}
	}
	if candidate(m, p, v) {
		return nil
	}
	if f == nil {
		return &AnswerError{p, "unknown"}
	}
	i, there := f.Item(p.Generic())
	switch {
	case !there || i.Kind != form.Question || i.KindOf() == 0:
		return &AnswerError{p, "unknown"}
	case v.IsZero():
		return nil
	case v.Kind() != i.KindOf():
		return &AnswerError{p, "kind"}
	case v.Kind() == record.File:
		return &AnswerError{p, "kind"} // a file is attached where it was taken
	}
	return refused(f, m, p, v, i, now)
}

// candidate reports whether somebody in the field gave that answer, or took it back: whatever the form says, it may be chosen.
func candidate(m record.Merged, p record.Path, v record.Value) bool {
	for _, c := range m.Conflicts {
		if c.Path == p && slices.ContainsFunc(c.Candidates, func(c record.Candidate) bool { return c.Value == v }) {
			return true
		}
	}
	return m.Answers[p] == v && !v.IsZero()
}

// reopen runs the form over an interview. Nothing that only a respondent would make true is done: no members are added, no choices dropped.
func reopen(f *form.Form, m record.Merged, now func() time.Time) (*interview.Session, error) {
	return interview.Reopen(f, interview.Env{Now: now, Random: rand.New(rand.NewSource(1)), Walked: true}, m.Answers, m.Derived)
}

func refused(f *form.Form, m record.Merged, p record.Path, v record.Value, i *form.Item, now func() time.Time) error {
	s, err := reopen(f, m, now)
	if err != nil {
		return nil // the rules cannot be run over these answers: a flag says so
	}
	if i.Type.Select() && i.List != nil && f.External[i.List.Name] == "" {
		for _, name := range splitChoices(v) {
			if _, there := i.List.Choice(name); !there && !i.OrOther {
				return &AnswerError{p, "choice"}
			}
		}
	}
	if !s.Accepts(p, v) {
		return &AnswerError{p, "rule"}
	}
	return nil
}

// follow puts what the form calculates otherwise, once the answers are given, into a revision. What somebody answered against a calculation stays while nothing that it
// reads changes, as in the field.
func follow(f *form.Form, m record.Merged, answers record.Answers, b *record.Body) {
	if f == nil {
		return
	}
	s, err := reopen(f, m, func() time.Time { return b.At })
	if err != nil {
		return
	}
	touched := map[record.Path]bool{}
	for _, p := range slices.Sorted(maps.Keys(answers)) {
		c, err := s.Set(p, answers[p])
		if err != nil {
			continue // a candidate that the form takes no longer: nothing is calculated from it
		}
		for q := range c.Derived {
			touched[q] = true
		}
		for _, q := range c.Unset {
			touched[q] = true
		}
	}
	b.Derived = record.Answers{}
	now, derived := s.Answers(false)
	for q := range touched {
		_, answered := answers[q]
		switch v := now[q]; {
		case answered || v == m.Answers[q]:
		case derived[q]:
			b.Derived[q] = v
		case v.IsZero() && !q.IsInstance() && lives(s, q):
			b.Unset = append(b.Unset, q)
		}
	}
}

// lives reports whether a question lies in no instance that its repeat's count leaves out now.
func lives(s *interview.Session, p record.Path) bool {
	instance, in := p.Instance()
	return !in || slices.Contains(s.Instances(instance.Parent()), instance)
}
