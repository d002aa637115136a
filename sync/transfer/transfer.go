// Package transfer is both ends of the wire: the tablet's client and the collector's handler. docs/sync-protocol.md is its
// specification.
//
// One round trip does the usual work. The client sends an ask and a batch of what waits; the handler stores the batch, and
// answers with a receipt for every entry and a batch of what is new for this device. Nothing leaves the outbox before
// its receipt; a receipt is given after the commit. Everything may be repeated: a lost request, a lost answer and a
// doubled request cost bytes and nothing else.
//
// What the caller of a Client must do:
//
//  1. Call Sync whenever there may be a link, and again after a *RetryError: not before Backoff.Next, nor before RetryError.After.
//  2. Not hold anything else back meanwhile: interviews may be answered and finalized while Sync runs.
//  3. Show other errors to a person; repeating does not mend them.
package transfer

import (
	"time"

	"vereda/survey/record"
	"vereda/sync/device"
)

// protocol is the version of the wire that this package speaks.
const protocol = 1

// Outbox is what the client needs of a tablet's store.
type Outbox interface {
	// Pending returns entries that wait, oldest first, at most n and about size bytes; one at least when any waits.
	Pending(n, size int) ([]record.Entry, error)
	// Waiting returns how many entries wait.
	Waiting() (int, error)
	// Settle takes receipts. Every status makes its entry leave the queue.
	Settle([]record.Receipt) error
	// Cursor returns how far this tablet has read from the collector; 0 at first.
	Cursor() (uint64, error)
	// Accept keeps what came from the collector, and the cursor behind it, in one transaction.
	Accept(entries []record.Entry, cursor uint64) error
}

// Membership is what a device keeps of its enrolment. As JSON it is the tablet's setting "membership".
type Membership struct {
	V           int                `json:"v"`
	Project     device.Project     `json:"project"`
	Address     string             `json:"address"`
	Fingerprint string             `json:"fingerprint,omitempty"`
	Key         []byte             `json:"key"` // device.Key.Marshal
	Certificate device.Certificate `json:"certificate"`
}

// Report is what a sync did.
type Report struct {
	Sent, Refused, Waiting int // entries
	Received               int
	BytesUp, BytesDown     int64 // of bodies
	RoundTrips             int
	ClockAhead             time.Duration // of this device, against the collector; to about half a round trip
}
