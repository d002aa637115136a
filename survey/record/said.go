package record

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
)

// Said is what coordinators' statements have in common. What was said about one subject is a set, as a history is: each names those
// before it that its author knew, and Standing tells which of them stand.
type Said struct {
	By     string    `json:"by,omitempty"`    // the person
	Device string    `json:"device"`          // who sealed it
	At     time.Time `json:"at"`              // shown, never trusted for order
	After  []ID      `json:"after,omitempty"` // statements about the same subject that the author knew; ascending
}

// Verdict is a coordinator's approval of an interview, or its return to the enumerator. Its subject is the interview.
type Verdict struct {
	V         int       `json:"v"`
	Interview uuid.UUID `json:"interview"`
	Knows     Vector    `json:"knows,omitempty"` // the revisions that were judged
	Decision  Decision  `json:"decision"`
	Comments  []Comment `json:"comments,omitempty"`
	Note      string    `json:"note,omitempty"`
	Said
}

// Decision is what a verdict or a decision about duplicates says.
type Decision string

// The decisions: two of verdicts, three about duplicates.
const (
	Approved  Decision = "approved"
	Returned  Decision = "returned"
	Same      Decision = "same"
	Different Decision = "different"
	Undecided Decision = "undecided" // what was decided is taken back
)

// Comment is what a verdict says about one question.
type Comment struct {
	Path Path   `json:"path,omitempty"` // "" for the whole interview
	Text string `json:"text"`
}

// Assignment is a household to be visited. Its subject is the assignment.
type Assignment struct {
	V          int             `json:"v"`
	Assignment uuid.UUID       `json:"assignment"`
	Form       string          `json:"form"`
	EA         string          `json:"ea,omitempty"`
	Household  string          `json:"household,omitempty"`
	Person     string          `json:"person,omitempty"`   // who is to visit, where no device is named yet
	Assignee   string          `json:"assignee,omitempty"` // the device whose it is; "": nobody's yet
	Due        string          `json:"due,omitempty"`      // 2026-11-30
	Call       time.Time       `json:"call,omitzero"`      // call-back that was agreed with the household
	Note       string          `json:"note,omitempty"`
	Answers    map[Path]string `json:"answers,omitempty"` // known beforehand, as typed
	Withdrawn  bool            `json:"withdrawn,omitempty"`
	Said
}

// Setting is a setting of the whole project. Its subject is the name.
type Setting struct {
	V     int             `json:"v"`
	Name  string          `json:"name"`
	Value json.RawMessage `json:"value"` // any JSON
	Said
}

// Duplicate says of two interviews whether they are of one household. Its subject is the pair.
type Duplicate struct {
	V        int       `json:"v"`
	A        uuid.UUID `json:"a"`
	B        uuid.UUID `json:"b"` // greater than A
	Decision Decision  `json:"decision"`
	Keep     uuid.UUID `json:"keep,omitzero"` // of "same": the one that counts; zero: their answers are joined
	Said
}

// Limits of what is said. They hold on both ends.
const (
	MaxSaid     = 1 << 20  // bytes
	MaxText     = 4 << 10  // bytes of a note, a comment, or an answer known beforehand
	MaxComments = 1_000    // in a verdict
	MaxKnown    = 1_000    // answers of an assignment
	MaxValue    = 64 << 10 // bytes of a setting
)

// EntryError says why bytes are no entry of their kind, or why something cannot become one.
type EntryError struct {
	Kind   string
	Code   Code
	Field  string // "" for the whole
	Reason string
}

func (e *EntryError) Error() string {
	where := ""
	if e.Field != "" {
		where = e.Field + ": "
	}
	return fmt.Sprintf("record: %s: %s%s (%s)", e.Kind, where, e.Reason, e.Code)
}

// Entry writes a verdict down. V is filled in, At is cut to milliseconds and After sorted. Errors are *EntryError.
func (v Verdict) Entry() (Entry, error) {
	v.V, v.Said = Version, v.Said.tidy()
	return sayEntry(KindVerdict, v, func(b []byte) error { _, err := ParseVerdict(b); return err })
}

// Entry writes an assignment down, as Verdict.Entry does.
func (a Assignment) Entry() (Entry, error) {
	a.V, a.Said = Version, a.Said.tidy()
	a.Call = a.Call.Truncate(time.Millisecond)
	return sayEntry(KindAssignment, a, func(b []byte) error { _, err := ParseAssignment(b); return err })
}

// Entry writes a setting down, as Verdict.Entry does.
func (s Setting) Entry() (Entry, error) {
	s.V, s.Said = Version, s.Said.tidy()
	return sayEntry(KindSetting, s, func(b []byte) error { _, err := ParseSetting(b); return err })
}

// Entry writes a decision about two interviews down, as Verdict.Entry does. A and B may come in any order.
func (d Duplicate) Entry() (Entry, error) {
	d.V, d.Said = Version, d.Said.tidy()
	if slices.Compare(d.A[:], d.B[:]) > 0 {
		d.A, d.B = d.B, d.A
	}
	return sayEntry(KindDuplicate, d, func(b []byte) error { _, err := ParseDuplicate(b); return err })
}

func (s Said) tidy() Said {
	s.At, s.After = s.At.Truncate(time.Millisecond), sortedIDs(s.After)
	return s
}

// sayEntry writes JSON, and reads it back so that nothing leaves that nobody would take.
func sayEntry(kind string, body any, check func([]byte) error) (Entry, error) {
	b, err := json.Marshal(body)
	if err != nil {
		return Entry{}, &EntryError{Kind: kind, Code: BadShape, Reason: err.Error()}
	}
	return Entry{kind, b}, check(b)
}
