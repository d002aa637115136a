package store

import (
	bolt "go.etcd.io/bbolt"
)

// transaction is a transaction of the file that knows how its values are written.
type transaction struct{ *bolt.Tx }

// Bucket returns a bucket by its name; nil where there is none.
func (tx *transaction) Bucket(name []byte) *bucket {
	b := tx.Tx.Bucket(name)
	if b == nil {
		return nil
	}
	return &bucket{Bucket: b, name: name}
}

// bucket is a bucket that knows its name. What Get and cursors return is a value as it lies in the file: get and each
// make of it what was put.
type bucket struct {
	*bolt.Bucket
	name []byte
}
