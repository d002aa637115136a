package desk_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"vereda/survey/desk"
	"vereda/survey/fieldwork"
	"vereda/survey/form"
	"vereda/survey/record"
	"vereda/survey/xpath"
)

// small is a form with a number, its double (which nobody sees), a guess that can be answered otherwise than calculated, and what it costs; a colour, and a repeat of names.
func small(t *testing.T) *form.Form {
	t.Helper()
	f := &form.Form{ID: "small", Version: "1", Languages: []form.Language{{Name: "en", Code: "en"}}, DefaultLanguage: "en", Root: &form.Item{Kind: form.Group, Name: "data"}}
	expr := func(s string) *xpath.Expr {
		e, err := xpath.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	colours := &form.List{Name: "colours", Choices: []form.Choice{{Name: "red"}, {Name: "blue"}}}
	f.Lists = map[string]*form.List{"colours": colours}
	f.Root.Add(&form.Item{Kind: form.Question, Type: form.TypeInteger, Name: "n", Constraint: expr(". < 100")})
	f.Root.Add(&form.Item{Kind: form.Question, Type: form.TypeCalculate, Name: "double", Calculation: expr("/data/n * 2")})
	f.Root.Add(&form.Item{Kind: form.Question, Type: form.TypeInteger, Name: "extra"})
	f.Root.Add(&form.Item{Kind: form.Question, Type: form.TypeInteger, Name: "guess", Calculation: expr("/data/n * 10")})
	f.Root.Add(&form.Item{Kind: form.Question, Type: form.TypeCalculate, Name: "cost", Calculation: expr("/data/guess + coalesce(/data/extra, 0)")})
	f.Root.Add(&form.Item{Kind: form.Question, Type: form.TypeSelectOne, Name: "colour", List: colours})
	people := &form.Item{Kind: form.Repeat, Name: "m"}
	f.Root.Add(people)
	people.Add(&form.Item{Kind: form.Question, Type: form.TypeText, Name: "name"})
	if problems := f.Compile(); form.HasErrors(problems) {
		t.Fatal(problems)
	}
	return f
}

// drawer is one interview with its history, as one collector knows it.
type drawer struct {
	desk.Archive
	h *record.History
}

func (d *drawer) Story(context.Context, uuid.UUID) (s fieldwork.Story, err error) {
	s.Merged = d.h.Merge()
	s.ID, s.Form, s.Version = s.Merged.Interview, "small", "1"
	for _, r := range d.h.Revisions() {
		s.Steps = append(s.Steps, fieldwork.Step{Revision: r})
	}
	return s, nil
}

type changed struct{}

func (changed) Error() string { return "more has come" }
func (changed) Code() string  { return "changed" }

func (d *drawer) PutKnowing(_ context.Context, _ uuid.UUID, revisions int, entries ...record.Entry) error {
	if revisions != d.h.Len() {
		return changed{}
	}
	for _, e := range entries {
		r, err := record.ParseRevision(e.Body)
		if err != nil {
			return err
		}
		if _, err := d.h.Add(r); err != nil {
			return err
		}
	}
	return nil
}

// from takes what another collector knows.
func (d *drawer) from(t *testing.T, other *drawer) {
	t.Helper()
	for _, r := range other.h.Revisions() {
		if _, err := d.h.Add(r); err != nil {
			t.Fatal(err)
		}
	}
}

func write(t *testing.T, d *drawer, b record.Body) {
	t.Helper()
	b.Interview, b.Form, b.Version, b.Final, b.At = interviewID(1), "small", "1", true, time.Date(2026, 11, 23, 9, 0, 0, 0, bogota)
	r, err := record.Seal(b)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.h.Add(r); err != nil {
		t.Fatal(err)
	}
}

func collectorOf(t *testing.T, device string) (*desk.Desk, *drawer) {
	f := small(t)
	a := &drawer{h: record.NewHistory(interviewID(1))}
	return &desk.Desk{Archive: a, Device: device, Now: time.Now, Forms: func(context.Context) ([]*form.Form, error) { return []*form.Form{f}, nil }}, a
}

func TestResolutions(t *testing.T) {
	one, here := collectorOf(t, "hub-1")
	two, there := collectorOf(t, "hub-2")
	write(t, here, record.Body{Device: "A", N: 1, Set: record.Answers{"n": record.NewInteger(1), "colour": record.NewText("red"), "m/0001aaaaaa": record.Exists(), "m/0001aaaaaa/name": record.NewText("Ana")}, Derived: record.Answers{"double": record.NewInteger(2)}})
	write(t, here, record.Body{Device: "A", N: 2, After: record.Vector{"A": 1}, Set: record.Answers{"n": record.NewInteger(3)}, Derived: record.Answers{"double": record.NewInteger(6)}})
	write(t, here, record.Body{Device: "B", N: 1, After: record.Vector{"A": 1}, Set: record.Answers{"n": record.NewInteger(4)}, Derived: record.Answers{"double": record.NewInteger(8)}})
	there.from(t, here)
	s, _ := here.Story(t.Context(), interviewID(1))
	mark := desk.Mark(s)
	answer := func(d *desk.Desk, p record.Path, v record.Value) error {
		return d.Answer(t.Context(), "Rosa", interviewID(1), "", record.Answers{p: v})
	}

	// Two collectors resolve it, neither knowing of the other: that is a conflict again.
	if err := answer(one, "n", record.NewInteger(5)); err != nil {
		t.Fatal(err)
	}
	if m := here.h.Merge(); len(m.Conflicts) != 0 || m.Answers["n"] != record.NewInteger(5) || m.Answers["double"].String() != "10" || !m.Final {
		t.Errorf("%+v", m)
	}
	if err := one.Answer(t.Context(), "Rosa", interviewID(1), mark, record.Answers{"n": record.NewInteger(6)}); !errors.Is(err, desk.ErrChanged) {
		t.Errorf("what was shown is old: %v", err)
	}
	if err := answer(two, "n", record.NewInteger(3)); err != nil {
		t.Fatal(err)
	}
	here.from(t, there)
	there.from(t, here)
	m := here.h.Merge()
	if len(m.Conflicts) != 1 || len(m.Conflicts[0].Candidates) != 2 {
		t.Fatalf("%+v", m.Conflicts)
	}
	if err := answer(two, "n", m.Conflicts[0].Candidates[1].Value); err != nil {
		t.Fatal(err)
	}
	here.from(t, there)
	if m := here.h.Merge(); len(m.Conflicts) != 0 {
		t.Errorf("%+v", m.Conflicts)
	}

	// What a coordinator may not write.
	for _, c := range []struct {
		path   record.Path
		value  record.Value
		reason string
	}{
		{"n", record.NewInteger(100), "rule"}, {"n", record.NewText("many"), "kind"}, {"colour", record.NewText("green"), "choice"}, {"nothing", record.NewText("x"), "unknown"},
		{"m/0009zzzzzz/name", record.NewText("x"), "gone"}, {"m", record.Exists(), "unknown"},
	} {
		var refused *desk.AnswerError
		if err := answer(one, c.path, c.value); !errors.As(err, &refused) || refused.Reason != c.reason {
			t.Errorf("%s %s: %v, want %s", c.path, c.value, err, c.reason)
		}
	}
	if err := answer(one, "m/0001aaaaaa/name", record.NewText("Luz")); err != nil {
		t.Error(err)
	}
	if err := answer(one, "colour", record.Value{}); err != nil || !here.h.Merge().Answers["colour"].IsZero() {
		t.Errorf("%v, %v", err, here.h.Merge().Answers["colour"])
	}
}

// What is calculated follows a resolution as it follows an answer in the field: from what a person answered against a calculation, until what that reads changes.
func TestWhatIsCalculatedFollowsAResolution(t *testing.T) {
	one, here := collectorOf(t, "hub-1")
	write(t, here, record.Body{Device: "A", N: 1, Set: record.Answers{"n": record.NewInteger(1), "guess": record.NewInteger(7)},
		Derived: record.Answers{"double": record.NewInteger(2), "cost": record.NewInteger(7)}})
	is := func(what, double, guess, cost string) {
		t.Helper()
		m := here.h.Merge()
		if m.Answers["double"].String() != double || m.Answers["guess"].String() != guess || m.Answers["cost"].String() != cost {
			t.Errorf("%s: %v", what, m.Answers)
		}
	}
	answer := func(p record.Path, v record.Value) {
		t.Helper()
		if err := one.Answer(t.Context(), "Rosa", interviewID(1), "", record.Answers{p: v}); err != nil {
			t.Fatal(err)
		}
	}
	answer("extra", record.NewInteger(3))
	is("the guess stays, and counts", "2", "7", "10")
	answer("n", record.NewInteger(2))
	is("what the guess was made of changed", "4", "20", "23")
	answer("guess", record.NewInteger(5))
	is("a coordinator guesses otherwise", "4", "5", "8")
	answer("n", record.Value{})
	is("nothing is known", "", "", "")
}

// A member that a merge kept for its only answer stays when that is taken back.
func TestAMemberStaysWhenItsOnlyAnswerIsTakenBack(t *testing.T) {
	one, here := collectorOf(t, "hub-1")
	write(t, here, record.Body{Device: "A", N: 1, Set: record.Answers{"m/0001aaaaaa/name": record.NewText("Ana")}})
	if err := one.Answer(t.Context(), "Rosa", interviewID(1), "", record.Answers{"m/0001aaaaaa/name": {}}); err != nil {
		t.Fatal(err)
	}
	if m := here.h.Merge(); m.Answers["m/0001aaaaaa"] != record.Exists() || !m.Answers["m/0001aaaaaa/name"].IsZero() {
		t.Errorf("%v", m.Answers)
	}
}

// An answer that lies behind a gap cannot be superseded: a revision names what it knows without gaps.
func TestNothingIsResolvedOverAGap(t *testing.T) {
	one, here := collectorOf(t, "hub-1")
	write(t, here, record.Body{Device: "A", N: 1, Set: record.Answers{"n": record.NewInteger(1)}})
	write(t, here, record.Body{Device: "B", N: 2, After: record.Vector{"B": 1}, Set: record.Answers{"n": record.NewInteger(2)}})
	if m := here.h.Merge(); len(m.Conflicts) != 1 || len(m.Missing) != 1 {
		t.Fatalf("%+v", m)
	}
	var refused *desk.AnswerError
	if err := one.Answer(t.Context(), "Rosa", interviewID(1), "", record.Answers{"n": record.NewInteger(2)}); !errors.As(err, &refused) || refused.Reason != "missing" {
		t.Errorf("%v", err)
	}
	write(t, here, record.Body{Device: "B", N: 1, Set: record.Answers{"colour": record.NewText("blue")}})
	if err := one.Answer(t.Context(), "Rosa", interviewID(1), "", record.Answers{"n": record.NewInteger(2)}); err != nil || len(here.h.Merge().Conflicts) != 0 {
		t.Errorf("%v, %v", err, here.h.Merge().Conflicts)
	}
}
