package xlsform_test

import (
	"strings"
	"testing"

	"vereda/survey/form"
	"vereda/survey/xlsform"
	"vereda/survey/xlsform/xlsformtest"
)

// What teams have around a form is read, with a warning that says what was assumed.
func TestWhatTeamsHaveAroundAForm(t *testing.T) {
	for name, c := range map[string]struct{ tables, says string }{
		"a title above the headings": {`
			| survey | Household survey 2026 | | |
			| | Version 3, for the enumerators | | |
			| | type | name | label |
			| | text | a | A |`, "headings stand in row 2"},
		"the old name of the choices": {`
			| survey | | | |
			| | type | name | label |
			| | select_one yn | a | A |
			| choices and columns | | | |
			| | list_name | name | label |
			| | yn | 1 | Yes |`, "is read as the sheet choices"},
		"characters that show nothing": {
			"| survey | | | | |\n| | type\u200b | \ufeffname | label | relevant |\n| | \u200btext | a\u200b | A | |\n| | text | b | B | ${a} =\u200b 'x' |",
			"characters that show nothing"},
		"one language written in two ways": {`
			| survey | | | | |
			| | type | name | label::Español (es) | hint::espanol |
			| | text | a | A | B |`, "look like one"},
		"a code for a language": {`
			| survey | | | | |
			| | type | name | label::Español (es) | hint::es |
			| | text | a | A | B |`, "look like one"},
		"a filter on a column that is not there": {`
			| survey | | | | |
			| | type | name | label | choice_filter |
			| | select_one yn | a | A | region = 'x' or name = '1' |
			| choices | | | |
			| | list_name | name | label |
			| | yn | 1 | Yes |`, "have no column region; it is empty here"},
	} {
		f, problems := xlsform.Read("form.xlsx", xlsformtest.Workbook(c.tables))
		said := ""
		for _, p := range problems {
			said += p.String() + "\n"
		}
		if f == nil || form.HasErrors(problems) || !strings.Contains(said, c.says) {
			t.Errorf("%s: form %v, said:\n%s", name, f != nil, said)
		}
	}
}

// Languages of one name with different codes are two.
func TestLanguagesWithCodesOfTheirOwn(t *testing.T) {
	f, lines := one(t, `
		| survey | | | | |
		| | type | name | label::Chinese (zh-Hans) | label::Chinese (zh-Hant) |
		| | text | a | A | A |`)
	if f == nil || len(lines) > 0 {
		t.Errorf("form %v, %q", f != nil, lines)
	}
}

// A rule that is written as in another language says how it is written here.
func TestRulesOfOtherLanguagesAreTold(t *testing.T) {
	for rule, hint := range map[string]string{
		"${a} == 'x'":               "Write = to compare.",
		"${a} = 'x' && ${a} = 'y'":  "Write and.",
		"${a} = 'x' || ${a} = 'y'":  "Write or.",
		"${a} <> 'x'":               "Write !=",
		"${a} => 5":                 "Write >=.",
		"${a} =< 5":                 "Write <=.",
		"${a} ≥ 5":                  "Write >=.",
		"${a} = 'x' AND ${a} = 'y'": "Write and, in small letters.",
		"selected(${a}; 'x')":       "comma",
		"selected(${a} 'x')":        "comma",
		"${a} = 'x":                 "quotation mark",
		"(${a} = 'x'":               "as many )",
		"${a} = 'x')":               "Take a ) away",
		"${a} % 2 = 0":              "Write mod",
		"!selected(${a}, 'x')":      "not(",
		"selektiert(${a}, 'x') = 1": "functions of ODK",
	} {
		_, lines := one(t, `
			| survey | | | | |
			| | type | name | label | relevant |
			| | text | a | A | |
			| | text | b | B | `+strings.ReplaceAll(rule, "|", `\|`)+` |`)
		if len(lines) != 1 || !strings.Contains(lines[0], hint) {
			t.Errorf("%s: %q, want %s", rule, lines, hint)
		}
	}
}
