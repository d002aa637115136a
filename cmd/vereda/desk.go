package main

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"

	"vereda/survey/desk"
	"vereda/survey/form"
)

// saying is what commands have in common that say something in a coordinator's name.
type saying struct {
	Data string `default:"${data}" placeholder:"DIR" help:"The collector's data folder (${data})."`
	By   string `default:"coordinator" placeholder:"NAME" help:"In whose name (coordinator)."`
}

// at opens the collector, lets f say something at its desk, and notes it in the audit log.
func (s *saying) at(w *world, what string, f func(*collector, *desk.Desk) error) error {
	col, err := openCollector(w, s.Data)
	if err != nil {
		return err
	}
	defer col.archive.Close()
	d, err := col.desk(w)
	if err != nil {
		return err
	}
	if err := f(col, d); err != nil {
		return deskSentence(err)
	}
	return col.archive.Note(w, s.By, what)
}

// desk is where coordinators at this collector say something.
func (c *collector) desk(w *world) (*desk.Desk, error) {
	claims, _, err := c.trust.Open(c.keys().Certificate)
	if err != nil {
		return nil, err
	}
	return &desk.Desk{Archive: c.archive, Forms: c.published, Device: string(claims.ID()), Name: claims.Name, Now: w.now}, nil
}

func (c *collector) published(ctx context.Context) ([]*form.Form, error) {
	return c.forms.all(ctx, c.archive)
}

// deskSentence says what the desk refuses to a person.
func deskSentence(err error) error {
	var answer *desk.AnswerError
	switch {
	case errors.Is(err, desk.ErrNotFound):
		return errors.New("this collector has no such interview, assignment or device")
	case errors.Is(err, desk.ErrChanged):
		return errors.New("the interview has changed since it was shown; look at it again with `vereda conflicts show`")
	case errors.Is(err, desk.ErrNoReason):
		return usage{errors.New("say with --comment PATH=TEXT or --note what is to be done")}
	case errors.Is(err, desk.ErrDraft):
		return errors.New("the interview is a draft; it can be judged when it is finished")
	case errors.As(err, &answer):
		return fmt.Errorf("%s: %s", answer.Path, answerReasons[answer.Reason])
	}
	return err
}

var answerReasons = map[string]string{
	"unknown": "the form has no such question",
	"kind":    "that is no answer of the question's type",
	"rule":    "a rule of the form refuses that answer",
	"choice":  "that is not among the choices; name one as the form's list does",
	"missing": "an entry before the answers that contradict each other has not come yet; the conflict can be resolved when it has",
	"gone":    "the repeat instance is not there any more",
}

// parseInterview reads an interview's ID.
func parseInterview(text string) (uuid.UUID, error) {
	id, err := uuid.Parse(text)
	if err != nil {
		return id, usage{fmt.Errorf("%q is no interview's ID", text)}
	}
	return id, nil
}

// table returns a writer of aligned columns.
func table(w *world) *tabwriter.Writer { return tabwriter.NewWriter(w.out, 0, 0, 2, ' ', 0) }

// zone is where the people of this collector live.
func zone(w *world) *time.Location { return w.now().Location() }
