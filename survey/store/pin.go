package store

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"time"

	"vereda/survey/store/seal"
)

// ErrSealed says that the interviews are encrypted, and nobody has given the PIN yet. ErrProtected says that the store has a
// PIN already, ErrOpen that it has none.
var (
	ErrSealed    = errors.New("store: the interviews are encrypted: the PIN is needed")
	ErrProtected = errors.New("store: there is a PIN already")
	ErrOpen      = errors.New("store: there is no PIN")
)

// PINError says that a PIN, or a recovery code, was wrong, or was not tried because one has to wait after so many wrong ones.
type PINError struct {
	Wrong bool
	Wait  time.Duration // until the next try
}

func (e *PINError) Error() string {
	switch {
	case !e.Wrong:
		return fmt.Sprintf("store: after so many wrong PINs the next try has to wait %s", e.Wait.Round(time.Second))
	case e.Wait > 0:
		return fmt.Sprintf("store: the PIN is wrong; the next try has to wait %s", e.Wait.Round(time.Second))
	}
	return "store: the PIN is wrong"
}

// Means are what sealing takes from outside.
type Means struct {
	Now    func() time.Time // only differences count: where it has a monotonic reading, setting the clock changes nothing
	Random io.Reader        // for keys and nonces; safe for concurrent use
	Cost   seal.Cost        // of a new PIN; zero: tuned to this machine
}

func (m Means) cost() seal.Cost {
	if m.Cost == (seal.Cost{}) {
		return seal.Tune(m.Now)
	}
	return m.Cost
}

// Protected reports whether the store has a PIN.
func (s *Store) Protected() bool { return s.vaultNow().mode != "" }

// Locked reports whether the store has a PIN that nobody has given yet. Until Unlock all verbs return ErrSealed, but for those
// about the PIN and for the settings "language" and "text-size".
func (s *Store) Locked() bool { return s.vaultNow().locked() }

// Lock forgets the key. What is under way is finished.
func (s *Store) Lock() { s.setVault(vault{mode: s.vaultNow().mode}, nil) }

// Unlock opens the store with its PIN. *PINError when it is the wrong one, or when one has to wait. What an interrupted
// Protect or Unprotect left undone is for Resume.
func (s *Store) Unlock(pin string, m Means) error {
	l, key, err := s.try(m, func(l seal.Lock) (*seal.Key, error) { return l.PIN.Open(pin) })
	if err != nil {
		return err
	}
	return s.open(l, key, m)
}

// open makes a key the store's, after it was tried.
func (s *Store) open(l seal.Lock, key *seal.Key, m Means) error {
	cipher := seal.NewCipher(key, m.Random)
	if err := l.CheckMode(cipher); err != nil {
		return &DamageError{"pin", err}
	}
	if err := s.forgive(l); err != nil {
		return err
	}
	s.setVault(vault{l.Mode, cipher}, key)
	return s.tidy()
}

// CheckPIN reports whether a PIN is the store's, before it is asked for more: *PINError as of Unlock. Nothing else changes; it counts as a try.
func (s *Store) CheckPIN(pin string, m Means) error {
	l, _, err := s.try(m, func(l seal.Lock) (*seal.Key, error) { return l.PIN.Open(pin) })
	if err != nil {
		return err
	}
	return s.forgive(l)
}

// forgive forgets the wrong PINs before a right one.
func (s *Store) forgive(l seal.Lock) error {
	l.Failed = 0
	err := s.write(func(tx *transaction) error { return putLock(tx, l) })
	if err != nil && !errors.Is(err, ErrFull) { // a full disk keeps nobody out
		return err
	}
	s.keys.unstored = 0
	return nil
}

// try opens the lock with a PIN or a code. A try is counted before it is made, so that ending the program in the middle
// of it does not make it free.
func (s *Store) try(m Means, open func(seal.Lock) (*seal.Key, error)) (l seal.Lock, key *seal.Key, err error) {
	s.keys.trying.Lock()
	defer s.keys.trying.Unlock()
	if wait, err := s.wait(m.Now()); err != nil || wait > 0 {
		return l, nil, cmp.Or[error](err, &PINError{Wait: wait})
	}
	err = s.write(func(tx *transaction) (err error) {
		if l, err = getLock(tx); err == nil {
			l.Failed++
			err = putLock(tx, l)
		}
		return err
	})
	if errors.Is(err, ErrFull) {
		s.keys.unstored++
		err = nil
	}
	if err != nil {
		return l, nil, noLock(err)
	}
	if key, err = open(l); errors.Is(err, seal.ErrWrong) {
		s.keys.since = m.Now()
		err = &PINError{Wrong: true, Wait: seal.Wait(l.Failed + s.keys.unstored)}
	}
	return l, key, err
}

func noLock(err error) error {
	if errors.Is(err, ErrNotFound) {
		return ErrOpen
	}
	return err
}

// Wait returns how long one has to wait until the next PIN is tried; it counts from the last wrong one, and when the program was started since then from
// the first time that it asked: what the clock says meanwhile plays no part. Only the number of wrong ones is kept.
func (s *Store) Wait(now time.Time) (time.Duration, error) {
	s.keys.trying.Lock()
	defer s.keys.trying.Unlock()
	return s.wait(now)
}

