package form

import (
	"vereda/survey/record"
	"vereda/survey/xpath"
)

// Instance is an instance of a repeat that a new interview begins with, as an XForm writes it into its primary instance.
type Instance struct {
	Texts   map[record.Path]string     // static answers by generic path, those of the repeats in it left out
	Repeats map[record.Path][]Instance // of the repeats right in it, by generic path
}

// Event is what an action follows.
type Event uint8

// The events that XForms name odk-instance-first-load, odk-instance-load, odk-new-repeat and xforms-value-changed.
const (
	FirstLoad    Event = iota + 1 // a new interview begins
	Load                          // an interview begins, or goes on after it was closed
	NewRepeat                     // an instance of the repeat From is made after that
	ValueChanged                  // a person, or another action, gave From another answer
)

// Deed is what an action does with its target.
type Deed uint8

// The deeds that XForms name setvalue, odk:setgeopoint and odk:recordaudio.
const (
	SetAnswer    Deed = iota // gives it Value or Text
	TakePosition             // gives it the position of the device
	RecordSound              // records while the interview is open, in Action.Quality
)

// Action sets an answer when something happens, unless the question is not there. It follows no dependencies.
type Action struct {
	Does   Deed
	Event  Event
	From   *Item       // a repeat, or a question; nil for FirstLoad and Load
	Which  *xpath.Expr // evaluated on From: the very nodes of Target; nil: as Target says
	Target *Item       // in the same instance as From where it lies in the same repeat
	Value  *xpath.Expr // evaluated on the target; nil: Text
	Text   string

	Quality string // of RecordSound: "voice-only", "low", "normal", "external" or "" for the device's own
}

// Itemset says how choices are read from the nodes that an expression finds: instances of a repeat, or items of a secondary instance. The
// expression is Item.ChoiceFilter, evaluated on the question.
type Itemset struct {
	Value *xpath.Expr     // the choice's name, evaluated on its node
	Label *xpath.Expr     // its label, or the name of a text in Texts
	Texts map[string]Text // by name; nil: the label is written in the node
}

// checkActions looks at the paths that actions read.
func (c *compiler) checkActions() {
	for _, a := range c.form.Actions {
		if a.Value == nil {
			continue
		}
		for _, ref := range a.Value.Refs(a.Target.ElementPath()) {
			if _, bad := c.resolve(ref.Path); bad != "" {
				c.report(Error, "unknown-path", a.Target.Source, "setvalue", a.Value.String(), bad, "")
				break
			}
		}
	}
}
