package interview_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"vereda/survey/interview"
	"vereda/survey/record"
)

const counted = `
	| survey  |              |          |          |                  |               |              |         |
	|         | type         | name     | label    | relevant         | calculation   | repeat_count | default |
	|         | integer      | size     | Size?    |                  |               |              |         |
	|         | begin repeat | roster   | Member   |                  |               | ${size}      |         |
	|         | text         | name     | Name?    |                  |               |              |         |
	|         | integer      | age      | Age?     |                  |               |              |         |
	|         | text         | school   | School?  | ${age} < 18      |               |              |         |
	|         | text         | home     | Home?    |                  |               |              | here    |
	|         | calculate    | nth      |          |                  | position(..)  |              |         |
	|         | end repeat   |          |          |                  |               |              |         |
	|         | calculate    | years    |          |                  | sum(${age})   |              |         |
	|         | calculate    | n        |          |                  | count(${roster}) |           |         |
	|         | calculate    | second   |          |                  | indexed-repeat(${name}, ${roster}, 2) | | |
`

func TestTheCountMakesTheMembers(t *testing.T) {
	e := begin(t, counted)
	e.count("roster", 0).expect("n", "0")
	e.answer("size", "3").count("roster", 3).expect("n", "3")
	e.expect("roster[1]/nth", "1").expect("roster[3]/nth", "3").expect("roster[3]/home", "here")
	e.answer("roster[1]/age", "40").answer("roster[2]/age", "9").answer("roster[3]/age", "1")
	e.expect("years", "50").unasked("roster[1]/school").asked("roster[2]/school", "roster[3]/school")
	e.answer("roster[2]/name", "Ana").expect("second", "Ana")
}

func TestMembersBeyondTheCountComeBack(t *testing.T) {
	e := begin(t, counted).answer("size", "4")
	e.answer("roster[1]/age", "40").answer("roster[3]/name", "Luis").answer("roster[3]/age", "5")
	third, fourth := e.at("roster[3]"), e.at("roster[4]")
	e.answer("size", "2").count("roster", 2).expect("years", "40").expect("n", "2")
	if !slices.Equal(e.last.Unset, []record.Path{third.Join("nth"), fourth}) {
		t.Errorf("only what was calculated, and the fourth member, of whom nothing is known, should be forgotten: %v", e.last.Unset)
	}
	if e.s.Value(third.Join("name")).String() != "Luis" || e.s.Relevant(third.Join("name")) {
		t.Error("the third member should be kept aside, not asked")
	}
	if _, err := e.s.Set(third.Join("name"), record.NewText("Eva")); err == nil {
		t.Error("a member beyond the count was answered")
	}
	draft, _ := e.s.Answers(false)
	final, _ := e.s.Answers(true)
	if draft[third] != record.Exists() || draft[third.Join("age")].String() != "5" || !final[third].IsZero() || !final[third.Join("age")].IsZero() {
		t.Errorf("a member aside belongs to the draft only: %v, %v", draft, final)
	}
	e.answer("size", "").count("roster", 0)
	e.answer("size", "3").count("roster", 3).expect("roster[3]/name", "Luis").expect("years", "45").expect("roster[3]/nth", "3")
	if e.at("roster[3]") != third {
		t.Error("the third member came back as another")
	}
}

const countedTwice = `
	| survey  |              |          |          |              |
	|         | type         | name     | label    | repeat_count |
	|         | integer      | houses   | Houses?  |              |
	|         | begin repeat | house    | House    | ${houses}    |
	|         | integer      | rooms    | Rooms?   |              |
	|         | begin repeat | room     | Room     | ${rooms}     |
	|         | integer      | beds     | Beds?    |              |
	|         | end repeat   |          |          |              |
	|         | end repeat   |          |          |              |
`

func TestWhatIsCountedInAHouseAsideIsCountedAgainWhenItComesBack(t *testing.T) {
	e := begin(t, countedTwice).answer("houses", "1").answer("house[1]/rooms", "3").answer("house[1]/room[2]/beds", "2")
	house, first, second, third := e.at("house[1]"), e.at("house[1]/room[1]"), e.at("house[1]/room[2]"), e.at("house[1]/room[3]")
	e.answer("houses", "0").count("house", 0)
	draft, _ := e.s.Answers(false)
	if draft[house] != record.Exists() || draft[second.Join("beds")].String() != "2" || draft[first] != record.Exists() {
		t.Errorf("the house with its rooms up to the last one answered belongs to the draft: %v", draft)
	}
	if _, there := draft[third]; there || !slices.Equal(e.last.Unset, []record.Path{third}) {
		t.Errorf("the room of which nothing is known should be forgotten: %v, %v", e.last.Unset, draft)
	}
	e.answer("houses", "1").count("house[1]/room", 3).expect("house[1]/room[2]/beds", "2")
	if e.at("house[1]/room[1]") != first || e.at("house[1]/room[2]") != second || e.at("house[1]/room[3]") != third {
		t.Error("a room came back as another")
	}
}

func TestRemovingACountedMemberMovesTheOthersUp(t *testing.T) {
	e := begin(t, counted).answer("size", "3")
	e.answer("roster[1]/age", "1").answer("roster[2]/age", "2").answer("roster[3]/age", "4").answer("roster[3]/name", "Eva")
	e.answer("size", "2").remove("roster[1]").count("roster", 2)
	e.expect("years", "6").expect("second", "Eva").expect("roster[1]/nth", "1").expect("roster[2]/nth", "2")
	if _, _, err := e.s.AddInstance("roster"); !wrong(err, "count") {
		t.Errorf("an instance was added to a counted repeat: %v", err)
	}
}

func TestATelephoneNumberAsCountIsNoCatastrophe(t *testing.T) {
	e := begin(t, counted).answer("size", "3005551234").count("roster", 1000)
	problems := e.s.Check("roster", "es")
	if len(problems) != 1 || problems[0].Kind != "count" {
		t.Errorf("the problems are %+v", problems)
	}
	e.answer("size", "2").count("roster", 2).fine("")
	if len(e.last.Unset) != 998 {
		t.Errorf("%d members were forgotten", len(e.last.Unset))
	}
}

const open = `
	| survey  |              |          |          |                   |                  |
	|         | type         | name     | label    | relevant          | calculation      |
	|         | text         | head     | Head?    |                   |                  |
	|         | begin repeat | house    | House    |                   |                  |
	|         | text         | street   | Street?  |                   |                  |
	|         | begin repeat | room     | Room     |                   |                  |
	|         | integer      | beds     | Beds?    |                   |                  |
	|         | calculate    | nth      |          |                   | position(..)     |
	|         | end repeat   |          |          |                   |                  |
	|         | calculate    | sleepers |          |                   | sum(${beds})     |
	|         | end repeat   |          |          |                   |                  |
	|         | calculate    | all      |          |                   | sum(${sleepers}) |
	|         | calculate    | houses   |          |                   | count(${house})  |
`

func TestInstancesAreAddedAndRemoved(t *testing.T) {
	e := begin(t, open)
	e.count("house", 1).count("house[1]/room", 1).expect("houses", "1")
	e.answer("house[1]/room[1]/beds", "2").add("house[1]/room").answer("house[1]/room[2]/beds", "3")
	e.expect("house[1]/sleepers", "5").expect("house[1]/room[2]/nth", "2")
	e.add("house").expect("houses", "2").count("house[2]/room", 1)
	e.answer("house[2]/room[1]/beds", "4").expect("house[2]/sleepers", "4").expect("house[1]/sleepers", "5").expect("all", "9")
	e.remove("house[1]/room[1]").expect("house[1]/sleepers", "3").expect("house[1]/room[1]/nth", "1").expect("all", "7")
	gone := e.at("house[1]")
	e.remove("house[1]").expect("all", "4").expect("houses", "1")
	if len(e.last.Unset) != 1 || e.last.Unset[0] != gone {
		t.Errorf("removing unset %v", e.last.Unset)
	}
	for p := range e.last.Set {
		if p.Under(gone) {
			t.Errorf("the change sets %s of an instance that is gone", p)
		}
	}
	if _, err := e.s.RemoveInstance(gone); !wrong(err, "unknown") {
		t.Errorf("it was removed twice: %v", err)
	}
	if _, _, err := e.s.AddInstance("head"); !wrong(err, "unknown") {
		t.Errorf("an instance was added to a question: %v", err)
	}
}

func TestANewInstanceIsToldWhole(t *testing.T) {
	e := begin(t, open).add("house")
	p := e.at("house[2]")
	room := e.at("house[2]/room[1]")
	if e.last.Set[p] != record.Exists() || e.last.Set[room] != record.Exists() || e.last.Set[room.Join("nth")].String() != "1" {
		t.Errorf("the change sets %v", e.last.Set)
	}
	for _, q := range []record.Path{p, p.Join("street"), room, room.Join("beds")} {
		if !e.last.Relevant[q] {
			t.Errorf("the change does not say that %s appeared", q)
		}
	}
}

