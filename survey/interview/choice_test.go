package interview_test

import (
	"slices"
	"testing"
)

const filtered = `
	| survey  |                     |       |        |                       |                        |
	|         | type                | name  | label  | relevant              | choice_filter          |
	|         | select_one dep      | dep   | Where? |                       |                        |
	|         | select_one town     | town  | Town?  |                       | dep=${dep}             |
	|         | select_multiple town | seen | Seen?  |                       |                        |
	|         | select_one town     | best  | Best?  | count-selected(${seen}) > 1 | selected(${seen}, name) |
	|         | select_multiple town | near | Near?  |                       | dep=${dep}             |
	|         | begin repeat        | trip  | Trip   |                       |                        |
	|         | select_one dep      | d     | Where? |                       |                        |
	|         | select_one town     | to    | To?    |                       | dep=${d}               |
	|         | end repeat          |       |        |                       |                        |
	| choices |                     |       |        |                       |                        |
	|         | list_name           | name  | label  | dep                   |                        |
	|         | dep                 | n     | North  |                       |                        |
	|         | dep                 | s     | South  |                       |                        |
	|         | town                | n1    | N one  | n                     |                        |
	|         | town                | n2    | N two  | n                     |                        |
	|         | town                | s1    | S one  | s                     |                        |
`

func TestChoicesFollowTheirFilter(t *testing.T) {
	e := begin(t, filtered)
	e.offered("town")
	e.answer("dep", "n").offered("town", "n1", "n2")
	if len(e.last.Redraw) != 2 || e.last.Redraw[0] != "town" || e.last.Redraw[1] != "near" {
		t.Errorf("to be drawn anew: %v", e.last.Redraw)
	}
	e.answer("dep", "s").offered("town", "s1")
}

func TestAChoiceNoLongerOfferedIsDropped(t *testing.T) {
	e := begin(t, filtered).answer("dep", "n").answer("town", "n2").answer("near", "n1 n2")
	e.answer("dep", "s").expect("town", "").expect("near", "")
	if len(e.last.Unset) != 2 || e.last.Unset[0] != "town" || e.last.Unset[1] != "near" {
		t.Errorf("the change unset %v", e.last.Unset)
	}
	e.answer("seen", "n1 n2 s1").answer("best", "n2").answer("seen", "n1 n2").expect("best", "n2")
	e.answer("seen", "n1 s1").expect("best", "")
}

func TestAQuestionNotAskedKeepsItsChoice(t *testing.T) {
	e := begin(t, filtered).answer("seen", "n1 n2").answer("best", "n2")
	e.answer("seen", "n2").unasked("best").expect("best", "n2")
	e.answer("seen", "n2 s1").asked("best").expect("best", "n2")
	e.answer("seen", "n2").answer("seen", "n1 s1").asked("best").expect("best", "")
}

// What was offered while nobody asked counts when somebody asks again.
func TestAChoiceIsLookedAtWhenItsQuestionIsAskedAgain(t *testing.T) {
	e := begin(t, `
		| survey  |                 |      |        |              |               |
		|         | type            | name | label  | relevant     | choice_filter |
		|         | text            | dep  | Where? |              |               |
		|         | integer         | ask  | Ask?   |              |               |
		|         | select_one town | town | Town?  | ${ask} = 1   | dep=${dep}    |
		| choices |                 |      |        |              |               |
		|         | list_name       | name | label  | dep          |               |
		|         | town            | n1   | N one  | n            |               |
		|         | town            | s1   | S one  | s            |               |
	`)
	e.answer("dep", "n").answer("ask", "1").answer("town", "n1").answer("ask", "0").answer("dep", "s").expect("town", "n1")
	e.answer("ask", "1").expect("town", "")
	e.answer("town", "s1").answer("ask", "0").answer("ask", "1").expect("town", "s1")
}

func TestFiltersInARepeatLookAtTheirOwnInstance(t *testing.T) {
	e := begin(t, filtered).add("trip")
	e.answer("trip[1]/d", "n").answer("trip[2]/d", "s")
	e.offered("trip[1]/to", "n1", "n2").offered("trip[2]/to", "s1")
	e.answer("trip[1]/to", "n1").answer("trip[2]/to", "s1").answer("trip[1]/d", "s")
	e.expect("trip[1]/to", "").expect("trip[2]/to", "s1")
}

func TestAChoiceThatIsNotOfferedIsAProblem(t *testing.T) {
	e := begin(t, filtered).answer("dep", "n").answer("town", "s1").problem("town", "choice", "")
	e.answer("town", "n1").fine("town")
}

const shuffled = `
	| survey  |              |      |       |                          |               |
	|         | type         | name | label | parameters               | choice_filter |
	|         | select_one c | a    | A?    | randomize=true seed=42   |               |
	|         | select_one c | b    | B?    | randomize=true seed=42   |               |
	|         | select_one c | any  | Any?  | randomize=true           |               |
	|         | select_one c | some | Some? | randomize=true seed=7    | k = 1         |
	| choices |              |      |       |                          |               |
	|         | list_name    | name | label | k                        |               |
	|         | c            | 1    | One   | 1                        |               |
	|         | c            | 2    | Two   | 0                        |               |
	|         | c            | 3    | Three | 1                        |               |
	|         | c            | 4    | Four  | 1                        |               |
	|         | c            | 5    | Five  | 0                        |               |
	|         | c            | 6    | Six   | 1                        |               |
`

func TestChoicesAreShuffledBySeed(t *testing.T) {
	e := begin(t, shuffled)
	order := func(spoken string) (names []string) {
		for _, c := range e.s.Choices(e.at(spoken)) {
			names = append(names, c.Name)
		}
		return names
	}
	a, sorted := order("a"), []string{"1", "2", "3", "4", "5", "6"}
	if slices.Equal(a, sorted) || !slices.Equal(slices.Sorted(slices.Values(a)), sorted) || !slices.Equal(a, order("b")) {
		t.Errorf("the choices are in the order %v and %v", a, order("b"))
	}
	if !slices.Equal(order("any"), order("any")) {
		t.Error("the order changes while one looks")
	}
	if some := order("some"); !slices.Equal(slices.Sorted(slices.Values(some)), []string{"1", "3", "4", "6"}) {
		t.Errorf("the filtered choices are %v", some)
	}
	e.answer("a", "3").fine("a")
}
