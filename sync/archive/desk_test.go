package archive

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"

	"vereda/survey/fieldwork"
	"vereda/survey/record"
)

// Two people who change one interview at once cannot both write its next revision.
func TestPutKnowing(t *testing.T) {
	a := openSQLite(t, t.TempDir(), testOptions())
	publish(t, a, "1", householdForm)
	first := revise(t, ana, 1, 1, nil, "head=Rosa")
	receive(t, a, ana, first.Entry())
	verdict := func(note string) record.Entry {
		e, err := record.Verdict{Interview: first.Interview, Knows: record.Vector{string(ana.ID()): 1}, Decision: record.Approved, Note: note, Said: record.Said{By: "Inés", Device: string(ana.ID()), At: clock()}}.Entry()
		wantError(t, err, nil)
		return e
	}
	wantError(t, a.PutKnowing(background, first.Interview, 1, verdict("one")), nil)
	receive(t, a, ana, revise(t, ana, 1, 2, nil, "head=Luz").Entry())
	wantError(t, a.PutKnowing(background, first.Interview, 1, verdict("two")), ErrChanged)
	s, err := a.Story(background, first.Interview)
	wantError(t, err, nil)
	if len(s.Verdicts) != 1 || s.State != record.StateChanged {
		t.Errorf("%d verdicts, %q", len(s.Verdicts), s.State)
	}
	list, err := a.Merged(background, uuid.New(), first.Interview)
	wantError(t, err, nil)
	if len(list) != 1 || list[0].Answers["head"].String() != "Luz" {
		t.Errorf("%+v", list)
	}
}

// What was compared stays compared until it changes; two programs that compare do not miss each other's households.
func TestComparedOnce(t *testing.T) {
	a := openSQLite(t, t.TempDir(), testOptions())
	publish(t, a, "1", householdForm)
	one, two := revise(t, ana, 1, 1, nil, "head=Rosa"), revise(t, ana, 2, 1, nil, "head=Rosa")
	receive(t, a, ana, one.Entry(), two.Entry())
	left := func(want int) []fieldwork.Changed {
		t.Helper()
		list, n, err := a.Uncompared(background, 10)
		wantError(t, err, nil)
		if n != want || len(list) != want {
			t.Fatalf("%d and %d are left, want %d", n, len(list), want)
		}
		return list
	}
	list := left(2)
	x, y := list[0].Merged.Interview, list[1].Merged.Interview
	if slices.Compare(x[:], y[:]) > 0 {
		x, y = y, x
	}
	alike := []fieldwork.Alike{{A: x, B: y, Form: "household", Score: 9, Probability: 0.9, Body: []byte(`{"score":9}`)}}
	last, err := a.KeepCompared(background, 0, []fieldwork.Compared{{Interview: x, Mark: list[0].Mark, Household: []byte("{}")}})
	wantError(t, err, nil)
	_, err = a.KeepCompared(background, 0, []fieldwork.Compared{{Interview: y, Mark: list[1].Mark, Household: []byte("{}"), Pairs: alike}})
	wantError(t, err, ErrChanged)
	last, err = a.KeepCompared(background, last, []fieldwork.Compared{{Interview: y, Mark: list[1].Mark, Pairs: alike}, {Interview: x, Mark: list[0].Mark, Household: []byte("{}"), Pairs: alike}})
	wantError(t, err, nil)
	var known []string
	wantError(t, a.Households(background, 1, func(h fieldwork.Household) error {
		known = append(known, fmt.Sprintf("%d %q", h.N, h.Body))
		return nil
	}), nil)
	if want := []string{`2 ""`, `3 "{}"`}; last != 3 || !slices.Equal(known, want) {
		t.Errorf("%v up to %d, want %v", known, last, want)
	}
	pairs := 0
	wantError(t, a.Pairs(background, "household", func(fieldwork.Alike) bool { pairs++; return false }), nil)
	p, err := a.Pair(background, x, y)
	wantError(t, err, nil)
	if pairs != 1 || p.Score != 9 || string(p.Body) != `{"score":9}` {
		t.Errorf("%d pairs, %+v", pairs, p)
	}
	_, err = a.Pair(background, y, x)
	wantError(t, err, ErrNotFound)
	receive(t, a, ana, revise(t, ana, 1, 2, nil, "head=Luz").Entry())
	if again := left(1); again[0].Merged.Interview != one.Interview || again[0].By != one.By {
		t.Errorf("%+v", again)
	}
	wantError(t, a.Reindex(background), nil)
	left(2)
	wantSound(t, a)
}

func TestWorkIsFilteredAndPaged(t *testing.T) {
	a := openSQLite(t, t.TempDir(), testOptions())
	for n := range 7 {
		w := record.Assignment{Assignment: uuid.UUID{byte(20 - n)}, Form: "household", EA: []string{"01", "011", "02"}[n%3], Household: fmt.Sprint(n), Assignee: []string{"", "A"}[n%2], Withdrawn: n == 6,
			Due: []string{"", "2026-11-20", "2026-11-30"}[n%3], Said: record.Said{By: "Inés", Device: "K", At: clock()}}
		e, err := w.Entry()
		wantError(t, err, nil)
		wantError(t, a.Put(background, e), nil)
	}
	for _, c := range []struct {
		f     fieldwork.WorkFilter
		want  string
		total int
	}{
		{fieldwork.WorkFilter{}, "[0 3 1 4 2 5]", 6},
		{fieldwork.WorkFilter{Skip: 2, Limit: 3}, "[1 4 2]", 6},
		{fieldwork.WorkFilter{EA: "01", Withdrawn: true}, "[0 3 6 1 4]", 5},
		{fieldwork.WorkFilter{Assignee: "A"}, "[3 1 5]", 3},
		{fieldwork.WorkFilter{Assignee: "-", EA: "02"}, "[2]", 1},
		{fieldwork.WorkFilter{State: fieldwork.WorkOverdue, Today: "2026-11-23"}, "[1 4]", 2},
		{fieldwork.WorkFilter{State: fieldwork.WorkOverdue, Today: "2026-11-20"}, "[]", 0},
		{fieldwork.WorkFilter{State: fieldwork.WorkOpen, Form: "household"}, "[0 3 1 4 2 5]", 6},
		{fieldwork.WorkFilter{State: fieldwork.WorkDone}, "[]", 0},
		{fieldwork.WorkFilter{State: fieldwork.WorkBegun}, "[]", 0},
		{fieldwork.WorkFilter{Form: "other"}, "[]", 0},
	} {
		list, total, err := a.Work(background, c.f)
		wantError(t, err, nil)
		got := []string{}
		for _, w := range list {
			got = append(got, w.Household)
		}
		if fmt.Sprint(got) != c.want || total != c.total {
			t.Errorf("%+v: %v of %d, want %s of %d", c.f, got, total, c.want, c.total)
		}
	}
}
