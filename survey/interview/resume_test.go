package interview_test

import (
	"maps"
	"slices"
	"testing"

	"vereda/survey/interview"
	"vereda/survey/record"
)

// resume goes on with answers.
func resume(t *testing.T, tables string, answers record.Answers) *enumerator {
	t.Helper()
	s, err := interview.Resume(readForm(t, tables), world(3), answers)
	if err != nil {
		t.Fatal(err)
	}
	return &enumerator{t: t, s: s}
}

func TestAClosedInterviewIsFoundAgain(t *testing.T) {
	e := begin(t, open).answer("head", "Rosa").add("house").add("house").remove("house[1]")
	e.answer("house[1]/street", "Calle 1").answer("house[2]/room[1]/beds", "2").add("house[2]/room")
	r := e.reopened()
	before, wasDerived := e.s.Answers(false)
	after, isDerived := r.s.Answers(false)
	if !maps.Equal(before, after) || !maps.Equal(wasDerived, isDerived) {
		t.Errorf("%v became %v", before, after)
	}
	r.expect("house[2]/room[1]/beds", "2").expect("house[1]/street", "Calle 1").expect("all", "2").count("house", 2).count("house[2]/room", 2)
	r.add("house")
	instances := r.s.Instances("house")
	if !slices.IsSorted(instances) {
		t.Errorf("a new instance stands before older ones: %v", instances)
	}
}

func TestInstancesComeBackInTheOrderOfTheirIDs(t *testing.T) {
	e := resume(t, counted, record.Answers{
		"size":                   record.NewInteger(2),
		"roster/0002bbbbbb":      record.Exists(),
		"roster/0002bbbbbb/name": record.NewText("Luis"),
		"roster/0001zzzzzz":      record.Exists(),
		"roster/0001zzzzzz/name": record.NewText("Ana"),
		"roster/0002aaaaaa":      record.Exists(),
		"roster/0002aaaaaa/name": record.NewText("Eva"),
	})
	e.count("roster", 2).expect("roster[1]/name", "Ana").expect("roster[2]/name", "Eva").expect("n", "2")
	e.answer("size", "3").expect("roster[3]/name", "Luis")
}

func TestAnswersNobodyAsksForAreKept(t *testing.T) {
	strange := record.Answers{
		"gone":                    record.NewText("x"),
		"old/0001aaaaaa":          record.Exists(),
		"old/0001aaaaaa/age":      record.NewInteger(4),
		"roster/0009aaaaaa/name":  record.NewText("nobody's"),
		"size/0001aaaaaa":         record.Exists(),
		"roster":                  record.NewText("a group takes no answer"),
		"roster/0001aaaaaa/other": record.NewInteger(1),
	}
	answers := record.Answers{"size": record.NewInteger(1), "roster/0001aaaaaa": record.Exists()}
	maps.Copy(answers, strange)
	e := resume(t, counted, answers)
	if got := e.s.Strangers(); !maps.Equal(got, strange) {
		t.Errorf("the strangers are %v", got)
	}
	e.count("roster", 1)
	for _, final := range []bool{false, true} {
		got, _ := e.s.Answers(final)
		for p, v := range strange {
			if got[p] != v {
				t.Errorf("%s is lost (final %v)", p, final)
			}
		}
	}
}

func TestAnAnswerOfAnotherKindIsReadOrNamed(t *testing.T) {
	resume(t, counted, record.Answers{"size": record.NewText("2")}).expect("size", "2").count("roster", 2).fine("size")
	e := resume(t, counted, record.Answers{"size": record.NewText("two")}).expect("size", "two").count("roster", 0).problem("size", "kind", "")
	e.answer("size", "1").fine("size")
}

func TestAChoiceNotOfferedIsNotDroppedByReopening(t *testing.T) {
	e := resume(t, filtered, record.Answers{"dep": record.NewText("n"), "town": record.NewText("s1")})
	e.expect("town", "s1").problem("town", "choice", "")
	e.answer("dep", "").expect("town", "")
}

const otherwise = `
	| survey | | | | |
	|        | type         | name   | label     | calculation |
	|        | integer      | cows   | Cows?     |             |
	|        | integer      | goats  | Goats?    |             |
	|        | integer      | animals | Animals? | coalesce(${cows}, 0) + coalesce(${goats}, 0) |
	|        | begin repeat | member | Member    |             |
	|        | integer      | age    | Age?      |             |
	|        | integer      | born   | Born in?  | 2026 - ${age} |
	|        | end repeat   |        |           |             |
`

// What a person answered to a calculated question is an answer like any other: it does not go when the app is closed, or when the interview is corrected. As before,
// it goes when something changes that it would be calculated from.
func TestWhatWasAnsweredOtherwiseThanCalculatedStays(t *testing.T) {
	e := begin(t, otherwise).answer("cows", "1").answer("goats", "2").expect("animals", "3").answer("animals", "7")
	e.answer("member[1]/age", "30").expect("member[1]/born", "1996").answer("member[1]/born", "1995")
	for _, final := range []bool{false, true} {
		answers, derived := e.s.Answers(final)
		s, err := interview.Reopen(e.s.Form(), world(99), answers, derived)
		if err != nil {
			t.Fatal(err)
		}
		again := (&enumerator{t: t, s: s}).expect("animals", "7").expect("member[1]/born", "1995")
		if after, isDerived := s.Answers(final); !maps.Equal(after, answers) || !maps.Equal(isDerived, derived) {
			t.Errorf("%v became %v", answers, after)
		}
		again.answer("goats", "4").expect("animals", "5").expect("member[1]/born", "1995")
		again.answer("animals", "8").expect("animals", "8").answer("member[1]/age", "31").expect("member[1]/born", "1995")
	}
	e.reopened().expect("animals", "3") // where nobody knows who gave it
}

// Of answers to questions that the form does not have it stays known which were calculated.
func TestStrangersStayDerived(t *testing.T) {
	answers := record.Answers{"size": record.NewInteger(1), "old": record.NewText("x"), "sum": record.NewInteger(2)}
	s, err := interview.Reopen(readForm(t, counted), world(3), answers, map[record.Path]bool{"sum": true})
	if err != nil {
		t.Fatal(err)
	}
	for _, final := range []bool{false, true} {
		if got, derived := s.Answers(final); got["sum"] != answers["sum"] || got["old"] != answers["old"] || !derived["sum"] || derived["old"] {
			t.Errorf("%v, derived %v", got, derived)
		}
	}
}
