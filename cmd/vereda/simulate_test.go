package main

import (
	"context"
	"crypto/rand"
	"errors"
	mathrand "math/rand"
	"path/filepath"
	"testing"
	"time"

	"vereda/survey/questionnaire"
	"vereda/survey/store"
)

// A simulation that is asked to end holds no further interview, also when it sends nothing, and leaves whole stores: every interview begun is
// finished, and waits to be sent.
func TestASimulationEndsWhenAskedTo(t *testing.T) {
	ctx, end := context.WithCancel(t.Context())
	defer end()
	asked := 0
	w := &world{Context: ctx, random: rand.Reader, now: func() time.Time {
		if asked++; asked == 500 { // in the middle of an interview
			end()
		}
		return time.Date(2026, 11, 23, 9, 30, asked, 0, time.UTC)
	}}
	s, err := store.Open(filepath.Join(t.TempDir(), "tablet.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	random := mathrand.New(mathrand.NewSource(1))
	tablet := &simTablet{w: w, store: s, form: questionnaire.Form(), random: random, village: newVillage(random, "enum01"), author: "enum01", device: "simulated"}
	c := simulateCommand{Devices: 1, Interviews: 1000, Hold: true}
	result, err := c.work(t.Context(), team{tablet})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
	if result.Revisions == 0 || result.Revisions == c.Interviews || result.Waiting != result.Revisions {
		t.Errorf("%d interviews held of %d, %d wait", result.Revisions, c.Interviews, result.Waiting)
	}
	all, err := s.Interviews()
	if err != nil || len(all) != result.Revisions {
		t.Errorf("%d interviews in the store, %v", len(all), err)
	}
	for _, i := range all {
		if i.State != store.Finalized {
			t.Errorf("%s is %s", i.ID, i.State)
		}
	}
}
