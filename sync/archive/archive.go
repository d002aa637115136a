// Package archive is the collector's database. Entries are stored as they came; merged interviews and the answers in
// columns are made from them, and can be made again (Reindex). docs/archive.md describes the tables and the reasons.
//
// An entry comes in at Receive or Publish and nowhere else. It is durable when they return. What was changed by it is
// merged later, in chunks, by Settle, which every reader calls first.
package archive

import (
	"context"
	"crypto/rand"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"vereda/survey/fieldwork"
	"vereda/survey/record"
	"vereda/sync/batch"
	"vereda/sync/device"
)

// Archive is an open database. Safe for concurrent use, also beside other processes that have the same one open.
type Archive struct {
	db      database
	options Options
	id      atomic.Value // string
	jobs    chan *job
	stopped chan struct{}
	closing sync.RWMutex // held for reading while a job is handed over
	closed  bool

	forms    formCache
	settling sync.Mutex
	meetings meetings
}

// Options are what an archive needs from outside.
type Options struct {
	Now   func() time.Time                        // nil: time.Now
	Shape func(record.FormVersion) (Shape, error) // reads a form version; an error quarantines it; nil: no form can be read
	Rules Rules                                   // nil: none

	Random io.Reader // of IDs; nil: crypto/rand

	// Seal makes a batch of this collector's own entries, with its own key; nil: they stay here.
	Seal func([]record.Entry) (*batch.Batch, error)
	// Acknowledge makes the entry that carries the central collector's receipt for a batch to the device that sealed it; an
	// entry without a kind, or nil: this is not the central collector.
	Acknowledge func(archive string, from device.ID, batch record.ID, receipts []record.Receipt) (record.Entry, error)
	// AcknowledgeMedia makes the entry that carries the central collector's receipt for files that a device's revisions name; an entry
	// without a kind, or nil: as with Acknowledge.
	AcknowledgeMedia func(archive string, from device.ID, files []record.ID) (record.Entry, error)
	// Trust is whose signatures count; nil: entries that tell of a project's new key are set aside.
	Trust *device.Trust
	// Receipt opens an entry that carries such a receipt; nil: they are set aside.
	Receipt func(body []byte) (device.Receipt, error)
}

// Rules runs the form's rules over a merged interview. It is safe for concurrent use, and changes nothing.
type Rules interface {
	Review(m record.Merged) (name string, flags []fieldwork.Flag)
}

// Shape is what the archive needs to know of a form version to lay its answers in columns.
type Shape struct {
	Form, Version, Title string
	Columns              []Column // in form order
	Repeats              []Repeat // nested ones after those they lie in
	Dictionary           []byte
}

// Column is a question outside or inside a repeat.
type Column struct {
	Path record.Path // generic
	Kind record.Kind
}

// Repeat has a table of its own.
type Repeat struct {
	Path    record.Path // generic
	Columns []Column
}

// Open opens or makes the database: archive.db in the folder dir. It fails with ErrNewer, ErrDamaged, ErrFull or ErrBusy.
func Open(ctx context.Context, dir string, o Options) (*Archive, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	db, err := openDatabase(ctx, dir)
	if err != nil {
		return nil, err
	}
	a := &Archive{db: db, options: o, jobs: make(chan *job, maxGroup), stopped: make(chan struct{})}
	a.meetings.last = map[device.ID]meeting{}
	go a.writeLoop()
	err = a.identify(ctx)
	if err == nil {
		err = a.reconsider(ctx)
	}
	if err != nil {
		a.Close()
		return nil, err
	}
	return a, nil
}

// Close waits for what is being written and closes. Calls after it fail with ErrClosed.
func (a *Archive) Close() error {
	a.closing.Lock()
	if a.closed {
		a.closing.Unlock()
		return nil
	}
	a.closed = true
	close(a.jobs)
	a.closing.Unlock()
	<-a.stopped
	return a.db.close()
}
