package store

import (
	"errors"

	"vereda/survey/record"
)

// What a batch held is remembered until the centre covers it: its receipt, when it comes back by a hub or in a file, names the batch alone.

// remember keeps what a batch held.
func remember(tx *transaction, batch record.ID, keys []entryKey) error {
	value := make([]byte, 0, len(keys)*len(entryKey{}))
	known := false
	for _, key := range keys {
		known = known || key != entryKey{}
		value = append(value, key[:]...)
	}
	if !known {
		return nil
	}
	return put(tx.Bucket(bucketBatches), batch[:], value)
}

// held returns what a batch held; nil when it is not known.
func held(tx *transaction, batch record.ID) ([]entryKey, error) {
	value, err := get(tx.Bucket(bucketBatches), batch[:])
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	var keys []entryKey
	for ; err == nil && len(value) > 0; value = value[len(entryKey{}):] {
		if len(value) < len(entryKey{}) {
			return nil, &DamageError{"batches", errors.New("a key is cut off")}
		}
		key, _ := parseKey(value[:len(entryKey{})])
		keys = append(keys, key)
	}
	return keys, err
}

// Sealed remembers what a batch holds that nobody answers at once, such as one in a file: a central receipt may come back for it.
func (s *Store) Sealed(batch record.ID, entries []record.Entry) error {
	return s.update(func(tx *transaction) error {
		receipts := make([]record.Receipt, len(entries))
		for i, e := range entries {
			receipts[i].Entry = e.ID()
		}
		keys, err := findWaiting(tx, receipts)
		if err != nil {
			return err
		}
		return remember(tx, batch, keys)
	})
}
