package xlsform_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"vereda/survey/form"
	"vereda/survey/xlsform"
	"vereda/survey/xlsform/xlsformtest"
)

const small = `
	| survey |               |      |         |            |               |             |
	|        | type          | name | label   | relevant   | choice_filter | calculation |
	|        | begin repeat  | r    | R       |            |               |             |
	|        | select_one yn | a    | A       |            | n > 1         |             |
	|        | text          | b    | B ${a}  | ${a} = '1' |               |             |
	|        | end repeat    |      |         |            |               |             |
	|        | calculate     | c    |         |            |               | count(${a}) |
	| choices |              |      |         |            |               |             |
	|        | list_name     | name | label   | n          |               |             |
	|        | yn            | 1    | Yes     | 1          |               |             |
	| settings |             |      |         |            |               |             |
	|        | form_id       | version |      |            |               |             |
	|        | f             | 1    |         |            |               |             |
`

// check holds what is promised of every file: no panic, and a form exactly when no problem is an error.
func check(t *testing.T, workbook []byte) {
	f, problems := xlsform.Read("form.xlsx", workbook)
	if (f == nil) != form.HasErrors(problems) {
		t.Fatalf("form %v with problems %v", f != nil, problems)
	}
	for _, p := range problems {
		if p.Message == "" || p.Code == "" {
			t.Fatalf("a problem says nothing: %+v", p)
		}
	}
	if f != nil {
		f.Dictionary()
	}
}

// FuzzRead changes the bytes of workbooks.
func FuzzRead(f *testing.F) {
	whole := xlsformtest.Workbook(small)
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add(unpacked(whole))
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(t *testing.T, workbook []byte) { check(t, workbook) })
}

// unpacked returns the workbook with its parts stored as they are, so that a change of a byte is a change of XML.
func unpacked(workbook []byte) []byte {
	from, err := zip.NewReader(bytes.NewReader(workbook), int64(len(workbook)))
	if err != nil {
		panic(err)
	}
	var b bytes.Buffer
	to := zip.NewWriter(&b)
	for _, part := range from.File {
		r, err := part.Open()
		if err != nil {
			panic(err)
		}
		w, err := to.CreateHeader(&zip.FileHeader{Name: part.Name, Method: zip.Store})
		if err != nil {
			panic(err)
		}
		if _, err := io.Copy(w, r); err != nil {
			panic(err)
		}
	}
	if err := to.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// FuzzCells changes what stands in the cells of a row.
func FuzzCells(f *testing.F) {
	f.Add("text", "q", "Q ${a}", "label::es", ". > ${a}", "5", "x=1")
	f.Add("select_multiple yn or_other", "q", "", "bind::x", "indexed-repeat(${a}, ${r}, 1)", "${q}", "randomize=true seed=1")
	f.Add("begin repeat", "q", "${", "media::image::fr", "${a", "'${a}'", "start=1 end=1")
	f.Add("end group", "", "}", ":", "[[", "]", "=")
	f.Fuzz(func(t *testing.T, typ, name, label, heading, expression, value, parameters string) {
		clean := func(s string) string {
			return strings.NewReplacer("|", `\|`, "\n", " ", "\r", " ").Replace(strings.ToValidUTF8(s, "?"))
		}
		row := "| | " + strings.Join([]string{clean(typ), clean(name), clean(label), clean(label), clean(expression), clean(expression),
			clean(expression), clean(value), clean(parameters), clean(value)}, " | ") + " |"
		check(t, xlsformtest.Workbook(`
			| survey | | | | | | | | | | |
			| | type | name | label | `+clean(heading)+` | relevant | calculation | choice_filter | default | parameters | repeat_count |
			| | begin repeat | r | R | | | | | | | |
			| | integer | a | A | | | | | | | |
			`+row+`
			| | end repeat | | | | | | | | | |
			| choices | | | |
			| | list_name | name | label |
			| | yn | 1 | Yes |
		`))
	})
}

// FuzzTables changes the text of tables, where a change of a byte is a change of a cell.
func FuzzTables(f *testing.F) {
	f.Add("| survey |\n| | type | name | label | trigger | calculation | save_to | appearance | choice_filter | parameters |\n" +
		"| | begin repeat | r | R |\n| | text | a | A | | | e#p |\n| | text | a | A | ${a} | ${a} |\n| | end repeat |\n| | select_one ${a} | b | B | | | | | ${a} > 1 |\n" +
		"| | select_one l | c | C | | | q | search('f', 'matches', 'x', ${b}) |\n| | select_one_from_file t.csv | d | D | | | | | x = ${b} | value=v |\n" +
		"| | range | g | G | | | | no-ticks | | start=1 end=2 tick_labelset=l |\n" +
		"| choices |\n| | list_name | name | label |\n| | l | code | town |\n| entities |\n| | list_name | label | entity_id |\n| | e | ${a} | ${b} |\n| | e2 | E | ${c} |\n")
	f.Add("| survey |\n| | type | name | label | trigger |\n| | begin loop over l | x | X |\n| | begin group | meta | M | | |\n| | csv-external | k |\n| | background-geopoint | bg | | ${x} |\n| external_choices |\n| | list_name | name |\n| | l | 1 |\n")
	f.Add("| survey |\n| | type | name | label | kobo--matrix_list | bind::type | body::rows | seed |\n| | begin loop over l | x | X |\n| | begin_kobomatrix | m | M | l |\n| | text | %(name)s | %(label)s |\n| | end_kobomatrix |\n| | end loop |\n" +
		"| | percentage | p | P | | int | 3 |\n| | osm t | o | O |\n| | set form title | T |\n| | begin_rank | k | K |\n| | rank__level | a | A |\n| | end_rank |\n" +
		"| choices |\n| | list_name | name | label |\n| | l | 1 | One |\n| osm |\n| | list_name | name | label |\n| | t | a | A |\n")
	f.Add("| survey |\n| | type | name | label | parameters | bind::jr:preload | bind::jr:preloadParams |\n| | select_one l | a | A | randomize=true seed=${b} |\n| | integer | b | ${last-saved#a} |\n| | text | c | C | | uid | x |\n| | start-geopoint | d |\n| | background-audio | e | | quality=low |\n" +
		"| choices |\n| | list_name | name | label | a b |\n| | l | 1 | One |\n| settings |\n| | clean_text_values |\n| | no |\n")
	f.Fuzz(func(t *testing.T, text string) {
		check(t, []byte("|"+text))
		xlsform.ReadStrict("form.md", []byte("|"+text))
	})
}
