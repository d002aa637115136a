package xlsform_test

import (
	"strings"
	"testing"

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
