package main

import (
	"strings"
	"testing"

	"vereda/survey/form"
	"vereda/survey/record"
)

// A form that the engine stumbles over costs its interviews a flag, never the collector.
func TestReviewSurvivesTheEngine(t *testing.T) {
	s := newShelf()
	s.forms[[2]string{"broken", "1"}] = &form.Form{ID: "broken", Version: "1"} // never compiled
	_, flags := s.Review(record.Merged{Form: "broken", Version: "1", Answers: record.Answers{"q": record.NewText("x")}})
	if len(flags) != 1 || flags[0].Kind != "rules" || !strings.Contains(flags[0].Message, "cannot be run") {
		t.Errorf("%+v", flags)
	}
}
