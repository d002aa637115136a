package export

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"vereda/survey/fieldwork"
	"vereda/survey/form"
	"vereda/survey/record"
)

func workbook(t *testing.T, o Options, src Source) ([]byte, *excelize.File) {
	t.Helper()
	var b bytes.Buffer
	if err := exporter(t, o).WriteXLSX(t.Context(), &b, src); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { book.Close() })
	return b.Bytes(), book
}

func TestWorkbookHasASheetPerTable(t *testing.T) {
	_, book := workbook(t, Options{Drafts: true, Forms: []*form.Form{households("2")}}, somework(t))
	if got := book.GetSheetList(); !slices.Equal(got, []string{"interviews", "roster", "phone"}) {
		t.Fatalf("sheets %q", got)
	}
	for _, c := range []struct {
		sheet, cell, want string
		kind              excelize.CellType
	}{
		{"interviews", "A1", "KEY", excelize.CellTypeInlineString},
		{"interviews", "A2", one, excelize.CellTypeInlineString},
		{"interviews", "F2", "1", excelize.CellTypeUnset}, // a number
		{"interviews", "G2", "2026-11-23T08:05:00.000-05:00", excelize.CellTypeInlineString},
		{"interviews", "J2", "-74.0817", excelize.CellTypeUnset},
		{"interviews", "M2", "12.5", excelize.CellTypeUnset},
		{"interviews", "P2", "dijo \"no\",\ny se fue", excelize.CellTypeInlineString},
		{"interviews", "P3", "=1+1", excelize.CellTypeInlineString},
		{"interviews", "I3", "", excelize.CellTypeUnset},
		{"roster", "B2", one, excelize.CellTypeInlineString},
		{"phone", "C2", "300 1", excelize.CellTypeInlineString},
	} {
		got, err := book.GetCellValue(c.sheet, c.cell, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		kind, err := book.GetCellType(c.sheet, c.cell)
		if err != nil {
			t.Fatal(err)
		}
		if got != c.want || kind != c.kind {
			t.Errorf("%s %s: %q of type %v, want %q of type %v", c.sheet, c.cell, got, kind, c.want, c.kind)
		}
		if formula, err := book.GetCellFormula(c.sheet, c.cell); err != nil || formula != "" {
			t.Errorf("%s %s is a formula %q, %v", c.sheet, c.cell, formula, err)
		}
	}
}

// The order of sheets in the ZIP hangs on a map in excelize: ten times the same is no chance.
func TestWorkbookBytesAreTheSame(t *testing.T) {
	first, _ := workbook(t, Options{Drafts: true, Forms: []*form.Form{households("2")}}, somework(t))
	for range 10 {
		if again, _ := workbook(t, Options{Drafts: true, Forms: []*form.Form{households("2")}}, somework(t)); !bytes.Equal(first, again) {
			t.Fatal("the same interviews gave other bytes")
		}
	}
}

func TestHostileTextsComeBack(t *testing.T) {
	texts := []string{"_x0041_", "a<b>&\"c'", "  blanks  ", "línea\ndos", "\ttab", "𝒳 astral", "=HYPERLINK(\"http://x\")", "@SUM(1)", "-1+2"}
	f := build("1", ask(form.TypeText, "a"))
	var src rows = rows{}
	for i, text := range texts {
		src[""] = append(src[""], fieldwork.Row{Interview: id(i), Answers: record.Answers{"a": record.NewText(text)}})
	}
	_, book := workbook(t, Options{Drafts: true, Forms: []*form.Form{f}}, src)
	read, err := book.GetRows("interviews")
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range texts {
		if got := read[i+1][6]; got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}

func TestNumbersThatExcelWouldRoundAreText(t *testing.T) {
	for _, c := range []struct {
		c    cell
		want any
	}{
		{cell{record.Integer, "123456789012345"}, int64(123456789012345)}, {cell{record.Integer, "1234567890123456"}, "1234567890123456"},
		{cell{record.Decimal, "0.1"}, 0.1}, {cell{record.Decimal, "0.12345678901234567"}, "0.12345678901234567"},
		{cell{record.Text, "007"}, "007"}, {cell{record.Text, ""}, nil},
	} {
		if got := c.c.value(); got != c.want {
			t.Errorf("%v: %v, want %v", c.c, got, c.want)
		}
	}
}

func TestWhatDoesNotFitIsRefused(t *testing.T) {
	f := build("1", ask(form.TypeText, "a"))
	long := func(s string) error {
		src := rows{"": {{Interview: id(1), Answers: record.Answers{"a": record.NewText(s)}}}}
		return exporter(t, Options{Drafts: true, Forms: []*form.Form{f}}).WriteXLSX(t.Context(), io.Discard, src)
	}
	if err := long(strings.Repeat("ñ", excelize.TotalCellChars)); err != nil {
		t.Errorf("the longest text that fits: %v", err)
	}
	var limit *LimitError
	if err := long(strings.Repeat("ñ", excelize.TotalCellChars+1)); !errors.As(err, &limit) || !strings.Contains(err.Error(), "interview "+one+", column a") {
		t.Errorf("a text that does not fit: %v", err)
	}
}

func TestSheetNames(t *testing.T) {
	taken := map[string]bool{}
	for _, c := range []struct{ name, want string }{
		{"", "interviews"}, {"Interviews", "Interviews_2"}, {"a/b", "a_b"}, {strings.Repeat("ñ", 40), strings.Repeat("ñ", 31)},
		{strings.Repeat("ñ", 41), strings.Repeat("ñ", 29) + "_2"},
	} {
		if got := sheetName(&table{name: c.name}, taken); got != c.want {
			t.Errorf("%q: %q, want %q", c.name, got, c.want)
		}
	}
}
