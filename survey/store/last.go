package store

import (
	"errors"

	"vereda/survey/record"
)

// settingLast begins the settings that say which interview of a form was finalized last on this tablet.
const settingLast = "last-saved/"

// rememberLast is called when an interview is finalized, in the same transaction.
func rememberLast(tx *transaction, h header) error {
	return put(tx.Bucket(bucketSettings), []byte("s"+settingLast+h.Form), h.ID[:])
}

// LastSaved returns the answers of the interview of a form that was finalized last on this tablet, as its history tells them now. ErrNotFound when
// there is none, or it was forgotten since.
func (s *Store) LastSaved(form string) (answers record.Answers, err error) {
	err = s.view(func(tx *transaction) error {
		id, err := get(tx.Bucket(bucketSettings), []byte("s"+settingLast+form))
		if err != nil {
			return err
		}
		if len(id) != 16 {
			return damaged([]byte(settingLast), errors.New("no interview"))
		}
		history, err := readHistory(tx, [16]byte(id))
		if err != nil {
			return err
		}
		if history.Len() == 0 {
			return ErrNotFound
		}
		answers = history.Merge().Answers
		return nil
	})
	return answers, err
}
