// # PIN
//
// In a store with a PIN (Protect) every value is sealed as package seal says, for its bucket and key; but for those of bucket meta, where the
// lock lies under "pin", and of a few settings that are about nobody. The checksum behind a value says whether it is sealed: both sorts lie
// beside each other while a PIN is made or taken away. Until Unlock, all verbs but those about the PIN return ErrSealed.
package store

import (
	"bytes"
	"errors"
	"sync"
	"time"

	"vereda/survey/store/seal"
)

// vault is how the values of a store are written and read at a moment. The zero vault is that of a store without a PIN.
type vault struct {
	mode   seal.Mode
	cipher *seal.Cipher // nil while the store is locked
}

// locked reports whether the store has a PIN that nobody has given yet.
func (v vault) locked() bool { return v.mode != "" && v.cipher == nil }

// seals reports whether a value is to be sealed where it lies. Open to all are the few things that a locked store needs:
// its format, the lock itself, and the settings of the page that asks for the PIN.
func (v vault) seals(bucket, key []byte) bool {
	if v.mode != seal.On && v.mode != seal.TurningOn || bytes.Equal(bucket, bucketMeta) {
		return false
	}
	return !bytes.Equal(bucket, bucketSettings) || !isOpenSetting(string(bytes.TrimPrefix(key, []byte("s"))))
}

// openSettings are readable without the PIN: they are about no person.
var openSettings = map[string]bool{"language": true, "text-size": true}

func isOpenSetting(name string) bool { return openSettings[name] }

// keyring is the part of a Store that holds its key.
type keyring struct {
	mu    sync.Mutex
	vault vault
	key   *seal.Key // nil while locked, and without a PIN

	trying   sync.Mutex // one PIN at a time
	since    time.Time  // when waiting for the next try began; zero: not before somebody asks
	unstored int        // wrong tries that a full disk kept from being counted
	turning  sync.Mutex // one Resume at a time
}

// vaultNow is called within a transaction: a vault that is younger than the transaction still reads what it sees.
func (s *Store) vaultNow() vault {
	s.keys.mu.Lock()
	defer s.keys.mu.Unlock()
	return s.keys.vault
}

func (s *Store) setVault(v vault, key *seal.Key) {
	s.keys.mu.Lock()
	defer s.keys.mu.Unlock()
	if old := s.keys.key; old != nil && old != key {
		old.Wipe()
	}
	s.keys.vault, s.keys.key = v, key
}

// keyNow returns a copy of the key, for the caller to wipe; nil while locked, and without a PIN.
func (s *Store) keyNow() *seal.Key {
	s.keys.mu.Lock()
	defer s.keys.mu.Unlock()
	if s.keys.key == nil {
		return nil
	}
	k := *s.keys.key
	return &k
}

// keyLock is where a store with a PIN keeps its seal.Lock, in bucket meta.
var keyLock = []byte("pin")

// formatSealed is the format of a file that has a PIN: a program that does not know of PINs refuses it.
const formatSealed = format + "-pin"

// getLock reads the lock of a store with a PIN. ErrNotFound without one.
func getLock(tx *transaction) (seal.Lock, error) {
	b, err := get(tx.Bucket(bucketMeta), keyLock)
	if err != nil {
		return seal.Lock{}, err
	}
	l, err := seal.ParseLock(b)
	if err != nil {
		return l, &DamageError{"pin", err}
	}
	return l, nil
}

func putLock(tx *transaction, l seal.Lock) error {
	return putJSON(tx.Bucket(bucketMeta), keyLock, l)
}

// findLock learns when a file is opened whether it has a PIN.
func (s *Store) findLock(tx *transaction, found string) error {
	l, err := getLock(tx)
	switch {
	case found == format && errors.Is(err, ErrNotFound):
		return nil
	case err == nil && found == format:
		err = errors.New("there is a PIN in a file without one")
	case errors.Is(err, ErrNotFound):
		err = errors.New("the lock is gone")
	}
	if err != nil {
		return &DamageError{"pin", err}
	}
	s.setVault(vault{mode: l.Mode}, nil)
	return nil
}
