package paper

import (
	"fmt"
	"strings"
)

// boxes draws a box for each digit.
func boxes(n int) string { return "|" + strings.Repeat("_|", n) }

func (t *textWriter) answer(indent int, a answer) {
	line := strings.Repeat("_", 40)
	switch a.Kind {
	case "line":
		for range a.Lines {
			t.line(indent, line)
		}
	case "digits", "decimal":
		s := boxes(len(a.Digits))
		if a.Signed {
			s = "±" + s
		}
		if a.Kind == "decimal" {
			s += "." + boxes(2)
		}
		if len(a.Marks) > 0 {
			s += "  " + t.say("scale", a.Marks[0], a.Marks[1], a.Marks[2])
		}
		t.line(indent, s)
	case "date", "time", "dateTime":
		t.line(indent, t.moment(a))
	case "one", "many", "rank":
		t.selection(indent, a)
	case "scale":
		t.line(indent, "( ) "+strings.Join(a.Marks, "  ( ) "))
	case "position", "positions":
		t.line(indent, fmt.Sprintf("%s ____________  %s ____________", t.say("latitude"), t.say("longitude")))
		if a.Kind == "position" {
			t.line(indent, fmt.Sprintf("%s ______  %s ______", t.say("altitude"), t.say("accuracy")))
		}
	case "file":
		t.line(indent, t.say("file."+a.File)+" ________")
	case "tick":
		t.line(indent, "[ ] "+t.say("tick"))
	}
}

// moment draws the boxes of a date or time.
func (t *textWriter) moment(a answer) string {
	var parts []string
	if a.Kind != "time" {
		if !a.Year && !a.Month {
			parts = append(parts, boxes(2)+" "+t.say("day"))
		}
		if !a.Year {
			parts = append(parts, boxes(2)+" "+t.say("month"))
		}
		parts = append(parts, boxes(4)+" "+t.say("year"))
	}
	if a.Kind != "date" {
		parts = append(parts, boxes(2)+" "+t.say("hour"), boxes(2)+" "+t.say("minute"))
	}
	return strings.Join(parts, "  ")
}

func (t *textWriter) selection(indent int, a answer) {
	line := strings.Repeat("_", 40)
	switch {
	case a.Table != "":
		t.line(indent, strings.Repeat("_", 20)+"  "+t.say("choices.table", a.Table))
	case len(a.Choices) == 0:
		t.line(indent, line)
	default:
		t.choices(indent, map[string]string{"one": "( ) ", "many": "[ ] ", "rank": "|_| "}[a.Kind], a.Choices, a.Columns)
	}
}

// choices writes choices with their names in a column of their own.
func (t *textWriter) choices(indent int, mark string, choices []choice, columns []string) {
	broad := 0
	for _, c := range choices {
		broad = max(broad, min(cells(c.Name), 16))
	}
	for _, c := range choices {
		var labels []string
		for _, s := range c.Labels {
			labels = append(labels, strings.ReplaceAll(s.Phrase.String(), "\n", " "))
		}
		text := strings.Join(labels, " · ")
		for n, column := range columns {
			if c.Cells[n] != "" {
				text += fmt.Sprintf(" (%s: %s)", column, c.Cells[n])
			}
		}
		if len(c.Files) > 0 {
			text += " (" + strings.Join(c.Files, ", ") + ")"
		}
		name := c.Name + strings.Repeat(" ", max(broad-cells(c.Name), 0))
		t.hanging(strings.Repeat(" ", indent)+mark+name+"  ", text)
	}
}
