package xlsform

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"vereda/survey/form"
)

// ticks are the parameters of a range that say what its scale shows.
var ticks = []string{"tick_interval", "placeholder", "tick_labelset"}

// checkRange checks the parameters of a range against each other, by the rules of the reference converter.
func (r *reader) checkRange(i *form.Item) (bad, hint string) {
	number := func(name string) float64 { v, _ := strconv.ParseFloat(i.Parameters[name], 64); return v }
	start, end, step := number("start"), number("end"), number("step")
	width := math.Abs(end - start)
	foreign := slices.ContainsFunc(i.Appearance, func(word string) bool { return word != "vertical" && word != "no-ticks" })
	for _, name := range ticks {
		if i.Parameters[name] != "" && foreign {
			return fmt.Sprintf("%s has no meaning with this appearance.", name), "Write the appearance vertical or no-ticks, or none."
		}
	}
	for _, name := range []string{"step", "tick_interval"} {
		switch _, given := i.Parameters[name]; {
		case !given:
		case number(name) == 0:
			return fmt.Sprintf("The %s of a range is zero.", name), fmt.Sprintf("Write %s=1, for instance.", name)
		case math.Abs(number(name)) > width:
			return fmt.Sprintf("The %s is larger than the range from %s to %s.", name, i.Parameters["start"], i.Parameters["end"]), "Write a smaller number, or another start or end."
		}
	}
	if _, given := i.Parameters["tick_interval"]; given && !multiple(number("tick_interval"), step) {
		return "tick_interval is no multiple of step.", fmt.Sprintf("Write tick_interval=%s, for instance.", i.Parameters["step"])
	}
	if _, given := i.Parameters["placeholder"]; given {
		switch at := number("placeholder"); {
		case at < min(start, end) || at > max(start, end):
			return "placeholder lies outside the range.", fmt.Sprintf("Write placeholder=%s, for instance.", i.Parameters["start"])
		case !multiple(at-start, step):
			return "placeholder is no step of the range.", fmt.Sprintf("Write placeholder=%s, for instance.", i.Parameters["start"])
		}
	}
	if i.Parameters["tick_labelset"] != "" {
		return r.checkTickLabels(i, start, end, step)
	}
	return "", ""
}

// checkTickLabels checks the list of choices whose labels stand at the ticks of a range.
func (r *reader) checkTickLabels(i *form.Item, start, end, step float64) (bad, hint string) {
	name := i.Parameters["tick_labelset"]
	list := r.form.Lists[name]
	if list == nil {
		return fmt.Sprintf("tick_labelset names the list %s, which is not there.", name), "Write the name of a list of sheet choices."
	}
	if interval, err := strconv.ParseFloat(i.Parameters["tick_interval"], 64); err == nil {
		step = interval
	}
	bare := i.HasAppearance("no-ticks")
	names := map[string]bool{}
	for _, choice := range list.Choices {
		names[choice.Name] = true
		at, err := strconv.ParseFloat(choice.Name, 64)
		switch {
		case err != nil || math.IsInf(at, 0) || math.IsNaN(at):
			return fmt.Sprintf("The choice %s of list %s is no number.", choice.Name, name), "Name each choice by the number it stands at."
		case at < min(start, end) || at > max(start, end):
			return fmt.Sprintf("The choice %s of list %s lies outside the range.", choice.Name, name), "Take it out of the list."
		case bare && at != start && at != end:
			return fmt.Sprintf("With no-ticks, labels stand at the start and the end alone, not at %s.", choice.Name), "Take it out of the list."
		case !multiple(at-start, step):
			return fmt.Sprintf("The choice %s of list %s is no step of the range.", choice.Name, name), "Take it out of the list."
		}
	}
	if bare && len(names) > 2 {
		return "With no-ticks, a range has two labels.", "Keep the choices at the start and the end."
	}
	return "", ""
}

// multiple reports whether a number is a whole multiple of a step, as far as decimal fractions can be told.
func multiple(n, step float64) bool {
	q := n / step
	return math.Abs(q-math.Round(q)) < 1e-9*max(1, math.Abs(q))
}
