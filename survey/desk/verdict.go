package desk

import (
	"context"
	"errors"
	"strings"

	"github.com/google/uuid"

	"vereda/survey/fieldwork"
	"vereda/survey/form"
	"vereda/survey/record"
)

// Verdict is what a coordinator finds of an interview.
type Verdict struct {
	Interview uuid.UUID
	Seen      string          // Mark of what was shown; "": whatever there is
	Decision  record.Decision // record.Approved or record.Returned
	Comments  []record.Comment
	Note      string
}

// The errors of Judge.
var (
	ErrNoReason = errors.New("desk: an interview is returned with a comment or a note, so that the enumerator knows what to do")
	ErrDraft    = errors.New("desk: the interview is a draft; it can be judged when it is finished")
)

// Judge approves an interview or returns it to the enumerator. It fails with ErrNotFound, ErrChanged, ErrDraft, ErrNoReason, or a *record.EntryError.
func (d *Desk) Judge(ctx context.Context, by string, v Verdict) error {
	s, err := d.story(ctx, v.Interview, v.Seen)
	if err != nil {
		return err
	}
	if !finished(s) {
		return ErrDraft
	}
	said := record.Verdict{Interview: v.Interview, Knows: s.Merged.Vector, Decision: v.Decision, Note: strings.TrimSpace(v.Note)}
	f, err := d.form(ctx, s.Form, s.Version)
	if err != nil {
		return err
	}
	for _, c := range v.Comments {
		if c.Text = strings.TrimSpace(c.Text); c.Text != "" {
			if !asked(f, s.Merged, c.Path) {
				return &AnswerError{c.Path, "unknown"}
			}
			said.Comments = append(said.Comments, c)
		}
	}
	if v.Decision == record.Returned && said.Note == "" && len(said.Comments) == 0 {
		return ErrNoReason
	}
	said.Said = d.said(by, Standing(s.Verdicts))
	e, err := said.Entry()
	if err != nil {
		return err
	}
	return coded(d.Archive.PutKnowing(ctx, v.Interview, len(s.Steps), e))
}

// asked reports whether a comment on a path has a place to stand: an item of the form, or an answer that the form does not know.
func asked(f *form.Form, m record.Merged, p record.Path) bool {
	if p == "" || f == nil || !m.Answers[p].IsZero() {
		return true
	}
	_, there := f.Item(p.Generic())
	return there
}

// finished reports whether any revision was final: a draft of a correction may lie on top.
func finished(s fieldwork.Story) bool {
	for _, step := range s.Steps {
		if step.Revision.Final {
			return true
		}
	}
	return false
}

// Standing returns the verdicts that no other knows of.
func Standing(verdicts []fieldwork.Verdict) (ids []record.ID) {
	for _, v := range verdicts {
		if v.Stands {
			ids = append(ids, v.ID)
		}
	}
	return ids
}

// Contradict reports whether verdicts stand that say different things: two coordinators judged without knowing of each other.
func Contradict(verdicts []fieldwork.Verdict) bool {
	var first record.Decision
	for _, v := range verdicts {
		switch {
		case !v.Stands:
		case first == "":
			first = v.Decision
		case v.Decision != first:
			return true
		}
	}
	return false
}