func (s *Store) wait(now time.Time) (time.Duration, error) {
	var l seal.Lock
	err := s.read(func(tx *transaction) (err error) {
		l, err = getLock(tx)
		return err
	})
	if err != nil {
		return 0, noLock(err)
	}
	if s.keys.since.IsZero() {
		s.keys.since = now
	}
	whole := seal.Wait(l.Failed + s.keys.unstored)
	return min(max(whole-now.Sub(s.keys.since), 0), whole), nil
}

// Protect gives the store a PIN of 4 to 12 digits (seal.ErrDigits). From then on everything is written sealed; what is there is sealed by Resume, which
// it calls, in small transactions between which others go on. progress, which may be nil, is told the part that is done. Interrupted at any
// moment, the store has the PIN or has none, and whatever is not sealed yet still opens.
func (s *Store) Protect(pin string, m Means, progress func(part float64)) error {
	if err := seal.CheckPIN(pin); err != nil {
		return err
	}
	if s.Protected() {
		return ErrProtected
	}
	key, err := seal.NewKey(m.Random)
	if err != nil {
		return err
	}
	cipher := seal.NewCipher(key, m.Random)
	var l seal.Lock
	if err := errors.Join(l.SetPIN(key, pin, m.cost(), m.Random), l.SetMode(seal.TurningOn, cipher)); err != nil {
		return err
	}
	if err := s.turn(l, key, cipher); err != nil {
		return err
	}
	return s.Resume(progress)
}

// Unprotect takes the PIN away, and the seal from all that is there. Interrupted at any moment, the store still has the PIN or has none.
func (s *Store) Unprotect(pin string, m Means, progress func(part float64)) error {
	l, key, err := s.try(m, func(l seal.Lock) (*seal.Key, error) { return l.PIN.Open(pin) })
	if err != nil {
		return err
	}
	cipher := seal.NewCipher(key, m.Random)
	l.Failed = 0
	if err := errors.Join(l.CheckMode(cipher), l.SetMode(seal.TurningOff, cipher)); err != nil {
		return &DamageError{"pin", err}
	}
	if err := s.turn(l, key, cipher); err != nil {
		return err
	}
	return s.Resume(progress)
}

// turn begins to write values in another way. It waits for a Resume that is under way.
func (s *Store) turn(l seal.Lock, key *seal.Key, cipher *seal.Cipher) error {
	s.keys.turning.Lock()
	defer s.keys.turning.Unlock()
	s.writing.Lock()
	defer s.writing.Unlock()
	err := s.writeLocked(func(tx *transaction) error {
		return errors.Join(putLock(tx, l), put(tx.Bucket(bucketMeta), keyFormat, []byte(formatSealed)))
	})
	if err == nil {
		s.setVault(vault{l.Mode, cipher}, key)
	}
	return err
}

// ChangePIN gives the store another PIN, and writes no interview again. What could be opened with the old one is wiped from the file.
func (s *Store) ChangePIN(old, pin string, m Means) error {
	if err := seal.CheckPIN(pin); err != nil {
		return err
	}
	l, key, err := s.try(m, func(l seal.Lock) (*seal.Key, error) { return l.PIN.Open(old) })
	if err != nil {
		return err
	}
	return s.relock(l, key, pin, m)
}

// Recover opens the store with its recovery code and gives it a new PIN. The code is used up: SetRecovery gives another. seal.ErrNoCode where
// there never was one.
func (s *Store) Recover(code, pin string, m Means) error {
	if err := seal.CheckPIN(pin); err != nil {
		return err
	}
	l, key, err := s.try(m, func(l seal.Lock) (*seal.Key, error) { return l.Recovery.Open(code) })
	if err != nil {
		return err
	}
	l.Recovery = nil
	return s.relock(l, key, pin, m)
}

// relock locks the key up under another PIN.
func (s *Store) relock(l seal.Lock, key *seal.Key, pin string, m Means) error {
	if err := l.SetPIN(key, pin, m.cost(), m.Random); err != nil {
		return err
	}
	if err := s.write(func(tx *transaction) error { return putLock(tx, l) }); err != nil {
		return err
	}
	if err := s.open(l, key, m); err != nil {
		return err
	}
	return s.wipeFree()
}

// SetRecovery locks the key up under a recovery code too, in the place of the one before. The code must be hard to guess by itself (100 bits);
// request is the code encrypted to the recipient, the project's coordinators. ErrSealed while the store is locked, ErrOpen without a PIN.
func (s *Store) SetRecovery(code, recipient string, request []byte, m Means) error {
	key := s.keyNow()
	if key == nil {
		if s.Locked() {
			return ErrSealed
		}
		return ErrOpen
	}
	defer key.Wipe()
	r, err := seal.NewRecovery(key, code, recipient, request, m.Random)
	if err != nil {
		return err
	}
	return s.update(func(tx *transaction) error {
		l, err := getLock(tx)
		if err != nil {
			return noLock(err)
		}
		l.Recovery = r
		return putLock(tx, l)
	})
}

// Recovery returns to whom the recovery code is encrypted, and the code so encrypted; also of a locked store. seal.ErrNoCode where there is none.
func (s *Store) Recovery() (recipient string, request []byte, err error) {
	err = s.read(func(tx *transaction) error {
		l, err := getLock(tx)
		if err == nil && l.Recovery == nil {
			err = seal.ErrNoCode
		}
		if err == nil {
			recipient, request = l.Recovery.Recipient, l.Recovery.Request
		}
		return noLock(err)
	})
	return recipient, request, err
}
