package xlsform_test

import (
	"slices"
	"strings"
	"testing"

	"vereda/survey/form"
	"vereda/survey/xlsform"
	"vereda/survey/xlsform/xlsformtest"
)

// A workbook with many different mistakes: each is told, at its cell, all at once.
func TestEveryMistakeIsToldAtItsCell(t *testing.T) {
	f, problems := xlsform.Read("bad.xlsx", xlsformtest.Workbook(`
		| survey |                 |         |          |                        |                 |                 |                  |              |              |               |
		|        | type            | name    | label    | relevent               | constraint      | calculation     | choice_filter    | repeat_count | default      | parameters    |
		|        | text            | a       | A        |                        | . >             |                 |                  |              |              |               |
		|        | integr          | b       | B        |                        |                 |                 |                  |              |              |               |
		|        | text            | a       | A again  |                        |                 |                 |                  |              |              |               |
		|        | text            | 1c      | C        |                        |                 |                 |                  |              |              |               |
		|        | select_one yon  | d       | D        |                        |                 |                 |                  |              |              |               |
		|        | select_one yn   | e       | E        |                        |                 |                 | region = ${d}    |              |              |               |
		|        | calculate       | f       |          |                        |                 | ${missing} + 1  |                  |              |              |               |
		|        | calculate       | g       |          |                        |                 | summ(${b})      |                  |              |              |               |
		|        | calculate       | h       |          |                        |                 | ${i} + 1        |                  |              |              |               |
		|        | calculate       | i       |          |                        |                 | ${h} + 1        |                  |              |              |               |
		|        | calculate       | j       |          |                        |                 |                 |                  |              |              |               |
		|        | date            | k       | K        |                        |                 |                 |                  |              | tomorrow     |               |
		|        | integer         |         | L        |                        |                 |                 |                  |              |              |               |
		|        | image           | m       | M        |                        |                 |                 |                  |              |              | max-pixel=100 |
		|        | select_one_from_file x.csv | n | N   |                        |                 |                 |                  |              |              |               |
		|        | begin group     | o       | O        |                        |                 |                 |                  | 3            |              |               |
		|        | text            | p       | ${q}     |                        |                 |                 |                  |              |              |               |
		|        | end repeat      |         |          |                        |                 |                 |                  |              |              |               |
		|        | end group       |         |          |                        |                 |                 |                  |              |              |               |
		|        | begin repeat    | r       | R        |                        |                 |                 |                  |              |              |               |
		|        | note            | s       | S        |                        |                 | ${last-saved#a} |                  |              |              |               |
		| choices |                |         |          |                        |                 |                 |                  |              |              |               |
		|        | list_name       | name    | label    |                        |                 |                 |                  |              |              |               |
		|        | yn              | 1       | Yes      |                        |                 |                 |                  |              |              |               |
		|        | yn              | 1       | No       |                        |                 |                 |                  |              |              |               |
		|        |                 | 2       | Lost     |                        |                 |                 |                  |              |              |               |
	`))
	if f != nil {
		t.Error("a form came of it")
	}
	want := []struct {
		sheet, column string
		row           int
		code, says    string
	}{
		{"survey", "relevent", 1, "unknown-column", "Write relevant"},
		{"survey", "constraint", 2, "bad-expression", "at character"},
		{"survey", "type", 3, "unknown-type", "Write integer."},
		{"survey", "name", 4, "duplicate-name", "row 2"},
		{"survey", "name", 5, "bad-name", "letter"},
		{"survey", "type", 6, "unknown-list", "Write select_one yn."},
		{"survey", "choice_filter", 7, "unknown-column", "no column region"},
		{"survey", "calculation", 8, "bad-reference", "no question named missing"},
		{"survey", "calculation", 9, "unknown-function", "Write sum()."},
		{"survey", "calculation", 10, "cycle", "h (calculation) → i (calculation) → h (calculation)"},
		{"survey", "calculation", 12, "no-calculation", "calculates nothing"},
		{"survey", "default", 13, "bad-default", "tomorrow"},
		{"survey", "name", 14, "no-name", "no name"},
		{"survey", "parameters", 15, "unknown-parameter", "Write max-pixels."},
		{"survey", "type", 16, "file", "x.csv"},
		{"survey", "repeat_count", 17, "repeat-count", "begin repeat"},
		{"survey", "label", 18, "bad-reference", "no question named q"},
		{"survey", "type", 19, "wrong-end", "Write end group."},
		{"survey", "type", 20, "not-open", "no group open"},
		{"survey", "type", 21, "not-closed", "Write end repeat"},
		{"survey", "calculation", 22, "bad-reference", "2 questions named a"},
		{"choices", "name", 3, "duplicate-choice", "row 2"},
		{"choices", "list_name", 4, "no-list-name", "no list"},
	}
	seen := map[form.Cell]bool{}
	for _, p := range problems {
		t.Log(p)
		if seen[p.Cell] {
			t.Errorf("%v is told of twice", p.Cell)
		}
		seen[p.Cell] = true
	}
	for _, w := range want {
		cell := form.Cell{Sheet: w.sheet, Row: w.row, Column: w.column}
		found := false
		for _, p := range problems {
			if p.Cell == cell {
				found = true
				if p.Code != w.code || !strings.Contains(p.Message+" "+p.Hint, w.says) || p.Severity != severityOf(w.code, w.row) {
					t.Errorf("%v: %v; want %s with %q", cell, p, w.code, w.says)
				}
			}
		}
		if !found {
			t.Errorf("nothing is said of %v (%s)", cell, w.code)
		}
	}
	if len(problems) != len(want) {
		t.Errorf("%d problems, want %d", len(problems), len(want))
	}
}

