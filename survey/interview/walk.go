package interview

import (
	"slices"

	"vereda/survey/form"
	"vereda/survey/record"
)

// A session that is walked (Env.Walked) does what ODK Collect does only when the enumerator comes by: the instances that a repeat_count asks for are made
// one by one, as she reaches them, and a choice offered no longer is dropped when its choices are shown. Where nobody walks, both happen at once.

// Due reports whether repeat_count asks for another instance of a repeat that nobody has come to yet. Without Env.Walked there is none.
func (s *Session) Due(repeat record.Path) bool {
	c := s.find(repeat, false)
	return c != nil && c.due()
}

func (c *cell) due() bool {
	return c.holder != nil && float64(len(c.holder.live)) < min(c.holder.asked, maxInstances)
}

// Reach makes the instance that is due and returns its path; "" when none is.
func (s *Session) Reach(repeat record.Path) (record.Path, Change) {
	c := s.find(repeat, false)
	if c == nil || !c.due() || !s.regrow(c) {
		return "", Change{}
	}
	made := c.holder.live[len(c.holder.live)-1].path
	s.pushDependents(c, s.form.DependentsBelow(c.item))
	s.settle()
	return made, s.finish()
}

// Look says that the choices of a question are shown now: those chosen that are offered no longer are dropped.
func (s *Session) Look(question record.Path) Change {
	c := s.find(question, false)
	if c == nil || !c.item.Type.Select() {
		return Change{}
	}
	if s.drop(c) {
		s.settle()
	}
	return s.finish()
}

// drop takes the chosen choices of a cell away that are offered no longer; false when there is nothing to take.
func (s *Session) drop(c *cell) bool {
	if !c.relevant || !c.frame.attached() || c.value.IsZero() {
		return false
	}
	names := choiceNames(c.value)
	left := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !s.offers(c, name) })
	if len(left) == len(names) {
		return false
	}
	s.store(c, choiceValue(c.value.Kind(), left))
	return true
}

// Accepts reports whether the constraint of a question, or the bounds of a range, would let an answer stand. Nothing changes.
func (s *Session) Accepts(question record.Path, v record.Value) bool {
	c := s.find(question, false)
	if c == nil || c.item.Kind != form.Question || v.IsZero() {
		return true
	}
	before := c.value
	c.put(v)
	defer c.put(before)
	kind, _ := s.constrain(c, "")
	return kind == "" && (c.item.Type != form.TypeRange || within(c))
}
