package respondent_test

import (
	"errors"
	"maps"
	"math/rand"
	"testing"

	"vereda/survey/form"
	"vereda/survey/interview"
	"vereda/survey/record"
	"vereda/survey/respondent"
	"vereda/survey/xlsform"
	"vereda/survey/xlsform/xlsformtest"
)

const visits = `
	| survey  |                    |        |         |                            |          |                |
	|         | type               | name   | label   | constraint                 | required | relevant       |
	|         | date               | day    | Day?    | . <= today()               | yes      |                |
	|         | geopoint           | where  | Where?  |                            | yes      |                |
	|         | decimal            | cost   | Cost?   | . > 10 and . < 12          | yes      |                |
	|         | text               | code   | Code?   | regex(., '^[A-Z][0-9]+$')  | yes      |                |
	|         | text               | mail   | Mail?   | contains(., '@')           | yes      |                |
	|         | select_multiple c  | both   | Both?   | count-selected(.) = 2      | yes      |                |
	|         | begin repeat       | visit  | Visit   |                            |          | ${cost} > 10.2 |
	|         | integer            | hour   | Hour?   | . >= 8 and . < 18          | yes      |                |
	|         | end repeat         |        |         |                            |          |                |
	| choices |                    |        |         |                            |          |                |
	|         | list_name          | name   | label   |                            |          |                |
	|         | c                  | a      | A       |                            |          |                |
	|         | c                  | b      | B       |                            |          |                |
	|         | c                  | c      | C       |                            |          |                |
`

func readForm(t *testing.T, tables string) *form.Form {
	t.Helper()
	f, problems := xlsform.Read("test.xlsx", xlsformtest.Workbook(tables))
	if f == nil {
		t.Fatalf("the form was not read: %+v", problems)
	}
	return f
}

// interviewed starts an interview of a form and lets a respondent answer it.
func interviewed(t *testing.T, f *form.Form, seed int64, r respondent.Respondent) (*interview.Session, error) {
	t.Helper()
	r.Random = rand.New(rand.NewSource(seed))
	s, err := interview.Start(f, env(r.Random))
	if err != nil {
		t.Fatal(err)
	}
	return s, r.Interview(s)
}

func TestAnyFormIsAnswered(t *testing.T) {
	f := readForm(t, visits)
	most := 0
	for seed := range int64(50) {
		s, err := interviewed(t, f, seed, respondent.Respondent{Most: 3})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if problems := s.Problems(""); len(problems) > 0 {
			t.Errorf("seed %d: problems are left: %+v", seed, problems)
		}
		most = max(most, len(s.Instances("visit")))
	}
	if most != 3 {
		t.Errorf("at most %d visits were added, not 3", most)
	}
}

func TestTheSameSeedAnswersTheSame(t *testing.T) {
	f := readForm(t, visits)
	first, _ := interviewed(t, f, 11, respondent.Respondent{})
	again, _ := interviewed(t, f, 11, respondent.Respondent{})
	a, _ := first.Answers(false)
	b, _ := again.Answers(false)
	if !maps.Equal(a, b) {
		t.Errorf("%v and then %v", a, b)
	}
}

func TestWhatIsKeptIsTheWholeInterview(t *testing.T) {
	f := readForm(t, visits)
	random := rand.New(rand.NewSource(5))
	s, err := interview.Start(f, env(random))
	if err != nil {
		t.Fatal(err)
	}
	kept, _ := s.Answers(false)
	keep := func(c interview.Change) error {
		for _, p := range c.Unset {
			maps.DeleteFunc(kept, func(q record.Path, _ record.Value) bool { return q == p || q.Under(p) })
		}
		maps.Copy(kept, c.Set)
		return nil
	}
	if err := respondent.Respond(s, random, keep); err != nil {
		t.Fatal(err)
	}
	if answers, _ := s.Answers(false); !maps.Equal(kept, answers) {
		t.Errorf("kept was %v, not %v", kept, answers)
	}
}

func TestAFormNobodyCanAnswerIsNamed(t *testing.T) {
	f := readForm(t, `
		| survey |         |      |       |            |          |
		|        | type    | name | label | constraint | required |
		|        | integer | a    | A?    | . > 3 and . < 2 | yes |
	`)
	_, err := interviewed(t, f, 1, respondent.Respondent{Tries: 10})
	var stuck *respondent.StuckError
	if !errors.As(err, &stuck) || stuck.Path != "a" || stuck.Problem.Kind != "constraint" {
		t.Errorf("the error is %v", err)
	}
}

func TestAnErrorOfKeepingEndsTheInterview(t *testing.T) {
	full := errors.New("disk full")
	r := respondent.Respondent{Keep: func(interview.Change) error { return full }}
	if _, err := interviewed(t, readForm(t, visits), 1, r); !errors.Is(err, full) {
		t.Errorf("the error is %v", err)
	}
}
