package export

import (
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"vereda/survey/fieldwork"
	"vereda/survey/record"
)

// table is one table: columns about the row, then the questions.
type table struct {
	repeat    record.Path // "" for the main table
	name      string      // the repeat's name, told apart from other repeats of the name; "" for the main table
	about     []string    // names of the columns about the row
	questions []*question
}

// The columns about a row, in capitals so that a question's name is rarely the same.
var (
	aboutInterview = []string{"KEY", "VERSION", "DEVICE", "BY", "FINAL", "CONFLICTS"}
	aboutDuplicate = append(slices.Clone(aboutInterview), "DUPLICATE_OF")
	aboutInstance  = []string{"KEY", "PARENT_KEY"}
)

// question is what a question adds to its table.
type question struct {
	path    record.Path
	kind    record.Kind
	columns []string          // one; four for a geopoint; one and those of the choices for a split select_multiple
	split   []string          // names of the choices with columns of their own
	labels  map[string]string // of choices, by name; nil where names are wanted
}

// cell is what stands in a column of a row: ODK's text of a value (or a label), and how to read it. An empty text is no answer.
type cell struct {
	kind record.Kind
	text string
}

// header returns the names of the columns.
func (t *table) header() []string {
	names := append([]string{}, t.about...)
	for _, q := range t.questions {
		names = append(names, q.columns...)
	}
	return names
}

// cells appends a row's cells, as many as header returns.
func (t *table) cells(to []cell, row fieldwork.Row) []cell {
	to = t.aboutCells(to, row)
	for _, q := range t.questions {
		to = q.cells(to, row.Answers[q.path])
	}
	return to
}

func (t *table) aboutCells(to []cell, row fieldwork.Row) []cell {
	if t.repeat != "" {
		return append(to, cell{record.Text, key(row.Interview.String(), row.Instance)},
			cell{record.Text, parentKey(row.Interview.String(), row.Instance)})
	}
	to = append(to, cell{record.Text, row.Interview.String()}, cell{record.Text, row.Version}, cell{record.Text, row.Device},
		cell{record.Text, row.By}, cell{record.Integer, bit(row.Final)}, cell{record.Integer, strconv.Itoa(row.Conflicts)})
	if len(t.about) == len(aboutInterview) {
		return to
	}
	if row.DuplicateOf == uuid.Nil {
		return append(to, cell{kind: record.Text})
	}
	return append(to, cell{record.Text, row.DuplicateOf.String()})
}

// key names a row of any table of a project: the interview, and below it the repeat instance.
func key(interview string, instance record.Path) string {
	if instance == "" {
		return interview
	}
	return interview + "/" + string(instance)
}

// parentKey is the key of the row that an instance lies in.
func parentKey(interview string, instance record.Path) string {
	outer, _ := instance.Parent().Instance()
	return key(interview, outer)
}

func bit(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

func (q *question) cells(to []cell, v record.Value) []cell {
	switch {
	case q.kind == record.Geopoint:
		return appendPoint(to, v)
	case len(q.split) > 0:
		return q.appendSplit(append(to, q.cell(v)), v)
	}
	return append(to, q.cell(v))
}

func (q *question) cell(v record.Value) cell {
	if q.labels == nil || v.IsZero() {
		return cell{v.Kind(), v.String()}
	}
	if v.Kind() != record.Choices {
		return cell{record.Text, q.label(v.String())}
	}
	names := strings.Fields(v.String())
	for i, name := range names {
		names[i] = q.label(name)
	}
	return cell{record.Text, strings.Join(names, "; ")}
}

// label returns the label of a choice; its name where it has none.
func (q *question) label(name string) string {
	if label := q.labels[name]; label != "" {
		return label
	}
	return name
}

// appendPoint adds latitude, longitude, altitude and accuracy. An older version's answer of another kind stands whole in the
// first of the four columns.
func appendPoint(to []cell, v record.Value) []cell {
	if !v.IsZero() && v.Kind() != record.Geopoint {
		return append(to, cell{v.Kind(), v.String()}, cell{}, cell{}, cell{})
	}
	rest := v.String()
	for range 4 {
		var part string
		part, rest, _ = strings.Cut(rest, " ")
		to = append(to, cell{record.Decimal, part})
	}
	return to
}

// appendSplit adds 1 or 0 for each choice; nothing where the question has no answer.
func (q *question) appendSplit(to []cell, v record.Value) []cell {
	if v.IsZero() {
		for range q.split {
			to = append(to, cell{})
		}
		return to
	}
	chosen := " " + v.String() + " "
	for _, name := range q.split {
		to = append(to, cell{record.Integer, bit(strings.Contains(chosen, " "+name+" "))})
	}
	return to
}

// places reports whether a question of the table can place an interview.
func (t *table) places(p record.Path) bool {
	for _, q := range t.questions {
		if q.path == p {
			return q.geo()
		}
	}
	return false
}

func (q *question) geo() bool {
	return q.kind == record.Geopoint || q.kind == record.Geotrace || q.kind == record.Geoshape
}
