package desk

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"vereda/survey/fieldwork"
	"vereda/survey/quality"
	"vereda/survey/record"
)

// Decide says of two interviews whether they are of one household. keep is the one that counts, of record.Same; zero: their answers are joined.
// Deciding what is decided already does nothing. It fails with ErrNotFound when one of them is not there, and with a *record.EntryError.
func (d *Desk) Decide(ctx context.Context, by string, a, b uuid.UUID, decision record.Decision, keep uuid.UUID) error {
	there, err := d.Archive.Merged(ctx, a, b)
	if err != nil {
		return err
	}
	if len(there) != 2 {
		return ErrNotFound
	}
	all, err := d.Archive.Decisions(ctx)
	if err != nil {
		return err
	}
	x, y := Couple(a, b)
	said := record.Duplicate{A: x, B: y, Decision: decision, Keep: keep}
	if i := slices.IndexFunc(all, func(o fieldwork.Decision) bool { return o.A == x && o.B == y }); i >= 0 {
		if now := all[i]; !now.Disputed && now.Decision == decision && now.Keep == keep {
			return nil
		}
		said.Said = d.said(by, all[i].Stands)
	} else {
		if decision == record.Undecided {
			return nil
		}
		said.Said = d.said(by, nil)
	}
	e, err := said.Entry()
	if err != nil {
		return err
	}
	return d.Archive.Put(ctx, e)
}

// Couple puts two interviews in order.
func Couple(a, b uuid.UUID) (uuid.UUID, uuid.UUID) {
	if slices.Compare(a[:], b[:]) > 0 {
		return b, a
	}
	return a, b
}

// Settlement computes what all decisions about duplicates say together.
func Settlement(decisions []fieldwork.Decision) quality.Settlement {
	all := map[record.ID]record.Duplicate{}
	for _, d := range decisions {
		if len(d.Said) == 0 {
			continue
		}
		for _, s := range d.Said {
			one := d.Duplicate
			one.Decision, one.Keep, one.After = s.Decision, s.Keep, nil
			all[s.ID] = one
		}
	}
	return quality.Settle(all)
}
