package form_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"vereda/survey/form"
	"vereda/survey/record"
	"vereda/survey/xlsform"
	"vereda/survey/xlsform/xlsformtest"
)

func read(t *testing.T, tables string) *form.Form {
	t.Helper()
	f, problems := xlsform.Read("form.xlsx", xlsformtest.Workbook(tables))
	for _, p := range problems {
		t.Error(p)
	}
	if f == nil {
		t.FailNow()
	}
	return f
}

// dependents writes who reads an item: "name.property" with "@repeat" where a change stays in its instance.
func dependents(list []form.Dependent) string {
	var words []string
	for _, d := range list {
		w := d.Rule.Item.Name + "." + d.Rule.Property.String()
		if d.Within != nil {
			w += "@" + d.Within.Name
		}
		words = append(words, w)
	}
	return strings.Join(words, " ")
}

const family = `
	| survey |               |        |             |                 |                                    |                    |              |
	|        | type          | name   | label       | relevant        | calculation                        | choice_filter      | repeat_count |
	|        | integer       | size   | Size        |                 |                                    |                    |              |
	|        | begin group   | g      | G           | ${size} > 0     |                                    |                    |              |
	|        | begin repeat  | member | Member      |                 |                                    |                    | ${size}      |
	|        | integer       | age    | Age         |                 |                                    |                    |              |
	|        | text          | school | School      | ${age} < 18     |                                    |                    |              |
	|        | calculate     | line   |             |                 | position(..)                       |                    |              |
	|        | note          | says   | ${age} here |                 |                                    |                    |              |
	|        | begin repeat  | phone  | Phone       |                 |                                    |                    |              |
	|        | text          | number | Number      | ${age} > 5      |                                    |                    |              |
	|        | end repeat    |        |             |                 |                                    |                    |              |
	|        | calculate     | phones |             |                 | count(${phone})                    |                    |              |
	|        | calculate     | eldest |             |                 | count(/data/g/member[age > 60])    |                    |              |
	|        | end repeat    |        |             |                 |                                    |                    |              |
	|        | calculate     | sum    |             |                 | sum(${age})                        |                    |              |
	|        | end group     |        |             |                 |                                    |                    |              |
	|        | calculate     | first  |             |                 | indexed-repeat(${age}, ${member}, 1) |                  |              |
	|        | select_one yn | pick   | Pick        |                 |                                    | n < ${sum}         |              |
	| choices |              |        |             |                 |                                    |                    |              |
	|        | list_name     | name   | label       | n               |                                    |                    |              |
	|        | yn            | 1      | Yes         | 1               |                                    |                    |              |
`

func TestWhoReadsWhat(t *testing.T) {
	f := read(t, family)
	for _, c := range []struct{ path, want, below string }{
		{"size", "g.relevant member.repeat_count", "g.relevant member.repeat_count"},
		{"g/member/age", "school.relevant@member says.label@member number.relevant@member eldest.calculation sum.calculation first.calculation pick.", ""},
		{"g/member", "line.calculation eldest.calculation first.calculation",
			"school.relevant@member line.calculation says.label@member number.relevant@member phones.calculation@member eldest.calculation sum.calculation first.calculation"},
		{"g/member/phone", "phones.calculation@member", "phones.calculation@member"},
		{"g/sum", "pick.choice_filter", "pick.choice_filter"},
		{"g", "", "school.relevant line.calculation says.label number.relevant phones.calculation eldest.calculation sum.calculation first.calculation pick.choice_filter"},
	} {
		i, _ := f.Item(record.Path(c.path))
		want := strings.TrimSuffix(c.want, " pick.")
		if got := dependents(f.Dependents(i)); got != want {
			t.Errorf("%s is read by\n\t%s, want\n\t%s", c.path, got, want)
		}
		if got := dependents(f.DependentsBelow(i)); c.below != "" && got != c.below {
			t.Errorf("%s and what is below it is read by\n\t%s, want\n\t%s", c.path, got, c.below)
		}
	}
}

func TestRulesOfAnItem(t *testing.T) {
	f := read(t, family)
	i, _ := f.Item("g/member")
	if rules := f.RulesOf(i); len(rules) != 1 || rules[0].Property != form.RepeatCount || f.Rules()[rules[0].Rank] != rules[0] {
		t.Errorf("rules of member: %v", rules)
	}
}

// Circles are told with the names on them; questions that may read themselves do.
func TestCircles(t *testing.T) {
	for _, c := range []struct{ rows, want string }{
		{"| calculate | a | | | . + 1 |", "The calculation of a depends on itself."},
		{"| text | a | A | . != '' | |", "The relevant of a depends on itself."},
		{"| calculate | a | | | ${b} |\n| calculate | b | | | ${c} |\n| calculate | c | | | ${a} |", "a (calculation) → b (calculation) → c (calculation) → a (calculation)"},
		{"| begin group | g | G | ${a} = 1 | |\n| text | a | A | | |\n| end group | | | | |", "The relevant of g depends on itself."},
		{"| text | a | A | ${b} = '' | |\n| text | b | B | ${a} = '' | |", "a (relevant) → b (relevant) → a (relevant)"},
		{"| begin repeat | r | R | | |\n| calculate | a | | | sum(${a}) |\n| end repeat | | | | |", "The calculation of a depends on itself."},
	} {
		table := "| survey | | | | | |\n| | type | name | label | relevant | calculation |\n| " + strings.ReplaceAll(c.rows, "\n", "\n| ")
		_, problems := xlsform.Read("form.xlsx", xlsformtest.Workbook(table))
		if len(problems) != 1 || problems[0].Code != "cycle" || !strings.Contains(problems[0].Message, c.want) {
			t.Errorf("%s\ngot %v\nwant %s", c.rows, problems, c.want)
		}
	}
	read(t, `
		| survey |      |      |       |            |           |           |
		|        | type | name | label | constraint | read_only | required  |
		|        | text | a    | A     | . != ${b}  | . = 'x'   | ${a} = '' |
		|        | text | b    | B     | . != ${a}  |           |           |
	`)
}

