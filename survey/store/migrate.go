package store

import (
	"bytes"
	"errors"

	bolterrors "go.etcd.io/bbolt/errors"

	"vereda/survey/record"
)

// formatBefore is the format of files that knew one collector and no centre. They have buckets that are no more, and lack others.
const formatBefore = "1"

// bucketRefused of formatBefore: interview, revision ID -> reason.
var bucketRefused = []byte("refused")

// bucketsSince are those that formatBefore does not have.
var bucketsSince = [][]byte{bucketArchives, bucketBatches, bucketReceipts, bucketPlaces, bucketSaid, bucketForgotten, bucketThere}

// migrate brings a file of formatBefore up to date, in one transaction. What a collector had is taken for answered by a centre without
// a name: it stays sent until the project's centre is met, which is then sent everything once more.
func migrate(tx *transaction) error {
	for _, name := range bucketsSince {
		if _, err := tx.CreateBucket(name); err != nil {
			return err
		}
	}
	waits := map[entryKey]bool{}
	err := each(tx.Bucket(bucketOutbox), nil, func(n, value []byte) error {
		w, err := parseWaiting(n, value)
		if err != nil {
			return err
		}
		waits[w.entryKey] = true
		return put(tx.Bucket(bucketPlaces), w.entryKey[:], n)
	})
	if err != nil {
		return err
	}
	if err := migrateReceipts(tx, waits); err != nil {
		return err
	}
	if err := tx.DeleteBucket(bucketRefused); err != nil && !errors.Is(err, bolterrors.ErrBucketNotFound) {
		return err
	}
	return put(tx.Bucket(bucketMeta), keyFormat, []byte(format))
}

// migrateReceipts writes down that a centre without a name answered for what does not wait.
func migrateReceipts(tx *transaction, waits map[entryKey]bool) error {
	refused := map[entryKey]string{}
	if b := tx.Bucket(bucketRefused); b != nil {
		err := each(b, nil, func(k, reason []byte) error {
			if key, ok := parseKey(k); ok {
				refused[key] = string(reason)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return each(tx.Bucket(bucketRevisions), nil, func(k, _ []byte) error {
		key, ok := parseKey(k)
		if !ok || waits[key] {
			return nil
		}
		r := receipt{Status: record.Stored, Central: true}
		if reason, ok := refused[key]; ok {
			r.Status, r.Reason = record.Refused, reason
		}
		return putJSON(tx.Bucket(bucketReceipts), receiptKey(key, ""), r)
	})
}

// understood is what this program understands of entries; it changes whenever a kind, or a version of one, comes to it. What a program
// that understood something else set aside is read again.
const understood = "2"

// tidy clears away what files that were only half taken left behind, and reads again what was set aside by a program that understood less.
func (s *Store) tidy() error {
	current := false
	err := s.view(func(tx *transaction) error {
		found, err := get(tx.Bucket(bucketMeta), keyUnderstood)
		current = bytes.Equal(found, []byte(understood))
		if errors.Is(err, ErrNotFound) {
			err = nil
		}
		return err
	})
	if err == nil && !current {
		err = s.update(func(tx *transaction) error {
			return errors.Join(reread(tx), put(tx.Bucket(bucketMeta), keyUnderstood, []byte(understood)))
		})
		if errors.Is(err, ErrFull) {
			err = nil // a full disk keeps nobody out: the next time will do
		}
	}
	return errors.Join(err, s.sweepMedia())
}
