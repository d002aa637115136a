// Package field is one question on screen: its label, its hint, the widget of its type, and what is wrong with the answer.
//
// One setter goes in (Set), one event comes out. A field knows no storage, no form engine and no other field: it shows a State,
// and tells what the person did. Codes are what is answered, labels what is shown.
//
// All of it lives on Fyne's main goroutine.
package field

import (
	"image"
	"slices"
	"strings"

	"vereda/survey/form"
	"vereda/survey/record"
)

// State is all that a question shows.
type State struct {
	Name       string // of the question, for tests: its path
	Type       form.Type
	Kind       record.Kind // of the answer
	Label      string      // this and all texts of the form may have marks of style
	Hint       string
	Guidance   string // for whoever wants to know more: behind a tap
	Media      Media  // shown or played with the label
	Required   bool
	ReadOnly   bool
	Appearance []string // the form's words for how it is to look
	Rows       int      // of a text: how many lines its box shows at least; 0: as the appearance says
	Value      record.Value
	Choices    []Choice
	Scale      []string    // the numbers of a range, where they can be counted; nil: one is typed
	Bounds     Bounds      // of a range
	Locates    bool        // the tablet can tell where it is
	Measures   Measures    // of a line or an area
	Problem    string      // what is wrong with the answer; "": nothing
	Mark       Mark        // whether the answer is kept
	Picture    image.Image // of an image question; nil: none
	File       File        // of a question that a file answers
}

// Choice is one of the answers offered.
type Choice struct {
	Code, Label string
	Picture     image.Image // nil: none
}

// Media is what comes with a label.
type Media struct {
	Image   image.Image // nil: none
	Sound   string      // the name of a file that the tablet's player plays; "": none
	Film    string
	Missing []string // names of files that the form names and that cannot be shown here
}

// Bounds are the least and the greatest number of a range and the step between them, as the form writes them.
type Bounds struct{ From, To, Step string }

// Measures are the length of a line or of the edge of an area, in metres, and the area in square metres.
type Measures struct{ Length, Area float64 }

// File is what is known of an answer's file.
type File struct {
	Name string // as it was called when it was picked; "": not known
	Size int64  // bytes; 0: not known
}

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
	Draw                    // wants to draw with a finger
	Locate                  // wants the position of the tablet
	Play                    // wants to hear or see the file that Value names
	Unfold                  // something is shown or hidden that takes room
)

// Event is an act, and the answer it gave.
type Event struct {
	Act   Act
	Value record.Value
}

// longList is how many choices a select one shows as rows; more go on a page of their own.
const longList = 8

// looks reports whether one of the words stands in the appearance.
func (s State) looks(words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(s.Appearance, w) })
}

// looksLike returns what follows a beginning in the appearance: "3" of columns-3.
func (s State) looksLike(beginning string) (string, bool) {
	for _, w := range s.Appearance {
		if rest, ok := strings.CutPrefix(w, beginning); ok {
			return rest, true
		}
	}
	return "", false
}

// listed reports whether the choices are on a page of their own.
func (s State) listed() bool {
	switch s.Type {
	case form.TypeSelectOne:
		return s.looks("minimal", "autocomplete") || len(s.Choices) > longList && s.arranged() == inRows
	case form.TypeSelectMultiple:
		return s.looks("minimal", "autocomplete")
	case form.TypeRange:
		return s.looks("picker", "minimal")
	}
	return false
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
