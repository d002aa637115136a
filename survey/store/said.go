package store

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"vereda/survey/record"
)

// What coordinators said lies in one bucket, by kind, subject and ID: several may have spoken about one subject without knowing of each
// other, and record.Standing tells what counts.

func saidPrefix(kind, subject string) []byte { return []byte(kind + "\x00" + subject + "\x00") }

// putSaid keeps what was said about a subject; the same again changes nothing.
func putSaid(tx *transaction, subject string, e record.Entry) error {
	id := e.ID()
	key := append(saidPrefix(e.Kind, subject), id[:]...)
	if tx.Bucket(bucketSaid).Get(key) != nil {
		return nil
	}
	return put(tx.Bucket(bucketSaid), key, e.Body)
}

// readSaid returns what was said about a subject.
func readSaid[T any](tx *transaction, kind, subject string, parse func([]byte) (T, error)) (map[record.ID]T, error) {
	all := map[record.ID]T{}
	err := each(tx.Bucket(bucketSaid), saidPrefix(kind, subject), func(id, body []byte) error {
		one, err := parse(bytes.Clone(body))
		if err == nil && len(id) != len(record.ID{}) {
			err = errors.New("a key has the wrong length")
		}
		if err != nil {
			return &DamageError{"said", err}
		}
		all[record.ID(id)] = one
		return nil
	})
	return all, err
}

func verdictsOn(tx *transaction, interview uuid.UUID) (map[record.ID]record.Verdict, error) {
	return readSaid(tx, record.KindVerdict, interview.String(), record.ParseVerdict)
}

// Returned returns the verdicts by which an interview came back and that no finalized correction answers, in the order they
// were given by their own clocks. It answers for drafts too.
func (s *Store) Returned(interview uuid.UUID) (open []record.Verdict, err error) {
	err = s.view(func(tx *transaction) error {
		all, err := verdictsOn(tx, interview)
		if err != nil || len(all) == 0 {
			return err
		}
		history, err := readHistory(tx, interview)
		if err == nil {
			open = unanswered(all, history)
		}
		return err
	})
	slices.SortStableFunc(open, func(a, b record.Verdict) int { return a.At.Compare(b.At) })
	return open, err
}

// Heed says that the author of a draft has seen the verdicts that stand: the revision that comes of it names them. ErrNotDraft of
// what is none.
func (s *Store) Heed(interview uuid.UUID) error {
	return s.update(func(tx *transaction) error {
		h, err := getDraft(tx, interview)
		if err != nil {
			return err
		}
		return errors.Join(heed(tx, &h), putHeader(tx, h))
	})
}

func heed(tx *transaction, h *header) error {
	all, err := verdictsOn(tx, h.ID)
	if err != nil {
		return err
	}
	_, stands := record.StandingVerdict(all)
	for _, id := range stands {
		if !slices.Contains(h.Heard, id) {
			h.Heard = append(h.Heard, id)
		}
	}
	return nil
}

// unnamed returns the verdicts that a draft's author has seen and that no revision of its history names yet.
func unnamed(heard []record.ID, base *record.History) []record.ID {
	named := map[record.ID]bool{}
	for _, r := range base.Revisions() {
		for _, id := range r.Verdicts {
			named[id] = named[id] || r.Final
		}
	}
	return slices.DeleteFunc(slices.Clone(heard), func(id record.ID) bool { return named[id] })
}

// Assignment is a household to be visited, and what became of it.
type Assignment struct {
	record.Assignment
	Disputed bool        // coordinators said different things without knowing of each other
	Visits   []Interview // that were begun for it, oldest first
}

// Assignments returns the assignments that were not withdrawn, whosever they are: those with a call-back or a due date
// first, by the earlier of the two; then by EA and household.
func (s *Store) Assignments() (list []Assignment, err error) {
	err = s.view(func(tx *transaction) error {
		all, err := assignments(tx)
		if err != nil {
			return err
		}
		at := map[uuid.UUID]*Assignment{}
		for _, said := range all {
			counts, _, disputed := record.StandingAssignment(said)
			if !counts.Withdrawn {
				at[counts.Assignment] = &Assignment{Assignment: counts, Disputed: disputed}
			}
		}
		if len(at) == 0 {
			return nil
		}
		err = eachHeader(tx, func(h header) error {
			if a := at[h.Assignment]; a != nil && h.State != discarded {
				a.Visits = append(a.Visits, h.Interview)
			}
			return nil
		})
		for _, a := range at {
			list = append(list, *a)
		}
		return err
	})
	slices.SortFunc(list, func(a, b Assignment) int {
		return cmp.Or(a.when().Compare(b.when()), cmp.Compare(a.EA, b.EA), cmp.Compare(a.Household, b.Household), slices.Compare(a.Assignment.Assignment[:], b.Assignment.Assignment[:]))
	})
	return list, err
}

// when is by when somebody is expected; far away where nobody said.
func (a Assignment) when() time.Time {
	when := time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	if due, err := time.Parse(time.DateOnly, a.Due); err == nil {
		when = due.AddDate(0, 0, 1)
	}
	if !a.Call.IsZero() && a.Call.Before(when) {
		when = a.Call
	}
	return when
}

// assignments returns what was said, by assignment.
func assignments(tx *transaction) (map[string]map[record.ID]record.Assignment, error) {
	all := map[string]map[record.ID]record.Assignment{}
	err := each(tx.Bucket(bucketSaid), []byte(record.KindAssignment+"\x00"), func(key, body []byte) error {
		a, err := record.ParseAssignment(bytes.Clone(body))
		if err != nil || len(key) < len(record.ID{}) {
			return &DamageError{"said", cmp.Or(err, errors.New("a key is too short"))}
		}
		subject := string(key[:len(key)-len(record.ID{})])
		if all[subject] == nil {
			all[subject] = map[record.ID]record.Assignment{}
		}
		all[subject][record.ID(key[len(key)-len(record.ID{}):])] = a
		return nil
	})
	return all, err
}

// ProjectSetting returns the value of a setting that holds for the whole project, as JSON. ErrNotFound while nobody has set it.
func (s *Store) ProjectSetting(name string) (value json.RawMessage, err error) {
	err = s.view(func(tx *transaction) error {
		value, err = projectSetting(tx, name)
		return err
	})
	return value, err
}

func projectSetting(tx *transaction, name string) (json.RawMessage, error) {
	all, err := readSaid(tx, record.KindSetting, name, record.ParseSetting)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, ErrNotFound
	}
	counts, _, _ := record.StandingSetting(all)
	return counts.Value, nil
}
