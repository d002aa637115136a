package transfer_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"vereda/survey/record"
	"vereda/survey/store"
)

// forgetful is an outbox whose Settle does not work.
type forgetful struct {
	*store.Store
	err error
}

func (f *forgetful) Settle(record.Settlement) error { return f.err }

// An outbox that fails is told to the caller, and never makes a sync go round for ever.
func TestAFailingOutboxEndsTheSync(t *testing.T) {
	w := newWorld(t)
	w.doInvitations(1)
	ana, err := w.enrol("ana", w.invitation(w.code))
	w.must(err)
	w.save(ana, [16]byte{}, "household", "as found")
	r, err := ana.client.Sync(context.Background(), &forgetful{ana.store, store.ErrFull}, nil)
	if !errors.Is(err, store.ErrFull) || r.Waiting != 1 || r.Sent != 0 {
		t.Errorf("full disk: %+v, %v", r, err)
	}
	if _, err = ana.client.Sync(context.Background(), &forgetful{Store: ana.store}, nil); err == nil || !strings.Contains(err.Error(), "still in the outbox") {
		t.Errorf("an outbox that forgets: %v", err)
	}
	if _, err = ana.client.Sync(context.Background(), ana.store, nil); err != nil {
		t.Error(err)
	}
}

// A sync that is told to stop says so, and can be called again.
func TestSyncStopsWithItsContext(t *testing.T) {
	w := newWorld(t)
	w.doInvitations(1)
	ana, err := w.enrol("ana", w.invitation(w.code))
	w.must(err)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := ana.client.Sync(ctx, ana.store, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
