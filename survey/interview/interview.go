// Package interview runs one form with one respondent: answers go in; what is asked, what is calculated and what is wrong come out.
// It reads no clock, no chance and no disk: all three come in through Env.
package interview

import (
	"math/rand"
	"time"

	"vereda/survey/form"
	"vereda/survey/record"
)

// Env is the world around a session.
type Env struct {
	Now        func() time.Time // in the device's zone
	Random     *rand.Rand
	Device     string
	Enumerator string
	Files      map[string][]byte // files that came with the form, by name
}

// Session is an interview live in memory. Not safe for concurrent use.
type Session struct{}

// Start begins a new interview: defaults and metadata are set.
func Start(f *form.Form, env Env) (*Session, error) { panic("stub") }

// Resume goes on with an interview: given are its answers, people's and derived ones. Nothing that was calculated
// once is calculated again. Answers to questions the form does not have are returned as lost by Strangers and kept.
func Resume(f *form.Form, env Env, answers record.Answers) (*Session, error) { panic("stub") }

// Form returns the form.
func (s *Session) Form() *form.Form { panic("stub") }

// Set gives an answer. The zero Value takes it back. The answer is taken even where a constraint rejects it (Problems names it then);
// the error (*AnswerError) is for an unknown path, a value of the wrong kind, or a read-only question.
func (s *Session) Set(p record.Path, v record.Value) (Change, error) { panic("stub") }

// AddInstance adds an instance at the end of a repeat and returns its path. The repeat's path names the instances it lies in, but not
// its own ("grp_c/roster"). It fails where repeat_count rules.
func (s *Session) AddInstance(repeat record.Path) (record.Path, Change, error) { panic("stub") }

// RemoveInstance removes a repeat instance with all its answers.
func (s *Session) RemoveInstance(instance record.Path) (Change, error) { panic("stub") }

// Touch evaluates what depends on the clock at the end of an interview (metadata end) before it is finalized.
func (s *Session) Touch() Change { panic("stub") }

// Change is what an act did, as data, in form order.
type Change struct {
	Set      record.Answers       // answers set or calculated, to be kept
	Derived  map[record.Path]bool // which of Set the form calculated or the device recorded
	Unset    []record.Path        // answers or whole instances gone, to be forgotten
	Relevant map[record.Path]bool // questions, groups and repeats that appeared (true) or disappeared
	Redraw   []record.Path        // whose label, choices, required or read-only state may look different now
}

// Instances returns the paths of a repeat's instances, in order.
func (s *Session) Instances(repeat record.Path) []record.Path { panic("stub") }

// Value returns the answer at a path; zero for none. It is there even while the question is not relevant.
func (s *Session) Value(p record.Path) record.Value { panic("stub") }

// Relevant reports whether a question, group or repeat instance is asked now, with all it lies in.
func (s *Session) Relevant(p record.Path) bool { panic("stub") }

// Required and ReadOnly tell a question's state now.
func (s *Session) Required(p record.Path) bool { panic("stub") }
func (s *Session) ReadOnly(p record.Path) bool { panic("stub") }

// Text shows a text in a language (form.Language.Name) as seen from a path: label, hint, message.
func (s *Session) Text(t form.Text, at record.Path, language string) string { panic("stub") }

// Choices returns the choices offered now, in order (after choice_filter and randomize).
func (s *Session) Choices(p record.Path) []form.Choice { panic("stub") }

// Problem is something about the answers that keeps the interview from being finished.
type Problem struct {
	Path    record.Path `json:"path"`
	Kind    string      `json:"kind"`    // "required", "constraint", "choice", "kind", "unknown"
	Message string      `json:"message"` // the form's own message in the language asked for, or "" where the form has none
}

// Problems returns all problems of relevant questions, in form order, messages in a language.
func (s *Session) Problems(language string) []Problem { panic("stub") }

// Check returns the problems of one question.
func (s *Session) Check(p record.Path, language string) []Problem { panic("stub") }

// Answers returns all answers: people's and derived. With final, those of questions that are not relevant are left out.
func (s *Session) Answers(final bool) (answers record.Answers, derived map[record.Path]bool) {
	panic("stub")
}

// Name returns the instance name, or "".
func (s *Session) Name() string { panic("stub") }

// Page is what is shown at once: one question, the questions of a field-list group, or a repeat's list of instances.
type Page struct {
	Path  record.Path // of the question, the field-list group's, or the repeat
	Item  *form.Item
	Items []record.Path // questions on the page that are relevant now, in order; groups in between are headings
}

// Pages returns the pages that can be visited now, in order. A repeat without repeat_count has a page of its own after its instances' pages
// (Item.Kind == form.Repeat), where instances are added and removed.
func (s *Session) Pages() []Page { panic("stub") }
