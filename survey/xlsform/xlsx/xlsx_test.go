package xlsx_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"vereda/survey/xlsform/xlsx"
)

// rows reads a sheet whole, without empty rows and cells at the end.
func rows(t interface{ Fatal(...any) }, file []byte, sheet int) [][]string {
	book, err := xlsx.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	var list [][]string
	for cells, err := range book.Rows(sheet) {
		if err != nil {
			t.Fatal(err)
		}
		for len(cells) > 0 && cells[len(cells)-1] == "" {
			cells = cells[:len(cells)-1]
		}
		list = append(list, cells)
	}
	for len(list) > 0 && len(list[len(list)-1]) == 0 {
		list = list[:len(list)-1]
	}
	return list
}

func saved(t interface{ Fatal(...any) }, book *excelize.File) []byte {
	b, err := book.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Cells hold what the spreadsheet program was given; days and times are written as ISO 8601 does, numbers without their formats.
func TestCells(t *testing.T) {
	book := excelize.NewFile()
	style := func(code string) int {
		n, err := book.NewStyle(&excelize.Style{CustomNumFmt: &code})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for n, c := range []struct {
		value  any
		format string
		want   string
	}{
		{"Ñandú <&>\n", "", "Ñandú <&>\n"},
		{7, "", "7"}, {-3.25, "", "-3.25"}, {1e20, "", "100000000000000000000"}, {1e-9, "", "1e-09"},
		{true, "", "TRUE"}, {false, "", "FALSE"},
		{0.5, "0%", "0.5"}, {1234.5, "#,##0.00", "1234.5"}, {12, `0 "days"`, "12"}, {12, `[Red]0\d`, "12"}, {3, "0.00E+00", "3"},
		{time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), "yyyy-mm-dd", "2026-11-23"},
		{time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), "d/m/yy", "2026-11-23"},
		{time.Date(2026, 11, 23, 14, 5, 0, 0, time.UTC), "dd/mm/yyyy hh:mm", "2026-11-23T14:05:00"},
		{0.25, "hh:mm", "06:00:00"},
		{1, "yyyy-mm-dd", "1900-01-01"}, {61, "yyyy-mm-dd", "1900-03-01"},
		{-5, "yyyy-mm-dd", "-5"}, {1e9, "yyyy-mm-dd", "1000000000"},
	} {
		at := fmt.Sprintf("A%d", n+1)
		if err := book.SetCellValue("Sheet1", at, c.value); err != nil {
			t.Fatal(err)
		}
		if c.format != "" {
			if err := book.SetCellStyle("Sheet1", at, at, style(c.format)); err != nil {
				t.Fatal(err)
			}
		}
		got := rows(t, saved(t, book), 0)
		if len(got) != n+1 || strings.Join(got[n], "|") != c.want {
			t.Fatalf("%v as %s: %q, want %s", c.value, c.format, got[len(got)-1], c.want)
		}
	}
}

// Texts of any kind come back, in their rows and columns.
func TestTextsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-zA-ZñÑ áé<>&"'_x0-9]{1,12}`)
		want := rapid.MapOfN(rapid.Custom(func(t *rapid.T) string {
			return fmt.Sprintf("%c%d", 'A'+rapid.IntRange(0, 25).Draw(t, "column"), rapid.IntRange(1, 40).Draw(t, "row"))
		}), text, 1, 30).Draw(t, "cells")
		book := excelize.NewFile()
		for at, text := range want {
			if err := book.SetCellStr("Sheet1", at, text); err != nil {
				t.Fatal(err)
			}
		}
		got := map[string]string{}
		for n, row := range rows(t, saved(t, book), 0) {
			for k, text := range row {
				if text != "" {
					got[fmt.Sprintf("%c%d", 'A'+k, n+1)] = text
				}
			}
		}
		for at, text := range want {
			if got[at] != text {
				t.Fatalf("%s is %q, want %q", at, got[at], text)
			}
		}
		if len(got) != len(want) {
			t.Fatalf("%d cells, want %d", len(got), len(want))
		}
	})
}

