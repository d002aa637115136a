package interview_test

import (
	"testing"

	"vereda/survey/interview"
)

const triggered = `
	| survey |              |         |       |             |         |
	|        | type         | name    | label | calculation | trigger |
	|        | integer      | a       | A?    |             |         |
	|        | integer      | b       | B?    |             |         |
	|        | text         | sum     | Sum   | ${a} + ${b} | ${a}    |
	|        | text         | note    | Note  |             | ${b}    |
	|        | begin repeat | trip    | Trip  |             |         |
	|        | integer      | km      | Km?   |             |         |
	|        | text         | seen    | Seen  | ${km} * 2   | ${km}   |
	|        | end repeat   |         |       |             |         |
`

// A calculation with a trigger happens when the trigger is answered, and at no other time: what a person writes over it stays.
func TestATriggeredCalculationWaitsForItsTrigger(t *testing.T) {
	e := begin(t, triggered).answer("b", "2").expect("sum", "")
	e.answer("a", "1").expect("sum", "3")
	e.answer("b", "5").expect("sum", "3")
	e.answer("sum", "about 6").expect("sum", "about 6")
	e.answer("a", "4").expect("sum", "9")
}

// Without a calculation, a trigger takes the answer away.
func TestATriggerWithoutCalculationClears(t *testing.T) {
	begin(t, triggered).answer("note", "as of 2").answer("b", "3").expect("note", "")
}

func TestATriggerInARepeatKeepsToItsInstance(t *testing.T) {
	e := begin(t, triggered).add("trip")
	e.answer("trip[1]/km", "3").expect("trip[1]/seen", "6").expect("trip[2]/seen", "")
}

// What nobody sees is triggered too, by each question that the cell names, in repeats and across them, and by an answer that another trigger gave.
func TestCalculatesAreTriggered(t *testing.T) {
	e := begin(t, `
		| survey |              |         |       |                  |             |
		|        | type         | name    | label | calculation      | trigger     |
		|        | integer      | a       | A?    |                  |             |
		|        | integer      | b       | B?    |                  |             |
		|        | calculate    | sum     |       | ${a} + ${b}      | ${a}        |
		|        | calculate    | both    |       | ${a} * 10 + ${b} | ${a}, ${b}  |
		|        | calculate    | when    |       | now()            | ${a}        |
		|        | begin repeat | trip    | Trip  |                  |             |
		|        | integer      | km      | Km?   |                  |             |
		|        | calculate    | seen    |       | ${km} * 2        | ${km}, ${a} |
		|        | calculate    | pos     |       | position(..)     | ${a}        |
		|        | end repeat   |         |       |                  |             |
		|        | calculate    | all     |       | sum(${km})       | ${km}       |
		|        | calculate    | chained |       | ${sum} + 1       | ${sum}      |
	`)
	e.answer("b", "2").expect("sum", "").expect("both", "").expect("when", "")
	e.answer("a", "1").expect("sum", "3").expect("both", "12").expect("when", "2026-11-23T12:00:00.000-05:00").expect("chained", "4")
	e.answer("b", "3").expect("sum", "3").expect("both", "13").expect("chained", "4")
	e.add("trip").answer("trip[2]/km", "7").expect("all", "7").expect("trip[2]/seen", "14").expect("trip[1]/seen", "").expect("trip[2]/pos", "")
	e.answer("a", "2").expect("trip[1]/pos", "1").expect("trip[2]/pos", "2").expect("trip[1]/seen", "")
}

const household = `
	| survey |                          |        |       |                      |
	|        | type                     | name   | label | choice_filter        |
	|        | begin repeat             | member | M     |                      |
	|        | text                     | m_name | Name  |                      |
	|        | integer                  | m_age  | Age   |                      |
	|        | end repeat               |        |       |                      |
	|        | select_one ${m_name}     | head   | Head? |                      |
	|        | select_multiple ${m_name} | adults | Who?  | ${m_age} >= 18       |
`

// The answers of a repeat are the choices of another question, and follow them.
func TestChoicesFromARepeat(t *testing.T) {
	e := begin(t, household).add("member").add("member").offered("head")
	e.answer("member[1]/m_name", "Ana").answer("member[2]/m_name", "Beto").offered("head", "Ana", "Beto").offered("adults")
	e.answer("member[2]/m_age", "20").offered("adults", "Beto")
	e.answer("head", "Ana").answer("adults", "Beto").expect("head", "Ana")
	e.answer("member[2]/m_age", "17").expect("adults", "").offered("adults")
	e.answer("member[1]/m_name", "Anita").offered("head", "Anita", "Beto").expect("head", "")
}

// Choices out of a file are those of the file that came with the form; without it there are none.
func TestChoicesFromAFile(t *testing.T) {
	f := readForm(t, `
		| survey |                                |      |       |               |                       |
		|        | type                           | name | label | choice_filter | parameters            |
		|        | text                           | dep  | Dep   |               |                       |
		|        | select_one_from_file towns.csv | town | Town  | dep = ${dep}  | value=code label=town |`)
	env := world(1)
	env.Files = map[string][]byte{"towns.csv": []byte("code,town,dep\n1,Jacmel,se\n2,Les Cayes,s\n")}
	s, err := interview.Start(f, env)
	if err != nil {
		t.Fatal(err)
	}
	e := &enumerator{t: t, s: s}
	e.offered("town").answer("dep", "s").offered("town", "2").answer("town", "2").expect("town", "2")
	e.answer("dep", "se").offered("town", "1").expect("town", "")
	bare, err := interview.Start(f, world(1))
	if err != nil {
		t.Fatal(err)
	}
	(&enumerator{t: t, s: bare}).answer("dep", "s").offered("town")
}

// search() offers each value of a table's column once.
func TestSearchOffersEachValueOnce(t *testing.T) {
	f := readForm(t, `
		| survey  |                 |      |       |                                             |
		|         | type            | name | label | appearance                                  |
		|         | select_one dep  | dep  | Dep   | search('places')                            |
		|         | select_one town | town | Town  | search('places', 'matches', 'dep', ${dep})  |
		| choices |                 |      |       |
		|         | list_name       | name | label |
		|         | dep             | dep  | dep   |
		|         | town            | code | town  |`)
	env := world(1)
	env.Files = map[string][]byte{"places.csv": []byte("code,town,dep\n1,Jacmel,se\n2,Les Cayes,s\n3,Aquin,s\n2,Les Cayes,s\n")}
	s, err := interview.Start(f, env)
	if err != nil {
		t.Fatal(err)
	}
	(&enumerator{t: t, s: s}).offered("dep", "se", "s").offered("town").answer("dep", "s").offered("town", "2", "3")
}
