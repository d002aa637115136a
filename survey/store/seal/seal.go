// Package seal encrypts the values of a tablet's store under one random key, and locks that key up: under a PIN, and
// under a recovery code that only the project's coordinators can read.
//
// # Values
//
// A Cipher seals each value with XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03): a random nonce of 24 bytes, the
// encrypted value, a tag of 16 bytes. The value's place, which is given again to open it, is authenticated with it, so
// that no value can be moved to another place.
//
// # The key
//
// A Lock is what is kept of the key: the key encrypted under a key that argon2id (RFC 9106) makes of the PIN, and, once
// the project's recovery key is known, encrypted under a key that HKDF makes of a recovery code. Another PIN is
// another Lock over the same key: no value is written again.
package seal

import (
	"crypto/cipher"
	"errors"
	"fmt"
	"io"

	"golang.org/x/crypto/chacha20poly1305"
)

// Overhead is how many bytes a sealed value is longer than the value.
const Overhead = chacha20poly1305.NonceSizeX + chacha20poly1305.Overhead

// ErrOpen says that a value was not sealed with this key for this place, or was changed since.
var ErrOpen = errors.New("seal: the value does not belong here or was changed")

// Key is the key of all values of one store.
type Key [chacha20poly1305.KeySize]byte

// NewKey makes a key.
func NewKey(random io.Reader) (*Key, error) {
	k := new(Key)
	if _, err := io.ReadFull(random, k[:]); err != nil {
		return nil, noRandomness(err)
	}
	return k, nil
}

// Wipe forgets the key, as far as the language allows: copies that the runtime or the cipher made are beyond reach.
func (k *Key) Wipe() { clear(k[:]) }

// Cipher seals and opens values. Safe for concurrent use if its source of randomness is.
type Cipher struct {
	aead   cipher.AEAD
	random io.Reader
}

// NewCipher returns the cipher of a key. random gives the nonces.
func NewCipher(k *Key, random io.Reader) *Cipher {
	aead, err := chacha20poly1305.NewX(k[:])
	if err != nil {
		panic(err) // only a key of another length is refused
	}
	return &Cipher{aead, random}
}

// Seal encrypts a value for a place.
func (c *Cipher) Seal(place, value []byte) ([]byte, error) {
	sealed := make([]byte, chacha20poly1305.NonceSizeX, len(value)+Overhead+8) // room for a checksum
	if _, err := io.ReadFull(c.random, sealed); err != nil {
		return nil, noRandomness(err)
	}
	return c.aead.Seal(sealed, sealed, value, place), nil
}

// Open decrypts what Seal made for the same place. ErrOpen otherwise.
func (c *Cipher) Open(place, sealed []byte) ([]byte, error) {
	if len(sealed) < Overhead {
		return nil, ErrOpen
	}
	nonce, text := sealed[:chacha20poly1305.NonceSizeX], sealed[chacha20poly1305.NonceSizeX:]
	value, err := c.aead.Open(make([]byte, 0, len(text)), nonce, text, place)
	if err != nil {
		return nil, ErrOpen
	}
	return value, nil
}

func noRandomness(err error) error { return fmt.Errorf("seal: no randomness: %w", err) }
