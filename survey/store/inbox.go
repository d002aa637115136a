package store

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"strings"

	"vereda/survey/record"
)

// Cursor returns how far this tablet has read from the collector; 0 at first.
func (s *Store) Cursor() (cursor uint64, err error) {
	err = s.view(func(tx *transaction) error {
		value, err := get(tx.Bucket(bucketMeta), keyCursor)
		switch {
		case errors.Is(err, ErrNotFound):
			return nil
		case err == nil && len(value) != 8:
			return &DamageError{"cursor", errors.New("it has the wrong length")}
		case err == nil:
			cursor = binary.BigEndian.Uint64(value)
		}
		return err
	})
	return cursor, err
}

// Accept keeps entries that came from the collector, and the cursor behind them, in one transaction: forms go to the forms,
// revisions into histories (an interview that the list did not have appears there as Sent), revocations to the revoked.
// What it does not understand is set aside (Aside) and never dropped. A draft that is open stays as it is.
func (s *Store) Accept(entries []record.Entry, cursor uint64) error {
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
		return put(tx.Bucket(bucketMeta), keyCursor, number(cursor))
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
	if err := put(revisions, revisionKey(r), r.Bytes()); err != nil {
		return err
	}
	h, err := getHeader(tx, r.Interview)
	if errors.Is(err, ErrNotFound) {
		h, err = header{Interview: Interview{ID: r.Interview, State: Sent, Created: r.At, Changed: r.At}}, nil
	}
	if err != nil || h.State == Draft {
		return err
	}
	history, err := readHistory(tx, r.Interview)
	if err != nil {
		return err
	}
	merged := history.Merge()
	h.Form, h.Version, h.Answered = cmp.Or(merged.Form, h.Form), merged.Version, 0
	for p, v := range merged.Answers {
		if counts(v, merged.Derived[p]) {
			h.Answered++
		}
	}
	if r.At.After(h.Changed) {
		h.Changed = r.At
	}
	return putHeader(tx, h)
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
