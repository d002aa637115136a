package fieldwork

import (
	"time"

	"github.com/google/uuid"

	"vereda/survey/record"
)

// Verdict is a verdict and how it came.
type Verdict struct {
	ID record.ID `json:"id"`
	record.Verdict
	Received time.Time `json:"received"`
	Stands   bool      `json:"stands"` // no other verdict on this interview knew of it
}

// Assignment is what counts of an assignment, and what became of it.
type Assignment struct {
	record.Assignment
	Stands   []record.ID `json:"stands"`   // what the next statement about it names in After
	Disputed bool        `json:"disputed"` // others stand beside it that differ
	Received time.Time   `json:"received"`

	Visits    int       `json:"visits"`             // interviews that came of it
	Done      bool      `json:"done"`               // one of them is final
	Interview uuid.UUID `json:"interview,omitzero"` // the one begun last
}

// AssignmentFilter chooses assignments. Zero fields choose all but withdrawn ones. After pages: only those with a greater ID.
type AssignmentFilter struct {
	Form      string
	EA        string
	Assignee  string // device; "-": nobody's
	Open      bool   // only those without a final interview
	Withdrawn bool   // these too
	After     uuid.UUID
	Limit     int // 0: 1000
}

// Setting is what counts of a setting of the project.
type Setting struct {
	record.Setting
	Stands   []record.ID `json:"stands"`
	Disputed bool        `json:"disputed"`
	Received time.Time   `json:"received"`
}

// Decision is what counts of the decisions about two interviews. Undecided and disputed: several stand that contradict each other.
type Decision struct {
	record.Duplicate
	Stands   []record.ID `json:"stands"`
	Disputed bool        `json:"disputed"`
	Said     []Said      `json:"said"` // those that stand
	Received time.Time   `json:"received"`
}

// Said is one decision among others.
type Said struct {
	ID       record.ID       `json:"id"`
	Decision record.Decision `json:"decision"`
	Keep     uuid.UUID       `json:"keep,omitzero"`
	By       string          `json:"by"`
	Device   string          `json:"device"`
}

// Peer is another collector that this one asks for news and brings what came: of a hub, its upstream.
type Peer struct {
	Archive string    `json:"archive"`
	Name    string    `json:"name"`
	Met     time.Time `json:"met"`     // last exchange that succeeded
	Waiting int       `json:"waiting"` // batches that it has not got from here
}

// Relay is how a hub stands with its upstream. The zero Relay: the collector has none.
type Relay struct {
	Upstream string    `json:"upstream"`         // address
	Name     string    `json:"name,omitempty"`   // what it calls itself; "" before it was reached
	Contact  time.Time `json:"contact,omitzero"` // last exchange that succeeded, since the program began
	Next     time.Time `json:"next,omitzero"`    // when it will be tried again
	Waiting  int       `json:"waiting"`          // batches that the upstream has not got
	Problem  string    `json:"problem,omitempty"`
}

// Stuck is a batch that could not be passed on or not be taken. It is kept, and stops nothing else.
type Stuck struct {
	Direction string    `json:"direction"` // "up": another collector refused it; "down": it came from there and was not taken
	Archive   string    `json:"archive"`   // the other collector's
	Place     uint64    `json:"place"`     // on the shelf of the collector that has it
	Batch     record.ID `json:"batch"`     // zero: not known
	Device    string    `json:"device"`    // who sealed it; "": not known
	Reason    string    `json:"reason"`    // a code of docs/sync-protocol.md, or of docs/batch-format.md
	At        time.Time `json:"at"`
}

// Reading is how far a device's clock was ahead at one moment of the collector's.
type Reading struct {
	Received time.Time     `json:"received"`
	Ahead    time.Duration `json:"ahead"`
}
