// Package xlsformtest makes small workbooks for tests out of tables that can be read in the test.
package xlsformtest

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Workbook returns an .xlsx workbook with the sheets of a text like this:
//
//	| survey  |                |      |       |          |
//	|         | type           | name | label | relevant |
//	|         | text           | a    | A?    |          |
//	|         | select_one yn  | b    | B?    | ${a}!='' |
//	| choices |                |      |       |          |
//	|         | list_name      | name | label |          |
//	|         | yn             | 1    | Yes   |          |
//
// A row whose first cell is not blank begins the sheet of that name. "\|" stands for a bar, "\n" for a line break. It panics
// on a text that is no table: that is a mistake in the test.
func Workbook(tables string) []byte {
	book := excelize.NewFile()
	defer book.Close()
	sheet, row := "", 0
	for n, line := range strings.Split(tables, "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		cells := split(line)
		if cells == nil {
			panic(fmt.Sprintf("xlsformtest: line %d is no row of a table: %s", n+1, line))
		}
		if cells[0] != "" {
			sheet, row = cells[0], 0
			must(book.NewSheet(sheet))
			continue
		}
		row++
		for column, text := range cells[1:] {
			at := must(excelize.CoordinatesToCellName(column+1, row))
			if err := book.SetCellStr(sheet, at, text); err != nil {
				panic(err)
			}
		}
	}
	if err := book.DeleteSheet("Sheet1"); err != nil {
		panic(err)
	}
	return must(book.WriteToBuffer()).Bytes()
}

// split returns the cells of a row, trimmed; nil when the line is none.
func split(line string) []string {
	if len(line) < 2 || line[0] != '|' || line[len(line)-1] != '|' {
		return nil
	}
	line = strings.ReplaceAll(line[1:len(line)-1], `\|`, "\x00")
	cells := strings.Split(line, "|")
	for i, cell := range cells {
		cell = strings.ReplaceAll(strings.TrimSpace(cell), "\x00", "|")
		cells[i] = strings.ReplaceAll(cell, `\n`, "\n")
	}
	return cells
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
