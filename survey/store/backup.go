package store

import (
	"errors"

	"github.com/google/uuid"

	"vereda/survey/record"
)

// Back writes a revision that is not final, and its outbox entry, for each draft that changed since its last backup: all in one
// transaction. It returns how many it wrote. The drafts stay open, and what they hold now is the basis of what they become. A draft whose
// last backup no collector has yet gets none: the chain of its revisions would only grow while there is no link. anyway makes
// backups of those too, for a batch that nobody answers at once.
func (s *Store) Back(author Author, anyway bool) (n int, err error) {
	var drafts []uuid.UUID
	err = s.view(func(tx *transaction) error {
		drafts, err = dirty(tx, anyway)
		return err
	})
	if err != nil || len(drafts) == 0 {
		return 0, err
	}
	err = s.update(func(tx *transaction) error {
		n = 0
		for _, id := range drafts {
			made, err := back(tx, id, author)
			if err != nil {
				return err
			}
			if made {
				n++
			}
		}
		return nil
	})
	return n, err
}

// dirty returns the drafts with answers of people that changed since their last backup; unless anyway, without those whose backup nobody
// has yet.
func dirty(tx *transaction, anyway bool) (drafts []uuid.UUID, err error) {
	err = eachHeader(tx, func(h header) error {
		if !h.dirty() {
			return nil
		}
		waits, err := backupWaits(tx, h.ID)
		if anyway || !waits {
			drafts = append(drafts, h.ID)
		}
		return err
	})
	return drafts, err
}

// dirty reports whether a backup would say something new.
func (h header) dirty() bool {
	return h.State == Draft && h.Dirty && (h.Answered > 0 || len(h.Base) > 0)
}

// backupWaits reports whether a backup of an interview is in the outbox that no collector has.
func backupWaits(tx *transaction, interview uuid.UUID) (waits bool, err error) {
	has := map[record.ID]bool{}
	err = eachReceipt(tx, interview[:], func(key entryKey, _ string, r receipt) error {
		has[key.entry()] = has[key.entry()] || r.Status != record.Refused
		return nil
	})
	if err != nil {
		return false, err
	}
	err = each(tx.Bucket(bucketPlaces), interview[:], func(_, n []byte) error {
		value, err := get(tx.Bucket(bucketOutbox), n)
		if err != nil {
			return err
		}
		w, err := parseWaiting(n, value)
		waits = waits || w.backup && !has[w.entry()]
		return err
	})
	return waits, err
}

// back writes the backup of one draft; false where nothing differs from what the last one said.
func back(tx *transaction, id uuid.UUID, author Author) (bool, error) {
	h, err := getHeader(tx, id)
	if errors.Is(err, ErrNotFound) || err == nil && !h.dirty() {
		return false, nil // finished or discarded meanwhile
	}
	if err != nil {
		return false, err
	}
	answers, derived, err := answersOf(tx, h.ID)
	if err != nil {
		return false, err
	}
	body, err := compose(tx, h, author, answers, derived, false)
	if err != nil {
		return false, err
	}
	if len(body.Set)+len(body.Derived)+len(body.Unset) == 0 {
		h.Dirty = false
		return false, putHeader(tx, h)
	}
	r, err := record.Seal(body)
	var broken *record.RevisionError
	if errors.As(err, &broken) {
		return false, nil // finalizing will say what is wrong with it; one draft does not keep the others back
	}
	if err != nil {
		return false, err
	}
	return true, keepRevision(tx, h, r)
}
