package store

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"strings"

	"vereda/survey/record"
)

// Accept keeps entries that came from a collector, and how far its archive is read with them, in one transaction: forms go to the forms,
// revisions into histories (an interview that the list did not have appears there as Sent; one that is a draft elsewhere as Handed),
// revocations to the revoked, verdicts, assignments and settings where what was said lies. What it does not understand is
// set aside (Aside) and never dropped. A draft that is open stays as it is. archiveID "" says that they came by another way, such as
// a card: there is no cursor to keep.
func (s *Store) Accept(entries []record.Entry, archiveID string, cursor uint64) error {
	return s.update(func(tx *transaction) error {
		for _, e := range entries {
			taken, err := take(tx, e)
			if err == nil && !taken {
				err = setAside(tx, e)
			}
			if err != nil {
				return err
			}
		}
		if archiveID == "" {
			return nil
		}
		return meet(tx, archiveID, func(a *archive) { a.Cursor = cursor })
	})
}

// take keeps an entry where it belongs; false when it is not understood.
func take(tx *transaction, e record.Entry) (bool, error) {
	switch e.Kind {
	case record.KindForm:
		var f record.FormVersion
		if json.Unmarshal(e.Body, &f) != nil || f.V != 1 || !isName(f.Form) || len(f.Version) > record.MaxName || strings.Contains(f.Version, "\x00") {
			return false, nil
		}
		err := putForm(tx, f)
		if errors.Is(err, ErrFormDiffers) {
			return false, nil
		}
		return true, err
	case record.KindRevision:
		r, err := record.ParseRevision(bytes.Clone(e.Body))
		if err != nil {
			return false, nil
		}
		return true, takeRevision(tx, r)
	case record.KindRevocation:
		var r record.Revocation
		if json.Unmarshal(e.Body, &r) != nil || r.V != 1 || !isName(r.Device) {
			return false, nil
		}
		return true, put(tx.Bucket(bucketRevoked), []byte(r.Device), nil)
	}
	return takeSaid(tx, e)
}

// takeSaid keeps what coordinators said.
func takeSaid(tx *transaction, e record.Entry) (bool, error) {
	e.Body = bytes.Clone(e.Body)
	switch e.Kind {
	case record.KindVerdict:
		v, err := record.ParseVerdict(e.Body)
		if err != nil {
			return false, nil
		}
		if err := errors.Join(putSaid(tx, v.Interview.String(), e), remind(tx, v.Interview)); err != nil {
			return false, err
		}
		return true, restate(tx, v.Interview)
	case record.KindAssignment:
		a, err := record.ParseAssignment(e.Body)
		if err != nil {
			return false, nil
		}
		return true, putSaid(tx, a.Assignment.String(), e)
	case record.KindSetting:
		set, err := record.ParseSetting(e.Body)
		if err != nil || !isName(set.Name) {
			return false, nil
		}
		return true, putSaid(tx, set.Name, e)
	}
	return false, nil
}

func isName(s string) bool {
	return s != "" && len(s) <= record.MaxName && !strings.Contains(s, "\x00")
}

// takeRevision puts a revision in its history, and the interview in the list.
func takeRevision(tx *transaction, r record.Revision) error {
	revisions := tx.Bucket(bucketRevisions)
	if revisions.Get(revisionKey(r)) != nil {
		return nil
	}
	if err := errors.Join(put(revisions, revisionKey(r), r.Bytes()), remind(tx, r.Interview)); err != nil {
		return err
	}
	h, err := getHeader(tx, r.Interview)
	if errors.Is(err, ErrNotFound) {
		h, err = header{Interview: Interview{ID: r.Interview, State: Handed, Created: r.At, Changed: r.At}}, nil
	}
	if err != nil || h.State == Draft {
		return err
	}
	history, err := readHistory(tx, r.Interview)
	if err != nil {
		return err
	}
	merged := history.Merge()
	if (h.State == Handed || h.State == discarded) && merged.Final {
		h.State = Sent
	}
	h.Form, h.Version, h.Answered = cmp.Or(merged.Form, h.Form), merged.Version, given(merged)
	h.Assignment = cmp.Or(merged.Assignment, h.Assignment)
	if r.At.After(h.Changed) {
		h.Changed = r.At
	}
	if err := putHeader(tx, h); err != nil {
		return err
	}
	return restate(tx, r.Interview)
}

// setAside keeps an entry that was not understood, once.
func setAside(tx *transaction, e record.Entry) error {
	aside, seen, id := tx.Bucket(bucketAside), tx.Bucket(bucketSeen), e.ID()
	key := append(id[:], e.Kind...) // the same bytes may come as two kinds
	if seen.Get(key) != nil {
		return nil
	}
	n, err := aside.NextSequence()
	if err != nil {
		return err
	}
	text := append([]byte(e.Kind+"\x00"), e.Body...)
	return errors.Join(put(seen, key, nil), put(aside, number(n), text))
}

// Aside returns the entries that were set aside, in the order they came.
func (s *Store) Aside() (entries []record.Entry, err error) {
	err = s.view(func(tx *transaction) error {
		return each(tx.Bucket(bucketAside), nil, func(_, value []byte) error {
			kind, body, ok := bytes.Cut(bytes.Clone(value), []byte{0})
			if !ok {
				return &DamageError{"aside", errors.New("an entry has no kind")}
			}
			entries = append(entries, record.Entry{Kind: string(kind), Body: body})
			return nil
		})
	})
	return entries, err
}

// reread takes what was set aside by a program that did not understand it.
func reread(tx *transaction) error {
	type placed struct {
		n []byte
		e record.Entry
	}
	var all []placed
	err := each(tx.Bucket(bucketAside), nil, func(n, value []byte) error {
		kind, body, ok := bytes.Cut(bytes.Clone(value), []byte{0})
		if !ok {
			return &DamageError{"aside", errors.New("an entry has no kind")}
		}
		all = append(all, placed{bytes.Clone(n), record.Entry{Kind: string(kind), Body: body}})
		return nil
	})
	if err != nil {
		return err
	}
	for _, p := range all {
		taken, err := take(tx, p.e)
		if err != nil {
			return err
		}
		if !taken {
			continue
		}
		id := p.e.ID()
		if err := errors.Join(tx.Bucket(bucketAside).Delete(p.n), tx.Bucket(bucketSeen).Delete(append(id[:], p.e.Kind...))); err != nil {
			return err
		}
	}
	return nil
}

// Revoked returns the devices that the collector said are revoked, sorted.
func (s *Store) Revoked() (devices []string, err error) {
	err = s.view(func(tx *transaction) error {
		return each(tx.Bucket(bucketRevoked), nil, func(device, _ []byte) error {
			devices = append(devices, string(device))
			return nil
		})
	})
	return devices, err
}
