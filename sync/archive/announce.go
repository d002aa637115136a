package archive

import (
	"context"
	"encoding/json"

	"vereda/survey/record"
)

// Announce tells every tablet, by whatever route it is reached, that the project's centre is this archive: a receipt of the central collector
// that is for no device and no batch. A tablet that meets only hubs learns so that the centre was restored, and sends again what the
// archive before had covered. It says nothing where this is not the centre, and nothing twice; to be called at each start, and after Renew.
func (a *Archive) Announce(ctx context.Context) error {
	if a.options.Acknowledge == nil {
		return nil
	}
	e, err := a.options.Acknowledge(a.ID(), "", record.ID{}, nil)
	if err != nil || e.Kind == "" {
		return err
	}
	if _, err := a.Entry(ctx, e.ID()); err == nil {
		return nil
	}
	return a.Put(ctx, e)
}

// Receipts returns the receipts of the central collector for a batch, as entries: its device gets them again when it brings the batch again.
func (a *Archive) Receipts(ctx context.Context, batch record.ID) (list []record.Entry, err error) {
	err = a.read(ctx, "receipts", func(t *tx) error {
		return t.receipts(batch, func(body []byte) { list = append(list, record.Entry{Kind: record.KindReceipt, Body: body}) })
	})
	return list, err
}

func (t *tx) receipts(batch record.ID, f func(body []byte)) error {
	return t.each("SELECT e.body FROM receipts r JOIN entries e ON e.seq = r.seq WHERE r.batch = $1 ORDER BY e.seq", []any{batch[:]}, func(scan func(...any) error) error {
		var body []byte
		err := scan(&body)
		f(body)
		return err
	})
}

// acknowledged reports whether this archive has made a receipt for a batch: one that an archive before it made, whose backup this is, says nothing.
func (t *tx) acknowledged(archive string, batch record.ID) (there bool, err error) {
	err = t.receipts(batch, func(body []byte) {
		var statement struct{ Receipt struct{ Archive string } }
		there = there || json.Unmarshal(body, &statement) == nil && statement.Receipt.Archive == archive
	})
	return there, err
}
