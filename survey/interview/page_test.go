package interview_test

import (
	"slices"
	"testing"

	"vereda/survey/form"
	"vereda/survey/record"
)

const paged = `
	| survey  |              |        |         |               |               |              |
	|         | type         | name   | label   | relevant      | appearance    | repeat_count |
	|         | start        | start  |         |               |               |              |
	|         | integer      | n      | N?      |               |               |              |
	|         | deviceid     | c      |         |               |               |              |
	|         | begin group  | one    | One     |               |               |              |
	|         | text         | a      | A?      |               |               |              |
	|         | note         | hint   | Hint    | ${a} != ''    |               |              |
	|         | end group    |        |         |               |               |              |
	|         | begin group  | all    | All     |               | field-list    |              |
	|         | text         | b      | B?      |               |               |              |
	|         | begin group  | inner  | Inner   | ${b} = 'in'   |               |              |
	|         | text         | d      | D?      |               |               |              |
	|         | end group    |        |         |               |               |              |
	|         | end group    |        |         |               |               |              |
	|         | begin repeat | person | Person  |               |               | ${n}         |
	|         | text         | first  | First?  |               |               |              |
	|         | text         | last   | Last?   | ${first} != '' |              |              |
	|         | end repeat   |        |         |               |               |              |
	|         | begin repeat | visit  | Visit   | ${n} != 9     |               |              |
	|         | text         | when   | When?   |               |               |              |
	|         | end repeat   |        |         |               |               |              |
	|         | begin group  | void   | Void    | ${n} = 5      | field-list    |              |
	|         | text         | e      | E?      |               |               |              |
	|         | end group    |        |         |               |               |              |
`

func TestPagesFollowTheAnswers(t *testing.T) {
	e := begin(t, paged)
	e.pages("n", "one/a", "all", "visit[1]/when", "visit")
	e.answer("n", "2").answer("one/a", "x").answer("person[2]/first", "Ana")
	e.pages("n", "one/a", "one/hint", "all", "person[1]/first", "person[2]/first", "person[2]/last", "visit[1]/when", "visit")
	e.add("visit").answer("n", "0").pages("n", "one/a", "one/hint", "all", "visit[1]/when", "visit[2]/when", "visit")
	e.answer("n", "9").remove("visit[2]")
	if len(e.s.Instances("person")) != 9 {
		t.Error("nine persons should be there")
	}
	for _, p := range e.s.Pages() {
		if p.Path == "visit" || p.Path == e.at("visit[1]/when") {
			t.Error("a repeat that is not asked has pages")
		}
	}
}

func TestAFieldListIsOnePage(t *testing.T) {
	e := begin(t, paged).answer("all/b", "in")
	for _, p := range e.s.Pages() {
		switch p.Path {
		case "all":
			if !slices.Equal(p.Items, []record.Path{"all/b", "all/inner/d"}) || p.Item.Kind != form.Group || p.Lists() {
				t.Errorf("the page holds %v", p.Items)
			}
		case "visit":
			if !p.Lists() || p.Item.Kind != form.Repeat || len(p.Items) != 0 {
				t.Errorf("the repeat's page is %+v", p)
			}
		default:
			if len(p.Items) != 1 || p.Items[0] != p.Path {
				t.Errorf("the page %s holds %v", p.Path, p.Items)
			}
		}
	}
}
