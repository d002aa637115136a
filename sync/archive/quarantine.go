package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"vereda/survey/fieldwork"
	"vereda/survey/record"
)

// Quarantine lists what was set aside, oldest first.
func (a *Archive) Quarantine(ctx context.Context) (list []fieldwork.Aside, err error) {
	err = a.read(ctx, "quarantine", func(t *tx) error {
		return t.each("SELECT e.id, e.kind, e.device, a.reason, e.received, length(e.body) FROM aside a JOIN entries e ON e.seq = a.seq ORDER BY a.seq", nil, func(scan func(...any) error) error {
			var one fieldwork.Aside
			var id []byte
			var received int64
			if err := scan(&id, &one.Kind, &one.Device, &one.Reason, &received, &one.Size); err != nil {
				return err
			}
			copy(one.Entry[:], id)
			one.Received = time.UnixMilli(received)
			list = append(list, one)
			return nil
		})
	})
	return list, err
}

// Entry returns an entry whole, also one that was set aside; ErrNotFound when there is none.
func (a *Archive) Entry(ctx context.Context, id record.ID) (e record.Entry, err error) {
	err = a.read(ctx, "entry", func(t *tx) error {
		err := t.one("SELECT kind, body FROM entries WHERE id = $1 ORDER BY seq LIMIT 1", []any{id[:]}, &e.Kind, &e.Body)
		if errors.Is(err, sql.ErrNoRows) {
			return ErrNotFound
		}
		return err
	})
	return e, err
}

// release takes out of quarantine what waited for a form version.
func (in *intake) release(form, version string) error {
	return in.retry(form, version)
}

// understanding is raised when this program understands entries that the one before set aside.
const understanding = 2

// reconsider tries everything in quarantine again when a program opens the archive that understands more than the one before.
func (a *Archive) reconsider(ctx context.Context) error {
	const name = "archive:understands"
	now := fmt.Sprintf("%d.%d", record.Version, understanding)
	before, err := a.Setting(ctx, name)
	if err != nil || string(before) == now {
		return err
	}
	return a.write(ctx, "reconsider", func(t *tx) error {
		in, err := a.own(t)
		if err != nil {
			return err
		}
		if err := in.retry("", ""); err != nil {
			return err
		}
		return t.setSetting(name, []byte(now))
	})
}

// stored is an entry as it lies in the database.
type stored struct {
	seq    int64
	how    arrival
	sender string
	entry  record.Entry

	received int64 // milliseconds since 1970
	zone     int   // seconds east of UTC
}

const storedColumns = "e.seq, e.kind, e.sender, e.received, e.zone, e.body"

// into is where storedColumns are scanned to; read then makes sense of them.
func (s *stored) into() []any {
	return []any{&s.seq, &s.entry.Kind, &s.sender, &s.received, &s.zone, &s.entry.Body}
}

func (s *stored) read() {
	s.how.received = time.UnixMilli(s.received).In(time.FixedZone("", s.zone))
}

func (s *stored) scan(scan func(...any) error) error {
	err := scan(s.into()...)
	s.read()
	return err
}

// retry applies entries in quarantine again: those that wait for a form version, or all when form is "". Those that are
// understood now move to the end of the feed, so that devices get them whose cursors are past their old place.
func (in *intake) retry(form, version string) error {
	var top, last int64
	if err := in.one("SELECT coalesce(max(seq), 0) FROM aside", nil, &top); err != nil {
		return err
	}
	how := in.how
	defer func() { in.how = how }()
	for {
		waiting, err := in.waiting(form, version, last, top)
		if err != nil {
			return err
		}
		if len(waiting) == 0 {
			return in.finish()
		}
		for i := range waiting {
			if err := in.retryOne(&waiting[i]); err != nil {
				return err
			}
		}
		last = waiting[len(waiting)-1].seq
	}
}

// waiting returns some entries in quarantine with a seq above last and up to top.
func (in *intake) waiting(form, version string, last, top int64) (list []stored, err error) {
	err = in.each("SELECT "+storedColumns+` FROM aside a JOIN entries e ON e.seq = a.seq
		WHERE ($1 = '' OR a.form = $1 AND a.version = $2 AND a.reason = '`+ReasonUnknownForm+`') AND a.seq > $3 AND a.seq <= $4
		ORDER BY a.seq LIMIT 200`, []any{form, version, last, top}, func(scan func(...any) error) error {
		var s stored
		err := s.scan(scan)
		list = append(list, s)
		return err
	})
	return list, err
}

func (in *intake) retryOne(s *stored) error {
	r := in.understand(s.entry)
	if _, err := in.exec("DELETE FROM aside WHERE seq = $1", s.seq); err != nil {
		return err
	}
	if r.isRevision() && r.revision.Device != s.sender {
		var meddled bool
		if err := in.one("SELECT EXISTS (SELECT 1 FROM devices WHERE id = $1 AND role = 'enumerator')", []any{s.sender}, &meddled); err != nil {
			return err
		}
		if meddled {
			r.reason = ReasonNotYours
		}
	}
	if r.reason != "" || r.isRevision() && !in.forms.known(r.revision.Form, r.revision.Version) {
		_, err := in.apply(s.seq, &r) // sets it aside again
		return err
	}
	var interview []byte
	if r.isRevision() {
		interview = r.revision.Interview[:]
	}
	var seq int64
	if err := in.one("UPDATE entries SET seq = (SELECT max(seq) + 1 FROM entries), interview = $1, device = $2 WHERE seq = $3 RETURNING seq",
		[]any{interview, r.author(s.sender), s.seq}, &seq); err != nil {
		return err
	}
	in.how, in.next = s.how, 0
	_, err := in.apply(seq, &r)
	return err
}
