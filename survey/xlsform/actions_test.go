package xlsform_test

import (
	"strings"
	"testing"

	"vereda/survey/form"
	"vereda/survey/record"
	"vereda/survey/xlsform"
	"vereda/survey/xlsform/xlsformtest"
)

// A calculation with a trigger is an action that follows an answer, and no calculation any more.
func TestTriggersAreActions(t *testing.T) {
	f := read(t, `
		| survey | | | | | |
		| | type | name | label | calculation | trigger |
		| | integer | a | A | | |
		| | text | b | B | | |
		| | integer | c | C | ${a} + 1 | ${a} , ${b}, |
		| | text | d | D | | ${b} |`)
	if len(f.Actions) != 3 {
		t.Fatalf("%d actions", len(f.Actions))
	}
	c := item(t, f, "c")
	for n, from := range []string{"a", "b"} {
		a := f.Actions[n]
		if a.Event != form.ValueChanged || a.From.Name != from || a.Target != c || a.Value.String() != "/data/a + 1" {
			t.Errorf("action %+v", a)
		}
	}
	if c.Calculation != nil {
		t.Errorf("c is calculated: %v", c.Calculation)
	}
	if clears := f.Actions[2]; clears.Target.Name != "d" || clears.Value != nil || clears.Text != "" {
		t.Errorf("action %+v", clears)
	}
}

func TestTriggersThatNeverHappen(t *testing.T) {
	for trigger, says := range map[string]string{
		"${x}": "There is no question named x", "a": "does not", "a + 1": "does not", "${g}": "There is no question named g",
		"${calc}": "only an answer that a person gives",
	} {
		_, lines := one(t, `
			| survey | | | | | |
			| | type | name | label | calculation | trigger |
			| | begin group | g | G | | |
			| | integer | a | A | | |
			| | end group | | | | |
			| | calculate | calc | | 1 | |
			| | integer | c | C | 1 | `+trigger+` |`)
		if len(lines) != 1 || !strings.Contains(lines[0], "row 6, column trigger") || !strings.Contains(lines[0], says) {
			t.Errorf("%s: %q, want %s", trigger, lines, says)
		}
	}
}

// Choices that are answers in a repeat are found by an expression, as the reference converter writes it.
func TestSelectsFromRepeats(t *testing.T) {
	f := read(t, `
		| survey | | | | |
		| | type | name | label | choice_filter |
		| | integer | least | L | |
		| | begin repeat | member | M | |
		| | text | m_name | Name | |
		| | integer | m_age | Age | |
		| | select_one ${m_name} | friend | Friend | ${m_age} > current()/../m_age |
		| | end repeat | | | |
		| | select_one ${m_name} | head | Head | |
		| | select_multiple ${m_name} | old | Old | ${m_age} > ${least} |`)
	for path, want := range map[string]string{
		"member/friend": "/data/member[./m_age > current()/../m_age]",
		"head":          "/data/member[./m_name != '']",
		"old":           "/data/member[./m_age > /data/least]",
	} {
		i, _ := f.Item(record.Path(path))
		if got := i.ChoiceFilter.String(); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
		if i.Itemset == nil || i.Itemset.Value.String() != "m_name" || i.Itemset.Label.String() != "m_name" {
			t.Errorf("%s: %+v", path, i.Itemset)
		}
	}
	if _, lines := one(t, "| survey | | | |\n| | type | name | label |\n| | text | a | A |\n| | select_one ${a} | b | B |"); !strings.Contains(strings.Join(lines, ""), "a is no question in a repeat") {
		t.Errorf("%q", lines)
	}
}

// Choices out of a file are found in a secondary instance.
func TestSelectsFromFiles(t *testing.T) {
	f, problems := xlsform.Read("form.xlsx", xlsformtest.Workbook(`
		| survey | | | | | |
		| | type | name | label | choice_filter | parameters |
		| | text | dep | Dep | | |
		| | select_one_from_file towns.csv | town | Town | dep = ${dep} | value=code label=town |
		| | select multiple from file places.geojson | places | Places | | randomize=true |
		| | csv-external | prices | | | |`))
	if f == nil || form.HasErrors(problems) || len(problems) != 3 {
		t.Fatalf("problems %v", problems)
	}
	for path, want := range map[string][3]string{
		"town":   {"instance('towns')/root/item[dep = /data/dep]", "code", "town"},
		"places": {"randomize(instance('places')/root/item)", "id", "title"},
	} {
		i := item(t, f, record.Path(path))
		if got := [3]string{i.ChoiceFilter.String(), i.Itemset.Value.String(), i.Itemset.Label.String()}; got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	if f.External["towns"] != "towns.csv" || f.External["prices"] != "prices.csv" || len(f.External) != 3 {
		t.Errorf("files %v", f.External)
	}
	if _, lines := one(t, "| survey | | | |\n| | type | name | label |\n| | select_one_from_file a.doc | a | A |"); !strings.Contains(strings.Join(lines, ""), "Write the name of a .csv, .xml or .geojson file.") {
		t.Errorf("%q", lines)
	}
}

// search() offers the values of a column of an attached table, each once.
func TestSearchReadsAttachedTables(t *testing.T) {
	const tables = `
		| survey | | | | |
		| | type | name | label | appearance |
		| | text | dep | Dep | |
		| | select_one town | town | Town | minimal search('places', 'matches', 'dep', ${dep}) |
		| choices | | | |
		| | list_name | name | label |
		| | town | code | town |`
	f, problems := xlsform.Read("form.xlsx", xlsformtest.Workbook(tables))
	if f == nil || len(problems) != 1 || problems[0].Code != "file" {
		t.Fatalf("problems %v", problems)
	}
	town := item(t, f, "town")
	want := "instance('places')/root/item[dep = /data/dep][not(preceding-sibling::item[dep = /data/dep]/code = code)]"
	if got := town.ChoiceFilter.String(); got != want || f.External["places"] != "places.csv" || len(town.Appearance) != 1 {
		t.Errorf("%s, want %s; files %v, appearance %v", got, want, f.External, town.Appearance)
	}
	if f, lines := one(t, tables+"\n| | town | 1 | Other |"); f != nil || !strings.Contains(strings.Join(lines, ""), "appearance search(") {
		t.Errorf("form %v, %q", f != nil, lines)
	}
}
