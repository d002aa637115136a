package archive

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"vereda/survey/record"
	"vereda/sync/batch"
	"vereda/sync/device"
)

// arrival is how entries came.
type arrival struct {
	sender   device.Claims // zero: this collector made them
	batch    []byte
	via      string
	received time.Time

	relayed bool   // by another collector, which has accepted it
	shelved bool   // the batch is kept as it came
	ahead   *int64 // milliseconds that the sender's clock was ahead; nil: not known
}

// Receive stores the entries of a verified batch, once each, in one transaction; it returns after the commit, a receipt
// per entry in their order. via is "network", "file" or "hub". The batch goes on the shelf as it came (b.Raw), unless all of it
// is refused. At the central collector a receipt for the device is made in the same transaction, where the device will not see the
// answer. What is not understood is stored whole and quarantined; everything from a revoked device (but what another collector, which had not
// heard of it, has accepted: collectors agree in the end), what only coordinators and
// collectors may send, an enumerator's revision in another device's name, and forged receipts are refused. Beside an error nothing
// was stored: ErrFull, ErrBusy, ErrClosed, or the context's.
func (a *Archive) Receive(ctx context.Context, b *batch.Batch, via string) ([]record.Receipt, error) {
	return a.receiveLater(ctx, b, a.understandAll(b.Entries), via)()
}

// receiveLater hands a batch to the writer, behind those that were handed over before; done waits for the commit.
func (a *Archive) receiveLater(ctx context.Context, b *batch.Batch, readings []reading, via string) (done func() ([]record.Receipt, error)) {
	how := arrival{b.Device, b.ID[:], via, a.options.Now(), b.From != "", b.Raw != nil, millisOf(b.Ahead)}
	receipts := make([]record.Receipt, len(readings))
	wait := a.writeLater(ctx, "receive", func(t *tx) error {
		if err := a.receive(t, how, readings, receipts); err != nil {
			return err
		}
		if b.Raw != nil && slices.ContainsFunc(receipts, func(r record.Receipt) bool { return r.Status != record.Refused }) {
			if err := t.keepBatch(b, how); err != nil {
				return err
			}
		}
		return a.acknowledge(t, b, via, receipts)
	})
	return func() ([]record.Receipt, error) {
		if err := wait(); err != nil {
			return nil, err
		}
		return receipts, nil
	}
}

func (a *Archive) receive(t *tx, how arrival, readings []reading, receipts []record.Receipt) error {
	revoked, err := t.meet(how.sender)
	if err != nil {
		return err
	}
	forms, err := a.forms.current(t)
	if err != nil {
		return err
	}
	in := &intake{tx: t, forms: forms, how: how, sender: string(how.sender.ID()), understand: a.understand, counts: map[count]int{}}
	for i := range readings {
		r := &readings[i]
		receipts[i] = record.Receipt{Entry: r.id, Status: record.Refused, Reason: ReasonRevoked}
		if revoked && !how.relayed {
			continue
		}
		if receipts[i].Status, receipts[i].Reason, err = in.store(r); err != nil {
			return err
		}
	}
	return in.finish()
}

// acknowledge makes the receipt that travels to a device as an entry: for a batch that it did not bring itself, once. Collectors need none,
// they forget nothing.
func (a *Archive) acknowledge(t *tx, b *batch.Batch, via string, receipts []record.Receipt) error {
	if a.options.Acknowledge == nil || via == "network" || b.Device.Role == device.Collector || len(receipts) == 0 {
		return nil
	}
	if there, err := t.acknowledged(a.ID(), b.ID); there || err != nil {
		return err
	}
	e, err := a.options.Acknowledge(a.ID(), b.Device.ID(), b.ID, receipts)
	if err != nil || e.Kind == "" {
		return err
	}
	return a.put(t, []reading{a.understand(e)})
}

// Put stores entries that this collector's own people made, in one transaction: verdicts, assignments, settings, decisions, revisions that
// resolve. They are sealed into a batch when another collector asks. What is there already stays; an entry that would be set aside is an
// error, and then nothing is stored.
func (a *Archive) Put(ctx context.Context, entries ...record.Entry) error {
	readings := a.understandAll(entries)
	return a.write(ctx, "put", func(t *tx) error { return a.put(t, readings) })
}

func (a *Archive) put(t *tx, readings []reading) error {
	in, err := a.own(t)
	if err != nil {
		return err
	}
	for i := range readings {
		r := &readings[i]
		seq, err := in.insert(r, "")
		if err != nil {
			return err
		}
		if seq == 0 {
			continue
		}
		reason := cmp.Or(r.refused, r.reason)
		if reason == "" {
			reason, err = in.apply(seq, r)
		}
		if err != nil {
			return err
		}
		if reason != "" {
			return fmt.Errorf("%w: a %s: %s", ErrNotTaken, r.entry.Kind, reason)
		}
	}
	return in.finish()
}

// meet makes sure that the sender is known, and reports whether it is revoked. A device may be new here: it was enrolled
// at another collector of the project.
func (t *tx) meet(sender device.Claims) (revoked bool, err error) {
	id := string(sender.ID())
	err = t.one("SELECT revoked <> 0 FROM devices WHERE id = $1", []any{id}, &revoked)
	if !errors.Is(err, sql.ErrNoRows) {
		return revoked, err
	}
	_, err = t.exec("INSERT INTO devices (id, name, role, replaces, enrolled, seen, clock, revoked) VALUES ($1, $2, $3, $4, 0, 0, 0, 0)",
		id, sender.Name, string(sender.Role), writeIDs(sender.Replaces))
	return false, err
}
