package form_test

import (
	"slices"
	"testing"

	"vereda/survey/form"
	"vereda/survey/record"
	"vereda/survey/xlsform"
	"vereda/survey/xlsform/xlsformtest"
)

func readTables(t *testing.T, tables string) *form.Form {
	t.Helper()
	f, problems := xlsform.Read("form.xlsx", xlsformtest.Workbook(tables))
	if f == nil {
		t.Fatal(problems)
	}
	return f
}

// A form names the files that come with it: data that answers depend on, and what is shown or played.
func TestFilesOfAForm(t *testing.T) {
	f := readTables(t, `
		| survey | | | | | | | | |
		| | type | name | label | media::image::en | media::audio | big-image | calculation | appearance | choice_filter | default |
		| | text | a | A | a.png | a.mp3 | big.png | | | |
		| | text | b | B | ${a} | | | | | |
		| | select_one_from_file towns.csv | c | C | | | | | | x = ${a} |
		| | select_one l | s | S | | | | | search('shops') | |
		| | select_one m | m | M | | | | | | |
		| | calculate | d | | | | | pulldata('prices', 'p', 'k', ${a}) + pulldata("rates.csv", 'p', 'k', 1) | | |
		| | image | pic | P | | | | | | | start.png |
		| | xml-external | plots | | | | | | | |
		| | csv-external | towns | | | | | | | |
		| choices | | | | | |
		| | list_name | name | label | image | video |
		| | l | code | town | | |
		| | m | 1 | One | one.png | one.mp4 |
		| | m | 2 | Two | one.png | |`)
	want := []form.File{{Name: "plots.xml", Use: form.UseData, Required: true}, {Name: "prices.csv", Use: form.UseData, Required: true},
		{Name: "rates.csv", Use: form.UseData, Required: true}, {Name: "shops.csv", Use: form.UseData, Required: true}, {Name: "towns.csv", Use: form.UseData, Required: true},
		{Name: "a.mp3", Use: form.UseAudio}, {Name: "a.png", Use: form.UseImage}, {Name: "big.png", Use: form.UseImage},
		{Name: "one.mp4", Use: form.UseVideo}, {Name: "one.png", Use: form.UseImage}, {Name: "start.png", Use: form.UseImage}}
	if got := f.Files(); !slices.Equal(got, want) {
		t.Errorf("files\n%v, want\n%v", got, want)
	}
}

// The document of an interview's answers is what expressions find of it later.
func TestSavedAnswersAreADocument(t *testing.T) {
	f := readTables(t, `
		| survey | | | |
		| | type | name | label |
		| | text | a | A |
		| | begin group | g | G |
		| | integer | n | N |
		| | end group | | |
		| | begin repeat | r | R |
		| | text | b | B |
		| | end repeat | | |`)
	got := string(f.Saved(record.Answers{"a": record.NewText("x < y"), "r/0002b": record.Exists(), "r/0002b/b": record.NewText("second"), "r/0001a": record.Exists()}))
	if want := "<data><a>x &lt; y</a><g><n></n></g><r><b></b></r><r><b>second</b></r></data>"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
