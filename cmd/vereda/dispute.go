package main

import (
	"errors"
	"fmt"

	"github.com/google/uuid"

	"vereda/survey/form"
	"vereda/survey/interview"
	"vereda/survey/record"
)

// dispute plants the conflicts: the author of an interview and the next tablet of the team both change the same answer, neither knowing of the
// other's change.
func (all team) dispute() ([]plantedAnswers, error) {
	planted := []plantedAnswers{}
	for n, author := range all {
		other := all[(n+1)%len(all)]
		for _, id := range author.disputed {
			if err := author.w.Err(); err != nil {
				return planted, err
			}
			if err := author.hand(id, other); err != nil {
				return planted, err
			}
			path, err := author.change(id, "A")
			if err != nil {
				return planted, err
			}
			if _, err := other.change(id, "B"); err != nil {
				return planted, err
			}
			planted = append(planted, plantedAnswers{id, path})
		}
	}
	return planted, nil
}

// hand gives another tablet what this one knows of an interview, as a card or a cable would.
func (t *simTablet) hand(id uuid.UUID, other *simTablet) error {
	history, err := t.store.History(id)
	if err != nil {
		return err
	}
	var entries []record.Entry
	for _, r := range history.Revisions() {
		entries = append(entries, r.Entry())
	}
	return other.store.Accept(entries, "", 0)
}

// change opens a finalized interview again, gives one answer another value, and finalizes it.
func (t *simTablet) change(id uuid.UUID, mark string) (record.Path, error) {
	if err := t.store.Reopen(id, t.w.now()); err != nil {
		return "", err
	}
	answers, derived, err := t.store.Answers(id)
	if err != nil {
		return "", err
	}
	session, err := interview.Reopen(t.form, t.env(), answers, derived)
	if err != nil {
		return "", err
	}
	path, err := disputable(session)
	if err != nil {
		return "", err
	}
	c, err := session.Set(path, record.NewText(fmt.Sprintf("%s %s", t.author, mark)))
	if err != nil {
		return "", err
	}
	if err := t.keep(id, c); err != nil {
		return "", err
	}
	return path, t.finalize(id, session)
}

// disputable finds a text question that is asked, takes any text, and that nothing else depends on.
func disputable(s *interview.Session) (record.Path, error) {
	items := s.Form().Items()
	for n := len(items) - 1; n >= 0; n-- {
		i := items[n]
		if i.Kind == form.Question && i.Type == form.TypeText && i.Constraint == nil && i.ReadOnly == nil && repeatOf(i) == nil && s.Relevant(i.Path) {
			return i.Path, nil
		}
	}
	return "", errors.New("the form has no free text question outside its repeats, which planted conflicts need: use --conflicts 0")
}
