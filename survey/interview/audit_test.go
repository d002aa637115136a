package interview_test

import (
	"testing"

	"vereda/survey/interview"
	"vereda/survey/record"
)

func TestTheLogIsTheAnswerOfTheAudit(t *testing.T) {
	sc := begin(t, `
		| survey |
		|        | type  | name  | label |
		|        | audit | audit |       |
		|        | text  | name  | Name  |
	`)
	file, err := record.New(record.File, "0011223344556677.csv")
	if err != nil {
		t.Fatal(err)
	}
	change := sc.s.Audit(file)
	if change.Set["audit"] != file || !change.Derived["audit"] {
		t.Errorf("%+v", change)
	}
	answers, derived := sc.s.Answers(true)
	if answers["audit"] != file || !derived["audit"] || sc.s.Value("audit") != file {
		t.Errorf("%v", answers)
	}
	if _, err := sc.s.Set("audit", record.Value{}); err == nil {
		t.Error("a person can answer it")
	}
	again, err := interview.Resume(sc.s.Form(), world(1), answers)
	if err != nil || again.Value("audit") != file {
		t.Errorf("%v, %v", again.Value("audit"), err)
	}
}
