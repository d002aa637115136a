package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"

	bolt "go.etcd.io/bbolt"

	"vereda/survey/store/seal"
)

// transaction is a transaction of the file that knows how its values are written.
type transaction struct {
	*bolt.Tx
	vault vault
}

// Bucket returns a bucket by its name; nil where there is none.
func (tx *transaction) Bucket(name []byte) *bucket {
	b := tx.Tx.Bucket(name)
	if b == nil {
		return nil
	}
	return &bucket{Bucket: b, name: name, vault: tx.vault}
}

// bucket is a bucket that knows its name. What Get and cursors return is a value as it lies in the file: get and each
// make of it what was put.
type bucket struct {
	*bolt.Bucket
	name  []byte
	vault vault
}

// put keeps a value with its checksum; sealed, where the store has a PIN.
func put(b *bucket, key, value []byte) error {
	if !b.vault.seals(b.name, key) {
		framed := make([]byte, len(value), len(value)+checksumSize)
		copy(framed, value)
		return b.Put(key, frame(key, framed, 0))
	}
	if b.vault.cipher == nil {
		return ErrSealed
	}
	sealed, err := b.vault.cipher.Seal(place(b.name, key), value)
	if err != nil {
		return err
	}
	return b.Put(key, frame(key, sealed, sealedMark))
}

// get returns a value: ErrNotFound where there is none, *DamageError where its checksum says that it is broken. It
// belongs to the transaction.
func get(b *bucket, key []byte) ([]byte, error) {
	framed := b.Get(key)
	if framed == nil {
		return nil, ErrNotFound
	}
	return b.unframe(key, framed)
}

// unframe makes of what lies in the file what was put.
func (b *bucket) unframe(key, framed []byte) ([]byte, error) {
	value, sealed, err := parseFrame(key, framed)
	switch {
	case err != nil:
		return nil, err
	case !sealed && b.vault.mode == seal.On && b.vault.seals(b.name, key):
		return nil, damaged(key, errors.New("the value is not sealed"))
	case !sealed:
		return value, nil
	case b.vault.cipher == nil:
		return nil, ErrSealed
	}
	value, err = b.vault.cipher.Open(place(b.name, key), value)
	if err != nil {
		return nil, damaged(key, err)
	}
	return value, nil
}

// The checksum behind a value says also whether the value is sealed: that of a sealed one is changed by a mark, so that no
// checksum is both.
const (
	checksumSize = 4
	sealedMark   = 0x5ea1ed01
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func checksum(key, value []byte) uint32 {
	return crc32.Update(crc32.Checksum(key, castagnoli), castagnoli, value)
}

// frame appends the checksum to a value.
func frame(key, value []byte, mark uint32) []byte {
	return binary.BigEndian.AppendUint32(value, checksum(key, value)^mark)
}

// parseFrame takes the checksum off a value, and says whether the value is sealed.
func parseFrame(key, framed []byte) (value []byte, sealed bool, err error) {
	if len(framed) < checksumSize {
		return nil, false, damaged(key, errors.New("the value is cut off"))
	}
	value = framed[: len(framed)-checksumSize : len(framed)-checksumSize]
	switch binary.BigEndian.Uint32(framed[len(value):]) ^ checksum(key, value) {
	case 0:
		return value, false, nil
	case sealedMark:
		return value, true, nil
	}
	return nil, false, damaged(key, errors.New("the checksum is wrong"))
}

func damaged(key []byte, cause error) error {
	return &DamageError{fmt.Sprintf("key %.40q", key), cause}
}

// place is what a sealed value is bound to.
func place(bucket, key []byte) []byte {
	return bytes.Join([][]byte{bucket, key}, []byte{0})
}
