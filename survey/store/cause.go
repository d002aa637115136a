package store

import (
	"io"
	"log"
	"sync/atomic"

	bolt "go.etcd.io/bbolt"
)

// causes listens to bbolt's log for the errors of the operating system: bbolt returns some of them as text, from
// which nobody should have to guess that the disk is full. It prints nothing.
type causes struct {
	bolt.Logger
	last atomic.Pointer[error]
}

func newCauses() *causes {
	return &causes{Logger: &bolt.DefaultLogger{Logger: log.New(io.Discard, "", 0)}}
}

// Errorf remembers the error among args.
func (c *causes) Errorf(_ string, args ...any) {
	for _, arg := range args {
		if err, ok := arg.(error); ok && isFull(err) {
			c.last.Store(&err)
		}
	}
}

// forget begins a new transaction.
func (c *causes) forget() { c.last.Store(nil) }

// full returns the error that says that the disk is full; nil when none did.
func (c *causes) full() error {
	if err := c.last.Load(); err != nil {
		return *err
	}
	return nil
}