// Real workbooks have the same cells as another reader finds, but for numbers, which it shows with their formats.
func TestRealWorkbooks(t *testing.T) {
	files, _ := filepath.Glob("../../../../shared/data/conformance/forms/*.xlsx")
	if len(files) == 0 {
		t.Skip("the conformance data is left out")
	}
	for _, name := range files {
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		book, err := excelize.OpenReader(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		ours, err := xlsx.Open(file)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !slices.Equal(ours.Sheets(), book.GetSheetList()) {
			t.Errorf("%s: sheets %q, want %q", name, ours.Sheets(), book.GetSheetList())
		}
		cells := 0
		for n, sheet := range ours.Sheets() {
			theirs, err := book.GetRows(sheet)
			if err != nil {
				t.Fatal(err)
			}
			for k, row := range rows(t, file, n) {
				for c, text := range row {
					want := ""
					if k < len(theirs) && c < len(theirs[k]) {
						want = theirs[k][c]
					}
					if cells++; text != strings.ReplaceAll(want, "\r", "") {
						if strings.Trim(text, "0123456789.-:T") != "" {
							t.Errorf("%s, %s, row %d, column %d: %q; the other reader shows %q", filepath.Base(name), sheet, k+1, c+1, text, want)
						}
					}
				}
			}
		}
		t.Logf("%s: %d cells", filepath.Base(name), cells)
		book.Close()
	}
}

func archive(t *testing.T, parts map[string]string) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, text := range parts {
		part, err := w.Create(name)
		if err == nil {
			_, err = part.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWhatIsNoWorkbook(t *testing.T) {
	for name, c := range map[string]struct {
		parts map[string]string
		want  error
	}{
		"a letter":     {map[string]string{"word/document.xml": "<x/>"}, xlsx.ErrOther},
		"OpenDocument": {map[string]string{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}, xlsx.ErrOpenDoc},
		"too large":    {map[string]string{"xl/workbook.xml": strings.Repeat(" ", xlsx.MaxUnzipped+1)}, xlsx.ErrTooLarge},
	} {
		if _, err := xlsx.Open(archive(t, c.parts)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// FuzzSheet reads any text as a sheet.
func FuzzSheet(f *testing.F) {
	f.Add(`<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><r><t>a</t></r><rPh><t>b</t></rPh></is></c></row><row r="9"><c s="1"><v>45000.5</v></c></row></sheetData></worksheet>`)
	f.Add(`<x:worksheet xmlns:x="y"><x:row/><!-- c --><?p?><x:row r='2'><x:c r="AB2" t="b"><x:f>1</x:f><x:v>1</x:v></x:c></x:row></x:worksheet>`)
	f.Add(`<a b="&#65;&lt;"><![CDATA[x]]></a`)
	f.Fuzz(func(t *testing.T, sheet string) {
		book, err := xlsx.Open(archive(t, map[string]string{
			"xl/workbook.xml":            `<workbook><sheets><sheet name="survey" id="r1"/></sheets></workbook>`,
			"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="s.xml"/><Relationship Id="r2" Type="x/sharedStrings" Target="t.xml"/><Relationship Id="r3" Type="x/styles" Target="u.xml"/></Relationships>`,
			"xl/t.xml":                   `<sst><si><t>text</t></si></sst>`,
			"xl/u.xml":                   `<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`,
			"xl/s.xml":                   sheet,
		}))
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for cells, err := range book.Rows(0) {
			if n++; err != nil && cells != nil || n > 3000 {
				break
			}
		}
	})
}

// FuzzOpen changes the bytes of archives.
func FuzzOpen(f *testing.F) {
	book := excelize.NewFile()
	if err := book.SetCellStr("Sheet1", "B2", "x"); err != nil {
		f.Fatal(err)
	}
	f.Add(saved(f, book))
	f.Fuzz(func(t *testing.T, file []byte) {
		book, err := xlsx.Open(file)
		if err != nil {
			return
		}
		for n := range book.Sheets() {
			k := 0
			for range book.Rows(n) {
				if k++; k > 3000 {
					break
				}
			}
		}
	})
}
