package interview_test

import (
	"testing"

	"vereda/survey/interview"
	"vereda/survey/record"
)

const defaults = `
	| survey  |                |         |         |                     |                 |
	|         | type           | name    | label   | default             | calculation     |
	|         | start          | start   |         |                     |                 |
	|         | end            | end     |         |                     |                 |
	|         | today          | today   |         |                     |                 |
	|         | deviceid       | device  |         |                     |                 |
	|         | username       | who     |         |                     |                 |
	|         | integer        | visit   | Visit?  | 1                   |                 |
	|         | date           | day     | Day?    | today()             |                 |
	|         | select_one c   | one     | One?    | b                   |                 |
	|         | text           | twice   | Twice?  | concat(${visit}, ${visit}) |          |
	|         | begin repeat   | member  | Member  |                     |                 |
	|         | text           | family  | Family? | ${family_name}      |                 |
	|         | integer        | place   | Place?  | position(..)        |                 |
	|         | calculate      | own     |         |                     | once(random())  |
	|         | end repeat     |         |         |                     |                 |
	|         | text           | family_name | Family name? |            |                 |
	|         | calculate      | luck    |         |                     | once(random())  |
	|         | calculate      | again   |         |                     | ${luck}         |
	|         | calculate      | yes     |         |                     | ${visit} = 1    |
	|         | calculate      | nothing |         |                     | number('x')     |
	|         | calculate      | third   |         |                     | 1 div 4         |
	|         | integer        | whole   | Whole?  |                     | ${visit} * 2.5  |
	| choices |                |         |         |                     |                 |
	|         | list_name      | name    | label   |                     |                 |
	|         | c              | a       | A       |                     |                 |
	|         | c              | b       | B       |                     |                 |
`

func TestAnInterviewStartsWithWhatTheDeviceKnows(t *testing.T) {
	e := begin(t, defaults)
	e.expect("start", "2026-11-23T12:00:00.000-05:00").expect("today", "2026-11-23").expect("device", "tablet-1").expect("who", "ana")
	if _, err := e.s.Set("device", record.NewText("other")); !wrong(err, "read-only") {
		t.Errorf("the device's own answer was changed: %v", err)
	}
	_, derived := e.s.Answers(true)
	for _, p := range []record.Path{"start", "end", "today", "device", "who", "luck", "third"} {
		if !derived[p] {
			t.Errorf("%s is not derived", p)
		}
	}
	for _, p := range []record.Path{"visit", "day", "one"} {
		if derived[p] {
			t.Errorf("%s, a default, is derived", p)
		}
	}
}

func TestDefaultsAreSetOnceAndCanBeTakenBack(t *testing.T) {
	e := begin(t, defaults).expect("visit", "1").expect("day", "2026-11-23").expect("one", "b").expect("twice", "11")
	e.answer("visit", "2").expect("twice", "11").answer("one", "")
	e.reopened().expect("one", "").expect("visit", "2")
}

func TestDefaultsOfAnInstanceAreSetWhenItIsMade(t *testing.T) {
	e := begin(t, defaults).expect("member[1]/family", "").expect("member[1]/place", "1")
	e.answer("family_name", "Paz").add("member").expect("member[2]/family", "Paz").expect("member[2]/place", "2").expect("member[1]/family", "")
	e.remove("member[1]").expect("member[1]/place", "2")
}

func TestWhatIsCalculatedOnceStays(t *testing.T) {
	e := begin(t, defaults)
	luck, inner := e.s.Value("luck"), e.s.Value(e.at("member[1]/own"))
	if luck.IsZero() || luck == inner {
		t.Errorf("luck is %q and %q", luck, inner)
	}
	e.answer("visit", "3").add("member").expect("luck", luck.String())
	r := e.reopened().expect("luck", luck.String()).expect("member[1]/own", inner.String()).expect("again", luck.String())
	r.answer("visit", "5").add("member").expect("luck", luck.String())
}

func TestCalculationsGiveWhatODKGives(t *testing.T) {
	e := begin(t, defaults).expect("yes", "1").expect("nothing", "").expect("third", "0.25").expect("whole", "2")
	e.answer("visit", "2").expect("yes", "0").expect("whole", "5")
	e.answer("visit", "").expect("whole", "")
}

func TestTheEndIsTouchedLast(t *testing.T) {
	e := begin(t, defaults)
	change := e.s.Touch()
	if len(change.Set) != 0 {
		t.Errorf("the clock stands, yet %v was set", change.Set)
	}
	if _, err := interview.Start(e.s.Form(), interview.Env{}); err == nil {
		t.Error("a session started without clock and chance")
	}
}
