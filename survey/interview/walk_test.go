package interview_test

import (
	"testing"

	"vereda/survey/interview"
	"vereda/survey/record"
)

const walked = `
	| survey |                 |        |       |                   |              |
	|        | type            | name   | label | repeat_count      | choice_filter |
	|        | integer         | n      | N     |                   |              |
	|        | begin repeat    | member | M     | ${n}              |              |
	|        | text            | name   | Name  |                   |              |
	|        | end repeat      |        |       |                   |              |
	|        | text            | area   | Area  |                   |              |
	|        | select_one town | town   | Town  |                   | area = ${area} |
	| choices |           |       |       |      |
	|         | list_name | name  | label | area |
	|         | town      | a     | A     | x    |
	|         | town      | b     | B     | y    |
`

// beginWalked starts an interview in which the enumerator walks from place to place.
func beginWalked(t *testing.T, tables string) *enumerator {
	t.Helper()
	env := world(1)
	env.Walked = true
	s, err := interview.Start(readForm(t, tables), env)
	if err != nil {
		t.Fatal(err)
	}
	return &enumerator{t: t, s: s}
}

func TestInstancesAreMadeAsTheWalkComesBy(t *testing.T) {
	e := beginWalked(t, walked).answer("n", "2")
	if got := len(e.s.Instances("member")); got != 0 || !e.s.Due("member") {
		t.Fatalf("%d instances before anybody came by, due %v", got, e.s.Due("member"))
	}
	for range 2 {
		made, change := e.s.Reach("member")
		if made == "" || change.Set[made] != record.Exists() {
			t.Fatalf("nothing was made: %v %v", made, change)
		}
	}
	if made, _ := e.s.Reach("member"); made != "" || e.s.Due("member") {
		t.Errorf("a third instance %q", made)
	}
	e.answer("member[2]/name", "Eva").answer("n", "1")
	if len(e.s.Instances("member")) != 1 {
		t.Error("the number shrank, the instances did not")
	}
	e.answer("n", "2")
	e.s.Reach("member")
	e.expect("member[2]/name", "Eva")
	if begin(t, walked).answer("n", "2").s.Due("member") {
		t.Error("where nobody walks, nothing is due")
	}
}

func TestChoicesAreDroppedWhenTheyAreLookedAt(t *testing.T) {
	e := beginWalked(t, walked).answer("area", "x").answer("town", "a").answer("area", "y").expect("town", "a")
	if change := e.s.Look("town"); len(change.Unset) != 1 || change.Unset[0] != "town" {
		t.Errorf("the change is %+v", change)
	}
	e.expect("town", "")
	begin(t, walked).answer("area", "x").answer("town", "a").answer("area", "y").expect("town", "")
}

func TestAcceptsAsksWithoutTrying(t *testing.T) {
	e := begin(t, rules).answer("age", "20")
	for text, want := range map[string]bool{"130": false, "30": true} {
		v, err := record.New(record.Integer, text)
		if err != nil {
			t.Fatal(err)
		}
		if got := e.s.Accepts("age", v); got != want {
			t.Errorf("age %s: %v", text, got)
		}
	}
	if !e.s.Accepts("age", record.Value{}) || !e.s.Accepts("nobody", record.NewText("x")) {
		t.Error("no answer, and no question, break no constraint")
	}
	e.expect("age", "20")
}

func TestAPositionIsTakenWhenTheDeviceKnowsIt(t *testing.T) {
	known := record.Value{}
	env := world(1)
	env.Position = func() record.Value { return known }
	f := readForm(t, `
		| survey |                     |       |       |         |
		|        | type                | name  | label | trigger |
		|        | start-geopoint      | first |       |         |
		|        | text                | a     | A     |         |
		|        | background-geopoint | then  |       | ${a}    |
	`)
	s, err := interview.Start(f, env)
	if err != nil {
		t.Fatal(err)
	}
	e := &enumerator{t: t, s: s}
	e.expect("first", "")
	if !s.Locating() {
		t.Fatal("nobody waits for the position")
	}
	known, _ = record.New(record.Geopoint, "7.1 -73.1 900 4")
	if change := s.Locate(); change.Set["first"] != known || s.Locating() {
		t.Errorf("the change is %+v", change)
	}
	known, _ = record.New(record.Geopoint, "8 -74")
	e.answer("a", "x").expect("then", "8 -74").expect("first", "7.1 -73.1 900 4")
}
