// Package field is one question on screen: its label, its hint, the widget of its type, and what is wrong with the answer.
//
// One setter goes in (Set), one event comes out. A field knows no storage, no form engine and no other field: it shows a State,
// and tells what the person did. Codes are what is answered, labels what is shown.
//
// All of it lives on Fyne's main goroutine.
package field

import (
	"image"

	"vereda/survey/form"
	"vereda/survey/record"
)

// State is all that a question shows.
type State struct {
	Name       string // of the question, for tests: its path
	Type       form.Type
	Kind       record.Kind // of the answer
	Label      string
	Hint       string
	Required   bool
	ReadOnly   bool
	Multiline  bool
	Horizontal bool // choices beside each other where they fit
	Minimal    bool // choices on a page of their own
	Value      record.Value
	Choices    []Choice
	Scale      []string    // the numbers of a range that has few; nil: one is typed
	Problem    string      // what is wrong with the answer; "": nothing
	Mark       Mark        // whether the answer is kept
	Picture    image.Image // of an image question; nil: none
}

// Choice is one of the answers offered.
type Choice struct{ Code, Label string }

// Mark says whether the tablet has kept the answer.
type Mark uint8

// The marks.
const (
	Unmarked Mark = iota
	Kept          // it survives anything now
	NotKept       // the disk is full: it is only on the screen
)

// Act is what a person did to a question.
type Act uint8

// The acts.
const (
	Answered Act = iota + 1 // Value is the answer; zero: taken back
	Typing                  // Value is the answer so far; more may come at once
	Garbled                 // what stands in the box is no answer
	Choose                  // wants the list of choices on a page of its own
	Pick                    // wants to pick a file
)

// Event is an act, and the answer it gave.
type Event struct {
	Act   Act
	Value record.Value
}

// longList is how many choices a select one shows as rows; more go on a page of their own.
const longList = 8

// listed reports whether the choices are on a page of their own.
func (s State) listed() bool {
	return s.Type == form.TypeSelectOne && (s.Minimal || len(s.Choices) > longList)
}

// labelOf returns the label of a choice, or its code.
func (s State) labelOf(code string) string {
	for _, c := range s.Choices {
		if c.Code == code {
			return c.Label
		}
	}
	return code
}
