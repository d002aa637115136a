package xlsform

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"vereda/survey/form"
)

// openTable reads the sheets of a text.
func (r *reader) openTable(name string, file []byte, read func([]byte) ([][]string, error)) (tabs []tab, ok bool) {
	text, assumed := r.letters(file)
	if assumed != "" {
		r.note(form.Warning, "letters", form.Cell{}, name, fmt.Sprintf("The text is not UTF-8; its letters are read as %s.", assumed), "Look whether accents are right, and save the file as UTF-8.")
	}
	rows, err := read(text)
	if err != nil {
		r.refuse("damaged", fmt.Sprintf("The table cannot be read: %v.", err), "Write it as comma-separated values with quotes around cells that hold commas.")
		return nil, false
	}
	tabs = grouped(rows)
	ofAForm := func(t tab) bool {
		name := strings.ToLower(strings.TrimSpace(t.name))
		return sheetNames[name] || nearest("survey", []string{name}) != ""
	}
	if !slices.ContainsFunc(tabs, ofAForm) {
		r.refuse("no-survey", fmt.Sprintf("%s holds no sheet of a form.", name), "Write survey in the first column, and the sheet's headings and rows below it from the second column on.")
		return nil, false
	}
	return tabs, true
}

// letters returns a text as UTF-8, and as what its bytes were taken where they are no UTF-8: UTF-16 if it says so at its beginning, else Windows-1252, which
// spreadsheets in western languages write.
func (r *reader) letters(file []byte) (text []byte, assumed string) {
	text = bytes.TrimPrefix(file, []byte("\xEF\xBB\xBF"))
	encoding, assumed := charmap.Windows1252.NewDecoder(), "Windows-1252"
	switch {
	case r.strict:
		return text, ""
	case bytes.HasPrefix(file, []byte("\xFF\xFE")) || bytes.HasPrefix(file, []byte("\xFE\xFF")):
		encoding, assumed = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder(), "UTF-16"
	case utf8.Valid(text):
		return text, ""
	}
	if plain, err := encoding.Bytes(file); err == nil {
		return plain, assumed
	}
	return text, ""
}

// looksLikeTable reports whether a text begins with a row of a Markdown table.
func looksLikeTable(file []byte) bool { return bytes.HasPrefix(bytes.TrimSpace(file), []byte("|")) }

// looksLikeCSV reports whether a text begins with the name of a sheet and what separates cells.
func looksLikeCSV(file []byte) bool {
	end := bytes.IndexAny(file, ",;\t")
	return end >= 0 && sheetNames[strings.ToLower(strings.Trim(string(file[:end]), "\" \r\n"))]
}

// sheetNames are the names of the sheets of XLSForm.
var sheetNames = map[string]bool{"survey": true, "choices": true, "settings": true, "external_choices": true, "entities": true, "osm": true}

// markdownRows returns the rows of Markdown tables, without the lines between head and body. Other lines are left out, and what stands behind
// the last bar of a row.
func markdownRows(text []byte) ([][]string, error) {
	var rows [][]string
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		end := strings.LastIndexByte(line, '|')
		if !strings.HasPrefix(line, "|") || end < 1 || strings.Trim(line[:end], "|-: ") == "" && strings.Contains(line, "--") {
			continue
		}
		cells := strings.Split(strings.ReplaceAll(line[1:end], `\|`, "\x00"), "|")
		for n, c := range cells {
			cells[n] = strings.ReplaceAll(strings.TrimSpace(c), "\x00", "|")
		}
		rows = append(rows, cells)
	}
	return rows, nil
}

// csvRows returns the rows of values separated by commas, or by semicolons or tabulators where these stand in the first line instead; rows of any length.
func (r *reader) csvRows(text []byte) ([][]string, error) {
	c := csv.NewReader(bytes.NewReader(text))
	first, _, _ := bytes.Cut(text, []byte("\n"))
	if at := bytes.IndexAny(first, ",;\t"); at >= 0 && !r.strict {
		c.Comma = rune(first[at])
	}
	c.FieldsPerRecord = -1
	rows, err := c.ReadAll()
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return nil, fmt.Errorf("line %d: %w", parse.Line, parse.Err)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return rows, nil
}

// grouped makes sheets of rows whose first cell names the sheet they begin, and is empty otherwise. What stands behind the name is a row of the
// sheet too.
func grouped(rows [][]string) []tab {
	var names []string
	cells := map[string][][]string{}
	for _, row := range rows {
		if len(row) == 0 {
			continue
		}
		if name := strings.TrimSpace(row[0]); name != "" {
			names = append(names, name)
			if len(trimCells(row[1:])) == 0 {
				continue
			}
		}
		if len(names) > 0 {
			last := names[len(names)-1]
			cells[last] = append(cells[last], row[1:])
		}
	}
	var tabs []tab
	for n, name := range names {
		if !slices.Contains(names[:n], name) {
			tabs = append(tabs, tab{name, rowsOf(cells[name])})
		}
	}
	return tabs
}

func rowsOf(rows [][]string) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}
