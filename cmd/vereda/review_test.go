package main

import (
	"testing"

	"github.com/google/uuid"

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
	merged := make([]record.Merged, len(households))
	for i, h := range households {
		h.Interview, h.Device, h.By = uuid.UUID{byte(i), 6: 0x70, 8: 0x80}, "tablet", "enum"
		r, err := record.Seal(h)
		if err != nil {
			b.Fatal(err)
		}
		history := record.NewHistory(h.Interview)
		if _, err := history.Add(r); err != nil {
			b.Fatal(err)
		}
		merged[i] = history.Conclude()
	}
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		s.Review(merged[n%len(merged)])
	}
}
