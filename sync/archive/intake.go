package archive

import (
	"cmp"
	"time"

	"vereda/survey/record"
	"vereda/sync/device"
)

// intake is one transaction that takes entries in.
type intake struct {
	*tx
	forms  *formSet
	how    arrival
	sender string // its ID
	counts map[count]int

	understand func(record.Entry) reading
	judged     *bool // whether there are verdicts; nil: not looked yet
	next       int64 // seq of the next entry; 0: not looked yet, or moved
}

type count struct{ device, day string }

// mayTell reports whether a role may send an entry of a kind.
func mayTell(role device.Role, kind string) bool {
	switch kind {
	case record.KindForm, record.KindRevocation, record.KindVerdict, record.KindAssignment, record.KindSetting, record.KindDuplicate:
		return role == device.Coordinator || role == device.Collector
	}
	return true
}

// store writes one entry down, and applies it if it is new.
func (in *intake) store(r *reading) (record.Status, string, error) {
	if !mayTell(in.how.sender.Role, r.entry.Kind) {
		return record.Refused, ReasonRole, nil
	}
	if in.how.sender.Role == device.Enumerator && r.isRevision() && r.revision.Device != in.sender {
		return record.Refused, ReasonNotYours, nil
	}
	if r.refused != "" {
		return record.Refused, r.refused, nil
	}
	seq, err := in.insert(r, in.sender)
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
	if in.next == 0 {
		if err := in.one("SELECT coalesce(max(seq), 0) + 1 FROM entries", nil, &in.next); err != nil {
			return 0, err
		}
	}
	var interview []byte
	if r.isRevision() {
		interview = r.revision.Interview[:]
	}
	_, zone := in.how.received.Zone()
	added, err := in.exec(`INSERT INTO entries (seq, id, kind, interview, device, sender, batch, via, received, zone, sealed, ahead, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (id, kind) DO NOTHING`,
		in.next, r.id[:], r.entry.Kind, interview, r.author(sender), sender, in.how.batch, in.how.via, in.how.received.UnixMilli(), zone,
		truth(in.how.shelved), in.how.ahead, r.entry.Body)
	if err != nil || added == 0 {
		return 0, err
	}
	in.next++
	return in.next - 1, nil
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
		case record.KindReceipt:
			err = in.applyReceipt(seq, r)
		default:
			err = in.applySaid(seq, r)
		}
	}
	if err == nil && reason == "" {
		err = in.referAll(seq, r)
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
	first, err := in.takePart(seq, interview, author)
	if err != nil {
		return "", err
	}
	if first { // the interview is new: it counts once, for whom it came from first; nobody else has to be told
		in.counts[count{author, in.how.received.Format(time.DateOnly)}]++
		return "", in.soil(interview, seq)
	}
	if full, err := in.hasMany(interview); err != nil || full {
		return ReasonTooMany, cmp.Or(err, in.leave(seq, interview, author))
	}
	if _, err := in.exec("UPDATE parts SET last = $1 WHERE interview = $2 AND device <> $3", seq, interview, author); err != nil {
		return "", err
	}
	return "", in.soil(interview, seq)
}

// takePart notes that a device wrote in an interview, and reports whether it is the first that did.
func (in *intake) takePart(seq int64, interview []byte, author string) (first bool, err error) {
	added, err := in.exec(`INSERT INTO parts (interview, device, since, last)
		VALUES ($1, $2, $3, CASE WHEN EXISTS (SELECT 1 FROM entries WHERE interview = $1 AND device <> $2) THEN $3 ELSE 0 END)
		ON CONFLICT (interview, device) DO NOTHING`, interview, author, seq)
	if err != nil || added == 0 {
		return false, err
	}
	if err := in.joinVerdicts(seq, author, interview); err != nil {
		return false, err
	}
	others := 0
	err = in.one("SELECT count(*) FROM parts WHERE interview = $1 AND device <> $2", []any{interview, author}, &others)
	return others == 0, err
}

// leave takes back what takePart noted, where the revision was too much: unless the device had taken part before.
func (in *intake) leave(seq int64, interview []byte, author string) error {
	if _, err := in.exec("DELETE FROM parts WHERE interview = $1 AND device = $2 AND since = $3", interview, author, seq); err != nil {
		return err
	}
	_, err := in.exec("DELETE FROM feed WHERE device = $1 AND place = $2", author, seq)
	return err
}

// soil notes that an interview has to be merged again.
func (in *intake) soil(interview []byte, seq int64) error {
	_, err := in.exec("INSERT INTO dirty (interview, mark) VALUES ($1, $2) ON CONFLICT (interview) DO UPDATE SET mark = excluded.mark", interview, seq)
	return err
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
