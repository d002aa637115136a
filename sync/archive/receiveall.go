package archive

import (
	"context"
	"errors"
	"iter"
	"sync"

	"vereda/survey/record"
	"vereda/sync/batch"
)

// How many batches of one ReceiveAll are being read, wait for their turn, and are being written, at most.
const (
	allReading = 2
	allWaiting = 2
	allWriting = 32
	allBytes   = 4 << 20 // of entries that are being written: beyond it, one batch at a time
)

// ReceiveAll receives n batches in their order, each as Receive does. While some are written, and share commits, the next ones are read:
// open reads the one with a number from 0, and is called by several goroutines at once. One that is compressed against a dictionary which
// may be in a batch before it is read again when that was received. told hears of each in its order, with its receipts when they are
// durable or with the error of open; an error of told ends it all. After an error some batches behind may have been received, too.
func (a *Archive) ReceiveAll(ctx context.Context, via string, n int, open func(int) (*batch.Batch, error), told func(int, *batch.Batch, []record.Receipt, error) error) error {
	ctx, cancel := context.WithCancel(ctx)
	var readers sync.WaitGroup
	defer readers.Wait()
	defer cancel()
	w := &writing{told: told}
	for i, one := range a.readAhead(ctx, &readers, n, open) {
		if err := ctx.Err(); err != nil {
			return errors.Join(w.wait(0), err)
		}
		o := <-one
		if o.err != nil {
			if err := w.wait(0); err != nil {
				return err
			}
			var refused *batch.Error
			if errors.As(o.err, &refused) && refused.Reason == batch.UnknownDictionary {
				o = a.readOne(i, open)
			}
		}
		if o.err != nil {
			if err := told(i, nil, nil, o.err); err != nil {
				return err
			}
			continue
		}
		if err := w.room(o.size); err != nil {
			return err
		}
		w.list = append(w.list, written{i, o, a.receiveLater(ctx, o.batch, o.readings, via)})
		w.size += o.size
	}
	return w.wait(0)
}

// openedBatch is a batch that was read, and what was understood of it.
type openedBatch struct {
	batch    *batch.Batch
	readings []reading
	size     int // bytes of entries
	err      error
}

func (a *Archive) readOne(i int, open func(int) (*batch.Batch, error)) (o openedBatch) {
	if o.batch, o.err = open(i); o.err != nil {
		return o
	}
	o.readings = a.understandAll(o.batch.Entries)
	for _, e := range o.batch.Entries {
		o.size += len(e.Body)
	}
	return o
}

// readAhead reads batches before their turn, and yields their places in order.
func (a *Archive) readAhead(ctx context.Context, readers *sync.WaitGroup, n int, open func(int) (*batch.Batch, error)) iter.Seq2[int, <-chan openedBatch] {
	turns := make(chan chan openedBatch, allWaiting)
	busy := make(chan struct{}, allReading)
	readers.Go(func() {
		defer close(turns)
		for i := range n {
			one := make(chan openedBatch, 1)
			select {
			case turns <- one:
			case <-ctx.Done():
				return
			}
			busy <- struct{}{}
			readers.Go(func() {
				one <- a.readOne(i, open)
				<-busy
			})
		}
	})
	return func(yield func(int, <-chan openedBatch) bool) {
		for i := 0; ; i++ {
			one, more := <-turns
			if !more || !yield(i, one) {
				return
			}
		}
	}
}

// writing are batches that the writer has, the first to be told of first.
type writing struct {
	told func(int, *batch.Batch, []record.Receipt, error) error
	list []written
	size int
}

type written struct {
	i int
	openedBatch
	done func() ([]record.Receipt, error)
}

// room waits until there is room for another one.
func (w *writing) room(size int) error {
	for len(w.list) > 0 && (len(w.list) >= allWriting || w.size+size > allBytes) {
		if err := w.wait(len(w.list) - 1); err != nil {
			return err
		}
	}
	return nil
}

// wait tells of batches until so many are left.
func (w *writing) wait(left int) error {
	for len(w.list) > left {
		one := w.list[0]
		w.list, w.size = w.list[1:], w.size-one.size
		receipts, err := one.done()
		if err == nil {
			err = w.told(one.i, one.batch, receipts, nil)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
