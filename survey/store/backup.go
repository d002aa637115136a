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
	err = s.update(func(tx *transaction) error {
		n = 0
		drafts, err := dirty(tx)
		if err != nil {
			return err
		}
		for _, h := range drafts {
			if waits, err := backupWaits(tx, h.ID); err != nil || waits && !anyway {
				if err != nil {
					return err
				}
				continue
			}
			made, err := back(tx, h, author)
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

// dirty returns the drafts with answers of people that changed since their last backup.
func dirty(tx *transaction) (drafts []header, err error) {
	err = eachHeader(tx, func(h header) error {
		if h.State == Draft && h.Dirty && (h.Answered > 0 || len(h.Base) > 0) {
			drafts = append(drafts, h)
		}
		return nil
	})
	return drafts, err
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
func back(tx *transaction, h header, author Author) (bool, error) {
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
