package store

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"vereda/survey/record"
)

// State says where an interview stands on this tablet.
type State string

// The states.
const (
	Draft     State = "draft"     // being answered
	Handed    State = "handed"    // a draft that another tablet sent as a backup; Reopen goes on with it
	Finalized State = "finalized" // waiting to be sent; Reason says why a hub would not take it, if one would not
	Relayed   State = "relayed"   // a hub has it; the central collector has not said yet that it has
	Sent      State = "sent"      // the central collector has it
	Refused   State = "refused"   // the central collector would not take it; Reason says why
	Returned  State = "returned"  // a coordinator sent it back, and nobody has corrected it since
	Approved  State = "approved"  // a coordinator approved it as it is

	discarded State = "discarded" // a draft that was discarded after a backup of it was made: in no list
)

// Interview is what the list of interviews shows.
type Interview struct {
	ID       uuid.UUID
	Form     string
	Version  string
	Name     string // the instance name
	Language string // form.Language.Name
	At       string // path of the page last shown
	State    State
	Reason   string
	Answered int // answers of people: that a draft holds, asked now or not; that the revisions of any other come to
	Created  time.Time
	Changed  time.Time

	Assignment uuid.UUID `json:",omitzero"` // the visit that it is of; zero: none
}

// header is what is kept of an interview: an Interview, and the revisions that the draft was made from. Only of
// those does its author know.
type header struct {
	Interview
	Base   []record.ID   `json:",omitempty"`
	Heard  []record.ID   `json:",omitempty"` // verdicts that the draft's author has seen
	Dirty  bool          `json:",omitempty"` // the draft changed since its last backup
	Before record.Vector `json:",omitempty"` // what was known of it when it was forgotten
}

func getHeader(tx *transaction, id uuid.UUID) (h header, err error) {
	err = getJSON(tx.Bucket(bucketInterviews), id[:], &h)
	return h, err
}

// getDraft is getHeader for what only drafts take.
func getDraft(tx *transaction, id uuid.UUID) (header, error) {
	h, err := getHeader(tx, id)
	if err == nil && h.State != Draft {
		err = fmt.Errorf("%w: it is %s", ErrNotDraft, h.State)
	}
	return h, err
}

// eachHeader calls do for all interviews.
func eachHeader(tx *transaction, do func(header) error) error {
	return each(tx.Bucket(bucketInterviews), nil, func(key, value []byte) error {
		var h header
		if err := decodeJSON(key, value, &h); err != nil {
			return err
		}
		return do(h)
	})
}

func putHeader(tx *transaction, h header) error {
	return putJSON(tx.Bucket(bucketInterviews), h.ID[:], h)
}

// Begin keeps a new draft, whatever State and Answered say. ErrExists when the interview is there.
func (s *Store) Begin(i Interview) error {
	return s.update(func(tx *transaction) error {
		if tx.Bucket(bucketInterviews).Get(i.ID[:]) != nil {
			return ErrExists
		}
		i.State, i.Reason, i.Answered = Draft, "", 0
		i.Changed = cmp.Or(i.Changed, i.Created)
		return putHeader(tx, header{Interview: i})
	})
}

// Note changes what the list shows of a draft: Name, Language, At and, unless it is zero, Changed. ErrNotDraft of what is none.
func (s *Store) Note(i Interview) error {
	return s.update(func(tx *transaction) error { return noteDraft(tx, i) })
}

func noteDraft(tx *transaction, i Interview) error {
	h, err := getDraft(tx, i.ID)
	if err != nil {
		return err
	}
	h.Name, h.Language, h.At = i.Name, i.Language, i.At
	h.Changed = cmp.Or(i.Changed, h.Changed)
	return putHeader(tx, h)
}

// Name gives an interview that came from elsewhere, or was finished, its name in the list.
func (s *Store) Name(interview uuid.UUID, name string) error {
	return s.update(func(tx *transaction) error {
		h, err := getHeader(tx, interview)
		if err != nil || h.Name == name {
			return err
		}
		h.Name = name
		return putHeader(tx, h)
	})
}

// Interviews lists interviews, newest change first.
func (s *Store) Interviews() (list []Interview, err error) {
	err = s.view(func(tx *transaction) error {
		return eachHeader(tx, func(h header) error {
			if h.State != discarded {
				list = append(list, h.Interview)
			}
			return nil
		})
	})
	slices.SortFunc(list, func(a, b Interview) int {
		return cmp.Or(b.Changed.Compare(a.Changed), bytes.Compare(b.ID[:], a.ID[:]))
	})
	return list, err
}

// Interview returns one interview, or ErrNotFound.
func (s *Store) Interview(interview uuid.UUID) (i Interview, err error) {
	err = s.view(func(tx *transaction) error {
		h, err := getHeader(tx, interview)
		i = h.Interview
		return err
	})
	return i, err
}

// Discard forgets a draft that was never finalized. One of which a backup waits or was sent disappears from the list, and its backups
// stay. ErrNotDraft of what was finalized.
func (s *Store) Discard(interview uuid.UUID) error {
	return s.update(func(tx *transaction) error {
		h, err := getDraft(tx, interview)
		if err != nil {
			return err
		}
		history, err := readHistory(tx, interview)
		if err != nil {
			return err
		}
		for _, r := range history.Revisions() {
			if r.Final {
				return fmt.Errorf("%w only: it was finalized", ErrNotDraft)
			}
		}
		if err := errors.Join(clearPrefix(tx.Bucket(bucketAnswers), interview[:]), forgetTraces(tx, interview)); err != nil {
			return err
		}
		if history.Len() == 0 {
			return tx.Bucket(bucketInterviews).Delete(interview[:])
		}
		h.State, h.Dirty, h.Base, h.Answered = discarded, false, nil, 0
		return putHeader(tx, h)
	})
}
