package fault

import (
	"context"
	"errors"

	"vereda/survey/record"
	"vereda/survey/store"
	"vereda/sync/archive"
	"vereda/sync/batch"
	"vereda/sync/device"
)

// errDead is what a program that was killed would say.
var errDead = errors.New("killed")

// fuse kills one of them: who comes to it when it has burnt down. It is asked before and after each verb that changes something.
type fuse struct {
	left   int    // how many times it is asked before it kills; negative: it does not burn
	victim string // who was killed
}

// dead reports whether somebody is, and lets the fuse burn.
func (f *fuse) dead(who string) bool {
	if f.victim == who {
		return true
	}
	if f.left--; f.left == 0 {
		f.victim = who
	}
	return f.victim == who
}

// guard runs a verb of somebody, unless he is dead before it or after.
func guard[T any](f *fuse, who string, do func() (T, error)) (T, error) {
	var zero T
	if f.dead(who) {
		return zero, errDead
	}
	v, err := do()
	if f.dead(who) {
		return zero, errDead
	}
	return v, err
}

// door is a collector's archive, as its handler and its relays see it.
type door struct {
	*archive.Archive
	fuse *fuse
	who  string
}

func (d door) Receive(ctx context.Context, b *batch.Batch, via string) ([]record.Receipt, error) {
	return guard(d.fuse, d.who, func() ([]record.Receipt, error) { return d.Archive.Receive(ctx, b, via) })
}

func (d door) Reached(ctx context.Context, id, name string, pulled, pushed uint64) error {
	_, err := guard(d.fuse, d.who, func() (bool, error) { return true, d.Archive.Reached(ctx, id, name, pulled, pushed) })
	return err
}

func (d door) SetAside(ctx context.Context, direction, id string, place uint64, b record.ID, from, reason string, raw []byte) error {
	_, err := guard(d.fuse, d.who, func() (bool, error) {
		return true, d.Archive.SetAside(ctx, direction, id, place, b, from, reason, raw)
	})
	return err
}

func (d door) ReceiveMedia(ctx context.Context, id record.ID, path string, from device.ID, origin string) error {
	_, err := guard(d.fuse, d.who, func() (bool, error) { return true, d.Archive.ReceiveMedia(ctx, id, path, from, origin) })
	return err
}

func (d door) CoverMedia(ctx context.Context) (int, error) {
	return guard(d.fuse, d.who, func() (int, error) { return d.Archive.CoverMedia(ctx) })
}

func (d door) Offered(ctx context.Context, id string, files []record.Media, pulled, pushed uint64) error {
	_, err := guard(d.fuse, d.who, func() (bool, error) { return true, d.Archive.Offered(ctx, id, files, pulled, pushed) })
	return err
}

func (d door) ReachedMedia(ctx context.Context, id string, pulled, pushed uint64) error {
	_, err := guard(d.fuse, d.who, func() (bool, error) { return true, d.Archive.ReachedMedia(ctx, id, pulled, pushed) })
	return err
}

// outbox is a tablet's store, as its client sees it.
type outbox struct {
	*store.Store
	fuse *fuse
	who  string
}

func (o outbox) Settle(s record.Settlement) error {
	_, err := guard(o.fuse, o.who, func() (bool, error) { return true, o.Store.Settle(s) })
	return err
}

func (o outbox) Covered(c record.Coverage) error {
	_, err := guard(o.fuse, o.who, func() (bool, error) { return true, o.Store.Covered(c) })
	return err
}

func (o outbox) Accept(entries []record.Entry, id string, cursor uint64) error {
	_, err := guard(o.fuse, o.who, func() (bool, error) { return true, o.Store.Accept(entries, id, cursor) })
	return err
}

func (o outbox) MediaAt(id string, files []record.ID) error {
	_, err := guard(o.fuse, o.who, func() (bool, error) { return true, o.Store.MediaAt(id, files) })
	return err
}

func (o outbox) Fetch(m record.Media, offset int64, piece []byte) error {
	_, err := guard(o.fuse, o.who, func() (bool, error) { return true, o.Store.Fetch(m, offset, piece) })
	return err
}
