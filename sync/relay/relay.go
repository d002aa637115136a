// Package relay makes a hub of a collector: it brings an upstream collector the batches that this one has, and fetches those that
// it has not, each as it came. docs/sync-protocol.md says what travels.
//
// Both shelves are lists of batches in the order of arrival, and each side remembers, by the other's archive, how far it is through. So
// everything may be repeated, several hubs may stand in a row or in a circle, and an upstream that was restored from a backup, which has
// another archive ID since, gets everything again. A batch that one side does not take is set aside with the reason and stops nothing.
package relay

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"vereda/survey/record"
	"vereda/sync/batch"
	"vereda/sync/transfer"
)

// Archive is what a relay needs of this collector's database. Safe for concurrent use.
type Archive interface {
	ID() string
	Batches(ctx context.Context, to string, after uint64, n, size int) (list []batch.Sealed, next uint64, err error)
	Receive(ctx context.Context, b *batch.Batch, via string) ([]record.Receipt, error)
	// Waiting counts the batches for an archive behind a place.
	Waiting(ctx context.Context, to string, after uint64) (int, error)
	// Cursors tells how far other shelves were read; Places that of one, and how far it was brought what is here.
	Cursors(ctx context.Context) (map[string]uint64, error)
	Places(ctx context.Context, archive string) (pulled, pushed uint64, err error)
	// Reached notes both places after an exchange.
	Reached(ctx context.Context, archive, name string, pulled, pushed uint64) error
	// SetAside keeps a batch that was not taken "up" there or "down" here.
	SetAside(ctx context.Context, direction, archive string, place uint64, id record.ID, device, reason string, raw []byte) error
}

// Peer is the upstream. Safe for concurrent use.
type Peer interface {
	Exchange(ctx context.Context, a transfer.PeerAsk) (transfer.PeerAnswer, error)
}

// Options are what a relay needs from outside.
type Options struct {
	Opener batch.Opener     // of the project, with this archive's dictionaries
	Now    func() time.Time // nil: time.Now
	Random func() float64   // in [0,1), for pauses; nil: 0
	Pause  time.Duration    // between two exchanges when all is well; 0: 30 s
	Told   func(State)      // told of each change; nil: nobody

	Files   Files   // this collector's files, carried after the batches; nil: none are
	Carrier Carrier // what carries them; needed with Files
}

// Relay keeps a hub and its upstream alike.
type Relay struct {
	archive Archive
	peer    Peer
	options Options
	wake    chan struct{}

	working sync.Mutex // held by Once; guards size
	size    int        // bytes that travel at once

	mu    sync.Mutex
	state State
}

// State is how it stands, for people.
type State struct {
	Archive, Name string    // the upstream's; "" before it was ever reached
	Contact       time.Time // last exchange that succeeded; zero: none since this program began
	Tried         time.Time // last exchange at all
	Next          time.Time // when it will be tried again; zero: now
	Waiting       int       // batches that the upstream has not got
	Up, Down      int       // batches that went since this program began
	Err           error     // of the last exchange; nil: it succeeded
}

// New returns a relay that does nothing yet.
func New(a Archive, p Peer, o Options) *Relay {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Random == nil {
		o.Random = func() float64 { return 0 }
	}
	if o.Pause == 0 {
		o.Pause = 30 * time.Second
	}
	return &Relay{archive: a, peer: p, options: o, wake: make(chan struct{}, 1), size: firstSize}
}

// State returns how it stands.
func (r *Relay) State() State {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.state
}

// Wake lets Run exchange now.
func (r *Relay) Wake() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Run exchanges again and again until the context ends: after a pause when all went well, else after longer and longer ones, as a tablet does.
func (r *Relay) Run(ctx context.Context) {
	backoff := transfer.NewBackoff(r.options.Random)
	for ctx.Err() == nil {
		wait := r.options.Pause
		if err := r.Once(ctx); err != nil {
			wait = backoff.Next()
			var again *transfer.RetryError
			if errors.As(err, &again) {
				wait = max(wait, again.After)
			}
		} else {
			backoff.Reset()
		}
		r.note(ctx, func(s *State) { s.Next = r.options.Now().Add(wait) })
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-timer.C:
		case <-r.wake:
		}
		timer.Stop()
	}
}

// Once exchanges until neither side has anything that the other lacks. Errors are as transfer.Client.Sync's, or this archive's.
func (r *Relay) Once(ctx context.Context) error {
	r.working.Lock()
	defer r.working.Unlock()
	s := session{Relay: r, upstream: r.State().Archive, most: transfer.MostRelayed}
	err := s.run(ctx)
	if err == nil && r.options.Files != nil {
		err = (&carriage{files: r.options.Files, carrier: r.options.Carrier, upstream: s.upstream}).carry(ctx)
	}
	r.note(ctx, func(st *State) {
		st.Tried, st.Next, st.Err = r.options.Now(), time.Time{}, err
		if err == nil {
			st.Contact = st.Tried
		}
	})
	return err
}

// note changes the state, counts what waits, and tells.
func (r *Relay) note(ctx context.Context, change func(*State)) {
	upstream := r.State().Archive
	waiting := -1
	if _, pushed, err := r.archive.Places(ctx, upstream); err == nil {
		if n, err := r.archive.Waiting(ctx, upstream, pushed); err == nil {
			waiting = n
		}
	}
	r.mu.Lock()
	change(&r.state)
	if waiting >= 0 {
		r.state.Waiting = waiting
	}
	state := r.state
	r.mu.Unlock()
	if r.options.Told != nil {
		r.options.Told(state)
	}
}

// ErrItself says that the upstream is this very collector.
var ErrItself = errors.New("relay: the upstream is this collector itself; give another address")

// reasonOf names why a batch was not taken: a code of the protocol or of the batch format.
func reasonOf(err error) string {
	var p *transfer.Problem
	var b *batch.Error
	switch {
	case errors.As(err, &p):
		return p.Code
	case errors.As(err, &b):
		return string(b.Reason)
	}
	return fmt.Sprint(err)
}
