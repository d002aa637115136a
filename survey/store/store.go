// Package store is the tablet's memory: one bbolt file with forms, drafts, revisions, outbox, media and settings.
package store

import (
	"errors"
	"io"
	"time"

	"github.com/google/uuid"

	"vereda/survey/record"
)

// ErrNotFound says that the store has no such thing. ErrFull says that the disk is full: nothing was written, nothing lost.
var (
	ErrNotFound = errors.New("store: not found")
	ErrFull     = errors.New("store: no space left on the device")
	ErrLocked   = errors.New("store: another program has the file open")
)

// Store is an open file. Safe for concurrent use.
type Store struct{}

// Open opens or makes the file. A file of a newer version is refused with *VersionError.
func Open(path string) (*Store, error) { panic("stub") }

// Close closes the file.
func (s *Store) Close() error { panic("stub") }

// Setting and SetSetting keep small things: identity, language, address. ErrNotFound when never set.
func (s *Store) Setting(name string) ([]byte, error)        { panic("stub") }
func (s *Store) SetSetting(name string, value []byte) error { panic("stub") }

// PutForm keeps a form version; the same again changes nothing. Forms lists them without Source, sorted by form and version of arrival.
func (s *Store) PutForm(f record.FormVersion) error                    { panic("stub") }
func (s *Store) Form(form, version string) (record.FormVersion, error) { panic("stub") }
func (s *Store) Forms() ([]record.FormVersion, error)                  { panic("stub") }

// State says where an interview stands on this tablet.
type State string

// The states.
const (
	Draft     State = "draft"     // being answered
	Finalized State = "finalized" // waiting to be sent
	Sent      State = "sent"      // a collector has it
	Refused   State = "refused"   // a collector would not take it; Reason says why
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
	Answered int // questions answered by people
	Created  time.Time
	Changed  time.Time
}

// Begin keeps a new draft. Note changes what the list shows of a draft (Name, Language, At, Changed).
func (s *Store) Begin(i Interview) error { panic("stub") }
func (s *Store) Note(i Interview) error  { panic("stub") }

// Keep makes changes to a draft durable: when it returns nil, they survive anything.
func (s *Store) Keep(interview uuid.UUID, c Changes) error { panic("stub") }

// Changes are what one act changed in a draft. Unset may name whole instances.
type Changes struct {
	Set     record.Answers
	Derived map[record.Path]bool // which of Set are derived
	Unset   []record.Path
	At      time.Time
}

// Interviews lists interviews, newest change first. Interview returns one.
func (s *Store) Interviews() ([]Interview, error)                 { panic("stub") }
func (s *Store) Interview(interview uuid.UUID) (Interview, error) { panic("stub") }

// Answers returns what a draft holds.
func (s *Store) Answers(interview uuid.UUID) (answers record.Answers, derived map[record.Path]bool, err error) {
	panic("stub")
}

// Discard forgets a draft that was never finalized nor sent.
func (s *Store) Discard(interview uuid.UUID) error { panic("stub") }

// Compose makes a revision's body out of what a draft now holds against what the interview's history says: only what differs.
// final and derived come from the session (answers that are not relevant are already left out).
func (s *Store) Compose(interview uuid.UUID, author Author, answers record.Answers, derived map[record.Path]bool, final bool) (record.Body, error) {
	panic("stub")
}

// Author is who writes a revision, and when.
type Author struct {
	Device, By string
	At         time.Time
}

// Finalize writes the revision and its outbox entry, and closes the draft, in one transaction.
func (s *Store) Finalize(r record.Revision) error { panic("stub") }

// Reopen makes a draft of a finalized interview out of its merged history, to be corrected.
func (s *Store) Reopen(interview uuid.UUID, at time.Time) error { panic("stub") }

// History returns all revisions of an interview that the tablet has.
func (s *Store) History(interview uuid.UUID) (*record.History, error) { panic("stub") }

// Pending returns entries from the outbox, oldest first, at most n entries and about size bytes (at least one entry).
func (s *Store) Pending(n, size int) ([]record.Entry, error) { panic("stub") }

// Waiting returns how many entries are in the outbox.
func (s *Store) Waiting() (int, error) { panic("stub") }

// Settle takes receipts: what is stored, known or quarantined leaves the outbox; what is refused leaves the queue, and stays with its reason
// in the list. Receipts of unknown entries are passed over.
func (s *Store) Settle(receipts []record.Receipt) error { panic("stub") }

// Cursor returns how far this tablet has read from the collector; 0 at first.
func (s *Store) Cursor() (uint64, error) { panic("stub") }

// Accept keeps entries that came from the collector, and the cursor behind them, in one transaction. What it does not understand is set aside
// (Aside) and never dropped.
func (s *Store) Accept(entries []record.Entry, cursor uint64) error { panic("stub") }

// Aside returns the entries that were set aside.
func (s *Store) Aside() ([]record.Entry, error) { panic("stub") }

// PutMedia keeps a file under its hash; Media opens one. The reader is fully read or closed by the caller.
func (s *Store) PutMedia(contentType string, r io.Reader) (record.Media, error) { panic("stub") }
func (s *Store) Media(id record.ID) (io.ReadCloser, error)                      { panic("stub") }
