package interview_test

import (
	"fmt"
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
	levels  []*level // the form outside of repeats, and the repeats that are open
	n       int
	groups  int // that are open
	filters bool
}

// level is what was written so far in the form outside of repeats, or in a repeat.
type level struct {
	names   []string // of its questions
	below   []string // of questions in the repeats that are closed
	repeats []string // that are closed
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
	d := &draft{rt: rt, filters: filters, levels: []*level{{}}}
	for range d.number("parts", 2, 5) {
		d.part()
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

// here is the innermost level that is open.
func (d *draft) here() *level { return d.levels[len(d.levels)-1] }

// seen are the questions that stand before, in the same instance.
func (d *draft) seen() (names []string) {
	for _, l := range d.levels {
		names = append(names, l.names...)
	}
	return names
}

// part writes a group, a repeat or a question; groups and repeats lie two deep at most.
func (d *draft) part() {
	switch part := d.number("part", 0, 3+len(d.levels)); {
	case part == 0 && d.groups < 2:
		d.group()
	case part == 1 && len(d.levels) < 3:
		d.repeat()
	default:
		d.question()
	}
}

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
	d.here().names = append(d.here().names, name)
}

// sum is a calculation over what stands before.
func (d *draft) sum() string {
	l := d.here()
	if len(l.below) > 0 && d.number("over", 0, 2) > 0 {
		name := d.pick(l.below)
		function := d.pick([]string{"sum", "count", "max", "count-non-empty"})
		return function + "(${" + name + "})"
	}
	if len(l.repeats) > 0 && d.number("of", 0, 1) == 0 {
		return "count(${" + d.pick(l.repeats) + "}) * 10"
	}
	if len(d.levels) > 1 && d.number("place", 0, 2) == 0 {
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
	d.groups++
	for range d.number("size", 1, 3) {
		d.part()
	}
	d.groups--
	d.rows = append(d.rows, "| | end group | | | | | | | | |\n")
}

func (d *draft) repeat() {
	count := ""
	switch names := d.seen(); {
	case d.number("counted", 0, 2) == 0:
		number := d.row("integer", "", "", "", "", "", "")
		d.here().names, count = append(d.here().names, number), "${"+number+"}"
	case len(names) > 0 && d.number("counted by", 0, 1) == 0:
		count = "${" + d.pick(names) + "}"
	}
	name := d.row("begin repeat", d.condition(), "", "", count, "", "")
	d.levels = append(d.levels, &level{})
	d.question()
	for range d.number("size", 0, 3) {
		d.part()
	}
	inside := d.here()
	d.levels = d.levels[:len(d.levels)-1]
	d.rows = append(d.rows, "| | end repeat | | | | | | | | |\n")
	l := d.here()
	l.below, l.repeats = append(append(l.below, inside.names...), inside.below...), append(append(l.repeats, name), inside.repeats...)
}
