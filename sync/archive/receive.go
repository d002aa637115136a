package archive

import (
	"context"
	"database/sql"
	"errors"
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
}

// Receive stores the entries of a verified batch, once each, in one transaction; it returns after the commit, a receipt
// per entry in their order. via is "network", "file" or "hub". A revision may be sent by another device than its
// author's: the batch's signer vouches for it. What is not understood is stored whole and quarantined; everything from a
// revoked device, and what only coordinators and collectors may send, is refused. Beside an error nothing was stored:
// ErrFull, ErrBusy, ErrClosed, or the context's.
func (a *Archive) Receive(ctx context.Context, b *batch.Batch, via string) ([]record.Receipt, error) {
	readings := make([]reading, len(b.Entries))
	for i, e := range b.Entries {
		readings[i] = a.understand(e)
	}
	how := arrival{b.Device, b.ID[:], via, a.options.Now()}
	receipts := make([]record.Receipt, len(readings))
	err := a.write(ctx, "receive", func(t *tx) error { return a.receive(t, how, readings, receipts) })
	if err != nil {
		return nil, err
	}
	return receipts, nil
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
	in := &intake{tx: t, forms: forms, how: how, understand: a.understand, counts: map[count]int{}}
	for i := range readings {
		r := &readings[i]
		receipts[i] = record.Receipt{Entry: r.id, Status: record.Refused, Reason: ReasonRevoked}
		if revoked {
			continue
		}
		if receipts[i].Status, receipts[i].Reason, err = in.store(r); err != nil {
			return err
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

// intake is one transaction that takes entries in.
type intake struct {
	*tx
	forms  *formSet
	how    arrival
	counts map[count]int

	understand func(record.Entry) reading
}

type count struct{ device, day string }

// mayTell reports whether a role may send an entry of a kind.
func mayTell(role device.Role, kind string) bool {
	switch kind {
	case record.KindForm, record.KindRevocation:
		return role == device.Coordinator || role == device.Collector
	}
	return true
}

// store writes one entry down, and applies it if it is new.
func (in *intake) store(r *reading) (record.Status, string, error) {
	if !mayTell(in.how.sender.Role, r.entry.Kind) {
		return record.Refused, ReasonRole, nil
	}
	seq, err := in.insert(r, string(in.how.sender.ID()))
	if err != nil {
		return "", "", err
	}
	if seq == 0 {
		return record.Known, "", nil
	}
	reason, err := in.apply(seq, r)
	if err != nil {
		return "", "", err
	}
	if reason != "" {
		return record.Quarantined, reason, nil
	}
	return record.Stored, "", nil
}

// insert writes an entry down and returns its seq; 0 when it is there already. Seqs have no gaps that could be filled later:
// there is one writer at a time, so a device's cursor never passes an entry by.
func (in *intake) insert(r *reading, sender string) (seq int64, err error) {
	if err := in.one("SELECT coalesce(max(seq), 0) + 1 FROM entries", nil, &seq); err != nil {
		return 0, err
	}
	var interview []byte
	if r.isRevision() {
		interview = r.revision.Interview[:]
	}
	_, zone := in.how.received.Zone()
	added, err := in.exec(`INSERT INTO entries (seq, id, kind, interview, device, sender, batch, via, received, zone, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id, kind) DO NOTHING`,
		seq, r.id[:], r.entry.Kind, interview, r.author(sender), sender, in.how.batch, in.how.via, in.how.received.UnixMilli(), zone, r.entry.Body)
	if added == 0 {
		seq = 0
	}
	return seq, err
}

// apply makes an entry count, or sets it aside and says why.
func (in *intake) apply(seq int64, r *reading) (reason string, err error) {
	reason = r.reason
	if reason == "" {
		switch r.entry.Kind {
		case record.KindRevision:
			reason, err = in.applyRevision(seq, r)
		case record.KindForm:
			reason, err = in.applyForm(seq, r)
		case record.KindRevocation:
			err = in.revoke(r.revocation.Device)
		}
	}
	if err != nil || reason == "" {
		return "", err
	}
	form, version := r.form.Form, r.form.Version
	if r.entry.Kind == record.KindRevision {
		form, version = r.revision.Form, r.revision.Version
	}
	_, err = in.exec("INSERT INTO aside (seq, reason, form, version) VALUES ($1, $2, $3, $4)", seq, reason, form, version)
	if err == nil && r.entry.Kind == record.KindRevision {
		_, err = in.exec("UPDATE entries SET interview = NULL WHERE seq = $1 AND interview IS NOT NULL", seq)
	}
	return reason, err
}

// applyRevision notes who took part in the interview, and that it has to be merged again.
func (in *intake) applyRevision(seq int64, r *reading) (reason string, err error) {
	if !in.forms.known(r.revision.Form, r.revision.Version) {
		return ReasonUnknownForm, nil
	}
	interview, author := r.revision.Interview[:], r.revision.Device
	if full, err := in.hasMany(interview); err != nil || full {
		return ReasonTooMany, err
	}
	added, err := in.exec(`INSERT INTO parts (interview, device, since, last)
		VALUES ($1, $2, $3, CASE WHEN EXISTS (SELECT 1 FROM entries WHERE interview = $1 AND device <> $2) THEN $3 ELSE 0 END)
		ON CONFLICT (interview, device) DO NOTHING`, interview, author, seq)
	if err != nil {
		return "", err
	}
	if added > 0 {
		others := 0
		if err := in.one("SELECT count(*) FROM parts WHERE interview = $1 AND device <> $2", []any{interview, author}, &others); err != nil {
			return "", err
		}
		if others == 0 { // the interview is new: it counts once, for whom it came from first
			in.counts[count{author, in.how.received.Format(time.DateOnly)}]++
		}
	}
	if _, err := in.exec("UPDATE parts SET last = $1 WHERE interview = $2 AND device <> $3", seq, interview, author); err != nil {
		return "", err
	}
	_, err = in.exec("INSERT INTO dirty (interview, mark) VALUES ($1, $2) ON CONFLICT (interview) DO UPDATE SET mark = excluded.mark", interview, seq)
	return "", err
}

// What one interview may consist of: merging takes memory and time by the square of its revisions. An honest interview has some
// dozens, each of some kilobytes.
const (
	maxRevisions     = 1000
	maxRevisionBytes = 32 << 20
)

// hasMany reports whether an interview has more than it may, the revision in hand counted.
func (in *intake) hasMany(interview []byte) (bool, error) {
	var count, size int64
	err := in.one("SELECT count(*), coalesce(sum(length(body)), 0) FROM entries WHERE interview = $1", []any{interview}, &count, &size)
	return count > maxRevisions || size > maxRevisionBytes, err
}

// finish writes what was gathered.
func (in *intake) finish() error {
	for c, n := range in.counts {
		if _, err := in.exec("INSERT INTO counts (device, day, n) VALUES ($1, $2, $3) ON CONFLICT (device, day) DO UPDATE SET n = counts.n + excluded.n", c.device, c.day, n); err != nil {
			return err
		}
	}
	clear(in.counts)
	return nil
}
