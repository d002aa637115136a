package main

import (
	"testing"

	"vereda/survey/questionnaire"
	"vereda/survey/record"
)

// BenchmarkReview runs the built-in questionnaire's rules over merged interviews, as the archive does for each one that changed.
func BenchmarkReview(b *testing.B) {
	s := newShelf()
	form := record.FormVersion{V: 1, Form: questionnaire.Form().ID, Version: questionnaire.Form().Version, Name: questionnaire.Name, Source: questionnaire.Workbook()}
	if _, err := s.read(form); err != nil {
		b.Fatal(err)
	}
	households := simulatedHouseholds(b, 20)
	answers := make([]record.Answers, len(households))
	for i, h := range households {
		answers[i] = record.Answers{}
		for _, some := range []record.Answers{h.Set, h.Derived} {
			for p, v := range some {
				answers[i][p] = v
			}
		}
	}
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		s.Review(form.Form, form.Version, answers[n%len(answers)])
	}
}
