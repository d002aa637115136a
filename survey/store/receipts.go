package store

import (
	"bytes"
	"errors"
	"time"

	"github.com/google/uuid"

	"vereda/survey/record"
)

// receipt is what an archive answered for one revision.
type receipt struct {
	Status  record.Status `json:"s"`
	Reason  string        `json:"r,omitempty"`
	Central bool          `json:"c,omitempty"` // the project's key signed it
	At      time.Time     `json:"t,omitzero"`
}

func receiptKey(key entryKey, archive string) []byte { return append(bytes.Clone(key[:]), archive...) }

// eachReceipt calls do for all receipts of the revisions whose key begins with prefix.
func eachReceipt(tx *transaction, prefix []byte, do func(key entryKey, archive string, r receipt) error) error {
	return each(tx.Bucket(bucketReceipts), prefix, func(rest, value []byte) error {
		whole := append(bytes.Clone(prefix), rest...)
		if len(whole) < len(entryKey{}) {
			return &DamageError{"receipts", errors.New("a key is too short")}
		}
		key, _ := parseKey(whole[:len(entryKey{})])
		var r receipt
		if err := decodeJSON(whole, value, &r); err != nil {
			return err
		}
		return do(key, string(whole[len(key):]), r)
	})
}

// errNoArchive says that an answer came from nobody.
var errNoArchive = errors.New("store: an answer without an archive")

// Settle takes a collector's answer to a batch, in one transaction. What the project's centre answered for leaves the outbox: what it
// refused stays in the list with its reason (Requeue puts it back). Another archive's answer means that this archive is not sent
// the entry again; the batch is remembered, for the central receipt that may come for it. Receipts of unknown entries are passed over.
func (s *Store) Settle(answer record.Settlement) error {
	if answer.Archive == "" {
		return errNoArchive
	}
	if known, err := s.saysNothing(answer); known || err != nil {
		return err
	}
	return s.update(func(tx *transaction) error {
		if answer.Central {
			if err := setCentre(tx, answer.Archive, answer.Device); err != nil {
				return err
			}
		}
		keys, err := findWaiting(tx, answer.Receipts)
		if err != nil {
			return err
		}
		if answer.Central {
			err = tx.Bucket(bucketBatches).Delete(answer.Batch[:])
		} else {
			err = remember(tx, answer.Batch, keys)
		}
		if err != nil {
			return err
		}
		if err := answered(tx, keys, answer.Receipts, answer.Archive, answer.Central, answer.At); err != nil {
			return err
		}
		return meet(tx, answer.Archive, func(a *archive) { a.Name, a.Met = answer.Name, answer.At })
	})
}

// saysNothing reports whether an answer holds nothing that is not known: no receipts, and the archive is the one that answered last and, if it
// says so, the centre.
func (s *Store) saysNothing(answer record.Settlement) (known bool, err error) {
	if len(answer.Receipts) > 0 {
		return false, nil
	}
	err = s.view(func(tx *transaction) error {
		met, all, err := metLast(tx)
		if err != nil || len(met) == 0 || met[0] != answer.Archive || all[met[0]].Name != answer.Name {
			return err
		}
		at, err := centre(tx)
		known = !answer.Central || at == answer.Archive
		return err
	})
	return known, err
}

// findWaiting returns the keys of entries that are in the outbox, in the order of their receipts; zero for others.
func findWaiting(tx *transaction, receipts []record.Receipt) ([]entryKey, error) {
	place := make(map[record.ID]int, len(receipts))
	for i, r := range receipts {
		place[r.Entry] = i
	}
	keys := make([]entryKey, len(receipts))
	left := len(place)
	if left == 0 {
		return nil, nil
	}
	err := eachWaiting(tx, func(w waiting) error {
		if i, ok := place[w.entry()]; ok {
			keys[i] = w.entryKey
			if left--; left == 0 {
				return errEnough
			}
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return keys, err
}

// answered keeps an archive's receipts; what the current centre answered for leaves the outbox.
func answered(tx *transaction, keys []entryKey, receipts []record.Receipt, archive string, central bool, at time.Time) error {
	current, err := centre(tx)
	if err != nil {
		return err
	}
	touched := touched{}
	for i, key := range keys {
		switch receipts[i].Status {
		case record.Stored, record.Known, record.Quarantined, record.Refused:
		default:
			continue
		}
		if key == (entryKey{}) || tx.Bucket(bucketRevisions).Get(key[:]) == nil {
			continue
		}
		r := receipt{receipts[i].Status, receipts[i].Reason, central, at}
		if err := putJSON(tx.Bucket(bucketReceipts), receiptKey(key, archive), r); err != nil {
			return err
		}
		touched.add(key)
		if central && archive == current && tx.Bucket(bucketPlaces).Get(key[:]) != nil {
			if err := dequeue(tx, key); err != nil {
				return err
			}
		}
	}
	return touched.restate(tx)
}

// Covered takes what the centre signed about a batch that reached it by a hub or as a file, in one transaction. What is not known
// here is passed over, but not who signed it: its archive becomes the centre when its ID is greater than the centre's. IDs of archives are
// UUIDv7, which grow, and receipts of a centre before may come late.
func (s *Store) Covered(c record.Coverage) error {
	if c.Archive == "" {
		return errNoArchive
	}
	return s.update(func(tx *transaction) error {
		keys, err := held(tx, c.Batch)
		if err != nil {
			return err
		}
		if len(keys) != len(c.Receipts) {
			keys = nil
		}
		current, err := centre(tx)
		if err != nil || len(keys)+len(c.Media) == 0 && c.Archive <= current {
			return err
		}
		if c.Archive > current {
			if err := setCentre(tx, c.Archive, c.Device); err != nil {
				return err
			}
		}
		if err := answered(tx, keys, c.Receipts, c.Archive, true, c.At); err != nil {
			return err
		}
		if current, err := centre(tx); err != nil || current != c.Archive {
			return err
		}
		return errors.Join(filesThere(tx, c.Media), tx.Bucket(bucketBatches).Delete(c.Batch[:]))
	})
}

// filesThere notes that the centre has files whole, also those that are not here any more, or not yet: the centre says so once for each file of a device, and the same
// one may be attached again.
func filesThere(tx *transaction, files []record.ID) error {
	for _, id := range files {
		if err := put(tx.Bucket(bucketThere), id[:], nil); err != nil {
			return err
		}
	}
	return nil
}

// touched is interviews whose state may have changed.
type touched map[uuid.UUID]bool

func (t touched) add(key entryKey) { t[key.interview()] = true }

func (t touched) restate(tx *transaction) error {
	for interview := range t {
		if err := restate(tx, interview); err != nil {
			return err
		}
	}
	return nil
}
