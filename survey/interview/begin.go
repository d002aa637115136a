package interview

import (
	"vereda/survey/form"
	"vereda/survey/record"
)

// furnish gives the repeats of a new frame their first instances: those given, or, in a form that gives none, one where there is no repeat_count.
func (s *Session) furnish(f *frame, given map[record.Path][]form.Instance) {
	for at := range f.cells {
		c := &f.cells[at]
		if c.holder == nil {
			continue
		}
		for n := range s.begins(c, given) {
			first, err := s.newInstance(c)
			if err != nil {
				break // the repeat starts with fewer; instances can be added
			}
			s.remember(first)
			first.live = true
			c.holder.live = append(c.holder.live, first)
			var inner map[record.Path][]form.Instance
			if written := given[c.item.Path]; n < len(written) {
				first.texts, inner = written[n].Texts, written[n].Repeats
			}
			s.furnish(first, inner)
			s.rejoin(c)
		}
	}
}

// begins is how many instances a repeat of a new frame has.
func (s *Session) begins(c *cell, given map[record.Path][]form.Instance) int {
	switch {
	case given != nil:
		return min(len(given[c.item.Path]), maxInstances)
	case s.form.Starts != nil:
		return c.item.Begins
	case c.item.RepeatCount == nil:
		return 1
	}
	return 0
}

// giveDefaults sets the defaults of a new frame and the instances below it, in form order: before any of its rules is evaluated, as
// ODK XForms has it. Below a repeat instance the rest of the form is calculated already.
func (s *Session) giveDefaults(f *frame) {
	f.walk(func(c *cell) {
		if c.item.Kind != form.Question || c.item.Type.Metadata() {
			return
		}
		text := c.item.DefaultText
		if c.frame.texts != nil {
			text = c.frame.texts[c.item.Path]
		}
		v := parsed(c.item.KindOf(), text)
		if c.item.Default != nil {
			v = s.dynamicDefault(c)
		}
		if !v.IsZero() {
			s.store(c, v)
			c.chosen = true
		}
	})
}

func (s *Session) dynamicDefault(c *cell) record.Value {
	v, err := s.eval(c.item.Default, c)
	if err != nil {
		return record.Value{} // the question is asked without: its answer is a person's
	}
	answer, err := result(v, c.item.KindOf())
	if err != nil {
		return record.Value{}
	}
	return answer
}
