package interview

import (
	"fmt"
	"slices"
	"strconv"

	"vereda/survey/form"
	"vereda/survey/record"
)

// spoken returns a cell's path as people say it: instances counted from 1.
func (c *cell) spoken() record.Path {
	if c.frame.outer == nil {
		return c.where()
	}
	keeper := c.frame.keeper()
	p := keeper.spoken() + record.Path("["+strconv.Itoa(keeper.holder.rank(c.frame)+1)+"]")
	if tail := c.frame.scope.tails[c.at]; tail != "" {
		p = p.Join(tail)
	}
	return p
}

// report says what became of the answers given below a group or an instance, in form order; names the form does not have last.
func (fl *filler) report(group *cell, at record.Path, answers map[string]any) {
	known := map[string]bool{}
	for _, item := range group.item.Children {
		known[item.Name] = true
		if given, ok := answers[item.Name]; ok && !empty(given) {
			fl.reportItem(&group.frame.cells[fl.s.layout.places[item.Index].at], given)
		}
	}
	var unknown []string
	for name := range answers {
		if !known[name] {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	for _, name := range unknown {
		fl.add(at.Join(name), "unknown", fl.hint(name))
	}
}

func (fl *filler) reportItem(c *cell, given any) {
	switch c.item.Kind {
	case form.Group:
		if object, ok := given.(map[string]any); ok {
			fl.report(c, c.spoken(), object)
			return
		}
		fl.add(c.spoken(), "kind", "This is a group: give an object with the answers of its questions.")
	case form.Repeat:
		if list, ok := given.([]any); ok {
			fl.reportRepeat(c, list)
			return
		}
		fl.add(c.spoken(), "kind", "This is a repeat: give an array with an object for each instance.")
	default:
		fl.reportAnswer(c, given)
	}
}

func (fl *filler) reportRepeat(c *cell, list []any) {
	for i, entry := range list {
		at := c.spoken() + record.Path("["+strconv.Itoa(i+1)+"]")
		object, ok := entry.(map[string]any)
		switch {
		case !ok:
			fl.add(at, "kind", "An instance of a repeat is an object with the answers of its questions.")
		case i < len(c.holder.live):
			fl.report(&c.holder.live[i].cells[0], at, object)
		case !c.relevant || !c.group().relevant:
			fl.add(at, "not-relevant", "The repeat is not asked, as other answers stand: leave the instance out, or correct those.")
		default:
			fl.add(at, "count", fmt.Sprintf("The repeat has %d instances, and %d are given: correct the number or leave the instance out.", len(c.holder.live), len(list)))
		}
	}
}

func (fl *filler) reportAnswer(c *cell, given any) {
	problem, wrong := fl.wrong[c]
	v, err := valueOf(c.item, given)
	switch {
	case wrong:
		fl.problems = append(fl.problems, problem)
	case unseen(c.item):
		if err == nil && c.relevant && !c.item.Type.Metadata() && !fl.s.layout.places[c.item.Index].passing && v != c.value {
			fl.add(c.spoken(), "read-only", fmt.Sprintf("The form calculates %q here: leave the answer out.", c.value))
		}
	case !c.relevant:
		fl.add(c.spoken(), "not-relevant", "The question is not asked, as other answers stand: leave the answer out, or correct those.")
	}
}

func (fl *filler) add(at record.Path, kind, message string) {
	fl.problems = append(fl.problems, Problem{at, kind, message})
}

// hint says where a name that stands at the wrong place belongs.
func (fl *filler) hint(name string) string {
	for _, i := range fl.s.form.Items() {
		if i.Name == name && i.Parent != nil {
			return fmt.Sprintf("There is no %s here; the form has it at %s.", name, i.Path)
		}
	}
	return fmt.Sprintf("The form has no %s: correct the name or leave it out.", name)
}

// empty reports whether JSON stands for no answer.
func empty(given any) bool {
	switch g := given.(type) {
	case nil:
		return true
	case string:
		return g == ""
	case []any:
		return len(g) == 0
	}
	return false
}
