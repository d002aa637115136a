package xlsform_test

import (
	"slices"
	"strings"
	"testing"

	"vereda/survey/form"
	"vereda/survey/xlsform"
	"vereda/survey/xlsform/xlsformtest"
)

// What a person would understand is read, and a warning says what was assumed; strict mode refuses it as the reference converter does.
func TestWhatIsAssumedIsSaid(t *testing.T) {
	for name, c := range map[string]struct{ tables, code, says string }{
		"a name twice in a group": {`
			| survey | | | |
			| | type | name | label |
			| | text | a | A |
			| | text | a | B |`, "duplicate-name", "read as a_2"},
		"a reference to the nearest of two": {`
			| survey | | | | |
			| | type | name | label | relevant |
			| | begin group | g | G | |
			| | text | a | A | |
			| | text | b | B | ${a} != '' |
			| | end group | | | |
			| | begin group | h | H | |
			| | text | a | A | |
			| | end group | | | |`, "ambiguous-reference", "g/a"},
		"a choice twice": {`
			| survey | | | |
			| | type | name | label |
			| | select_one yn | a | A |
			| choices | | | |
			| | list_name | name | label |
			| | yn | 1 | Yes |
			| | yn | 1 | Sí |`, "duplicate-choice", "cannot be told apart"},
		"the name meta": {`
			| survey | | | |
			| | type | name | label |
			| | begin group | meta | M |
			| | text | a | A |
			| | end group | | |`, "reserved-name", "reserved"},
		"two repeats of a name": {`
			| survey | | | |
			| | type | name | label |
			| | begin group | g | G |
			| | begin repeat | r | R |
			| | text | a | A |
			| | end repeat | | |
			| | end group | | |
			| | begin repeat | r | R |
			| | text | b | B |
			| | end repeat | | |`, "repeat-name", "another repeat"},
		"guidance alone": {`
			| survey | | | |
			| | type | name | guidance_hint |
			| | text | a | A |`, "guidance-alone", "neither label nor hint"},
		"a type of a dialect": {`
			| survey | | | |
			| | type | name | label |
			| | db:person | a | A |`, "dialect-type", "asked as text"},
	} {
		file := xlsformtest.Workbook(c.tables)
		f, problems := xlsform.Read("form.xlsx", file)
		said := slices.ContainsFunc(problems, func(p form.Problem) bool {
			return p.Code == c.code && p.Severity == form.Warning && strings.Contains(p.Message, c.says)
		})
		if f == nil || !said {
			t.Errorf("%s: form %v, problems %v", name, f != nil, problems)
		}
		if strict := xlsform.ReadStrict("form.xlsx", file); !form.HasErrors(strict) {
			t.Errorf("%s: strict mode takes it: %v", name, strict)
		}
	}
}

// Two questions of a name at one distance are not guessed between.
func TestAmbiguousReferencesAreNotGuessed(t *testing.T) {
	f, lines := one(t, `
		| survey | | | | |
		| | type | name | label | relevant |
		| | text | a | A | |
		| | text | a | B | |
		| | text | c | C | ${a} = 1 |`)
	if f != nil || !strings.Contains(strings.Join(lines, "\n"), "not clear which is meant") {
		t.Errorf("form %v, %q", f != nil, lines)
	}
}

// Lists of sheet external_choices are filtered like others.
func TestExternalChoices(t *testing.T) {
	f := read(t, `
		| survey | | | | |
		| | type | name | label | choice_filter |
		| | text | state | State | |
		| | select_one_external city | city | City | state = ${state} |
		| external_choices | | | | |
		| | list_name | name | label | state |
		| | city | syd | Sydney | nsw |
		| | city | mel | Melbourne | vic |`)
	city := item(t, f, "city")
	if city.Type != form.TypeSelectOne || len(city.List.Choices) != 2 || city.List.Choices[1].Columns["state"] != "vic" || city.ChoiceFilter == nil {
		t.Errorf("%+v", city)
	}
	if got := city.List.Choices[0].Label.Plain("", ""); got != "Sydney" {
		t.Errorf("label %q", got)
	}
}

// Entities are kept as written, and keep no form from running.
func TestEntitiesAreKept(t *testing.T) {
	f, problems := xlsform.Read("form.xlsx", xlsformtest.Workbook(`
		| survey | | | | |
		| | type | name | label | save_to |
		| | text | a | A | colour |
		| entities | | | |
		| | list_name | label | create_if |
		| | tree | ${a} | ${a} != '' |`))
	if f == nil || len(f.Entities) != 1 || f.Entities[0].List != "tree" || f.Entities[0].Columns["create_if"] != "${a} != ''" {
		t.Fatalf("form %+v, problems %v", f, problems)
	}
	if item(t, f, "a").Columns["save_to"] != "colour" {
		t.Errorf("columns %v", item(t, f, "a").Columns)
	}
}

// In the quotes of jr:choice-name() a reference is the path of a question; in other quotes it would be text, which is an error.
func TestReferencesInQuotes(t *testing.T) {
	const tables = `
		| survey | | | | |
		| | type | name | label | calculation |
		| | select_one yn | a | A | |
		| | calculate | b | | CALCULATION |
		| choices | | | |
		| | list_name | name | label |
		| | yn | 1 | Yes |`
	f := read(t, strings.Replace(tables, "CALCULATION", "jr:choice-name(${a}, '${a}')", 1))
	if got := item(t, f, "b").Calculation.String(); got != "jr:choice-name(/data/a, '/data/a')" {
		t.Errorf("got %s", got)
	}
	if f, lines := one(t, strings.Replace(tables, "CALCULATION", "concat('${a}', 1)", 1)); f != nil || !strings.Contains(strings.Join(lines, ""), "stands in quotes") {
		t.Errorf("form %v, %q", f != nil, lines)
	}
}

// A range that cannot be shown as it says is refused at its parameters.
func TestRangesThatCannotBe(t *testing.T) {
	for parameters, says := range map[string]string{
		"start=0 end=10 step=0":               "zero",
		"start=0 end=10 step=11":              "larger than the range",
		"step=2 tick_interval=3":              "no multiple of step",
		"start=0 end=10 placeholder=11":       "outside the range",
		"start=0 end=10 step=5 placeholder=4": "no step of the range",
		"tick_labelset=none":                  "which is not there",
		"tick_labelset=yn":                    "lies outside the range",
	} {
		_, lines := one(t, `
			| survey | | | | |
			| | type | name | label | parameters |
			| | range | a | A | `+parameters+` |
			| choices | | | |
			| | list_name | name | label |
			| | yn | 0 | No |`)
		if len(lines) != 1 || !strings.Contains(lines[0], "row 2, column parameters") || !strings.Contains(lines[0], says) {
			t.Errorf("%s: %q, want %s", parameters, lines, says)
		}
	}
}
