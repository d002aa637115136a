package interview_test

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"vereda/survey/form"
	"vereda/survey/xlsform"
	"vereda/survey/xlsform/xlsformtest"
)

// draft is a small random form being written.
type draft struct {
	rt      *rapid.T
	rows    []string
	outer   []string // names of questions outside of repeats so far
	inner   []string // names of questions in the repeat that is written
	below   []string // names of integers in the repeat once it is closed
	repeats []string
	n       int
	filters bool
}

const heading = "| survey | | | | | | | | | |\n| | type | name | label | relevant | required | calculation | repeat_count | choice_filter | default |\n"

const lists = `
	| choices |           |      |       |     |
	|         | list_name | name | label | k   |
	|         | c         | x    | X     | 1   |
	|         | c         | y    | Y     | 2   |
	|         | c         | z    | Z     | 1   |
`

// randomForm draws a form; expressions read questions before them, so there are no circles.
func randomForm(rt *rapid.T, filters bool) (*form.Form, string) {
	d := &draft{rt: rt, filters: filters}
	for range d.number("parts", 2, 5) {
		switch d.number("part", 0, 3) {
		case 0:
			d.group()
		case 1:
			d.repeat()
		default:
			d.question()
		}
	}
	for range 2 {
		d.row("calculate", "", "", d.sum(), "", "", "")
	}
	tables := heading + strings.Join(d.rows, "") + lists
	f, problems := xlsform.Read("random.xlsx", xlsformtest.Workbook(tables))
	if f == nil {
		rt.Fatalf("the form was not read: %+v\n%s", problems, tables)
	}
	return f, tables
}

func (d *draft) number(what string, least, most int) int {
	return rapid.IntRange(least, most).Draw(d.rt, what)
}

func (d *draft) pick(names []string) string { return rapid.SampledFrom(names).Draw(d.rt, "name") }

func (d *draft) row(kind, relevant, required, calculation, count, filter, value string) string {
	d.n++
	name := fmt.Sprintf("q%d", d.n)
	d.rows = append(d.rows, fmt.Sprintf("| | %s | %s | L %s | %s | %s | %s | %s | %s | %s |\n", kind, name, name, relevant, required, calculation, count, filter, value))
	return name
}

func (d *draft) seen() []string { return append(slices.Clone(d.outer), d.inner...) }

// condition reads a question before, or nothing.
func (d *draft) condition() string {
	names := d.seen()
	if len(names) == 0 || d.number("free", 0, 2) == 0 {
		return ""
	}
	name := d.pick(names)
	switch d.number("condition", 0, 4) {
	case 0:
		return "${" + name + "} != ''"
	case 1:
		return "${" + name + "} > 1"
	case 2:
		return "selected(${" + name + "}, 'x')"
	case 3:
		return "not(${" + name + "} = 2)"
	}
	return "count-selected(${" + name + "}) < 2 and position(..) < 3"
}

func (d *draft) question() {
	relevant, required := d.condition(), d.condition()
	filter, value := "", ""
	if d.filters && len(d.seen()) > 0 && d.number("filter", 0, 2) == 0 {
		filter = "k = ${" + d.pick(d.seen()) + "} or name = 'y'"
	}
	if d.number("default", 0, 4) == 0 {
		value = "2"
	}
	var name string
	switch d.number("type", 0, 4) {
	case 0:
		name = d.row("select_one c", relevant, required, "", "", filter, "")
	case 1:
		name = d.row("select_multiple c", relevant, required, "", "", filter, "")
	case 2:
		name = d.row("calculate", relevant, "", d.sum(), "", "", "")
	case 3:
		name = d.row("text", relevant, required, "", "", "", value)
	default:
		name = d.row("integer", relevant, required, "", "", "", value)
	}
	if d.inner != nil {
		d.inner = append(d.inner, name)
	} else {
		d.outer = append(d.outer, name)
	}
}

// sum is a calculation over what stands before.
func (d *draft) sum() string {
	if d.inner == nil && len(d.below) > 0 && d.number("over", 0, 2) > 0 {
		name := d.pick(d.below)
		function := d.pick([]string{"sum", "count", "max", "count-non-empty"})
		return function + "(${" + name + "})"
	}
	if d.inner == nil && len(d.repeats) > 0 && d.number("of", 0, 1) == 0 {
		return "count(${" + d.pick(d.repeats) + "}) * 10"
	}
	if d.inner != nil && d.number("place", 0, 2) == 0 {
		return "position(..)"
	}
	names := d.seen()
	if len(names) == 0 {
		return "1 + 1"
	}
	return "concat(${" + d.pick(names) + "}, '-', coalesce(${" + d.pick(names) + "}, 0))"
}

func (d *draft) group() {
	d.row("begin group", d.condition(), "", "", "", "", "")
	for range d.number("size", 1, 3) {
		d.question()
	}
	d.rows = append(d.rows, "| | end group | | | | | | | | |\n")
}

func (d *draft) repeat() {
	count := ""
	if len(d.outer) > 0 && d.number("counted", 0, 1) == 0 {
		count = "${" + d.pick(d.outer) + "}"
	}
	name := d.row("begin repeat", d.condition(), "", "", count, "", "")
	d.inner = []string{}
	for range d.number("size", 1, 4) {
		d.question()
	}
	d.rows = append(d.rows, "| | end repeat | | | | | | | | |\n")
	d.below, d.inner, d.repeats = append(d.below, d.inner...), nil, append(d.repeats, name)
}
