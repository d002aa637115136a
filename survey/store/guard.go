package store

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// view runs do in a read transaction, update in a write transaction that is durable when it returns nil. What do
// gets from the transaction is not to be kept. While the store is locked both return ErrSealed.
func (s *Store) view(do func(tx *transaction) error) error {
	return s.read(func(tx *transaction) error {
		if tx.vault.locked() {
			return ErrSealed
		}
		return do(tx)
	})
}

func (s *Store) update(do func(tx *transaction) error) error {
	return s.write(func(tx *transaction) error {
		if tx.vault.locked() {
			return ErrSealed
		}
		return do(tx)
	})
}

// read and write are view and update of what a locked store does too. No transaction is begun within another: the file
// may be exchanged between the two.
func (s *Store) read(do func(tx *transaction) error) error {
	s.exchange.RLock()
	defer s.exchange.RUnlock()
	return guarded("read", func() error {
		return s.db.View(func(tx *bolt.Tx) error { return do(&transaction{tx, s.vaultNow()}) })
	})
}

func (s *Store) write(do func(tx *transaction) error) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	return s.writeLocked(do)
}

// writeLocked is write for who holds writing.
func (s *Store) writeLocked(do func(tx *transaction) error) error {
	s.causes.forget()
	err := guarded("write", func() error {
		return s.db.Update(func(tx *bolt.Tx) error { return do(&transaction{tx, s.vaultNow()}) })
	})
	if full := s.causes.full(); err != nil && full != nil && !errors.Is(err, ErrFull) {
		return fmt.Errorf("%w: %w", ErrFull, full)
	}
	return err
}

// guarded turns what bbolt does about broken pages (it panics, or reads beyond the end of the file) into a
// *DamageError, and a full disk into ErrFull.
func guarded(where string, do func() error) (err error) {
	before := debug.SetPanicOnFault(true)
	defer debug.SetPanicOnFault(before)
	defer func() {
		if r := recover(); r != nil {
			err = &DamageError{where, fmt.Errorf("%v", r)}
		}
	}()
	err = do()
	switch {
	case err != nil && isFull(err):
		return fmt.Errorf("%w: %w", ErrFull, err)
	case errors.Is(err, bolterrors.ErrTimeout):
		return ErrLocked
	}
	return err
}

func putJSON(b *bucket, key []byte, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return put(b, key, text)
}

func getJSON(b *bucket, key []byte, v any) error {
	text, err := get(b, key)
	if err != nil {
		return err
	}
	return decodeJSON(key, text, v)
}

func decodeJSON(key, text []byte, v any) error {
	if err := json.Unmarshal(text, v); err != nil {
		return &DamageError{fmt.Sprintf("key %.40q", key), err}
	}
	return nil
}

// each calls do for all keys that begin with prefix, in order, without the prefix. do does not change the bucket.
func each(b *bucket, prefix []byte, do func(rest, value []byte) error) error {
	c := b.Cursor()
	for k, framed := c.Seek(prefix); k != nil && len(k) >= len(prefix) && string(k[:len(prefix)]) == string(prefix); k, framed = c.Next() {
		value, err := b.unframe(k, framed)
		if err != nil {
			return err
		}
		if err := do(k[len(prefix):], value); err != nil {
			return err
		}
	}
	return nil
}

// clearPrefix deletes all keys that begin with prefix.
func clearPrefix(b *bucket, prefix []byte) error {
	var keys [][]byte
	c := b.Cursor()
	for k, _ := c.Seek(prefix); k != nil && len(k) >= len(prefix) && string(k[:len(prefix)]) == string(prefix); k, _ = c.Next() {
		keys = append(keys, append([]byte(nil), k...))
	}
	for _, k := range keys {
		if err := b.Delete(k); err != nil {
			return err
		}
	}
	return nil
}

// number returns the key of a number.
func number(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }
