package xlsform_test

import (
	"strings"
	"testing"
	"unicode/utf16"

	"vereda/survey/form"
	"vereda/survey/xlsform"
)

// A form is read out of Markdown tables and comma-separated values as out of a workbook, and what is wrong is told at its row.
func TestTablesOfTextAreForms(t *testing.T) {
	for name, text := range map[string]string{
		"form.md": `
A form for households.

| survey |               |      |         |                      |
|        | type          | name | label   | constraint           |
| ------ | ------------- | ---- | ------- | -------------------- |
|        | select_one yn | a    | A \| B? |                      | a remark
|        | intger        | b    | B?      |                      |
| choices |              |      |         |
|        | list_name     | name | label   |
|        | yn            | 1    | Yes     |
`,
		"form.csv": "\"survey\",,,,\n,\"type\",\"name\",\"label\"\n,select_one yn,a,\"A | B?\"\n,intger,b,B?\nchoices\n,list_name,name,label\n,yn,1,Yes\n",
		"unnamed":  "survey,,,\n,type,name,label\n,select_one yn,a,A | B?\n,intger,b,B?\nchoices,,,\n,list_name,name,label\n,yn,1,Yes\n",
	} {
		f, problems := xlsform.Read(name, []byte(text))
		if f != nil || len(problems) != 1 || problems[0].Cell != (form.Cell{Sheet: "survey", Row: 3, Column: "type"}) || problems[0].Hint != "Write integer." {
			t.Errorf("%s: form %v, problems %v", name, f, problems)
		}
		f, problems = xlsform.Read(name, []byte(strings.Replace(text, "intger", "integer", 1)))
		if f == nil || len(problems) > 0 {
			t.Errorf("%s: problems %v", name, problems)
			continue
		}
		if got := item(t, f, "a").Label.Plain("", ""); got != "A | B?" {
			t.Errorf("%s: label %q", name, got)
		}
	}
}

func TestDamagedTablesAreNamed(t *testing.T) {
	_, problems := xlsform.Read("form.csv", []byte("survey,,\n,\"type,name\n"))
	if len(problems) != 1 || !strings.Contains(problems[0].Message, "line 2") {
		t.Errorf("problems %v", problems)
	}
}

// Spreadsheets of other countries write tables with semicolons or tabulators, and not in UTF-8.
func TestTablesOfOtherSpreadsheetsAreRead(t *testing.T) {
	wide := []byte{0xFF, 0xFE}
	for _, c := range utf16.Encode([]rune("survey,,,\r\n,type,name,label\r\n,text,a,Año\r\n")) {
		wide = append(wide, byte(c), byte(c>>8))
	}
	for name, c := range map[string]struct {
		text    string
		warning string
	}{
		"semicolons":   {"survey;;;\n;type;name;label\n;text;a;Año\n", ""},
		"tabulators":   {"survey\t\t\t\n\ttype\tname\tlabel\n\ttext\ta\tAño\n", ""},
		"Windows-1252": {"survey;;;\n;type;name;label\n;text;a;A\xF1o\n", "read as Windows-1252"},
		"UTF-16":       {string(wide), "read as UTF-16"},
	} {
		f, problems := xlsform.Read("form.csv", []byte(c.text))
		if f == nil {
			t.Errorf("%s: %v", name, problems)
			continue
		}
		if got := item(t, f, "a").Label.Plain("", ""); got != "Año" {
			t.Errorf("%s: label %q", name, got)
		}
		if said := len(problems) == 1 && strings.Contains(problems[0].Message, c.warning); said != (c.warning != "") {
			t.Errorf("%s: problems %v", name, problems)
		}
	}
}

func TestATextThatIsNoFormIsToldHowToBeOne(t *testing.T) {
	for name, text := range map[string]string{"form.csv": "type,name,label\ntext,a,A\n", "form.md": "# Notes\n| a | b |\n"} {
		f, problems := xlsform.Read(name, []byte(text))
		if f != nil || len(problems) != 1 || !strings.Contains(problems[0].Hint, "survey in the first column") {
			t.Errorf("%s: %v", name, problems)
		}
	}
}
