package store

import (
	"bytes"
	"errors"

	"github.com/google/uuid"

	"vereda/survey/record"
)

// entryKey names a revision of this tablet: its interview and its ID.
type entryKey [16 + 32]byte

// parseKey reads a key; false when it has another length.
func parseKey(b []byte) (key entryKey, ok bool) {
	return key, copy(key[:], b) == len(key) && len(b) == len(key)
}

func (k entryKey) interview() uuid.UUID { return uuid.UUID(k[:16]) }
func (k entryKey) entry() record.ID     { return record.ID(k[16:]) }

// waiting is one place in the outbox.
type waiting struct {
	entryKey
	number []byte // the place
	backup bool   // the revision is not final
}

// backupMark stands behind the key of a revision that is not final.
const backupMark = 'd'

// enqueue puts a revision at the end of the outbox, unless it is there.
func enqueue(tx *transaction, r record.Revision) error {
	outbox, places, key := tx.Bucket(bucketOutbox), tx.Bucket(bucketPlaces), revisionKey(r)
	if places.Get(key) != nil {
		return nil
	}
	n, err := outbox.NextSequence()
	if err != nil {
		return err
	}
	value := bytes.Clone(key)
	if !r.Final {
		value = append(value, backupMark)
	}
	return errors.Join(put(outbox, number(n), value), put(places, key, number(n)))
}

// dequeue takes a revision off the outbox.
func dequeue(tx *transaction, key entryKey) error {
	n, err := get(tx.Bucket(bucketPlaces), key[:])
	if err != nil {
		return err
	}
	return errors.Join(tx.Bucket(bucketOutbox).Delete(bytes.Clone(n)), tx.Bucket(bucketPlaces).Delete(key[:]))
}

// eachWaiting calls do for each place of the outbox, oldest first.
func eachWaiting(tx *transaction, do func(w waiting) error) error {
	return each(tx.Bucket(bucketOutbox), nil, func(n, value []byte) error {
		w, err := parseWaiting(n, value)
		if err != nil {
			return err
		}
		return do(w)
	})
}

func parseWaiting(number, value []byte) (w waiting, err error) {
	w.number = number
	w.backup = len(value) > 0 && len(value) == len(w.entryKey)+1 && value[len(value)-1] == backupMark
	if w.backup {
		value = value[:len(value)-1]
	}
	var ok bool
	if w.entryKey, ok = parseKey(value); !ok {
		err = &DamageError{"outbox", errors.New("a place has the wrong length")}
	}
	return w, err
}

// eachPending calls do for what an archive has not answered for. "" is the archive that answered last.
func eachPending(tx *transaction, archive string, do func(w waiting) error) error {
	if archive == "" {
		met, _, err := metLast(tx)
		if err != nil {
			return err
		}
		if len(met) > 0 {
			archive = met[0]
		}
	}
	receipts := tx.Bucket(bucketReceipts)
	return eachWaiting(tx, func(w waiting) error {
		if archive != "" && receipts.Get(receiptKey(w.entryKey, archive)) != nil {
			return nil
		}
		return do(w)
	})
}

var errEnough = errors.New("enough")

// Pending returns entries that an archive has not answered for and that the centre has not covered: oldest first, at most n entries
// and about size bytes (at least one entry). archive "" stands for the one that answered last. An entry that cannot be read any more
// does not stand in the way of the others; it is the error when there are no others.
func (s *Store) Pending(archive string, n, size int) ([]record.Entry, error) {
	return s.some(n, size, func(tx *transaction, do func(waiting) error) error { return eachPending(tx, archive, do) })
}

// Uncovered is Pending for whoever it may reach, such as the reader of a file: entries that the centre has not covered.
func (s *Store) Uncovered(n, size int) ([]record.Entry, error) {
	return s.some(n, size, eachWaiting)
}

// some returns the first entries of those that list names.
func (s *Store) some(n, size int, list func(*transaction, func(waiting) error) error) (entries []record.Entry, err error) {
	err = s.view(func(tx *transaction) error {
		var broken error
		total := 0
		err := list(tx, func(w waiting) error {
			raw, err := get(tx.Bucket(bucketRevisions), w.entryKey[:])
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

// Waiting returns how many entries an archive has not answered for and the centre has not covered; archive as in Pending.
func (s *Store) Waiting(archive string) (n int, err error) {
	err = s.view(func(tx *transaction) error {
		return eachPending(tx, archive, func(waiting) error { n++; return nil })
	})
	return n, err
}

// Left returns how many entries the centre has not covered, whoever else has them.
func (s *Store) Left() (n int, err error) {
	err = s.view(func(tx *transaction) error {
		return eachWaiting(tx, func(waiting) error { n++; return nil })
	})
	return n, err
}

// Requeue puts the refused entries of an interview at the end of the outbox, for every collector: what stood in their way is mended.
func (s *Store) Requeue(interview uuid.UUID) error {
	return s.update(func(tx *transaction) error {
		refused := map[record.ID]bool{}
		var gone [][]byte
		err := eachReceipt(tx, interview[:], func(key entryKey, from string, r receipt) error {
			if r.Status == record.Refused {
				refused[key.entry()] = true
				gone = append(gone, receiptKey(key, from))
			}
			return nil
		})
		if err != nil || len(refused) == 0 {
			return err
		}
		for _, key := range gone {
			if err := tx.Bucket(bucketReceipts).Delete(key); err != nil {
				return err
			}
		}
		history, err := readHistory(tx, interview)
		if err != nil {
			return err
		}
		covered, err := coveredOf(tx, interview)
		if err != nil {
			return err
		}
		for _, r := range history.Revisions() {
			if refused[r.ID] && !covered[r.ID] {
				if err := enqueue(tx, r); err != nil {
					return err
				}
			}
		}
		return restate(tx, interview)
	})
}

// coveredOf returns the revisions of an interview that the centre has answered for.
func coveredOf(tx *transaction, interview uuid.UUID) (map[record.ID]bool, error) {
	at, err := centre(tx)
	if err != nil {
		return nil, err
	}
	covered := map[record.ID]bool{}
	err = eachReceipt(tx, interview[:], func(key entryKey, from string, r receipt) error {
		if r.Central && from == at {
			covered[key.entry()] = true
		}
		return nil
	})
	return covered, err
}
