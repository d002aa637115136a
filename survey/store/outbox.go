package store

import (
	"bytes"
	"errors"

	"github.com/google/uuid"

	"vereda/survey/record"
)

// waiting is one place in the outbox.
type waiting struct {
	interview uuid.UUID
	entry     record.ID
}

// enqueue puts a revision at the end of the outbox.
func enqueue(tx *transaction, r record.Revision) error {
	outbox := tx.Bucket(bucketOutbox)
	n, err := outbox.NextSequence()
	if err != nil {
		return err
	}
	return put(outbox, number(n), revisionKey(r))
}

// eachWaiting calls do for each place of the outbox, oldest first.
func eachWaiting(tx *transaction, do func(key []byte, w waiting) error) error {
	return each(tx.Bucket(bucketOutbox), nil, func(key, value []byte) error {
		var w waiting
		if len(value) != len(w.interview)+len(w.entry) {
			return &DamageError{"outbox", errors.New("a place has the wrong length")}
		}
		copy(w.interview[:], value)
		copy(w.entry[:], value[len(w.interview):])
		return do(key, w)
	})
}

var errEnough = errors.New("enough")

// Pending returns entries from the outbox, oldest first, at most n entries and about size bytes (at least one entry).
// An entry that cannot be read any more does not stand in the way of the others; it is the error when there are no others.
func (s *Store) Pending(n, size int) (entries []record.Entry, err error) {
	err = s.view(func(tx *transaction) error {
		var broken error
		total := 0
		err := eachWaiting(tx, func(_ []byte, w waiting) error {
			raw, err := get(tx.Bucket(bucketRevisions), append(w.interview[:], w.entry[:]...))
			if err != nil {
				broken = &DamageError{"outbox", err}
				return nil
			}
			if len(entries) > 0 && (len(entries) >= n || total+len(raw) > size) {
				return errEnough
			}
			total += len(raw)
			entries = append(entries, record.Entry{Kind: record.KindRevision, Body: bytes.Clone(raw)})
			return nil
		})
		if errors.Is(err, errEnough) || err == nil {
			err = nil
			if len(entries) == 0 {
				err = broken
			}
		}
		return err
	})
	return entries, err
}

// Waiting returns how many entries are in the outbox.
func (s *Store) Waiting() (n int, err error) {
	err = s.view(func(tx *transaction) error {
		return eachWaiting(tx, func([]byte, waiting) error { n++; return nil })
	})
	return n, err
}

// Settle takes receipts: what is stored, known or quarantined leaves the outbox; what is refused leaves the queue, and stays with its reason
// in the list (Requeue puts it back). Receipts of unknown entries are passed over.
func (s *Store) Settle(receipts []record.Receipt) error {
	byEntry := make(map[record.ID]record.Receipt, len(receipts))
	for _, r := range receipts {
		switch r.Status {
		case record.Stored, record.Known, record.Quarantined, record.Refused:
			byEntry[r.Entry] = r
		}
	}
	return s.update(func(tx *transaction) error {
		settled := map[string]waiting{} // by key
		open := map[uuid.UUID]bool{}
		err := eachWaiting(tx, func(key []byte, w waiting) error {
			if _, ok := byEntry[w.entry]; ok {
				settled[string(key)] = w
			} else {
				open[w.interview] = true
			}
			return nil
		})
		if err != nil {
			return err
		}
		touched := map[uuid.UUID]bool{}
		for key, w := range settled {
			if err := tx.Bucket(bucketOutbox).Delete([]byte(key)); err != nil {
				return err
			}
			if r := byEntry[w.entry]; r.Status == record.Refused {
				if err := put(tx.Bucket(bucketRefused), append(w.interview[:], w.entry[:]...), []byte(r.Reason)); err != nil {
					return err
				}
			}
			touched[w.interview] = true
		}
		for interview := range touched {
			if err := restate(tx, interview, open[interview]); err != nil {
				return err
			}
		}
		return nil
	})
}

// restate brings the state of an interview in the list up to date with what became of its revisions. open says
// whether one of them is in the outbox.
func restate(tx *transaction, interview uuid.UUID, open bool) error {
	h, err := getHeader(tx, interview)
	if err != nil {
		return err
	}
	state := Sent
	if open {
		state = Finalized
	}
	h.Reason = ""
	err = each(tx.Bucket(bucketRefused), interview[:], func(_, reason []byte) error {
		state, h.Reason = Refused, string(reason)
		return nil
	})
	if err != nil {
		return err
	}
	if h.State != Draft {
		h.State = state
	}
	return putHeader(tx, h)
}

// Requeue puts the refused entries of an interview at the end of the outbox: what stood in their way is mended.
func (s *Store) Requeue(interview uuid.UUID) error {
	return s.update(func(tx *transaction) error {
		history, err := readHistory(tx, interview)
		if err != nil {
			return err
		}
		refused, open := tx.Bucket(bucketRefused), false
		for _, r := range history.Revisions() {
			if refused.Get(revisionKey(r)) == nil {
				continue
			}
			open = true
			if err := errors.Join(refused.Delete(revisionKey(r)), enqueue(tx, r)); err != nil {
				return err
			}
		}
		if !open {
			return nil
		}
		return restate(tx, interview, true)
	})
}
