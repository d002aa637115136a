package record

import (
	"fmt"

	"github.com/google/uuid"
)

// History is all known revisions of one interview: a set. Not safe for concurrent use.
type History struct {
	interview uuid.UUID
	revisions []Revision // in the order of order.go, once ordered
	known     map[ID]bool
	order     *order // nil: to be made
}

// NewHistory returns an empty history.
func NewHistory(interview uuid.UUID) *History {
	return &History{interview: interview, known: map[ID]bool{}}
}

// Add puts a revision in; false when it was there. It fails for a revision of another interview.
func (h *History) Add(r Revision) (bool, error) {
	if r.Interview != h.interview {
		return false, fmt.Errorf("record: revision %v is of interview %v, not of %v", r.ID, r.Interview, h.interview)
	}
	if h.known[r.ID] {
		return false, nil
	}
	h.known[r.ID] = true
	h.revisions = append(h.revisions, r)
	h.order = nil
	return true, nil
}

// Len returns how many revisions are known.
func (h *History) Len() int { return len(h.revisions) }

// Revisions returns all revisions, those known to others first, in an order that depends on the set alone.
func (h *History) Revisions() []Revision {
	h.sort()
	return append([]Revision(nil), h.revisions...)
}

// Vector returns what is known without gaps: what a new revision's After is.
func (h *History) Vector() Vector {
	return withoutGaps(h.counts())
}

// Merge computes the merged interview. It depends on the set of revisions alone.
func (h *History) Merge() Merged { return h.merge(nil) }

// Conclude is Merge for who needs the history no longer: the answers of its revisions may become those of the merged interview.
func (h *History) Conclude() Merged {
	h.sort()
	if len(h.revisions) == 0 {
		return h.merge(nil)
	}
	return h.merge(h.revisions[0].Set)
}

// merge may use the answers of the first revision in the place of those of the merged interview.
func (h *History) merge(first Answers) Merged {
	h.sort()
	counts := h.counts()
	m := Merged{
		Interview: h.interview,
		Missing:   h.missing(counts),
		Forked:    h.forked(),
		Vector:    withoutGaps(counts),
		Media:     map[string]Media{},
	}
	for _, r := range h.revisions {
		for name, media := range r.Media {
			m.Media[name] = media
		}
		if r.Assignment != uuid.Nil {
			m.Assignment = r.Assignment
		}
	}
	if i, ok := h.order.head(h.revisions); ok {
		m.Form, m.Version = h.revisions[i].Form, h.revisions[i].Version
		m.Final = h.revisions[i].Final
	}
	if h.order.straight() {
		m.overlay(h.revisions, first)
		return m
	}
	g := gather(h)
	g.voidRemovals(&m)
	g.decide(&m)
	return m
}

// overlay finds the answers of revisions of which each knew all before it: the last write stands, and nothing is in conflict. first, unless
// it is nil, is what the first revision sets, and may change.
func (m *Merged) overlay(revisions []Revision, first Answers) {
	m.Answers, m.Derived = first, map[Path]bool{}
	if first == nil {
		m.Answers = make(Answers, len(revisions[0].Set)+len(revisions[0].Derived))
	}
	for i, r := range revisions {
		for _, p := range r.Unset {
			if i > 0 {
				m.takeBack(p)
			}
		}
		if i > 0 || first == nil {
			for p, v := range r.Set {
				m.Answers[p] = v
				delete(m.Derived, p)
			}
		}
		for p, v := range r.Derived {
			m.Answers[p], m.Derived[p] = v, true
		}
	}
	m.completeInstances()
}

// takeBack takes an answer away, or an instance with all below it.
func (m *Merged) takeBack(p Path) {
	delete(m.Answers, p)
	delete(m.Derived, p)
	if !p.IsInstance() {
		return
	}
	for below := range m.Answers {
		if below.Under(p) {
			delete(m.Answers, below)
			delete(m.Derived, below)
		}
	}
}

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
	Missing   []Dot            // revisions that others name and nobody has sent yet, sorted; at most MaxMissing
	Forked    []Dot            // places where a device wrote two different revisions, sorted
	Vector    Vector

	Assignment uuid.UUID // that the last revision, in the order of Revisions, names; zero: none does
}

// Candidate is one write to a path that no other known write to it knew of.
type Candidate struct {
	Value    Value  `json:"value"` // zero (null in JSON): the answer was taken back
	Revision ID     `json:"revision"`
	Device   string `json:"device"`
	By       string `json:"by"`
}

// Conflict is one question with two answers, neither given in knowledge of the other.
type Conflict struct {
	Path       Path        `json:"path"`
	Candidates []Candidate `json:"candidates"` // the first is the provisional answer
}

// Kept is a repeat instance that one removed while another edited it.
type Kept struct {
	Instance Path `json:"instance"`
	Removal  ID   `json:"removal"`
	Edit     ID   `json:"edit"`
}
