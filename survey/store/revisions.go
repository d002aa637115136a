package store

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"vereda/survey/record"
)

// ErrStale says that a revision was composed before another one of this device was written.
var ErrStale = errors.New("store: the device has written this place of the interview's history already")

// History returns all revisions of an interview that the tablet has: none of a new draft. ErrNotFound of an unknown interview.
func (s *Store) History(interview uuid.UUID) (h *record.History, err error) {
	err = s.view(func(tx *transaction) error {
		if _, err := getHeader(tx, interview); err != nil {
			return err
		}
		h, err = readHistory(tx, interview)
		return err
	})
	return h, err
}

// readHistory reads an interview's revisions.
func readHistory(tx *transaction, interview uuid.UUID) (*record.History, error) {
	h := record.NewHistory(interview)
	err := each(tx.Bucket(bucketRevisions), interview[:], func(id, raw []byte) error {
		r, err := record.ParseRevision(bytes.Clone(raw))
		if err == nil && !bytes.Equal(r.ID[:], id) {
			err = errors.New("the revision has another ID")
		}
		if err == nil {
			_, err = h.Add(r)
		}
		if err != nil {
			return &DamageError{"revisions", err}
		}
		return nil
	})
	return h, err
}

// getRevision reads one revision. ErrNotFound where there is none.
func getRevision(tx *transaction, key entryKey) (record.Revision, error) {
	raw, err := get(tx.Bucket(bucketRevisions), key[:])
	if err != nil {
		return record.Revision{}, err
	}
	r, err := record.ParseRevision(bytes.Clone(raw))
	if err != nil {
		err = &DamageError{"revisions", err}
	}
	return r, err
}

// basis returns the part of a history that a draft was made from.
func basis(all *record.History, interview uuid.UUID, base []record.ID) (*record.History, error) {
	known := make(map[record.ID]bool, len(base))
	for _, id := range base {
		known[id] = true
	}
	part := record.NewHistory(interview)
	for _, r := range all.Revisions() {
		if known[r.ID] {
			if _, err := part.Add(r); err != nil {
				return nil, err
			}
		}
	}
	return part, nil
}

func revisionKey(r record.Revision) []byte {
	return append(append([]byte(nil), r.Interview[:]...), r.ID[:]...)
}

// Finalize writes the revision and its outbox entry, and closes the draft, in one transaction. A revision that is not
// final is a backup: the draft stays open, and knows it. A revision that is there changes nothing.
func (s *Store) Finalize(r record.Revision) error {
	return s.update(func(tx *transaction) error {
		revisions := tx.Bucket(bucketRevisions)
		if revisions.Get(revisionKey(r)) != nil {
			return nil
		}
		h, err := getDraft(tx, r.Interview)
		if err != nil {
			return err
		}
		history, err := readHistory(tx, r.Interview)
		if err != nil {
			return err
		}
		for _, other := range history.Revisions() {
			if other.Dot() == r.Dot() {
				return ErrStale
			}
		}
		return keepRevision(tx, h, r)
	})
}

// keepRevision writes a revision of a draft and its outbox entry.
func keepRevision(tx *transaction, h header, r record.Revision) error {
	if err := put(tx.Bucket(bucketRevisions), revisionKey(r), r.Bytes()); err != nil {
		return err
	}
	if err := enqueue(tx, r); err != nil {
		return err
	}
	return closeDraft(tx, h, r)
}

func closeDraft(tx *transaction, h header, r record.Revision) error {
	h.Dirty = false
	if !r.Final {
		h.Base = append(h.Base, r.ID)
		return putHeader(tx, h)
	}
	h.State, h.Base, h.Heard, h.Reason = Finalized, nil, nil, ""
	h.Form, h.Version, h.Changed = r.Form, r.Version, r.At
	if err := clearPrefix(tx.Bucket(bucketAnswers), h.ID[:]); err != nil {
		return err
	}
	if err := putHeader(tx, h); err != nil {
		return err
	}
	return restate(tx, h.ID)
}

// Reopen makes a draft of a finalized interview out of its merged history, to be corrected, or goes on with one of another tablet. Its author
// has seen the verdicts that stand. Of a draft it does nothing.
func (s *Store) Reopen(interview uuid.UUID, at time.Time) error {
	return s.update(func(tx *transaction) error {
		h, err := getHeader(tx, interview)
		if err != nil || h.State == Draft {
			return err
		}
		history, err := readHistory(tx, interview)
		if err != nil {
			return err
		}
		merged := history.Merge()
		d := draft{answers: tx.Bucket(bucketAnswers), interview: interview}
		for p, v := range merged.Answers {
			if err := d.set(p, v, merged.Derived[p]); err != nil {
				return err
			}
		}
		h.State, h.Answered, h.Base = Draft, d.answered, nil
		h.Form, h.Version = cmp.Or(merged.Form, h.Form), cmp.Or(merged.Version, h.Version)
		h.Changed = cmp.Or(at, h.Changed)
		for _, r := range history.Revisions() {
			h.Base = append(h.Base, r.ID)
		}
		if err := heed(tx, &h); err != nil {
			return err
		}
		return putHeader(tx, h)
	})
}

