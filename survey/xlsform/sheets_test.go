package xlsform_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"vereda/survey/xlsform"
	"vereda/survey/xlsform/xlsformtest"
)

// changed returns a small workbook with a change made to it.
func changed(t *testing.T, change func(*excelize.File)) []byte {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(xlsformtest.Workbook(`
		| survey |      |      |       |
		|        | type | name | label |
		|        | text | a    | A     |
	`)))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	change(book)
	b, err := book.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func put(t *testing.T, book *excelize.File, at string, value any) {
	t.Helper()
	if err := book.SetCellValue("survey", at, value); err != nil {
		t.Fatal(err)
	}
}

// Rows keep the numbers they have in the spreadsheet, whatever gaps there are.
func TestRowsKeepTheirNumbers(t *testing.T) {
	_, problems := xlsform.Read("form.xlsx", changed(t, func(book *excelize.File) {
		put(t, book, "A40", "texto")
		put(t, book, "B40", "b")
	}))
	if len(problems) != 1 || problems[0].Cell.Row != 40 || problems[0].Hint != "Write text." {
		t.Errorf("problems %v", problems)
	}
}

// Sheets that claim many rows, or hold styled empty ones, are read as quickly as others.
func TestEmptyRowsCostNothing(t *testing.T) {
	workbook := changed(t, func(book *excelize.File) {
		put(t, book, "A50000", " ")
		for row := 3; row < 900; row++ {
			put(t, book, fmt.Sprintf("C%d", row), "  ")
		}
		put(t, book, "A900", "note")
		put(t, book, "B900", "n")
		put(t, book, "C900", "The end")
	})
	start := time.Now()
	f, problems := xlsform.Read("form.xlsx", workbook)
	t.Logf("%d bytes read in %v", len(workbook), time.Since(start))
	if f == nil || len(problems) > 0 || len(f.Items()) != 3 {
		t.Errorf("form %v, problems %v", f, problems)
	}
}

// Numbers, dates and yes or no are read as their text, however the spreadsheet keeps them.
func TestCellsThatAreNoText(t *testing.T) {
	f, problems := xlsform.Read("form.xlsx", changed(t, func(book *excelize.File) {
		for n, heading := range []string{"required", "default", "relevant"} {
			put(t, book, string(rune('D'+n))+"1", heading)
		}
		put(t, book, "A3", "date")
		put(t, book, "B3", "b")
		put(t, book, "C3", 2026)
		put(t, book, "D3", true)
		put(t, book, "E3", time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC))
		put(t, book, "F3", 1)
	}))
	if f == nil || len(problems) > 0 {
		t.Fatal(problems)
	}
	b := item(t, f, "b")
	if b.Label.Plain("", "") != "2026" || b.Required.String() != "true()" || b.DefaultText != "2026-01-02" || b.Relevant.String() != "1" {
		t.Errorf("label %s, required %s, default %s, relevant %s", b.Label.Plain("", ""), b.Required, b.DefaultText, b.Relevant)
	}
}

// A workbook that grows beyond all measure when unpacked is refused before the memory is spent.
func TestUnpackedSizeIsBounded(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	blank := []byte(strings.Repeat(" ", 1<<20))
	for range 80 {
		if _, err := w.Write(blank); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f, problems := xlsform.Read("form.xlsx", b.Bytes())
	runtime.ReadMemStats(&after)
	if f != nil || len(problems) != 1 {
		t.Errorf("form %v, problems %v", f, problems)
	}
	if spent := after.TotalAlloc - before.TotalAlloc; spent > 200<<20 {
		t.Errorf("%d MB spent on a file of %d kB", spent>>20, b.Len()>>10)
	}
}
