package xlsx

import (
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"
)

// The largest sheet that there can be.
const (
	maxRow    = 1 << 20
	maxColumn = 1 << 14
)

// Rows returns the rows of a sheet, from the first on: what stands in each cell, empty rows and cells included. An error ends the rows.
func (b *Book) Rows(sheet int) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		ref := b.sheets[sheet]
		text, err := b.part(ref.part)
		if err == nil && text == "" {
			err = errors.New("the sheet is not in the workbook")
		}
		if err != nil {
			yield(nil, err)
			return
		}
		r := rowReader{book: b, s: newScanner(text)}
		for {
			cells, gap, err := r.next()
			if err != nil {
				yield(nil, err)
				return
			}
			if cells == nil {
				return
			}
			for range gap {
				if !yield(nil, nil) {
					return
				}
			}
			if !yield(cells, nil) {
				return
			}
		}
	}
}

// rowReader reads the rows of one sheet.
type rowReader struct {
	book   *Book
	s      *scanner
	number int // of the last row
	width  int // of the last row
}

// next returns the cells of the next row that is written, and how many rows before it are not; nil cells at the end.
func (r *rowReader) next() (cells []string, gap int, err error) {
	for {
		t, err := r.s.next()
		switch {
		case err != nil:
			return nil, 0, err
		case t == end:
			return nil, 0, nil
		case t != startTag || r.s.name != "row":
			continue
		}
		number := r.number + 1
		if at := r.s.attr("r"); at != "" {
			if number, err = strconv.Atoi(at); err != nil || number <= r.number || number > maxRow {
				return nil, 0, fmt.Errorf("there is no row %.20s behind row %d", at, r.number)
			}
		}
		gap = number - r.number - 1
		r.number = number
		cells, err = r.row()
		r.width = len(cells)
		return cells, gap, err
	}
}

// row reads the cells of the row just begun.
func (r *rowReader) row() ([]string, error) {
	cells := make([]string, 0, min(max(r.width, 8), 256))
	for {
		t, err := r.s.next()
		switch {
		case err != nil:
			return nil, err
		case t == endTag && r.s.name == "row":
			return cells, nil
		case t != startTag || r.s.name != "c":
			continue
		}
		column := len(cells)
		if at := r.s.attr("r"); at != "" {
			if column = columnOf(at); column < len(cells) {
				return nil, fmt.Errorf("there is no cell %.20s there", at)
			}
		}
		if column >= maxColumn {
			return nil, fmt.Errorf("a row has at most %d cells", maxColumn)
		}
		text, err := r.cell(r.s.attr("t"), r.s.attr("s"))
		if err != nil {
			return nil, err
		}
		for len(cells) < column {
			cells = append(cells, "")
		}
		cells = append(cells, text)
	}
}

// columnOf reads the letters of a cell's place, "B7": the number of its column from 0; -1 for none.
func columnOf(at string) int {
	n := 0
	for k, c := range []byte(at) {
		if c |= 0x20; c < 'a' || c > 'z' || k > 3 {
			break
		}
		n = n*26 + int(c-'a') + 1
	}
	return n - 1
}

// cell reads what the cell just begun holds, by its type and style.
func (r *rowReader) cell(kind, style string) (string, error) {
	depth := len(r.s.open)
	pieces := r.s.pieces[:0]
	for {
		t, err := r.s.next()
		switch {
		case err != nil:
			return "", err
		case t == endTag && len(r.s.open) < depth:
			r.s.pieces = pieces
			if len(pieces) == 1 && kind != "str" && kind != "d" && kind != "e" { // a number, or the place of a text
				return r.book.text(kind, style, pieces[0])
			}
			return r.book.text(kind, style, joined(pieces))
		case t == startTag && r.s.name == "is":
			text, err := richText(r.s)
			if err != nil {
				return "", err
			}
			kind, pieces = "inlineStr", append(pieces[:0], text)
		case t == words && r.s.name == "v" && len(r.s.open) == depth+1:
			pieces = append(pieces, r.s.text)
		}
	}
}

// text writes the value of a cell.
func (b *Book) text(kind, style, value string) (string, error) {
	switch kind {
	case "s":
		if value == "" {
			return "", nil
		}
		n, err := strconv.Atoi(strings.TrimSpace(value))
		if err != nil || n < 0 || n >= len(b.texts) {
			return "", fmt.Errorf("a cell refers to the text %.20s, which is not there", value)
		}
		return b.texts[n], nil
	case "b":
		if value == "1" {
			return "TRUE", nil
		} else if value == "0" {
			return "FALSE", nil
		}
		return value, nil
	case "inlineStr":
		return value, nil
	case "str", "e", "d":
		return plain(value), nil
	}
	return b.number(style, value), nil
}
