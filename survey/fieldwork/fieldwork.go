// Package fieldwork holds what a collector knows about the work in the field, as coordinators read it: interviews, devices,
// conflicts, things set aside. It is data only; the archive fills it, the dashboard and the exports read it.
package fieldwork

import (
	"bytes"
	"cmp"
	"time"

	"github.com/google/uuid"

	"vereda/survey/record"
)

// Interview is a merged interview in a list.
type Interview struct {
	ID         uuid.UUID `json:"id"`
	Form       string    `json:"form"`
	Version    string    `json:"version"`
	Name       string    `json:"name"`   // the instance name
	Device     string    `json:"device"` // of the first revision in the merged order
	By         string    `json:"by"`
	Final      bool      `json:"final"`
	Incomplete bool      `json:"incomplete"` // revisions are named that have not come
	Conflicts  int       `json:"conflicts"`
	Flags      int       `json:"flags"`    // what the form's rules reject after merging, kept instances, forks
	Received   time.Time `json:"received"` // last entry, collector's clock
	At         time.Time `json:"at"`       // last revision, device's clock

	Corrected  time.Time       `json:"corrected,omitzero"`  // At, less by what that clock was ahead when the revision was handed over; zero: not measured
	Assignment uuid.UUID       `json:"assignment,omitzero"` // the visit it came of; zero: none
	Verdict    record.Decision `json:"verdict,omitempty"`   // what the verdicts on it say together
	State      record.State    `json:"state,omitempty"`     // where that leaves it
}

// Place is where an interview stands in a list: those of which something was received last come first, of several at once the greatest ID.
type Place struct {
	Received time.Time // to the millisecond
	ID       uuid.UUID // zero: no place
}

// Place returns where the interview stands.
func (i Interview) Place() Place { return Place{i.Received, i.ID} }

// Compare is below 0 when p comes first.
func (p Place) Compare(q Place) int {
	return cmp.Or(q.Received.Compare(p.Received), bytes.Compare(q.ID[:], p.ID[:]))
}

// Filter chooses interviews. Zero fields choose all. Behind pages: only interviews that stand behind that place.
type Filter struct {
	Form       string
	Device     string
	Conflicts  bool // only those with conflicts
	Incomplete bool // only those with revisions that have not come
	State      record.State
	Behind     Place
	Limit      int // 0: 100
}

// Story is one interview whole: as merged, and how it came to be.
type Story struct {
	Interview
	Merged record.Merged
	Flags  []Flag
	Steps  []Step // revisions in merge order

	Verdicts []Verdict // in the order in which they came
}

// Flag is what the form's rules say about merged answers.
type Flag struct {
	Path    record.Path `json:"path"`
	Kind    string      `json:"kind"` // as interview.Problem's, or "kept", "forked"
	Message string      `json:"message"`
}

// Step is a revision and how it came.
type Step struct {
	Revision record.Revision
	Received time.Time
	Batch    record.ID
	Via      string // "network", "file", "hub"

	Corrected time.Time // Revision.At, less by what the clock was ahead when it was handed over; zero: not measured
}

// Device is a tablet or computer as the collector knows it.
type Device struct {
	ID         string        `json:"id"`
	Name       string        `json:"name"`
	Role       string        `json:"role"`
	Enrolled   time.Time     `json:"enrolled"`
	Seen       time.Time     `json:"seen"`  // last exchange; zero: never
	Clock      time.Duration `json:"clock"` // how far its clock was ahead at the last exchange
	Revoked    bool          `json:"revoked"`
	Interviews int           `json:"interviews"` // that it wrote a revision of

	Replaces []string `json:"replaces,omitempty"` // older devices whose work it took over
}

// Conflict is one question with two answers.
type Conflict struct {
	Interview uuid.UUID `json:"interview"`
	Form      string    `json:"form"`
	Name      string    `json:"name"`
	record.Conflict
}

// Aside is an entry that was quarantined.
type Aside struct {
	Entry    record.ID `json:"entry"`
	Kind     string    `json:"kind"`
	Device   string    `json:"device"`
	Reason   string    `json:"reason"`
	Received time.Time `json:"received"`
	Size     int       `json:"size"`
}

// Count is how many interviews came from a device on a day of the collector's clock. An interview counts once, for the device
// whose revision came first.
type Count struct {
	Device string
	Day    string // 2026-11-23
	N      int
}

// Row is one row of a table of answers.
type Row struct {
	Interview uuid.UUID
	Version   string
	Device    string
	By        string
	Final     bool
	Conflicts int
	Instance  record.Path    // of a repeat's row; "" for the interview itself
	Answers   record.Answers // by generic path: this row's own columns only

	DuplicateOf uuid.UUID // the interview that stands for it; zero: it counts itself
}
