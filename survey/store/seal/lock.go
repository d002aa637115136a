package seal

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"golang.org/x/crypto/chacha20poly1305"
)

// Errors that a person can do something about.
var (
	ErrWrong  = errors.New("seal: the PIN or the code is wrong")
	ErrDigits = errors.New("seal: a PIN has 4 to 12 digits")
	ErrNoCode = errors.New("seal: no recovery code was ever made for this key")
)

// Mode says how far the values are sealed.
type Mode string

// The modes. The zero Mode is that of a store without a PIN.
const (
	On         Mode = "on"          // all values are sealed
	TurningOn  Mode = "turning-on"  // new values are sealed, old ones maybe not yet
	TurningOff Mode = "turning-off" // new values are not sealed, old ones maybe still
)

// Lock is a key, locked up, as it is kept beside the values.
type Lock struct {
	V        int       `json:"v"` // 1
	Mode     Mode      `json:"mode"`
	Proof    []byte    `json:"proof"` // Mode, sealed with the key: nobody without it changes the mode
	PIN      PIN       `json:"pin"`
	Recovery *Recovery `json:"recovery,omitempty"` // nil while the project's recovery key is not known
	Failed   int       `json:"failed,omitempty"`   // wrong PINs since the last right one
}

// PIN is the key under a PIN.
type PIN struct {
	Cost Cost   `json:"cost"`
	Salt []byte `json:"salt"`
	Key  []byte `json:"key"`
}

// Recovery is the key under a recovery code.
type Recovery struct {
	Recipient string `json:"recipient"` // whose key reads Request
	Request   []byte `json:"request"`   // the code, encrypted to the recipient: opaque here
	Salt      []byte `json:"salt"`
	Key       []byte `json:"key"`
}

const (
	version  = 1
	saltSize = 16
	maxTaken = 64 << 10 // bytes of a Lock

	placePIN  = "vereda pin 1"
	placeCode = "vereda recovery code 1"
	placeMode = "vereda mode 1"
)

var wrappedSize = chacha20poly1305.KeySize + Overhead

// ParseLock reads a Lock. Whatever b is, what is returned without an error can be tried.
func ParseLock(b []byte) (Lock, error) {
	var l Lock
	if len(b) > maxTaken {
		return l, errors.New("seal: a lock of such a size")
	}
	if err := json.Unmarshal(b, &l); err != nil {
		return l, fmt.Errorf("seal: %w", err)
	}
	switch l.Mode {
	case On, TurningOn, TurningOff:
	default:
		return l, fmt.Errorf("seal: unknown mode %.20q", l.Mode)
	}
	if l.V != version || len(l.PIN.Salt) != saltSize || len(l.PIN.Key) != wrappedSize || l.Failed < 0 {
		return l, errors.New("seal: the lock is damaged")
	}
	if r := l.Recovery; r != nil && (len(r.Salt) != saltSize || len(r.Key) != wrappedSize) {
		return l, errors.New("seal: the recovery is damaged")
	}
	return l, l.PIN.Cost.check()
}

// CheckPIN returns ErrDigits unless a PIN has 4 to 12 digits.
func CheckPIN(pin string) error {
	for _, r := range pin {
		if r < '0' || r > '9' {
			return ErrDigits
		}
	}
	if len(pin) < 4 || len(pin) > 12 {
		return ErrDigits
	}
	return nil
}

// SetPIN locks a key under a PIN, in the place of the one before.
func (l *Lock) SetPIN(k *Key, pin string, cost Cost, random io.Reader) error {
	if err := errors.Join(CheckPIN(pin), cost.check()); err != nil {
		return err
	}
	salt, err := newSalt(random)
	if err != nil {
		return err
	}
	under := cost.derive([]byte(pin), salt)
	wrapped, err := wrap(k, under, placePIN, random)
	if err == nil {
		l.V, l.PIN, l.Failed = version, PIN{cost, salt, wrapped}, 0
	}
	return err
}

// Open returns the key; ErrWrong for another PIN. It takes as long as the PIN's cost says.
func (p PIN) Open(pin string) (*Key, error) {
	return unwrap(p.Key, p.Cost.derive([]byte(pin), p.Salt), placePIN)
}

// NewRecovery locks a key under a code, which must be hard to guess by itself: 100 bits or more. request is the code encrypted to
// the recipient.
func NewRecovery(k *Key, code, recipient string, request []byte, random io.Reader) (*Recovery, error) {
	salt, err := newSalt(random)
	if err != nil {
		return nil, err
	}
	under, err := fromCode(code, salt)
	if err != nil {
		return nil, err
	}
	wrapped, err := wrap(k, under, placeCode, random)
	return &Recovery{recipient, request, salt, wrapped}, err
}

// Open returns the key; ErrWrong for another code.
func (r *Recovery) Open(code string) (*Key, error) {
	if r == nil {
		return nil, ErrNoCode
	}
	under, err := fromCode(code, r.Salt)
	if err != nil {
		return nil, err
	}
	return unwrap(r.Key, under, placeCode)
}

// SetMode changes the mode.
func (l *Lock) SetMode(m Mode, c *Cipher) error {
	proof, err := c.Seal([]byte(placeMode), []byte(m))
	if err == nil {
		l.Mode, l.Proof = m, proof
	}
	return err
}

// CheckMode returns ErrOpen when somebody without the key changed the mode.
func (l *Lock) CheckMode(c *Cipher) error {
	mode, err := c.Open([]byte(placeMode), l.Proof)
	if err == nil && Mode(mode) != l.Mode {
		err = ErrOpen
	}
	return err
}

// waits are how long the next try has to wait after so many wrong ones.
var waits = []time.Duration{0, 0, 0, 10 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute}

// Wait returns how long the next try has to wait after so many wrong ones: nothing up to the second, then longer and
// longer, up to a quarter of an hour: all PINs of four digits take more than a hundred days.
func Wait(failed int) time.Duration { return waits[min(max(failed, 0), len(waits)-1)] }

func newSalt(random io.Reader) ([]byte, error) {
	salt := make([]byte, saltSize)
	if _, err := io.ReadFull(random, salt); err != nil {
		return nil, noRandomness(err)
	}
	return salt, nil
}

func fromCode(code string, salt []byte) (*Key, error) {
	b, err := hkdf.Key(sha256.New, []byte(code), salt, placeCode, chacha20poly1305.KeySize)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	defer clear(b)
	return (*Key)(append([]byte(nil), b...)), nil
}

// wrap encrypts a key under another, which is wiped.
func wrap(k, under *Key, place string, random io.Reader) ([]byte, error) {
	defer under.Wipe()
	return NewCipher(under, random).Seal([]byte(place), k[:])
}

// unwrap undoes wrap.
func unwrap(wrapped []byte, under *Key, place string) (*Key, error) {
	defer under.Wipe()
	b, err := NewCipher(under, nil).Open([]byte(place), wrapped)
	if err != nil || len(b) != len(Key{}) {
		return nil, ErrWrong
	}
	defer clear(b)
	return (*Key)(append([]byte(nil), b...)), nil
}
