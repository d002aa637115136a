package store

import (
	"errors"
	"slices"

	"github.com/google/uuid"

	"vereda/survey/record"
)

// restate brings the state of an interview in the list up to date with what became of its revisions and what was said of it. Drafts
// stay drafts.
func restate(tx *transaction, interview uuid.UUID) error {
	h, err := getHeader(tx, interview)
	if errors.Is(err, ErrNotFound) || err == nil && (h.State == Draft || h.State == Handed || h.State == discarded) {
		return nil
	}
	if err != nil {
		return err
	}
	state, reason, err := onTheWay(tx, interview)
	if err != nil {
		return err
	}
	said, err := judged(tx, interview)
	if err != nil {
		return err
	}
	switch {
	case state == Refused:
	case said == Returned, said == Approved && state == Sent:
		state = said
	}
	if h.State == state && h.Reason == reason {
		return nil
	}
	h.State, h.Reason = state, reason
	return putHeader(tx, h)
}

// onTheWay returns how far the final revisions of an interview have come, as Finalized, Relayed, Sent or Refused.
func onTheWay(tx *transaction, interview uuid.UUID) (state State, reason string, err error) {
	at, err := centre(tx)
	if err != nil {
		return "", "", err
	}
	relayed := map[record.ID]bool{}
	refusedByHub, refused := "", false
	err = eachReceipt(tx, interview[:], func(key entryKey, from string, r receipt) error {
		switch {
		case r.Central && from == at && r.Status == record.Refused:
			refused, reason = true, r.Reason
		case r.Status == record.Refused:
			refusedByHub = r.Reason
		default:
			relayed[key.entry()] = true
		}
		return nil
	})
	if err != nil || refused {
		return Refused, reason, err
	}
	state = Sent
	err = each(tx.Bucket(bucketPlaces), interview[:], func(id, n []byte) error {
		value, err := get(tx.Bucket(bucketOutbox), n)
		if err != nil {
			return err
		}
		w, err := parseWaiting(n, value)
		switch {
		case err != nil || w.backup:
		case !relayed[w.entry()]:
			state, reason = Finalized, refusedByHub
		case state == Sent:
			state = Relayed
		}
		return err
	})
	return state, reason, err
}

// judged returns what the verdicts on an interview come to: Returned while nobody has corrected it, Approved while nothing was
// changed since, "" otherwise.
func judged(tx *transaction, interview uuid.UUID) (State, error) {
	all, err := verdictsOn(tx, interview)
	if err != nil || len(all) == 0 {
		return "", err
	}
	history, err := readHistory(tx, interview)
	if err != nil {
		return "", err
	}
	if len(unanswered(all, history)) > 0 {
		return Returned, nil
	}
	decision, stands := record.StandingVerdict(all)
	if decision != record.Approved {
		return "", nil
	}
	for _, r := range history.Revisions() {
		known := slices.ContainsFunc(stands, func(id record.ID) bool { return all[id].Knows.Covers(r.Dot()) })
		if r.Final && !known {
			return "", nil
		}
	}
	return Approved, nil
}

// unanswered returns the verdicts that return an interview, stand, and that no final revision was written in knowledge of.
func unanswered(all map[record.ID]record.Verdict, history *record.History) (open []record.Verdict) {
	answered := map[record.ID]bool{}
	for _, r := range history.Revisions() {
		for _, id := range r.Verdicts {
			answered[id] = answered[id] || r.Final
		}
	}
	_, stands := record.StandingVerdict(all)
	for _, id := range stands {
		if v := all[id]; v.Decision == record.Returned && !answered[id] {
			open = append(open, v)
		}
	}
	return open
}
