// Package xls reads the texts of the cells of old binary workbooks (.xls, Excel 97 to 2003, BIFF8), by the published
// formats MS-CFB and MS-XLS. It reads what cells show: texts, numbers, dates, and the results of formulas; no formats, formulas or macros.
package xls

import (
	"encoding/binary"
	"errors"
	"iter"
	"math"
	"strconv"
	"strings"

	"vereda/survey/xlsform/number"
)

// What keeps a workbook from being read.
var (
	ErrDamaged = errors.New("the workbook is damaged")
	ErrLocked  = errors.New("the workbook is locked with a password")
	ErrOlder   = errors.New("the workbook is older than Excel 97")
	ErrOther   = errors.New("the file holds no workbook")
)

// Limits. A sheet of this format has at most 65,536 rows and 256 columns.
const (
	maxSheets  = 1000
	maxCells   = 4_000_000 // of a sheet
	maxColumns = 256
)

// Book is an open workbook. It refers to the bytes it was read from.
type Book struct {
	stream  []byte
	sheets  []sheet
	strings []string
	formats map[int]string
	cells   []int // the number of the format of each cell style

	from1904 bool // days are counted from 1904
}

type sheet struct {
	name  string
	start int // in the stream
}

// Open reads what all sheets share. It never panics, whatever the bytes.
func Open(file []byte) (*Book, error) {
	b := &Book{formats: map[int]string{}}
	var err error
	if b.stream, err = stream(file, "Workbook", "Book"); err != nil {
		return nil, err
	}
	if b.stream == nil {
		return nil, ErrOther
	}
	for at := 0; ; {
		r, after, ok := next(b.stream, at)
		switch {
		case !ok || at == 0 && r.id != recordBOF:
			return nil, ErrDamaged
		case r.id == recordEOF:
			return b, nil
		}
		if err := b.global(r); err != nil {
			return nil, err
		}
		at = after
	}
}

// global reads a record that stands before the sheets.
func (b *Book) global(r record) error {
	in := &reader{parts: r.parts}
	switch r.id {
	case recordBOF:
		if in.number(2) != 0x0600 {
			return ErrOlder
		}
	case recordFilePass:
		return ErrLocked
	case recordDateMode:
		b.from1904 = in.number(2) == 1
	case recordBoundSheet:
		start := in.number(4)
		in.number(1)
		if kind := in.number(1); kind == 0 && len(b.sheets) < maxSheets {
			b.sheets = append(b.sheets, sheet{in.text(1), start})
		}
	case recordFormat:
		format := in.number(2)
		b.formats[format] = in.text(2)
	case recordXF:
		in.number(2)
		b.cells = append(b.cells, in.number(2))
	case recordSST:
		in.number(4)
		for n := in.number(4); n > 0 && !in.short; n-- {
			b.strings = append(b.strings, in.text(2))
		}
	}
	return nil
}

// Sheets returns the names of the sheets, in order.
func (b *Book) Sheets() []string {
	names := make([]string, len(b.sheets))
	for n, s := range b.sheets {
		names[n] = s.name
	}
	return names
}

// Rows returns the texts of the cells of the nth sheet, row by row from the first, rows without cells as nil ones. An error ends the rows.
func (b *Book) Rows(n int) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		rows, err := b.read(b.sheets[n].start)
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
		if err != nil {
			yield(nil, err)
		}
	}
}

// table is the cells of a sheet while they are read.
type table struct {
	rows     [][]string
	cells    int
	row, col int // of the formula whose text comes next; row -1 when none does
}

func (b *Book) read(start int) ([][]string, error) {
	t := &table{row: -1}
	depth := 0
	for at := start; ; {
		r, after, ok := next(b.stream, at)
		switch {
		case !ok || at == start && r.id != recordBOF:
			return t.rows, ErrDamaged
		case r.id == recordBOF: // charts lie in a sheet as sheets of their own
			depth++
		case r.id == recordEOF:
			if depth--; depth == 0 {
				return t.rows, nil
			}
		case depth == 1:
			b.cell(t, r)
		}
		at = after
	}
}

// cell reads a record of a sheet.
func (b *Book) cell(t *table, r record) {
	in := &reader{parts: r.parts}
	if r.id == recordString {
		if t.row >= 0 {
			t.set(t.row, t.col, in.text(2))
		}
		t.row = -1
		return
	}
	if len(r.data()) < 6 {
		return
	}
	row, col := in.number(2), in.number(2)
	switch r.id {
	case recordLabelSST:
		in.number(2)
		if n := in.number(4); n >= 0 && n < len(b.strings) {
			t.set(row, col, b.strings[n])
		}
	case recordLabel, recordRString:
		in.number(2)
		t.set(row, col, in.text(2))
	case recordNumber:
		style := in.number(2)
		t.set(row, col, b.show(double(in.take(8)), style))
	case recordRK:
		style := in.number(2)
		t.set(row, col, b.show(packed(in.number(4)), style))
	case recordMulRK:
		for ; len(in.parts[0]) >= 6+2; col++ {
			style := in.number(2)
			t.set(row, col, b.show(packed(in.number(4)), style))
		}
	case recordBoolErr:
		in.number(2)
		value, fault := in.number(1), in.number(1)
		t.set(row, col, truth(value, fault))
	case recordFormula:
		b.formula(t, row, col, in)
	}
}

// formula reads the result of a formula; that of a text comes in the next record.
func (b *Book) formula(t *table, row, col int, in *reader) {
	style := in.number(2)
	result := in.take(8)
	if len(result) < 8 {
		return
	}
	if result[6] != 0xFF || result[7] != 0xFF {
		t.set(row, col, b.show(double(result), style))
		return
	}
	switch result[0] {
	case 0:
		t.row, t.col = row, col
	case 1:
		t.set(row, col, truth(int(result[2]), 0))
	}
}

func truth(value, fault int) string {
	if fault != 0 {
		return ""
	}
	return strings.ToUpper(strconv.FormatBool(value != 0))
}

// set puts a text into a cell.
func (t *table) set(row, col int, text string) {
	if text == "" || col >= maxColumns || t.cells >= maxCells {
		return
	}
	for len(t.rows) <= row {
		t.rows = append(t.rows, nil)
	}
	for len(t.rows[row]) <= col {
		t.rows[row] = append(t.rows[row], "")
		t.cells++
	}
	t.rows[row][col] = text
}

// double reads a floating-point number of eight bytes.
func double(b []byte) float64 {
	if len(b) < 8 {
		return 0
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(b))
}

// packed reads a number of four bytes: a whole one, or the upper half of a floating-point one, perhaps to be divided by 100.
func packed(rk int) float64 {
	v := math.Float64frombits(uint64(uint32(rk)&^3) << 32)
	if rk&2 != 0 {
		v = float64(int32(uint32(rk)) >> 2)
	}
	if rk&1 != 0 {
		v /= 100
	}
	return v
}

// show writes a number: as a day or a time where its cell is formatted so.
func (b *Book) show(v float64, style int) string {
	if style < len(b.cells) && number.IsDate(b.cells[style], b.formats[b.cells[style]]) {
		return number.Day(v, b.from1904)
	}
	return number.Text(v)
}
