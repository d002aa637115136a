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
