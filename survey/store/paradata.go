package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/google/uuid"
)

// Trace is a row of the log of how an interview was held: paradata. The store does not read it.
type Trace struct {
	N    uint64 // place in the interview's log; another row of the same number takes the place of the one before
	Line []byte
}

// Turn is Note, and keeps rows of the log with it: one transaction. ErrNotDraft of what is no draft.
func (s *Store) Turn(i Interview, traces []Trace) error {
	return s.update(func(tx *transaction) error {
		return errors.Join(noteDraft(tx, i), putTraces(tx, i.ID, traces))
	})
}

// Traces returns the log of an interview in order, of drafts and of finished ones; none where nothing was recorded on this tablet.
func (s *Store) Traces(interview uuid.UUID) (traces []Trace, err error) {
	err = s.view(func(tx *transaction) error {
		b := tx.Bucket(bucketParadata)
		if b == nil {
			return nil
		}
		return each(b, interview[:], func(n, line []byte) error {
			if len(n) != 8 {
				return &DamageError{"paradata", fmt.Errorf("a key ends with %d bytes", len(n))}
			}
			traces = append(traces, Trace{binary.BigEndian.Uint64(n), bytes.Clone(line)})
			return nil
		})
	})
	return traces, err
}

// putTraces keeps rows within the transaction of what they tell of.
func putTraces(tx *transaction, interview uuid.UUID, traces []Trace) error {
	if len(traces) == 0 {
		return nil
	}
	if _, err := tx.CreateBucketIfNotExists(bucketParadata); err != nil { // files of before there was a log lack it
		return err
	}
	b := tx.Bucket(bucketParadata)
	for _, t := range traces {
		key := binary.BigEndian.AppendUint64(append([]byte(nil), interview[:]...), t.N)
		if err := put(b, key, t.Line); err != nil {
			return err
		}
	}
	return nil
}

// forgetTraces removes the log of an interview.
func forgetTraces(tx *transaction, interview uuid.UUID) error {
	if b := tx.Bucket(bucketParadata); b != nil {
		return clearPrefix(b, interview[:])
	}
	return nil
}
