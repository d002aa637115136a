package archive

import (
	"context"

	"github.com/google/uuid"

	"vereda/survey/record"
)

// ErrChanged is returned where something was to be written in knowledge of all there is, and more has come since.
var ErrChanged = &Error{"changed", "more has come since; look again"}

// PutKnowing is Put for entries made in knowledge of an interview: ErrChanged, and nothing stored, unless it has exactly so many revisions now.
// So two people who change one interview at once cannot both write as this collector's next revision of it.
func (a *Archive) PutKnowing(ctx context.Context, interview uuid.UUID, revisions int, entries ...record.Entry) error {
	readings := a.understandAll(entries)
	return a.write(ctx, "put knowing", func(t *tx) error {
		var n int
		if err := t.one("SELECT count(*) FROM entries WHERE interview = $1", []any{interview[:]}, &n); err != nil {
			return err
		}
		if n != revisions {
			return ErrChanged
		}
		return a.put(t, readings)
	})
}

// Merged returns interviews as merged, in the order asked for; one that is not there is left out. No rules are run over them.
func (a *Archive) Merged(ctx context.Context, interviews ...uuid.UUID) (list []record.Merged, err error) {
	err = a.read(ctx, "merged", func(t *tx) error {
		list = nil
		for _, id := range interviews {
			h, _, err := t.loadHistory(id)
			if err == ErrNotFound {
				continue
			}
			if err != nil {
				return err
			}
			list = append(list, h.Merge())
		}
		return nil
	})
	return list, err
}
