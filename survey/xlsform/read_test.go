package xlsform_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"vereda/survey/form"
	"vereda/survey/record"
	"vereda/survey/xlsform"
	"vereda/survey/xlsform/xlsformtest"
)

// read reads a workbook that must have no problem at all.
func read(t *testing.T, tables string) *form.Form {
	t.Helper()
	f, problems := xlsform.Read("dir/form.xlsx", xlsformtest.Workbook(tables))
	for _, p := range problems {
		t.Error(p)
	}
	if f == nil {
		t.FailNow()
	}
	return f
}

func item(t *testing.T, f *form.Form, path record.Path) *form.Item {
	t.Helper()
	i, ok := f.Item(path)
	if !ok {
		t.Fatalf("there is no %s", path)
	}
	return i
}

// Each reference becomes the path that the reference converter writes: relative inside the same repeat, absolute elsewhere.
func TestReferencesBecomePaths(t *testing.T) {
	f := read(t, `
		| survey |                |        |              |            |                                        |                            |
		|        | type           | name   | label        | relevant   | calculation                            | choice_filter              |
		|        | integer        | size   | Size         |            |                                        |                            |
		|        | begin repeat   | member | Member       |            |                                        |                            |
		|        | text           | m_name | Name         |            |                                        |                            |
		|        | begin group    | g      | G            | ${size}>1  |                                        |                            |
		|        | integer        | age    | Age ${m_name}|            |                                        |                            |
		|        | calculate      | pos    |              |            | position(..)                           |                            |
		|        | calculate      | twice  |              |            | ${age} * 2                             |                            |
		|        | calculate      | before |              |            | indexed-repeat(${age}, ${member}, ${pos} - 1) |                     |
		|        | calculate      | elder  |              |            | count(/data/member[g/age > ${age}])    |                            |
		|        | select_one yn  | pick   | Pick         |            |                                        | name = ${m_name} or name = ${size} |
		|        | end group      |        |              |            |                                        |                            |
		|        | begin repeat   | phone  | Phone        |            |                                        |                            |
		|        | text           | number | Number       | ${age} > 5 |                                        |                            |
		|        | end repeat     |        |              |            |                                        |                            |
		|        | calculate      | phones |              |            | count(${phone})                        |                            |
		|        | end repeat     |        |              |            |                                        |                            |
		|        | calculate      | total  |              |            | sum(${age})                            |                            |
		|        | note           | n      | ${total} of ${ size }! |  |                                        |                            |
		| choices |               |        |              |            |                                        |                            |
		|        | list_name      | name   | label        |            |                                        |                            |
		|        | yn             | 1      | Yes          |            |                                        |                            |
	`)
	for path, want := range map[record.Path]string{
		"member/g/twice":  "../age * 2",
		"member/g/before": "indexed-repeat(/data/member/g/age, /data/member, ../pos - 1)",
		"member/g/elder":  "count(/data/member[g/age > current()/../age])",
		"member/phones":   "count(../phone)",
		"total":           "sum(/data/member/g/age)",
	} {
		if got := item(t, f, path).Calculation.String(); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	for path, want := range map[record.Path]string{"member/g": "/data/size>1", "member/phone/number": "../../g/age > 5"} {
		if got := item(t, f, path).Relevant.String(); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	if got, want := item(t, f, "member/g/pick").ChoiceFilter.String(), "name = current()/../../m_name or name = /data/size"; got != want {
		t.Errorf("choice filter %s, want %s", got, want)
	}
	var parts []string
	for _, p := range item(t, f, "n").Label.In("", "") {
		if p.Expr != nil {
			parts = append(parts, "{"+p.Expr.String()+"}")
		} else {
			parts = append(parts, p.Words)
		}
	}
	if got, want := strings.Join(parts, "|"), "{/data/total}| of |{/data/size}|!"; got != want {
		t.Errorf("label %s, want %s", got, want)
	}
	if got, want := item(t, f, "n").Label.Plain("", ""), "… of …!"; got != want {
		t.Errorf("plain label %q, want %q", got, want)
	}
	if got, want := item(t, f, "member/g/age").Label.In("", "")[1].Expr.String(), "../../m_name"; got != want {
		t.Errorf("label of age shows %s, want %s", got, want)
	}
}

// Headings: other names, blanks around "::", the old ":" form, capital letters.
func TestHeadings(t *testing.T) {
	f := read(t, `
		| survey |          |      |                |               |            |                    |                    |          |
		|        | Type     | Name | label :: Español (es) | Label:English | relevance  | constraint message::English | Constraint | calculate | bind::jr:constraintMsg :: Español (es) |
		|        | string   | a    | Aquí           | Here          |            | No                 | . != 'x'           |          | No |
		|        | int      | b    | Allí           | There         | ${a} = '1' |                    |                    |          |
		|        | calculate | c   |                |               |            |                    |                    | ${b}     |
		| settings |        |      |                |               |            |                    |                    |          |
		|        | form_title | form_id | default_language | version |            |                    |                    |          |
		|        | My form  | mine | English        | 7             |            |                    |                    |          |
	`)
	want := []form.Language{{Name: "Español (es)", Code: "es"}, {Name: "English"}}
	if !reflect.DeepEqual(f.Languages, want) || f.DefaultLanguage != "English" {
		t.Errorf("languages %v, default %s", f.Languages, f.DefaultLanguage)
	}
	if f.ID != "mine" || f.Title != "My form" || f.Version != "7" {
		t.Errorf("id %s title %s version %s", f.ID, f.Title, f.Version)
	}
	a, b := item(t, f, "a"), item(t, f, "b")
	if a.Type != form.TypeText || b.Type != form.TypeInteger || b.Relevant == nil || a.Constraint == nil {
		t.Errorf("a %+v\nb %+v", a, b)
	}
	if got := a.Label.Plain("Español (es)", ""); got != "Aquí" {
		t.Errorf("label %q", got)
	}
	if got := a.ConstraintMessage.Plain("English", ""); got != "No" {
		t.Errorf("message %q", got)
	}
	if item(t, f, "c").Calculation == nil {
		t.Error("no calculation")
	}
}

// Every type that package form knows is read from its own name, and holds the kind it should.
func TestEveryType(t *testing.T) {
	cells := map[form.Type]string{form.TypeSelectOne: "select_one yn", form.TypeSelectMultiple: "select_multiple yn", form.TypeRank: "rank yn"}
	for _, typ := range form.Types() {
		cell := cells[typ]
		if cell == "" {
			cell = string(typ)
		}
		calculation := ""
		if typ == form.TypeCalculate {
			calculation = "1"
		}
		f, lines := one(t, fmt.Sprintf(`
			| survey |    |      |       |             |
			|        | type | name | label | calculation |
			|        | %s | q    | Q     | %s          |
			| choices |   |      |       |             |
			|        | list_name | name | label | |
			|        | yn | 1    | Yes   |             |
		`, cell, calculation))
		if f == nil || len(lines) > 1 || len(lines) == 1 && !strings.Contains(lines[0], "The field app does not ask") {
			t.Errorf("%s: %q", cell, lines)
			continue
		}
		q := item(t, f, "q")
		if q.Type != typ || q.KindOf() == 0 && typ != form.TypeNote {
			t.Errorf("%s: type %s, kind %d", cell, q.Type, q.KindOf())
		}
		if typ.Select() && (q.List == nil || len(q.List.Choices) != 1) {
			t.Errorf("%s: list %v", cell, q.List)
		}
	}
}

func TestDefaults(t *testing.T) {
	f := read(t, `
		| survey |         |      |       |                |
		|        | type    | name | label | default        |
		|        | integer | a    | A     | 15             |
		|        | integer | b    | B     | 7 + 8          |
		|        | date    | c    | C     | 2026-01-02     |
		|        | date    | d    | D     | today()        |
		|        | text    | e    | E     | not-known (yet) |
		|        | text    | f    | F     | ${a}           |
		|        | calculate | g  |       | 15             |
		|        | decimal | h    | H     | -5.5           |
		|        | select_multiple yn | i | I | 1 0        |
		| choices |        |      |       |                |
		|        | list_name | name | label |              |
		|        | yn      | 1    | Yes   |                |
		|        | yn      | 0    | No    |                |
	`)
	for path, want := range map[record.Path]string{"a": "15", "b": "=7 + 8", "c": "2026-01-02", "d": "=today()", "e": "not-known (yet)",
		"f": "=/data/a", "g": "15", "h": "-5.5", "i": "1 0"} {
		i := item(t, f, path)
		got := i.DefaultText
		if i.Default != nil {
			got = "=" + i.Default.String()
		}
		if got != want {
			t.Errorf("%s: default %s, want %s", path, got, want)
		}
	}
}

func TestRequiredAndReadOnly(t *testing.T) {
	f := read(t, `
		| survey |      |      |       |          |           |
		|        | type | name | label | required | read_only |
		|        | text | a    | A     | yes      | no        |
		|        | text | b    | B     | no       | TRUE      |
		|        | text | c    | C     | ${a}='x' | ${a}='y'  |
	`)
	for path, want := range map[record.Path][2]string{"a": {"true()", ""}, "b": {"", "true()"}, "c": {"/data/a='x'", "/data/a='y'"}} {
		i := item(t, f, path)
		var got [2]string
		if i.Required != nil {
			got[0] = i.Required.String()
		}
		if i.ReadOnly != nil {
			got[1] = i.ReadOnly.String()
		}
		if got != want {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
}

func TestOrOtherAddsAChoiceAndAQuestion(t *testing.T) {
	f := read(t, `
		| survey |                        |      |                    |
		|        | type                   | name | label::Español (es) |
		|        | select_one yn or_other | a    | ¿A?                |
		|        | select_one yn          | b    | ¿B?                |
		| choices |                       |      |                    |
		|        | list_name              | name | label::Español (es) |
		|        | yn                     | 1    | Sí                 |
	`)
	a, detail := item(t, f, "a"), item(t, f, "a_other")
	if len(a.List.Choices) != 2 || a.List.Choices[0].Label.Plain("", "") != "Sí" || a.List.Choices[1].Label.Plain("", "") != "Otro" {
		t.Errorf("choices %v", a.List.Choices)
	}
	if got := detail.Relevant.String(); got != "selected(../a, 'other')" {
		t.Errorf("a_other is asked when %s", got)
	}
	if len(item(t, f, "b").List.Choices) != 1 {
		t.Error("the list itself has changed")
	}
}

// A text that is missing in a language is told once for the column; a language without the column is told at the heading.
func TestMissingTranslationsAreTold(t *testing.T) {
	_, lines := one(t, `
		| survey |      |      |           |           |          |
		|        | type | name | label::es | label::fr | hint::fr |
		|        | text | a    | A         | A         |          |
		|        | text | b    | B         |           | H        |
		|        | text | c    | C         |           |          |
	`)
	if len(lines) != 2 || !strings.Contains(lines[0], "row 1, column hint::es") || !strings.Contains(lines[1], "row 3, column label::fr: Texts missing in the language fr, this one first: 2") {
		t.Errorf("%q", lines)
	}
}

func TestDisabledRowsAndCommentsAreLeftOut(t *testing.T) {
	f, lines := one(t, `
		| survey |      |      |       |          |          |
		|        | type | name | label | disabled | remark   |
		|        |      |      |       |          | our own  |
		|        | text | a    | A     |          |          |
		|        | text | b    | B     | yes      |          |
	`)
	if f == nil || len(f.Items()) != 2 || len(lines) != 1 {
		t.Errorf("items %v, problems %q", f.Items(), lines)
	}
}
