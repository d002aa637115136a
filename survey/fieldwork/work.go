package fieldwork

import (
	"time"

	"github.com/google/uuid"

	"vereda/survey/record"
)

// The states of assignments, as a coordinator looks for them.
const (
	WorkOpen    = "open"    // no interview has come of it
	WorkBegun   = "begun"   // interviews came, none is finished
	WorkDone    = "done"    // one is finished
	WorkOverdue = "overdue" // not done, and its day has passed
)

// ToReview stands in Filter.State for finished interviews that wait for a coordinator: not judged, corrected, or changed since.
const ToReview record.State = "review"

// WorkFilter chooses assignments for a coordinator's list, in the order of form, EA and household. Zero fields choose all but withdrawn ones.
type WorkFilter struct {
	Form      string
	EA        string // this one, and those whose codes begin with it
	Assignee  string // device; "-": nobody's
	State     string
	Today     string // 2026-11-23: what WorkOverdue is measured by
	Withdrawn bool   // these too
	Skip      int
	Limit     int // 0: 50
}

// Brief is an interview in few words.
type Brief struct {
	ID       uuid.UUID
	Form     string
	Name     string
	Device   string
	By       string
	Final    bool
	State    record.State
	Received time.Time
}