func TestPositionsAreThoseOfTheFormNotOfMaking(t *testing.T) {
	e := begin(t, open).add("house").add("house").remove("house[2]").add("house")
	instances := e.s.Instances("house")
	for i := 1; i < len(instances); i++ {
		if instances[i-1] >= instances[i] {
			t.Errorf("instances are not in the order of their IDs: %v", instances)
		}
	}
}

func TestARepeatGoesOnWhileThereIsAnother(t *testing.T) {
	e := begin(t, `
		| survey |              |        |          |                  |                   |
		|        | type         | name   | label    | calculation      | repeat_count      |
		|        | begin repeat | person | Person   |                  | 1 + sum(/data/person/more)  |
		|        | integer      | more   | Another? |                  |                   |
		|        | end repeat   |        |          |                  |                   |
		|        | calculate    | n      |          | count(${person}) |                   |
	`)
	e.count("person", 1).answer("person[1]/more", "1").count("person", 2).expect("n", "2").answer("person[2]/more", "0").count("person", 2)
	e.answer("person[2]/more", "1").reopened().count("person", 3).answer("person[2]/more", "0").count("person", 2).expect("n", "2").fine("")
}

func TestACountThatFindsNoRestIsAProblem(t *testing.T) {
	form := `
		| survey |              |        |         |         |              |
		|        | type         | name   | label   | default | repeat_count |
		|        | begin repeat | person | Person  |         | %s           |
		|        | integer      | more   | More?   | 1       |              |
		|        | end repeat   |        |         |         |              |
	`
	for count, kind := range map[string]string{"1 + sum(/data/person/more)": "count", "if(sum(/data/person/more) > 0, 0, 1)": "rule"} {
		e := begin(t, fmt.Sprintf(form, count))
		if problems := e.s.Check("person", ""); len(problems) != 1 || problems[0].Kind != kind {
			t.Errorf("the problems of %s are %+v", count, problems)
		}
	}
}

// wrong reports whether an error is an *AnswerError of a kind.
func wrong(err error, kind string) bool {
	var e *interview.AnswerError
	return errors.As(err, &e) && e.Kind == kind
}

// "One more than there are, if the last says so": a repeat may count itself as long as answers bring it to rest.
func TestOneMoreWhileTheLastSaysSo(t *testing.T) {
	const table = `
		| survey |              |      |          |                                                          |              |         |
		|        | type         | name | label    | calculation                                              | repeat_count | default |
		|        | calculate    | have |          | count(${r})                                              |              |         |
		|        | calculate    | want |          | if(${have} = 0 or /data/r[position() = /data/have]/more = 'yes', ${have} + 1, ${have}) | | |
		|        | begin repeat | r    | R        |                                                          | ${want}      |         |
		|        | text         | more | Another? |                                                          |              | %s      |
		|        | end repeat   |      |          |                                                          |              |         |
	`
	e := begin(t, fmt.Sprintf(table, "")).count("r", 1)
	e.answer("r[1]/more", "yes").count("r", 2).answer("r[2]/more", "yes").count("r", 3).expect("have", "3")
	e.answer("r[3]/more", "no").count("r", 3)

	e = begin(t, fmt.Sprintf(table, "yes"))
	e.count("r", 1000)
	if list := e.s.Check("r", ""); len(list) != 1 || list[0].Kind != "count" && list[0].Kind != "rule" {
		t.Errorf("a repeat without end should be a problem: %v", list)
	}
}

// A default that was taken back in an instance stays so when a smaller number takes the instance away for a while.
func TestADefaultThatWasTakenBackStaysSo(t *testing.T) {
	const tables = `
	| survey | | | | | |
	|        | type         | name   | label    | repeat_count | default |
	|        | integer      | size   | Size?    |              |         |
	|        | begin repeat | member | Member   | ${size}      |         |
	|        | text         | home   | Home?    |              | here    |
	|        | end repeat   |        |          |              |         |
`
	e := begin(t, tables).answer("size", "2").expect("member[2]/home", "here").answer("member[2]/home", "")
	for _, e := range []*enumerator{e, e.reopened()} {
		e.answer("size", "1").answer("size", "2").expect("member[2]/home", "").expect("member[1]/home", "here")
	}
}
