package record

import "github.com/google/uuid"

// History is all known revisions of one interview: a set. Not safe for concurrent use.
type History struct{}

// NewHistory returns an empty history.
func NewHistory(interview uuid.UUID) *History { panic("stub") }

// Add puts a revision in; false when it was there. It fails for a revision of another interview.
func (h *History) Add(r Revision) (bool, error) { panic("stub") }

// Revisions returns all revisions, those known to others first, in an order that depends on the set alone.
func (h *History) Revisions() []Revision { panic("stub") }

// Vector returns what is known without gaps: what a new revision's After is.
func (h *History) Vector() Vector { panic("stub") }

// Merge computes the merged interview. It depends on the set of revisions alone.
func (h *History) Merge() Merged { panic("stub") }

// Merged is an interview as all its revisions together tell it.
type Merged struct {
	Interview uuid.UUID
	Form      string
	Version   string
	Final     bool             // some revision that no other supersedes is final
	Answers   Answers          // people's and derived ones, provisional where in conflict
	Derived   map[Path]bool    // which of Answers are derived
	Media     map[string]Media // of all revisions
	Conflicts []Conflict       // sorted by path
	Kept      []Kept           // instances that an edit kept from a concurrent removal, sorted
	Missing   []Dot            // revisions that others name and nobody has sent yet, sorted
	Forked    []Dot            // places where a device wrote two different revisions, sorted
	Vector    Vector
}

// Candidate is one write to a path that no other known write to it knew of.
type Candidate struct {
	Value    Value // zero: the answer was taken back
	Revision ID
	Device   string
	By       string
}

// Conflict is one question with two answers, neither given in knowledge of the other.
type Conflict struct {
	Path       Path
	Candidates []Candidate // the first is the provisional answer
}

// Kept is a repeat instance that one removed while another edited it.
type Kept struct {
	Instance Path
	Removal  ID
	Edit     ID
}
