package store

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"vereda/survey/record"
)

// Changes are what one act changed in a draft. Unset may name whole instances; it goes before Set.
type Changes struct {
	Set     record.Answers       // the zero Value unsets
	Derived map[record.Path]bool // which of Set are derived
	Unset   []record.Path
	At      time.Time
	Traces  []Trace // of the log, kept with them
}

// Keep makes changes to a draft durable: when it returns nil, they survive anything. It is one transaction with one fsync.
func (s *Store) Keep(interview uuid.UUID, c Changes) error {
	return s.update(func(tx *transaction) error {
		h, err := getDraft(tx, interview)
		if err != nil {
			return err
		}
		d := draft{tx.Bucket(bucketAnswers), interview, h.Answered}
		for _, p := range c.Unset {
			if err := d.unset(p); err != nil {
				return err
			}
		}
		for p, v := range c.Set {
			if err := d.set(p, v, c.Derived[p]); err != nil {
				return err
			}
		}
		h.Answered, h.Dirty = d.answered, true
		h.Changed = cmp.Or(c.At, h.Changed)
		return errors.Join(putTraces(tx, interview, c.Traces), putHeader(tx, h))
	})
}

// Answers returns what a draft holds. ErrNotDraft of what is none: its answers are in its History.
func (s *Store) Answers(interview uuid.UUID) (answers record.Answers, derived map[record.Path]bool, err error) {
	err = s.view(func(tx *transaction) error {
		if _, err := getDraft(tx, interview); err != nil {
			return err
		}
		answers, derived, err = answersOf(tx, interview)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	return answers, derived, nil
}

// answersOf reads the answers of a draft.
func answersOf(tx *transaction, interview uuid.UUID) (answers record.Answers, derived map[record.Path]bool, err error) {
	answers, derived = record.Answers{}, map[record.Path]bool{}
	err = each(tx.Bucket(bucketAnswers), interview[:], func(path, value []byte) error {
		v, isDerived, err := decodeAnswer(path, value)
		answers[record.Path(path)] = v
		if isDerived {
			derived[record.Path(path)] = true
		}
		return err
	})
	return answers, derived, err
}

// draft is the answers of one draft within a transaction.
type draft struct {
	answers   *bucket
	interview uuid.UUID
	answered  int
}

func (d *draft) key(p record.Path) []byte {
	return append(append([]byte(nil), d.interview[:]...), p...)
}

// forget counts down when people answered what stands at a key.
func (d *draft) forget(key []byte) error {
	old, err := get(d.answers, key)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	v, derived, err := decodeAnswer(key, old)
	if counts(v, derived) {
		d.answered--
	}
	return err
}

func (d *draft) set(p record.Path, v record.Value, derived bool) error {
	if v.IsZero() {
		return d.unset(p)
	}
	if err := p.Check(); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	key := d.key(p)
	if err := d.forget(key); err != nil {
		return err
	}
	if counts(v, derived) {
		d.answered++
	}
	text, err := v.MarshalJSON()
	if err != nil {
		return err
	}
	author := byte('p')
	if derived {
		author = 'd'
	}
	return put(d.answers, key, append([]byte{author}, text...))
}

// unset takes back the answer at a path and all below it.
func (d *draft) unset(p record.Path) error {
	below := append(d.key(p), '/')
	keys := [][]byte{d.key(p)}
	err := each(d.answers, below, func(rest, _ []byte) error {
		keys = append(keys, append(below[:len(below):len(below)], rest...))
		return nil
	})
	for _, key := range keys {
		err = errors.Join(err, d.forget(key), d.answers.Delete(key))
	}
	return err
}

// counts reports whether an answer is one that a person gave.
func counts(v record.Value, derived bool) bool {
	return !derived && v.Kind() != record.Instance && !v.IsZero()
}

// given counts the answers of people that an interview has.
func given(m record.Merged) (n int) {
	for p, v := range m.Answers {
		if counts(v, m.Derived[p]) {
			n++
		}
	}
	return n
}

func decodeAnswer(path, value []byte) (v record.Value, derived bool, err error) {
	if len(value) == 0 || (value[0] != 'p' && value[0] != 'd') {
		return v, false, &DamageError{fmt.Sprintf("answer %.60q", path), errors.New("nobody's")}
	}
	if err := v.UnmarshalJSON(value[1:]); err != nil {
		return v, false, &DamageError{fmt.Sprintf("answer %.60q", path), err}
	}
	return v, value[0] == 'd', nil
}
