package store

import (
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"vereda/survey/record"
)

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
	for _, p := range body.Unset {
		if i, in := p.Parent().Instance(); in && !answers[i].IsZero() && answers.Bare(i) {
			if derived[i] {
				body.Derived[i] = record.Exists()
			} else {
				body.Set[i] = record.Exists()
			}
		}
	}
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
