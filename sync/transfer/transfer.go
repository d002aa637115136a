// Package transfer is both ends of the wire: the tablet's client and the collector's handler. docs/sync-protocol.md is its
// specification.
//
// One round trip does the usual work. The client sends an ask and a batch of what waits; the handler stores the batch, and
// answers with a receipt for every entry and a batch of what is new for this device. A receipt is given after the commit, and says
// that this archive has the entry; for good nothing leaves the outbox before the project's central collector has it, which its
// signature proves. Everything may be repeated: a lost request, a lost answer and a
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

// Outbox is what the client needs of a tablet's store. Each verb that changes something is one transaction, durable on return.
type Outbox interface {
	// Pending returns entries that the centre has not covered and an archive has not answered for, oldest first, at most n and about
	// size bytes; one at least when any waits. archive "": the one that answered last.
	Pending(archive string, n, size int) ([]record.Entry, error)
	// Waiting returns how many entries Pending would return without limits.
	Waiting(archive string) (int, error)
	// Settle takes the answer to a batch. Every status makes its entry leave the queue of that archive; the centre's for good.
	Settle(record.Settlement) error
	// Covered takes what the centre signed about a batch that reached it by another way. What is not known here is passed over.
	Covered(record.Coverage) error
	// Cursors returns how far this tablet has read from each collector, by archive; at most sixteen.
	Cursors() (map[string]uint64, error)
	// Accept keeps what came from a collector, and the cursor behind it.
	Accept(entries []record.Entry, archive string, cursor uint64) error
}

// Membership is what a device keeps of its enrolment. As JSON it is the tablet's setting "membership".
type Membership struct {
	V           int                `json:"v"`
	Project     device.Project     `json:"project"`
	Address     string             `json:"address"`
	Fingerprint string             `json:"fingerprint,omitempty"`
	Key         []byte             `json:"key"` // device.Key.Marshal
	Certificate device.Certificate `json:"certificate"`

	Rotations [][]byte             `json:"rotations,omitempty"` // all changes of the project's key that were heard of; Project.Key is the last one
	Before    []device.Certificate `json:"before,omitempty"`    // by former keys, the latest first: for collectors that have not heard of the new one
}

// Report is what a sync did, and what it has before it.
type Report struct {
	Sent, Refused, Waiting int   // entries
	Interviews             int   // that were taken, drafts included
	Received               int   // entries
	BytesUp, BytesDown     int64 // of bodies
	PhotosSent, Fetched    int   // files of answers that went up, and files of forms that came down
	PhotosBroken           int   // that cannot be read on this device any more, that the collector does not take, or that it has spoilt
	Photos                 int   // that the centre does not have yet
	PhotoBytes             int64 // of those
	RoundTrips             int
	ClockAhead             time.Duration // of this device, against the collector; to about half a round trip
	Remaining              time.Duration // for what waits, at the speed of this sync; 0 where nothing waits or nothing was sent yet
	Collector              string        // what the one that answers is called
	Central                bool          // it proved to be the project's centre
}
