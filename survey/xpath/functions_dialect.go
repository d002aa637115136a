package xpath

import (
	"strings"
	"time"
)

// Functions that real forms call and ODK does not have. Those that only their own tool can answer are blank.
var dialectFunctions = []function{
	{name: "trim", min: 1, max: 1, result: kindString, dialect: "SurveyCTO", eval: func(f *frame, c *call) Value { return stringValue(strings.TrimSpace(c.args[0].text(f))) }},
	{name: "index", result: kindNumber, dialect: "SurveyCTO", eval: index, reads: readsPosition},
	{name: "duration", result: kindString, dialect: "SurveyCTO", eval: nothing},
	{name: "device-info", result: kindString, dialect: "SurveyCTO", eval: nothing},
	{name: "difference-in-months", min: 2, max: 2, result: kindNumber, dialect: "CHT", eval: differenceInMonths},
	{name: "parse-timestamp-to-date", min: 1, max: 1, result: kindString, dialect: "CHT", eval: parseTimestamp},
	{name: "cht:extension-lib", min: 1, max: -1, result: kindString, dialect: "CHT", eval: nothing},
}

func nothing(*frame, *call) Value { return stringValue("") }

// index is the number of the repeat instance around the context node: of the nearest ancestor that has siblings of its name.
func index(f *frame, _ *call) Value {
	for n := f.node; n != nil && n.Parent != nil; n = n.Parent {
		for _, c := range n.Parent.Children {
			if c != n && c.Name == n.Name && !c.Template {
				return numberValue(float64(n.place()))
			}
		}
	}
	return numberValue(1)
}

// differenceInMonths counts the whole months from the first date to the second; blank when one is no date.
func differenceInMonths(f *frame, c *call) Value {
	a, ok1 := parseDate(c.args[0].text(f), f.location())
	b, ok2 := parseDate(c.args[1].text(f), f.location())
	if !ok1 || !ok2 {
		return stringValue("")
	}
	months := (b.Year()-a.Year())*12 + int(b.Month()) - int(a.Month())
	if months > 0 && b.Day() < a.Day() {
		months--
	} else if months < 0 && b.Day() > a.Day() {
		months++
	}
	return numberValue(float64(months))
}

// parseTimestamp makes a date of milliseconds since 1970-01-01 UTC.
func parseTimestamp(f *frame, c *call) Value {
	n := c.args[0].number(f)
	if n != n || n > 1e15 || n < -1e15 {
		return stringValue("")
	}
	return dateValue(formatDate(time.UnixMilli(int64(n)).In(f.location())))
}
