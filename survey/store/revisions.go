package store

import (
	"bytes"
	"cmp"
	"errors"
	"time"

	"github.com/google/uuid"

	"vereda/survey/record"
)

// ErrStale says that a revision was composed before another one of this device was written.
var ErrStale = errors.New("store: the device has written this place of the interview's history already")

// History returns all revisions of an interview that the tablet has: none of a new draft. ErrNotFound of an unknown interview.
func (s *Store) History(interview uuid.UUID) (h *record.History, err error) {
	err = s.view(func(tx *transaction) error {
		if _, err := getHeader(tx, interview); err != nil {
			return err
		}
		h, err = readHistory(tx, interview)
		return err
	})
	return h, err
}

// readHistory reads an interview's revisions.
func readHistory(tx *transaction, interview uuid.UUID) (*record.History, error) {
	h := record.NewHistory(interview)
	err := each(tx.Bucket(bucketRevisions), interview[:], func(id, raw []byte) error {
		r, err := record.ParseRevision(bytes.Clone(raw))
		if err == nil && !bytes.Equal(r.ID[:], id) {
			err = errors.New("the revision has another ID")
		}
		if err == nil {
			_, err = h.Add(r)
		}
		if err != nil {
			return &DamageError{"revisions", err}
		}
		return nil
	})
	return h, err
}

// getRevision reads one revision. ErrNotFound where there is none.
func getRevision(tx *transaction, key entryKey) (record.Revision, error) {
	raw, err := get(tx.Bucket(bucketRevisions), key[:])
	if err != nil {
		return record.Revision{}, err
	}
	r, err := record.ParseRevision(bytes.Clone(raw))
	if err != nil {
		err = &DamageError{"revisions", err}
	}
	return r, err
}

// basis returns the part of a history that a draft was made from.
func basis(all *record.History, interview uuid.UUID, base []record.ID) (*record.History, error) {
	known := make(map[record.ID]bool, len(base))
	for _, id := range base {
		known[id] = true
	}
	part := record.NewHistory(interview)
	for _, r := range all.Revisions() {
		if known[r.ID] {
			if _, err := part.Add(r); err != nil {
				return nil, err
			}
		}
	}
	return part, nil
}

func revisionKey(r record.Revision) []byte {
	return append(append([]byte(nil), r.Interview[:]...), r.ID[:]...)
}

// Finalize writes the revision and its outbox entry, and closes the draft, in one transaction. A revision that is not
// final is a backup: the draft stays open, and knows it. A revision that is there changes nothing.
func (s *Store) Finalize(r record.Revision) error {
	return s.update(func(tx *transaction) error {
		revisions := tx.Bucket(bucketRevisions)
		if revisions.Get(revisionKey(r)) != nil {
			return nil
		}
		h, err := getDraft(tx, r.Interview)
		if err != nil {
			return err
		}
		history, err := readHistory(tx, r.Interview)
		if err != nil {
			return err
		}
		for _, other := range history.Revisions() {
			if other.Dot() == r.Dot() {
				return ErrStale
			}
		}
		return keepRevision(tx, h, r)
	})
}

// keepRevision writes a revision of a draft and its outbox entry.
func keepRevision(tx *transaction, h header, r record.Revision) error {
	if err := put(tx.Bucket(bucketRevisions), revisionKey(r), r.Bytes()); err != nil {
		return err
	}
	if err := enqueue(tx, r); err != nil {
		return err
	}
	return closeDraft(tx, h, r)
}

func closeDraft(tx *transaction, h header, r record.Revision) error {
	h.Dirty = false
	if !r.Final {
		h.Base = append(h.Base, r.ID)
		return putHeader(tx, h)
	}
	history, err := readHistory(tx, h.ID)
	if err != nil {
		return err
	}
	h.State, h.Base, h.Heard, h.Reason = Finalized, nil, nil, ""
	h.Form, h.Version, h.Changed, h.Answered = r.Form, r.Version, r.At, given(history.Merge())
	if err := errors.Join(clearPrefix(tx.Bucket(bucketAnswers), h.ID[:]), rememberLast(tx, h)); err != nil {
		return err
	}
	if err := putHeader(tx, h); err != nil {
		return err
	}
	return restate(tx, h.ID)
}

// Reopen makes a draft of a finalized interview out of its merged history, to be corrected, or goes on with one of another tablet. Its author
// has seen the verdicts that stand. Of a draft it does nothing.
func (s *Store) Reopen(interview uuid.UUID, at time.Time) error {
	return s.update(func(tx *transaction) error {
		h, err := getHeader(tx, interview)
		if err != nil || h.State == Draft {
			return err
		}
		history, err := readHistory(tx, interview)
		if err != nil {
			return err
		}
		merged := history.Merge()
		d := draft{answers: tx.Bucket(bucketAnswers), interview: interview}
		for p, v := range merged.Answers {
			if err := d.set(p, v, merged.Derived[p]); err != nil {
				return err
			}
		}
		h.State, h.Answered, h.Base = Draft, d.answered, nil
		h.Form, h.Version = cmp.Or(merged.Form, h.Form), cmp.Or(merged.Version, h.Version)
		h.Changed = cmp.Or(at, h.Changed)
		for _, r := range history.Revisions() {
			h.Base = append(h.Base, r.ID)
		}
		if err := heed(tx, &h); err != nil {
			return err
		}
		return putHeader(tx, h)
	})
}
