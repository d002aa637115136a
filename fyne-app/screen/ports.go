// Package screen is the pages of the field app: the list of interviews, the interview page by page, its end, sending, joining a project
// and settings. It says what it needs of the tablet in small interfaces; it knows no SQL and no HTTP.
//
// All of it lives on Fyne's main goroutine: whoever works in another one comes back by fyne.Do.
package screen

import (
	"image"
	"io"
	"time"

	"github.com/google/uuid"

	"vereda/survey/form"
	"vereda/survey/interview"
	"vereda/survey/record"
	"vereda/survey/store"
)

// Shelf is the interviews of this tablet.
type Shelf interface {
	Interviews() ([]store.Interview, error)
	Interview(uuid.UUID) (store.Interview, error)
	Answers(uuid.UUID) (record.Answers, map[record.Path]bool, error)
	History(uuid.UUID) (*record.History, error)
	Discard(uuid.UUID) error // of a draft that was never finished
	Reopen(interview uuid.UUID, at time.Time) error
	Traces(uuid.UUID) ([]store.Trace, error)       // what was recorded of how it is held
	LastSaved(form string) (record.Answers, error) // of the interview that was finished last; store.ErrNotFound: none was
	Requeue(uuid.UUID) error                       // what the collector refused waits to be sent again
	Returned(uuid.UUID) ([]record.Verdict, error)  // with which comments it came back, unanswered; also of its draft
	Heed(uuid.UUID) error                          // the draft's author has seen them
	PhotosOf() (map[uuid.UUID]int, error)          // how many attachments of each the centre has not said to have; those with none are left out
}

// Agenda is the households that the person of this tablet is to visit, the most urgent first.
type Agenda interface {
	Assignments() ([]store.Assignment, error)
}

// Keeper makes answers durable: when Keep returns nil they survive anything. A full disk is store.ErrFull.
type Keeper interface {
	Begin(store.Interview) error
	Keep(uuid.UUID, store.Changes) error
	Note(store.Interview) error
	Turn(store.Interview, []store.Trace) error // Note, with what was recorded of how the interview is held
	Move(uuid.UUID, store.Move) error          // to another version of its form
}

// Finisher turns a draft into what is sent.
type Finisher interface {
	Compose(interview uuid.UUID, author store.Author, answers record.Answers, derived map[record.Path]bool, final bool) (record.Body, error)
	Finalize(record.Revision) error
}

// Memory keeps what the person chose. store.ErrNotFound: never chosen.
type Memory interface {
	Setting(name string) ([]byte, error)
	SetSetting(name string, value []byte) error
}

// Offer is a form that an interview can be begun with, in its newest version.
type Offer struct {
	Form, Version, Title string
	Missing              string // names of the files without which it cannot be used, and which have not come; "" for none
}

// Questionnaires are the forms of this tablet.
type Questionnaires interface {
	Offered() ([]Offer, error)
	Form(id, version string) (*form.Form, error)
}

// Album keeps pictures. Add copies one at once and returns the name by which answers refer to it.
type Album interface {
	Add(name string, r io.Reader) (string, error)
	Media(name string) (record.Media, error)
	Picture(name string) (image.Image, error)
}

// Courier takes interviews to the collector, in the background. It tells what it is doing through App.ShowSync.
type Courier interface {
	Send() // now, without waiting for the next time
	Sync() Sync
}

// Door is the way into a project. Join calls done on the main goroutine.
type Door interface {
	Member() (Member, bool)
	Join(i Invitation, done func(error))
}

// Member is who this tablet is in its project.
type Member struct {
	Project, Address string
	Name             string // of the person
	Device           string // the device's readable ID
}

// Invitation is what a person typed or pasted: a link, or an address and a code, with check letters where they are asked for.
type Invitation struct{ Link, Address, Code, Check, Name string }

// Clock tells the time and wakes up. After calls f on the main goroutine, unless stop was called before.
type Clock interface {
	Now() time.Time
	After(d time.Duration, f func()) (stop func())
}

// Tablet is all that the pages need from outside.
type Tablet struct {
	Shelf          Shelf
	Agenda         Agenda
	Keeper         Keeper
	Finisher       Finisher
	Memory         Memory
	Questionnaires Questionnaires
	Album          Album
	Courier        Courier
	Door           Door
	Stick          Stick
	Nearby         Nearby
	Saver          Saver // nil: attachments always go
	Guard          Guard
	Clock          Clock
	Env            func() interview.Env // for each session
	NewID          func() (uuid.UUID, error)
}

// Phase says what the courier is doing or why it does nothing.
type Phase string

// The phases. They are also the ends of the keys of the texts that say them.
const (
	Alone   Phase = "alone"   // this tablet belongs to no project yet
	Resting Phase = "resting" // everything that could be sent is
	Sending Phase = "sending"
	Offline Phase = "offline" // no way to the collector; tried again at Next
	Busy    Phase = "busy"    // the collector could not take it now; tried again at Next
	Revoked Phase = "revoked" // the project has shut this device out
	Failed  Phase = "failed"  // something that trying again does not mend: see Failure
)

// LateDays is how many days an interview may be on its way through a hub before a person is told.
const LateDays = 3

// Sync is how far the sending is.
type Sync struct {
	Phase      Phase
	Up         int           // interviews that a collector took in this run
	Left       int           // finished interviews that nobody else has yet
	Relayed    int           // finished interviews that a hub has, and the central collector not yet
	Hub        string        // what that hub is called; several: the one with most
	Hubs       int           // how many hubs that is
	Late       int           // of those a hub has, how many for more than LateDays
	Central    int           // finished interviews that the central collector has
	Received   int           // things that came from the project, in this run
	Photos     int           // attachments that the central collector does not have
	PhotoBytes int64         // of those
	Remaining  time.Duration // for what is left, at the speed of this run; 0: not known
	Next       time.Time     // when it is tried again; zero: not by itself
	Last       time.Time     // when everything was sent last; zero: never
	Failure    string        // why it failed, where a person can do something about it: "full", "stranger", "newer"; else ""
	Detail     string        // what the program says to that, for who is asked
}
