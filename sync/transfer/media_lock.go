package transfer

import (
	"context"
	"sync"
	"time"

	tusd "github.com/tus/tusd/v2/pkg/handler"
	"github.com/tus/tusd/v2/pkg/memorylocker"
)

// politeLocker lets who holds a lock and is asked for it come to its end first: what a broken connection has brought is still being written.
type politeLocker struct{ under *memorylocker.MemoryLocker }

func (l politeLocker) NewLock(id string) (tusd.Lock, error) {
	lock, err := l.under.NewLock(id)
	return &politeLock{under: lock}, err
}

type politeLock struct {
	under tusd.Lock
	lent  bool // by what is in the context, which unlocks it
}

// How long who holds a lock may go on when it is asked for it, and how long to wait for a lock of a request that the link has left behind.
const (
	lockGrace    = 2 * time.Second
	lockPatience = 10 * time.Second
)

func (l *politeLock) Lock(ctx context.Context, release func()) error {
	if h, ok := ctx.Value(lenderKey{}).(*lender); ok {
		h.lend(release)
		l.lent = true
		return nil
	}
	return l.under.Lock(ctx, func() { time.AfterFunc(lockGrace, release) })
}

func (l *politeLock) Unlock() error {
	if l.lent {
		return nil
	}
	return l.under.Unlock()
}

// lender holds a lock for tusd's handler, which would take it only after it has begun an upload: another request could have begun the same, or
// brought it to its end, before its first bytes are written.
type lender struct {
	mu      sync.Mutex
	asked   bool   // for the lock
	release func() // ends the request; nil: not lent yet
}

type lenderKey struct{}

func (h *lender) lend(release func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.release = release; h.asked {
		release()
	}
}

func (h *lender) ask() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.asked = true; h.release != nil {
		h.release()
	}
}

// hold takes the lock of an upload for what happens with a context, until unlock is called.
func (u *uploads) hold(ctx context.Context, name string) (held context.Context, unlock func(), err error) {
	lock, err := u.locker.NewLock(name)
	if err != nil {
		return nil, nil, err
	}
	h := new(lender)
	wait, cancel := context.WithTimeout(ctx, lockPatience)
	defer cancel()
	if err := lock.Lock(wait, h.ask); err != nil { // whoever writes is asked to end: its device asks here, so it does not send there any more
		return nil, nil, problem(CodeBusy, "")
	}
	return context.WithValue(ctx, lenderKey{}, h), func() { _ = lock.Unlock() }, nil
}