// severityOf is the severity of a mistake of that workbook: Vereda finds a way around names written twice, files come later, and a filter may read a column that
// is not there.
func severityOf(code string, row int) form.Severity {
	switch code {
	case "duplicate-name", "duplicate-choice", "file":
		return form.Warning
	case "unknown-column":
		if row > 1 {
			return form.Warning
		}
	}
	return form.Error
}

// The place of a mistake is counted in the cell as written, not in the paths that its references become.
func TestMistakesInExpressionsHaveAPlace(t *testing.T) {
	for _, c := range []struct{ cell, want string }{
		{"${abc} = 'x' and )", "at character 18"},
		{"${abc} = 'ñandú", "at character 10"},
		{"if(${abc} = 1, ${abc}", "at character 22"},
		{"${abc} + foo(1)", "foo() (at character 10)"},
		{"count(1, 2, 3) + ${abc}", "count() takes"},
		{"${abc", "not closed"},
		{"'${abc}'", "stands in quotes"},
		{"/data/nobody = 1", "the form has no nobody"},
		{"../nobody = 1", "the form has no nobody"},
		{"/date/abc = 1", "paths begin with /data"},
		{"instance('no')/root/item[name = 1]/label", "no list"},
		{"instance('yn')/root/item[name = 1]/size", "no column size"},
	} {
		_, lines := one(t, `
			| survey |      |      |       |          |
			|        | type | name | label | relevant |
			|        | text | abc  | A     |          |
			|        | text | b    | B     | `+c.cell+` |
			| choices |           |      |       |
			|         | list_name | name | label |
			|         | yn        | 1    | Yes   |
		`)
		if len(lines) != 1 || !strings.Contains(lines[0], "row 3, column relevant") || !strings.Contains(lines[0], c.want) {
			t.Errorf("%s: %q, want %s", c.cell, lines, c.want)
		}
	}
}

// Files that are no workbooks are named for what they are.
func TestOtherFilesAreNamed(t *testing.T) {
	for content, says := range map[string]string{
		"":                                   "is empty",
		"%PDF-1.7\n...":                      "a PDF document",
		"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1xx": "save it as .xlsx",
		"<html><body>404":                    "web page",
		"<?xml version=\"1.0\"?><h:html/>":   "XML",
		"type,name,label\ntext,a,A\n":        "plain text",
		"PK\x03\x04 and then nothing":        "cannot be opened",
		"\x00\x01\x02\x03":                   "no .xlsx workbook",
	} {
		f, problems := xlsform.Read("form.xlsx", []byte(content))
		if f != nil || len(problems) != 1 || problems[0].Severity != form.Error {
			t.Errorf("%q: form %v, problems %v", content, f, problems)
			continue
		}
		if got := problems[0].String(); !strings.Contains(got, says) || problems[0].Hint == "" {
			t.Errorf("%q: %s; want %q and a hint", content, got, says)
		}
	}
}

