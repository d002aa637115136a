package device

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
)

// Key is a device's (or project's) private key, Ed25519. The zero Key can do nothing.
type Key struct {
	private ed25519.PrivateKey
}

// keyVersion is the first byte of a marshalled key.
const keyVersion = 1

const marshalledKeySize = 1 + ed25519.SeedSize + ed25519.PublicKeySize

// ErrKey says that bytes are not what Key.Marshal wrote.
var ErrKey = errors.New("device: damaged private key")

// NewKey makes a key from 32 bytes of random.
func NewKey(random io.Reader) (Key, error) {
	seed := make([]byte, ed25519.SeedSize)
	if _, err := io.ReadFull(random, seed); err != nil {
		return Key{}, fmt.Errorf("device: no randomness for a key: %w", err)
	}
	return Key{ed25519.NewKeyFromSeed(seed)}, nil
}

// ParseKey reads what Key.Marshal wrote. It fails with ErrKey when so much as a bit differs.
func ParseKey(b []byte) (Key, error) {
	if len(b) != marshalledKeySize || b[0] != keyVersion {
		return Key{}, ErrKey
	}
	k := Key{ed25519.NewKeyFromSeed(b[1 : 1+ed25519.SeedSize])}
	if !bytes.Equal(k.Public(), b[1+ed25519.SeedSize:]) {
		return Key{}, ErrKey
	}
	return k, nil
}

// Marshal returns the key as 65 bytes to keep in a safe place: version 1, the seed, and the public key as a check.
func (k Key) Marshal() []byte {
	b := make([]byte, 0, marshalledKeySize)
	b = append(b, keyVersion)
	b = append(b, k.private.Seed()...)
	return append(b, k.Public()...)
}

// Public returns the public key; nil for the zero Key.
func (k Key) Public() ed25519.PublicKey {
	if len(k.private) != ed25519.PrivateKeySize {
		return nil
	}
	return ed25519.PublicKey(k.private[ed25519.SeedSize:])
}

// IsZero reports whether k is no key.
func (k Key) IsZero() bool { return len(k.private) == 0 }

// ID returns the ID of the key's public half.
func (k Key) ID() ID { return IDOf(k.Public()) }

// Sign signs message for one purpose ("batch", "certificate", "exchange", "enrol"): a signature for one is none for
// another. It returns 64 bytes. What is signed is "vereda", a blank, the purpose, a zero byte and the message; a purpose
// has no zero byte in it.
func (k Key) Sign(purpose string, message []byte) []byte {
	return ed25519.Sign(k.private, framed(purpose, message))
}

// Verify checks a signature made by Key.Sign. Keys and signatures of a wrong length are simply not right.
func Verify(public ed25519.PublicKey, purpose string, message, signature []byte) bool {
	return len(public) == ed25519.PublicKeySize && ed25519.Verify(public, framed(purpose, message), signature)
}

// framed is what is really signed.
func framed(purpose string, message []byte) []byte {
	b := make([]byte, 0, len("vereda ")+len(purpose)+1+len(message))
	b = append(b, "vereda "...)
	b = append(b, purpose...)
	b = append(b, 0)
	return append(b, message...)
}
