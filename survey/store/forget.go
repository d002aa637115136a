package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"

	"vereda/survey/record"
)

// KeepDays is how long a tablet keeps what the central collector has, where the project's setting "keep" (a number of days) says nothing else.
const KeepDays = 30

// settingKeep is the project's setting of how many days a tablet keeps what the central collector has.
const settingKeep = "keep"

// forgetAtOnce is how many interviews one transaction forgets.
const forgetAtOnce = 100

// Forget removes interviews that the central collector has, with all their revisions, and that nobody changed for as many days as the
// project's setting says, and their photos; it returns how many. Drafts, what waits, what came back, what was refused, and interviews whose photos the
// central collector does not have stay. Of what it removed it keeps who wrote how many revisions, so that a correction that comes
// later fits.
func (s *Store) Forget(now time.Time) (n int, err error) {
	for {
		var old []header
		var batches [][]byte
		err := s.view(func(tx *transaction) error {
			old, err = forgettable(tx, now)
			if err == nil {
				batches, err = spentBatches(tx)
			}
			return err
		})
		if err != nil || len(old)+len(batches) == 0 {
			return n, err
		}
		removed := 0
		err = s.update(func(tx *transaction) error {
			removed = 0
			for _, h := range old {
				gone, err := forget(tx, h)
				if err != nil {
					return err
				}
				if gone {
					removed++
				}
			}
			for _, id := range batches {
				if err := tx.Bucket(bucketBatches).Delete(id); err != nil {
					return err
				}
			}
			return nil
		})
		if n += removed; err != nil || len(old) < forgetAtOnce {
			return n, err
		}
	}
}

// forgettable returns interviews that may go, as many as one transaction takes.
func forgettable(tx *transaction, now time.Time) (old []header, err error) {
	at, err := centre(tx)
	if err != nil || at == "" {
		return nil, err
	}
	days := KeepDays
	value, err := projectSetting(tx, settingKeep)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	if set := 0; err == nil && json.Unmarshal(value, &set) == nil && set >= 0 {
		days = set
	}
	before := now.AddDate(0, 0, -days)
	err = eachHeader(tx, func(h header) error {
		if len(old) == forgetAtOnce || h.State != Sent && h.State != Approved || !h.Changed.Before(before) {
			return nil
		}
		done, err := settled(tx, h.ID)
		if done {
			old = append(old, h)
		}
		return err
	})
	return old, err
}

// settled reports whether nothing of an interview waits and all files of this tablet's revisions of it are with the centre.
func settled(tx *transaction, interview uuid.UUID) (bool, error) {
	if k, _ := tx.Bucket(bucketPlaces).Cursor().Seek(interview[:]); bytes.HasPrefix(k, interview[:]) {
		return false, nil
	}
	history, err := readHistory(tx, interview)
	if err != nil {
		return false, err
	}
	for _, r := range history.Revisions() {
		if !ours(tx, revisionKey(r)) {
			continue
		}
		for _, m := range r.Media {
			if tx.Bucket(bucketMedia).Get(m.SHA256[:]) != nil && tx.Bucket(bucketThere).Get(m.SHA256[:]) == nil {
				return false, nil
			}
		}
	}
	return true, nil
}

// forget removes one interview, unless something happened to it since it was found.
func forget(tx *transaction, h header) (bool, error) {
	now, err := getHeader(tx, h.ID)
	if errors.Is(err, ErrNotFound) || err == nil && (now.State != h.State || !now.Changed.Equal(h.Changed)) {
		return false, nil
	}
	done, err := settled(tx, h.ID)
	if err != nil || !done {
		return false, err
	}
	history, err := readHistory(tx, h.ID)
	if err != nil {
		return false, err
	}
	h.Before = history.Vector()
	if err := putJSON(tx.Bucket(bucketForgotten), h.ID[:], h); err != nil {
		return false, err
	}
	for _, r := range history.Revisions() {
		for _, m := range r.Media {
			if err := forgetFile(tx, m.SHA256); err != nil {
				return false, err
			}
		}
	}
	return true, errors.Join(clearPrefix(tx.Bucket(bucketRevisions), h.ID[:]), clearPrefix(tx.Bucket(bucketReceipts), h.ID[:]),
		forgetTraces(tx, h.ID), tx.Bucket(bucketInterviews).Delete(h.ID[:]))
}

// forgetFile removes a file, if the centre has it; that it has it stays noted. Another interview with the same file does without its picture here.
func forgetFile(tx *transaction, id record.ID) error {
	if tx.Bucket(bucketThere).Get(id[:]) == nil {
		return nil // of another tablet's revision; here somebody may have attached the same one to a draft
	}
	var file mediaHeader
	err := getJSON(tx.Bucket(bucketMedia), id[:], &file)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(clearPrefix(tx.Bucket(bucketChunks), number(file.Chunks)), tx.Bucket(bucketMedia).Delete(id[:]))
}

// remind brings a forgotten interview back into the list, without its answers: something new was said about it.
func remind(tx *transaction, interview uuid.UUID) error {
	var h header
	err := getJSON(tx.Bucket(bucketForgotten), interview[:], &h)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	h.Answered = 0
	return errors.Join(putHeader(tx, h), tx.Bucket(bucketForgotten).Delete(interview[:]))
}

// spentBatches returns the batches of which nothing waits any more.
func spentBatches(tx *transaction) (spent [][]byte, err error) {
	err = each(tx.Bucket(bucketBatches), nil, func(id, value []byte) error {
		for ; len(value) >= len(entryKey{}); value = value[len(entryKey{}):] {
			if tx.Bucket(bucketPlaces).Get(value[:len(entryKey{})]) != nil {
				return nil
			}
		}
		spent = append(spent, bytes.Clone(id))
		return nil
	})
	return spent, err
}
