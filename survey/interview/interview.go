// Package interview runs one form with one respondent: answers go in; what is asked, what is calculated and what is wrong come out.
// It reads no clock, no chance and no disk: all three come in through Env. docs/session.md is its contract.
//
// A session holds a tree of nodes for expressions (package xpath) and, beside each node, a cell with what the session itself has to know.
// The cells of the form outside of all repeats lie together in one frame, those of each repeat instance in another, so that a
// question of an instance is found by its place in the form, without a search.
package interview

import (
	"errors"
	"math/rand"
	"time"

	"vereda/survey/form"
	"vereda/survey/record"
	"vereda/survey/xpath"
)

// Env is the world around a session.
type Env struct {
	Now        func() time.Time // in the device's zone; needed
	Random     *rand.Rand       // needed
	Device     string
	Enumerator string
	Files      map[string][]byte   // files that came with the form, by name, and form.LastSaved
	Position   func() record.Value // where the device is now, as a Geopoint; zero, or a nil function, where it does not know
	Walked     bool                // the enumerator walks from place to place: see Due, Reach and Look
}

// Session is an interview live in memory. Not safe for concurrent use.
type Session struct {
	env    Env
	form   *form.Form
	layout *layout
	world  *xpath.Env
	at     xpath.Context // reused by each evaluation
	tongue string        // language of jr:choice-name and of choices' labels in expressions; "" the form's own
	root   *frame
	queue  queue
	doubts []*cell // whose chosen choices may be offered no longer

	waiting []*cell // for the position of the device
	act     act     // what the act under way did so far
	acts    int     // how many acts there were
	tables  map[string]table

	lost        record.Answers // that the form has no question for
	lostDerived map[record.Path]bool

	troubles map[trouble]error
}

// Start begins a new interview: metadata and defaults are set, a repeat without repeat_count has its first instance, as in ODK
// Collect. It fails when the world is incomplete.
func Start(f *form.Form, env Env) (*Session, error) {
	s, err := open(f, env)
	if err != nil {
		return nil, err
	}
	s.furnish(s.root, s.form.Starts)
	s.show(&s.root.cells[0], true)
	s.recordMetadata()
	s.giveDefaults(s.root)
	s.begin(true)
	s.pushAll(s.root)
	s.settle()
	s.checkFiles()
	s.finish()
	return s, nil
}

// open makes a session with empty cells and no repeat instances.
func open(f *form.Form, env Env) (*Session, error) {
	if env.Now == nil || env.Random == nil {
		return nil, errors.New("interview: a session needs Env.Now and Env.Random")
	}
	s := &Session{env: env, form: f, layout: layoutOf(f), troubles: map[trouble]error{}}
	s.root = s.newFrame(s.layout.root, nil, "")
	s.root.live = true
	s.openWorld()
	return s, nil
}

// Form returns the form.
func (s *Session) Form() *form.Form { return s.form }

// recordMetadata sets what the device knows at the start.
func (s *Session) recordMetadata() {
	now := s.env.Now()
	for i := range s.root.cells {
		c := &s.root.cells[i]
		switch c.item.Type {
		case form.TypeStart, form.TypeEnd:
			c.put(timestamp(now))
		case form.TypeToday:
			c.put(parsed(record.Date, now.Format(time.DateOnly)))
		case form.TypeDeviceID:
			c.put(textOrNothing(s.env.Device))
		case form.TypeUsername:
			c.put(textOrNothing(s.env.Enumerator))
		}
	}
}

// Touch evaluates what depends on the clock at the end of an interview (metadata end) before it is finalized.
func (s *Session) Touch() Change {
	now := timestamp(s.env.Now())
	for i := range s.root.cells {
		if c := &s.root.cells[i]; c.item.Type == form.TypeEnd {
			s.store(c, now)
		}
	}
	s.settle()
	return s.finish()
}

// Value returns the answer at a path; zero for none. It is there even while the question is not relevant or its instance is set aside.
func (s *Session) Value(p record.Path) record.Value {
	if c := s.find(p, true); c != nil {
		return c.value
	}
	return record.Value{}
}

// Relevant reports whether a question, group or repeat instance is asked now, with all it lies in. For a repeat's own path it tells
// whether instances could be added.
func (s *Session) Relevant(p record.Path) bool {
	c := s.find(p, false)
	return c != nil && c.relevant
}

// Required and ReadOnly tell a question's state now.
func (s *Session) Required(p record.Path) bool {
	c := s.find(p, false)
	return c != nil && c.required
}

// ReadOnly is inherited. It is true as well for what only the form or the device answers.
func (s *Session) ReadOnly(p record.Path) bool {
	c := s.find(p, false)
	return c != nil && (c.locked() || unseen(c.item))
}

// Enabled reports whether neither the question or group nor one it lies in is read-only. A calculated question may well be enabled.
func (s *Session) Enabled(p record.Path) bool {
	c := s.find(p, false)
	return c != nil && !c.locked()
}

// unseen reports whether only the form or the device answers a question.
func unseen(i *form.Item) bool { return i.Type == form.TypeCalculate || i.Type.Metadata() }

// Strangers returns the answers that Resume was given and the form has no question for. They are part of Answers.
func (s *Session) Strangers() record.Answers {
	lost := make(record.Answers, len(s.lost))
	for p, v := range s.lost {
		lost[p] = v
	}
	return lost
}