// Author is who writes a revision, and when.
type Author struct {
	Device, By string
	At         time.Time
}

// Compose makes a revision's body out of what a draft now holds against what the interview's history said when the
// draft was made: only what differs. What came from others since then is left for the merge: the author has not
// seen it. final and derived come from the session (answers that are not relevant are already left out). Files that
// PutMedia keeps are described when the answer is their record.Media.FileName.
func (s *Store) Compose(interview uuid.UUID, author Author, answers record.Answers, derived map[record.Path]bool, final bool) (record.Body, error) {
	var body record.Body
	err := s.view(func(tx *transaction) error {
		h, err := getDraft(tx, interview)
		if err == nil {
			body, err = compose(tx, h, author, answers, derived, final)
		}
		return err
	})
	return body, err
}

func compose(tx *transaction, h header, author Author, answers record.Answers, derived map[record.Path]bool, final bool) (record.Body, error) {
	all, err := readHistory(tx, h.ID)
	if err != nil {
		return record.Body{}, err
	}
	base, err := basis(all, h.ID, h.Base)
	if err != nil {
		return record.Body{}, err
	}
	body := record.Body{V: record.Version, Interview: h.ID, Form: h.Form, Version: h.Version, Device: author.Device,
		N: nextCount(all, author.Device, h.Before), After: base.Vector(), At: author.At, By: author.By, Final: final,
		Set: record.Answers{}, Derived: record.Answers{}, Media: map[string]record.Media{}, Verdicts: unnamed(h.Heard, base)}
	if delete(body.After, author.Device); body.N > 1 {
		body.After[author.Device] = body.N - 1
	}
	for device, n := range h.Before {
		body.After[device] = max(body.After[device], n)
	}
	merged := base.Merge()
	if merged.Assignment != h.Assignment {
		body.Assignment = h.Assignment
	}
	difference(&body, merged, answers, derived)
	return body, describeMedia(tx, &body)
}

// nextCount returns the counter of a device's next revision: above all that it wrote, and all that others say it wrote; before is what was
// known when the interview was forgotten.
func nextCount(all *record.History, device string, before record.Vector) uint64 {
	last := before[device]
	for _, r := range all.Revisions() {
		if r.Device == device {
			last = max(last, r.N)
		}
		last = max(last, r.After[device])
	}
	return last + 1
}

// difference fills in what has to be written so that merged becomes answers.
func difference(body *record.Body, merged record.Merged, answers record.Answers, derived map[record.Path]bool) {
	for p, v := range answers {
		switch {
		case v.IsZero() || merged.Answers[p] == v && merged.Derived[p] == derived[p]:
		case derived[p]:
			body.Derived[p] = v
		default:
			body.Set[p] = v
		}
	}
	body.Unset = gone(merged.Answers, answers)
}

// gone returns what stands in merged and no more in answers: of a repeat instance that is gone its path alone. An
// instance is there while anything in it is.
func gone(merged, answers record.Answers) (paths []record.Path) {
	there := map[record.Path]bool{}
	for p, v := range answers {
		if v.IsZero() {
			continue
		}
		there[p] = true
		for i, in := p.Instance(); in; i, in = i.Parent().Instance() {
			there[i] = true
		}
	}
	for p := range merged {
		within := false
		for i, in := p.Parent().Instance(); in && !within; i, in = i.Parent().Instance() {
			_, was := merged[i]
			within = was && !there[i]
		}
		if !there[p] && !within {
			paths = append(paths, p)
		}
	}
	return paths
}

// describeMedia names hash, size and type of the files that the answers refer to.
func describeMedia(tx *transaction, body *record.Body) error {
	for _, v := range body.Set {
		if v.Kind() != record.File {
			continue
		}
		id, ok := record.FileID(v.String())
		if !ok {
			continue
		}
		var m mediaHeader
		err := getJSON(tx.Bucket(bucketMedia), id[:], &m)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return fmt.Errorf("store: file %s: %w", v, err)
		}
		body.Media[v.String()] = record.Media{SHA256: id, Size: m.Size, Type: m.Type}
	}
	return nil
}
