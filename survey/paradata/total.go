package paradata

import (
	"cmp"
	"slices"
	"time"

	"vereda/survey/record"
)

// Total is what a log says of one question, in all instances of its repeats together.
type Total struct {
	Question    record.Path // generic
	Seconds     float64     // on the screen
	Visits      int         // how often it was on the screen
	Corrections int         // visits that changed an answer that was there; known with track-changes
	Errors      int         // constraint errors
}

// LongestVisit is what a visit counts for at most: a tablet that was laid aside asks nothing.
const LongestVisit = 30 * time.Minute

// Totals counts up events by question, in the order in which the questions come first.
func Totals(events []Event) []Total {
	var list []Total
	places := map[record.Path]int{}
	for _, e := range events {
		if e.Kind != Question && e.Kind != Constraint {
			continue
		}
		question := Generic(e.Node)
		if question == "" {
			continue
		}
		i, known := places[question]
		if !known {
			i = len(list)
			list, places[question] = append(list, Total{Question: question}), i
		}
		list[i].count(e)
	}
	return list
}

func (t *Total) count(e Event) {
	if e.Kind == Constraint {
		t.Errors++
		return
	}
	t.Visits++
	if e.End > e.Start {
		t.Seconds += float64(min(e.End-e.Start, LongestVisit.Milliseconds())) / 1000
	}
	if e.Old != "" && e.Old != e.New {
		t.Corrections++
	}
}

// Add joins what two logs say of one question.
func (t *Total) Add(other Total) {
	t.Seconds += other.Seconds
	t.Visits += other.Visits
	t.Corrections += other.Corrections
	t.Errors += other.Errors
}

// Sort puts events in the order in which they began; those that began together stay as they are.
func Sort(events []Event) {
	slices.SortStableFunc(events, func(a, b Event) int { return cmp.Compare(a.Start, b.Start) })
}