// one reads a survey with these rows and returns its problems as lines.
func one(t *testing.T, tables string) (*form.Form, []string) {
	t.Helper()
	f, problems := xlsform.Read("form.xlsx", xlsformtest.Workbook(tables))
	var lines []string
	for _, p := range problems {
		lines = append(lines, p.String())
	}
	return f, lines
}

func TestMissingSheetsAreNamed(t *testing.T) {
	for _, c := range []struct{ tables, want string }{
		{"| questions | | |\n| | type | name |", `The workbook has no sheet survey. Name the sheet with the questions survey.`},
		{"| surveys | | |\n| | type | name |", `Rename the sheet surveys to survey.`},
		{"| survey | | | |\n| | type | name | label |\n| | select_one yn | a | A |", `the workbook has no sheet choices.`},
		{"| survey | | | |\n| | type | name | label |\n| | select_one yn | a | A |\n| choice | |\n| | list_name |", `Rename the sheet choice to choices.`},
		{"| survey | | | |\n| | type | name | label |\n| | text | a | A |\n| setings | |\n| | form_id |", `Rename it to settings.`},
		{"| survey | | |\n| | type | label |\n| | text | A |", `The sheet has no column name.`},
		{"| survey | | |\n| | type | name |", `The form asks nothing.`},
	} {
		f, lines := one(t, c.tables)
		if f != nil || !strings.Contains(strings.Join(lines, "\n"), c.want) {
			t.Errorf("%s\ngot %q\nwant %s", c.tables, lines, c.want)
		}
	}
}

// What Vereda does not run is refused by name; what no screen shows is a warning.
func TestUnsupportedIsNamed(t *testing.T) {
	for _, c := range []struct{ column, cell, want string }{
		{"trigger", "${nobody}", "error: sheet survey, row 2, column trigger"},
		{"save_to", "x", "warning: sheet survey, row 2, column save_to"},
		{"bind::odk:lenght", "x", "error: sheet survey, row 2, column bind::odk:lenght"},
		{"instance::odk:tag", "x", "warning: sheet survey, row 2, column instance::odk:tag"},
		{"body::kb:flash", "x", "warning: sheet survey, row 2, column body::kb:flash"},
		{"appearance", "search('x')", "error: sheet survey, row 2, column appearance"},
		{"appearance", "ex:org.example", "warning: sheet survey, row 2, column appearance"},
		{"hints", "x", "warning: sheet survey, row 1, column hints"},
		{"constrain", ". > 1", "error: sheet survey, row 1, column constrain"},
		{"disabled", "yes", "warning: sheet survey, row 2, column type"},
	} {
		_, lines := one(t, "| survey | | | | |\n| | type | name | label | "+c.column+" |\n| | text | a | A | "+c.cell+" |\n| | text | b | B | |")
		if len(lines) != 1 || !strings.HasPrefix(lines[0], c.want) {
			t.Errorf("%s %s: %q, want %s", c.column, c.cell, lines, c.want)
		}
	}
}

func TestPrivateColumnsAreKeptInSilence(t *testing.T) {
	f, lines := one(t, "| survey | | | | | |\n| | type | name | label | indicator | priority |\n| | text | a | A | HH7 | core |")
	if f == nil || len(lines) > 0 {
		t.Fatalf("problems %q", lines)
	}
	i, _ := f.Item("a")
	if i.Columns["indicator"] != "HH7" || i.Columns["priority"] != "core" {
		t.Errorf("columns %v", i.Columns)
	}
}

// What no person writes is refused before it costs memory or time.
func TestHostileWorkbooks(t *testing.T) {
	deep := strings.Repeat("| | begin group | g | G | |\n", 200)
	wide := strings.Repeat("| | calculate | c | | count(/data//*) |\n", 1_500)
	lost := strings.Repeat("| | calculate | c | | ${somebody} + ${nobody} |\n", 1_000)
	for _, c := range []struct{ rows, code string }{{deep, "too-deep"}, {wide, "too-many-readings"}, {lost, "bad-reference"}} {
		_, problems := xlsform.Read("form.xlsx", xlsformtest.Workbook("| survey | | | | |\n| | type | name | label | calculation |\n"+c.rows))
		if !slices.ContainsFunc(problems, func(p form.Problem) bool { return p.Code == c.code }) {
			t.Errorf("%s is not among %d problems", c.code, len(problems))
		}
	}
}
