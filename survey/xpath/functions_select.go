package xpath

import "strings"

// Answers to select questions: the chosen names with spaces between them.
var selectFunctions = []function{
	{name: "selected", min: 2, max: 2, result: kindBool, eval: selected},
	{name: "is-selected", min: 2, max: 2, result: kindBool, eval: selected},
	{name: "selected-at", min: 2, max: 2, result: kindString, eval: selectedAt},
	{name: "count-selected", min: 1, max: 1, result: kindNumber, eval: countSelected},
	{name: "jr:choice-name", min: 2, max: 2, result: kindString, eval: choiceName},
}

func selected(f *frame, c *call) Value {
	all, one := c.args[0].text(f), trimSpace(c.args[1].text(f))
	return boolValue(hasWord(all, one))
}

// hasWord reports whether one stands in all with spaces, or the ends, around it.
func hasWord(all, one string) bool {
	if one == "" {
		return all == ""
	}
	for from := 0; ; {
		i := strings.Index(all[from:], one)
		if i < 0 {
			return false
		}
		i += from
		end := i + len(one)
		if (i == 0 || all[i-1] == ' ') && (end == len(all) || all[end] == ' ') {
			return true
		}
		from = i + 1
	}
}

func selectedAt(f *frame, c *call) Value {
	words := strings.Fields(c.args[0].text(f))
	n := c.args[1].number(f)
	if !(n >= 0 && n < float64(len(words))) {
		return stringValue("")
	}
	return stringValue(words[int(n)])
}

func countSelected(f *frame, c *call) Value {
	n, inside := 0, false
	for _, r := range c.args[0].text(f) {
		space := isXMLSpace(r)
		if !space && !inside {
			n++
		}
		inside = !space
	}
	return numberValue(float64(n))
}

func choiceName(f *frame, c *call) Value {
	if f.env.ChoiceName == nil {
		f.fail(c.at, "jr:choice-name() needs the choices of a form")
		return stringValue("")
	}
	return stringValue(f.env.ChoiceName(c.args[0].text(f), strings.TrimSpace(c.args[1].text(f)), f.node))
}
