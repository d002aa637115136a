package questionnaire_test

import (
	"bytes"
	"os"
	"slices"
	"testing"

	"github.com/xuri/excelize/v2"

	"vereda/survey/questionnaire"
	"vereda/survey/record"
)

// Names, the position of the dwelling, the photo, and what the enumerator writes down are marked: an export without personal data leaves them out.
func TestPersonalAnswersAreMarked(t *testing.T) {
	var marked []record.Path
	for _, i := range questionnaire.Form().Items() {
		if i.Columns["personal"] == "yes" {
			marked = append(marked, i.Path)
		}
	}
	want := []record.Path{"grp_a/a_gps", "grp_c/roster/m_name", "grp_j/p_name", "grp_z/z_photo", "grp_z/z_comment"}
	if !slices.Equal(marked, want) {
		t.Errorf("marked are %v, want %v", marked, want)
	}
}

// The built-in workbook is the published one, with the column personal and a version of its own: nothing else differs.
func TestIsThePublishedWorkbookWithMarks(t *testing.T) {
	published, err := os.ReadFile("../../../shared/data/household_access_survey.xlsx")
	if err != nil {
		t.Skipf("the published workbook is left out: %v", err)
	}
	theirs, ours := cells(t, published), cells(t, questionnaire.Workbook())
	if len(theirs) != len(ours) {
		t.Fatalf("%d sheets, want %d", len(ours), len(theirs))
	}
	for sheet, rows := range theirs {
		mine := ours[sheet]
		if len(mine) != len(rows) {
			t.Fatalf("sheet %s has %d rows, want %d", sheet, len(mine), len(rows))
		}
		for n, row := range rows {
			for k, heading := range rows[0] {
				if sheet == "settings" && heading == "version" && n > 0 {
					continue
				}
				if got, want := cellAt(mine[n], k), cellAt(row, k); got != want {
					t.Errorf("sheet %s, row %d, column %s: %q, want %q", sheet, n+1, heading, got, want)
				}
			}
		}
		if extra := mine[0][len(rows[0]):]; sheet == "survey" && !slices.Equal(extra, []string{"personal"}) || sheet != "survey" && len(extra) > 0 {
			t.Errorf("sheet %s has the columns %v more", sheet, extra)
		}
	}
}

// cells returns the sheets of a workbook as text.
func cells(t *testing.T, workbook []byte) map[string][][]string {
	book, err := excelize.OpenReader(bytes.NewReader(workbook))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	sheets := map[string][][]string{}
	for _, name := range book.GetSheetList() {
		if sheets[name], err = book.GetRows(name); err != nil {
			t.Fatal(err)
		}
	}
	return sheets
}

func cellAt(row []string, n int) string {
	if n < len(row) {
		return row[n]
	}
	return ""
}
