package store

import (
	"bytes"
	"errors"

	"vereda/survey/store/seal"
)

// How much one transaction turns: so little that an answer does not wait for it.
const (
	turnWritten = 1 << 20  // bytes
	turnRead    = 16 << 20 // bytes
	turnValues  = 500
)

// Resume goes on with a Protect or Unprotect that was interrupted, to its end: nothing where nothing is left to do. ErrSealed while the store
// is locked. ErrFull when there is no room for the fresh file that Protect ends with: everything is sealed then, but what was
// there before may still be read in the file's unused pages until a later Resume finds room.
func (s *Store) Resume(progress func(part float64)) error {
	s.keys.turning.Lock()
	defer s.keys.turning.Unlock()
	mode := s.vaultNow().mode
	if mode != seal.TurningOn && mode != seal.TurningOff {
		return nil
	}
	if progress == nil {
		progress = func(float64) {}
	}
	if err := s.turnAll(progress); err != nil {
		return err
	}
	if mode == seal.TurningOff {
		return s.endProtection()
	}
	return s.writeFresh()
}

// turnAll seals all values, or takes the seal from them.
func (s *Store) turnAll(progress func(part float64)) error {
	done := 0.0
	for _, name := range buckets {
		if bytes.Equal(name, bucketMeta) {
			continue
		}
		for from, more := []byte(nil), true; more; {
			var read, size int
			err := s.update(func(tx *transaction) (err error) {
				size = int(tx.Size())
				from, read, err = turnSome(tx.Bucket(name), from)
				return err
			})
			if err != nil {
				return err
			}
			more = from != nil
			done += float64(read)
			progress(min(done/float64(max(size, 1)), 1))
		}
	}
	return nil
}

// turnSome turns some values of a bucket, from a key on. next is where it goes on; nil at the end.
func turnSome(b *bucket, from []byte) (next []byte, read int, err error) {
	var keys, values [][]byte
	written := 0
	if b == nil {
		return nil, 0, nil
	}
	c := b.Cursor()
	k, framed := c.Seek(from)
	for ; k != nil && read < turnRead && written < turnWritten && len(keys) < turnValues; k, framed = c.Next() {
		read += len(k) + len(framed)
		turned, err := b.turned(k, framed)
		if err != nil {
			return nil, read, err
		}
		if turned != nil {
			keys, values = append(keys, bytes.Clone(k)), append(values, turned)
			written += len(turned)
		}
	}
	next = bytes.Clone(k)
	for i, key := range keys {
		if err := b.Put(key, values[i]); err != nil {
			return nil, read, err
		}
	}
	return next, read, nil
}

// turned returns a value as it should lie in the file; nil when it does already. A value that is broken is sealed as it lies
// there: it may hold what nobody should read, and stays the broken value that it was.
func (b *bucket) turned(key, framed []byte) ([]byte, error) {
	value, sealed, broken := parseFrame(key, framed)
	if b.vault.seals(b.name, key) {
		switch {
		case broken != nil:
			return b.sealFor(brokenPlace(b.name, key), key, framed)
		case sealed:
			return nil, nil
		}
		return b.sealFor(place(b.name, key), key, value)
	}
	if broken != nil || !sealed {
		return nil, nil
	}
	if raw, err := b.vault.cipher.Open(brokenPlace(b.name, key), value); err == nil {
		return raw, nil
	}
	plain, err := b.vault.cipher.Open(place(b.name, key), value)
	if err != nil {
		return nil, nil // broken while it was sealed: nobody can open it
	}
	return frame(key, plain, 0), nil
}

func (b *bucket) sealFor(place, key, value []byte) ([]byte, error) {
	text, err := b.vault.cipher.Seal(place, value)
	if err != nil {
		return nil, err
	}
	return frame(key, text, sealedMark), nil
}

// brokenPlace is what a value is bound to that was broken when it was sealed. It is no other value's place.
func brokenPlace(bucket, key []byte) []byte {
	return append([]byte("\x00broken\x00"), place(bucket, key)...)
}

// endProtection takes the lock away, after nothing is sealed any more.
func (s *Store) endProtection() error {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.exchange.Lock() // nobody is reading with the key
	defer s.exchange.Unlock()
	err := s.writeLocked(func(tx *transaction) error {
		meta := tx.Bucket(bucketMeta)
		return errors.Join(meta.Delete(keyLock), put(meta, keyFormat, []byte(format)))
	})
	if err == nil {
		s.setVault(vault{}, nil)
	}
	return err
}
