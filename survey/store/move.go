package store

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"vereda/survey/record"
)

// ErrChanged says that a draft has other answers than those that were to be moved.
var ErrChanged = errors.New("store: the draft has been answered meanwhile")

// Move is a draft's way to another version of its form.
type Move struct {
	Version string
	From    record.Answers // what the draft held when the move was planned
	Answers record.Answers // what it holds under the other version, with all that the version has no place for
	Derived map[record.Path]bool
	Traces  []Trace
	At      time.Time
}

// Move makes a draft go on under another version of its form: all at once, in one transaction, or not at all. ErrChanged when the draft does not
// hold From, ErrNotFound when the version is not on this tablet, ErrNotDraft of what is no draft. The revisions that are made of it from
// now on name the version; those before stay as they are.
func (s *Store) Move(interview uuid.UUID, m Move) error {
	return s.update(func(tx *transaction) error {
		h, err := getDraft(tx, interview)
		if err != nil {
			return err
		}
		if _, err := get(tx.Bucket(bucketSources), formKey(h.Form, m.Version)); err != nil {
			return fmt.Errorf("form %s %s: %w", h.Form, m.Version, err)
		}
		now, _, err := answersOf(tx, interview)
		if err != nil {
			return err
		}
		if !sameAnswers(now, m.From) {
			return ErrChanged
		}
		if err := clearPrefix(tx.Bucket(bucketAnswers), interview[:]); err != nil {
			return err
		}
		d := draft{answers: tx.Bucket(bucketAnswers), interview: interview}
		for p, v := range m.Answers {
			if err := d.set(p, v, m.Derived[p]); err != nil {
				return err
			}
		}
		h.Version, h.Answered, h.Dirty = m.Version, d.answered, true
		h.Changed = cmp.Or(m.At, h.Changed)
		return errors.Join(putHeader(tx, h), putTraces(tx, interview, m.Traces))
	})
}

func sameAnswers(a, b record.Answers) bool {
	if len(a) != len(b) {
		return false
	}
	for p, v := range a {
		if w, ok := b[p]; !ok || v != w {
			return false
		}
	}
	return true
}
