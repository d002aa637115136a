package interview_test

import (
	"testing"

	"vereda/survey/record"
)

const skipping = `
	| survey  |               |        |          |               |                 |
	|         | type          | name   | label    | relevant      | calculation     |
	|         | select_one yn | phone  | Phone?   |               |                 |
	|         | begin group   | g      | Use      | ${phone}='1'  |                 |
	|         | integer       | calls  | Calls?   |               |                 |
	|         | text          | why    | Why?     | ${calls} > 10 |                 |
	|         | end group     |        |          |               |                 |
	|         | calculate     | seen   |          |               | concat(${calls}, ';', ${why}) |
	|         | text          | after  | After?   | ${why} != ''  |                 |
	| choices |               |        |          |               |                 |
	|         | list_name     | name   | label    |               |                 |
	|         | yn            | 1      | Yes      |               |                 |
	|         | yn            | 0      | No       |               |                 |
`

func TestQuestionsAppearAndDisappear(t *testing.T) {
	e := begin(t, skipping)
	e.asked("phone").unasked("g", "g/calls", "g/why", "after")
	e.answer("phone", "1").asked("g", "g/calls").unasked("g/why")
	e.answer("g/calls", "12").asked("g/why").unasked("after")
	e.answer("g/why", "work").asked("after").expect("seen", "12;work")
}

func TestAnUnaskedAnswerIsEmptyForOthersAndKept(t *testing.T) {
	e := begin(t, skipping)
	e.answer("phone", "1").answer("g/calls", "12").answer("g/why", "work").answer("after", "x")
	e.answer("phone", "0").unasked("g/calls", "g/why", "after").expect("seen", ";")
	e.expect("g/calls", "12").expect("g/why", "work")
	if answers, _ := e.s.Answers(true); !answers["g/calls"].IsZero() || !answers["after"].IsZero() || answers["phone"].String() != "0" {
		t.Errorf("the final answers are %v", answers)
	}
	if answers, _ := e.s.Answers(false); answers["g/why"].String() != "work" {
		t.Errorf("the draft's answers are %v", answers)
	}
	e.answer("phone", "1").asked("g/why", "after").expect("seen", "12;work")
}

func TestAChangeTellsWhatAppeared(t *testing.T) {
	e := begin(t, skipping).answer("phone", "1").answer("g/calls", "12").answer("g/why", "work")
	e.answer("phone", "0")
	for _, p := range []record.Path{"g", "g/calls", "g/why", "after"} {
		if now, ok := e.last.Relevant[p]; !ok || now {
			t.Errorf("the change does not say that %s disappeared: %v", p, e.last.Relevant)
		}
	}
	if e.last.Set["seen"].String() != ";" || !e.last.Derived["seen"] || e.last.Derived["phone"] || len(e.last.Set) != 2 {
		t.Errorf("the change sets %v, derived %v", e.last.Set, e.last.Derived)
	}
	e.answer("phone", "0")
	if len(e.last.Set)+len(e.last.Relevant)+len(e.last.Unset) != 0 {
		t.Errorf("the same answer again changed %+v", e.last)
	}
	e.answer("phone", "")
	if len(e.last.Unset) != 1 || e.last.Unset[0] != "phone" {
		t.Errorf("taking an answer back unset %v", e.last.Unset)
	}
}