// "Is there another?" inside a repeat may decide how many instances it has; how many it has may not.
func TestRepeatsThatGrow(t *testing.T) {
	const table = `
		| survey |              |      |          |                      |              |
		|        | type         | name | label    | calculation          | repeat_count |
		|        | calculate    | n    |          | %s                   |              |
		|        | begin repeat | r    | R        |                      | ${n}         |
		|        | text         | more | Another? |                      |              |
		|        | calculate    | line |          | index()              |              |
		|        | end repeat   |      |          |                      |              |
	`
	f := read(t, fmt.Sprintf(table, "1 + count(/data/r/more[. = 'yes'])"))
	n, _ := f.Item("n")
	if got := dependents(f.Dependents(n)); got != "r.repeat_count" {
		t.Errorf("n is read by %s", got)
	}
	r, _ := f.Item("r")
	if got := dependents(f.Dependents(r)); got != "line.calculation" {
		t.Errorf("r is read by %s", got)
	}
	_, problems := xlsform.Read("form.xlsx", xlsformtest.Workbook(fmt.Sprintf(table, "1 + count(${r})")))
	if len(problems) != 1 || problems[0].Code != "cycle" {
		t.Errorf("counting itself: %v", problems)
	}
}

// A form with several circles tells of each once.
func TestEachCircleIsToldOnce(t *testing.T) {
	_, problems := xlsform.Read("form.xlsx", xlsformtest.Workbook(`
		| survey |           |      |             |
		|        | type      | name | calculation |
		|        | calculate | a    | ${b}        |
		|        | calculate | b    | ${a} + ${c} |
		|        | calculate | c    | ${d}        |
		|        | calculate | d    | ${c}        |
		|        | calculate | e    | ${d}        |
	`))
	if len(problems) != 2 {
		t.Errorf("problems %v", problems)
	}
}

// Whatever the form, a rule that gives a value, relevance or number of instances comes before all rules that read it.
func TestRanksFollowReading(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := randomForm(t)
		if problems := f.Compile(); form.HasErrors(problems) {
			t.Fatal(problems)
		}
		for n, r := range f.Rules() {
			if r.Rank != n {
				t.Fatalf("rule %d has rank %d", n, r.Rank)
			}
			list := f.Dependents(r.Item)
			switch r.Property {
			case form.Relevant:
				list = f.DependentsBelow(r.Item)
			case form.Calculate:
			default:
				continue
			}
			for _, d := range list {
				if d.Rule.Rank <= n {
					t.Fatalf("%s.%s (%d) reads %s.%s (%d)", d.Rule.Item.Name, d.Rule.Property, d.Rule.Rank, r.Item.Name, r.Property, n)
				}
			}
		}
	})
}

// randomForm makes a form of nested groups whose questions read earlier and later ones, without a circle: the order of
// names is the order of reading, the order of rows is any.
func randomForm(t *rapid.T) *form.Form {
	f := &form.Form{Root: &form.Item{Kind: form.Group, Name: "data"}, DefaultLanguage: "default"}
	n := rapid.IntRange(1, 30).Draw(t, "questions")
	order := rapid.Permutation(upTo(n)).Draw(t, "order")
	path := make([]string, n) // of what is placed, by number
	at := f.Root
	var all []*form.Item
	for _, number := range order {
		switch rapid.IntRange(0, 4).Draw(t, "structure") {
		case 0:
			group := &form.Item{Kind: form.Group, Name: fmt.Sprintf("g%d", number)}
			at.Add(group)
			at = group
		case 1:
			if at.Parent != nil {
				at = at.Parent
			}
		}
		i := &form.Item{Kind: form.Question, Type: form.TypeCalculate, Name: fmt.Sprintf("q%d", number)}
		at.Add(i)
		path[number] = i.ElementPath()
		all = append(all, i)
	}
	for _, i := range all {
		var number int
		fmt.Sscanf(i.Name, "q%d", &number)
		var sum []string
		for earlier := range number {
			if rapid.IntRange(0, 3).Draw(t, "reads") == 0 {
				sum = append(sum, path[earlier])
			}
		}
		if len(sum) == 0 {
			continue
		}
		e := parse(strings.Join(sum, " + "))
		if rapid.Bool().Draw(t, "relevant") {
			i.Relevant = e
		} else {
			i.Calculation = e
		}
	}
	return f
}

func upTo(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// "One more than there are, if the last says so": the answers in the repeat bring it to rest, so that it may count itself.
func TestRepeatsThatCountThemselvesByAnAnswer(t *testing.T) {
	f := read(t, `
		| survey |              |      |          |                                                          |              |
		|        | type         | name | label    | calculation                                              | repeat_count |
		|        | calculate    | have |          | count(${r})                                              |              |
		|        | calculate    | want |          | if(${have} = 0 or /data/r[position() = /data/have]/more = 'yes', ${have} + 1, ${have}) | |
		|        | begin repeat | r    | R        |                                                          | ${want}      |
		|        | text         | more | Another? |                                                          |              |
		|        | end repeat   |      |          |                                                          |              |
	`)
	want, _ := f.Item("want")
	if got := dependents(f.Dependents(want)); got != "r.repeat_count" {
		t.Errorf("want is read by %s", got)
	}
}
