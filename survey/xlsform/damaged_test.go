package xlsform_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"vereda/survey/form"
	"vereda/survey/xlsform"
	"vereda/survey/xlsform/xlsformtest"
)

// with returns a workbook with other parts in the place of its own, or beside them; an empty text takes a part out.
func with(t *testing.T, workbook []byte, parts map[string]string) []byte {
	from, err := zip.NewReader(bytes.NewReader(workbook), int64(len(workbook)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	to := zip.NewWriter(&b)
	write := func(name string, text io.Reader) {
		w, err := to.Create(name)
		if err == nil {
			_, err = io.Copy(w, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, part := range from.File {
		if _, other := parts[part.Name]; other {
			continue
		}
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		write(part.Name, r)
	}
	for name, text := range parts {
		if text != "" {
			write(name, strings.NewReader(text))
		}
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const (
	sheetPart = "xl/worksheets/sheet2.xml"
	sheetHead = `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`
)

// inline writes rows of cells with their texts in them.
func inline(rows ...[]string) string {
	var b strings.Builder
	b.WriteString(sheetHead + "<sheetData>")
	for n, row := range rows {
		fmt.Fprintf(&b, `<row r="%d">`, n+1)
		for k, text := range row {
			fmt.Fprintf(&b, `<c r="%c%d" t="inlineStr"><is><t>%s</t></is></c>`, 'A'+k, n+1, text)
		}
		b.WriteString("</row>")
	}
	b.WriteString("</sheetData></worksheet>")
	return b.String()
}

var plainRows = [][]string{{"type", "name", "label"}, {"text", "a", "A"}}

// Damaged and hostile workbooks end in a form or in problems, without a panic, and cost no more memory than a large form does.
func TestDamagedWorkbooks(t *testing.T) {
	whole := xlsformtest.Workbook("| survey | | | |\n| | type | name | label |\n| | text | a | A |")
	many := strings.Repeat(`<row><c t="inlineStr"><is><t>x</t></is></c></row>`, 700_000)
	for name, c := range map[string]struct {
		parts map[string]string
		reads bool
	}{
		"as it is":                           {nil, true},
		"cells with their texts in them":     {map[string]string{sheetPart: inline(plainRows...)}, true},
		"no sheet":                           {map[string]string{sheetPart: ""}, false},
		"an empty sheet":                     {map[string]string{sheetPart: sheetHead + "</worksheet>"}, false},
		"a sheet that ends in the middle":    {map[string]string{sheetPart: inline(plainRows...)[:300]}, false},
		"a sheet that ends between two rows": {map[string]string{sheetPart: strings.Replace(inline(append(plainRows, []string{"text", "b", "B"})...), "</sheetData></worksheet>", "", 1)}, false},
		"a sheet that is no XML":             {map[string]string{sheetPart: "\x00\x01\x02"}, false},
		"no list of sheets":                  {map[string]string{"xl/workbook.xml": ""}, false},
		"no relations":                       {map[string]string{"xl/_rels/workbook.xml.rels": ""}, false},
		"no styles":                          {map[string]string{"xl/styles.xml": ""}, true},
		"a text that is not there": {map[string]string{sheetPart: sheetHead + `<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>999999999</v></c>` +
			`<c r="C1" t="s"><v>-1</v></c><c r="D1" t="s"><v>x</v></c></row></sheetData></worksheet>`}, false},
		"a style that is not there": {map[string]string{sheetPart: sheetHead + `<sheetData><row r="1"><c r="A1" s="999999"><v>1</v></c><c r="B1" s="-1"><v>2</v></c></row></sheetData></worksheet>`}, false},
		"styles that are each other": {map[string]string{"xl/styles.xml": `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellStyleXfs count="1"><xf xfId="0"/></cellStyleXfs>` +
			`<cellXfs count="1"><xf xfId="0" numFmtId="999"/></cellXfs></styleSheet>`}, true},
		"a row far down":          {map[string]string{sheetPart: strings.Replace(inline(plainRows...), `<row r="2">`, `<row r="1048576">`, 1)}, false},
		"a row that cannot be":    {map[string]string{sheetPart: strings.Replace(inline(plainRows...), `<row r="2">`, `<row r="99999999999999999999">`, 1)}, false},
		"a row before the first":  {map[string]string{sheetPart: strings.Replace(inline(plainRows...), `<row r="2">`, `<row r="-5">`, 1)}, false},
		"a cell far to the right": {map[string]string{sheetPart: strings.Replace(inline(plainRows...), `r="C1"`, `r="XFD1"`, 1)}, false},
		"a cell that cannot be":   {map[string]string{sheetPart: strings.Replace(inline(plainRows...), `r="C1"`, `r="ZZZZZZZZ1"`, 1)}, false},
		"a cell without a place":  {map[string]string{sheetPart: strings.Replace(inline(plainRows...), `r="C1"`, `r=""`, 1)}, true},
		"huge dimensions":         {map[string]string{sheetPart: strings.Replace(inline(plainRows...), "<sheetData>", `<dimension ref="A1:XFD1048576"/><sheetData>`, 1)}, true},
		"a bomb":                  {map[string]string{sheetPart: sheetHead + "<sheetData>" + strings.Repeat(" ", 200<<20) + "</sheetData></worksheet>"}, false},
		"a bomb beside it":        {map[string]string{"xl/media/image1.png": strings.Repeat("\x00", 200<<20)}, true},
		"many rows":               {map[string]string{sheetPart: sheetHead + "<sheetData>" + many + "</sheetData></worksheet>"}, false},
		"entities of XML":         {map[string]string{sheetPart: `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>` + strings.Replace(inline(plainRows...)[21:], "<t>A</t>", "<t>&b;</t>", 1)}, false},
	} {
		t.Run(name, func(t *testing.T) {
			file := with(t, whole, c.parts)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			f, problems := xlsform.Read("form.xlsx", file)
			runtime.ReadMemStats(&after)
			if (f == nil) != form.HasErrors(problems) || (f != nil) != c.reads {
				t.Errorf("form %v, problems %v", f != nil, problems)
			}
			if got := (after.TotalAlloc - before.TotalAlloc) >> 20; got > 400 {
				t.Errorf("%d MiB were allocated", got)
			} else {
				t.Logf("%d MiB, %d problems %.200v", got, len(problems), problems)
			}
		})
	}
}
