package store

import (
	"errors"
	"testing"

	"vereda/survey/record"
)

func twoVersions(t testing.TB, s *Store) {
	t.Helper()
	for _, version := range []string{"1", "2"} {
		must(t, s.PutForm(record.FormVersion{V: 1, Form: "household", Version: version, Name: "f.xlsx", Source: []byte(version)}))
	}
}

func TestADraftMovesToAnotherVersion(t *testing.T) {
	s, path := fresh(t)
	twoVersions(t, s)
	old := record.Answers{"a": record.NewText("x"), "gone": record.NewText("typed"), "sum": record.NewInteger(3)}
	id := begin(t, s, 1, old)
	first := finalize(t, s, id, "d", false)
	moved := record.Answers{"g/a": record.NewText("x"), "gone": record.NewText("typed"), "sum": record.NewInteger(4)}
	m := Move{Version: "2", From: old, Answers: moved, Derived: map[record.Path]bool{"sum": true}, Traces: []Trace{{1, []byte("moved")}}, At: noon}

	for name, spoil := range map[string]func(Move) Move{
		"another answer":  func(m Move) Move { m.From = record.Answers{"a": record.NewText("x")}; return m },
		"another value":   func(m Move) Move { m.From = moved; return m },
		"another version": func(m Move) Move { m.Version = "3"; return m },
	} {
		err := s.Move(id, spoil(m))
		if answers, _, _ := s.Answers(id); err == nil || !sameAnswers(answers, old) {
			t.Errorf("%s: %v, %v", name, answers, err)
		}
	}
	if err := s.Move(interviewID(9), m); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
	must(t, s.Move(id, m))
	must(t, s.Close())

	s = open(t, path)
	answers, derived, err := s.Answers(id)
	if i, _ := s.Interview(id); err != nil || !sameAnswers(answers, moved) || !derived["sum"] || i.Version != "2" || i.Answered != 2 {
		t.Errorf("%v %v %+v, %v", answers, derived, i, err)
	}
	wantLines(t, lines(t, s, 1), "1 moved")
	second := finalize(t, s, id, "d", true)
	if first.Version != "1" || second.Version != "2" || second.Set["g/a"].String() != "x" || len(second.Unset) != 1 || second.Unset[0] != "a" {
		t.Errorf("%+v", second.Body)
	}
	if err := s.Move(id, m); !errors.Is(err, ErrNotDraft) {
		t.Error(err)
	}
}

// A colleague goes on with the old version while the draft moves: the merge holds what both answered.
func TestRevisionsOfTwoVersionsMerge(t *testing.T) {
	s, _ := fresh(t)
	twoVersions(t, s)
	id := begin(t, s, 1, record.Answers{"a": record.NewText("x"), "b": record.NewText("y")})
	first := finalize(t, s, id, "d", false)
	must(t, s.Move(id, Move{Version: "2", From: record.Answers{"a": record.NewText("x"), "b": record.NewText("y")},
		Answers: record.Answers{"g/a": record.NewText("x"), "b": record.NewText("y")}, At: noon}))
	colleague, err := record.Seal(record.Body{Interview: id, Form: "household", Version: "1", Device: "e", N: 1, After: record.Vector{"d": 1}, At: noon, Final: true,
		Set: record.Answers{"a": record.NewText("corrected"), "c": record.NewText("z")}})
	must(t, err)
	must(t, s.Accept([]record.Entry{colleague.Entry()}, "", 0))
	finalize(t, s, id, "d", true)
	h, err := s.History(id)
	must(t, err)
	merged := h.Merge()
	wanted := record.Answers{"g/a": record.NewText("x"), "b": record.NewText("y"), "c": record.NewText("z")}
	for p, want := range wanted {
		if merged.Answers[p] != want {
			t.Errorf("%s: %v", p, merged.Answers[p])
		}
	}
	// The old place was taken back by the one and corrected by the other: a person decides.
	if len(merged.Conflicts) != 1 || merged.Conflicts[0].Path != "a" || len(merged.Conflicts[0].Candidates) != 2 || h.Len() != 3 || first.Version != "1" {
		t.Errorf("%+v", merged.Conflicts)
	}
}
