package interview

import (
	"errors"
	"math"
	"slices"
	"strconv"

	"vereda/survey/form"
	"vereda/survey/record"
	"vereda/survey/xpath"
)

// maxInstances bounds what a repeat_count may ask for: somebody who types a telephone number as the number of members must
// not bring the device down. Problems names the repeat then.
const maxInstances = 1000

// Instances returns the paths of a repeat's instances, in order.
func (s *Session) Instances(repeat record.Path) []record.Path {
	c := s.find(repeat, false)
	if c == nil || c.holder == nil {
		return nil
	}
	list := make([]record.Path, len(c.holder.live))
	for i, f := range c.holder.live {
		list[i] = f.path
	}
	return list
}

// AddInstance adds an instance at the end of a repeat and returns its path. The repeat's path names the instances it lies in, but not
// its own ("grp_c/roster"). It fails where repeat_count rules.
func (s *Session) AddInstance(repeat record.Path) (record.Path, Change, error) {
	c := s.find(repeat, false)
	switch {
	case c == nil || c.holder == nil:
		return "", Change{}, &AnswerError{repeat, "unknown", "The form has no such repeat."}
	case c.item.RepeatCount != nil:
		return "", Change{}, &AnswerError{repeat, "count", "The number of instances follows from the form's repeat_count."}
	case len(c.holder.live) >= maxInstances:
		return "", Change{}, &AnswerError{repeat, "count", "The repeat has as many instances as it can have."}
	}
	f, err := s.grow(c)
	if err != nil {
		return "", Change{}, &AnswerError{repeat, "count", err.Error()}
	}
	s.pushDependents(c, s.form.DependentsBelow(c.item))
	s.settle()
	return f.path, s.finish(), nil
}

// RemoveInstance removes a repeat instance with all its answers. Where repeat_count rules, the next instance comes after it: one set
// aside, or a new one.
func (s *Session) RemoveInstance(instance record.Path) (Change, error) {
	c := s.find(instance, true)
	if c == nil || c.frame.outer == nil || c.at != 0 {
		return Change{}, &AnswerError{instance, "unknown", "The interview has no such instance."}
	}
	keeper := c.frame.keeper()
	s.remove(keeper, c.frame)
	for _, r := range s.form.RulesOf(keeper.item) {
		if r.Property == form.RepeatCount {
			s.queue.push(r, keeper)
		}
	}
	s.settle()
	return s.finish(), nil
}

// grow makes a new instance at the end of a repeat, in the tree, with its defaults set and its rules waiting.
func (s *Session) grow(keeper *cell) (*frame, error) {
	f, err := s.newInstance(keeper)
	if err != nil {
		return nil, err
	}
	s.remember(f)
	s.furnish(f, nil)
	s.attach(keeper, f)
	s.giveDefaults(f)
	s.welcome(keeper, f)
	s.pushAll(f)
	return f, nil
}

// newInstance makes the frame of an instance, outside of the tree. One that went with a number and comes back with it has the same ID, and so have those in it: what was
// taken back leaves no trace.
func (s *Session) newInstance(keeper *cell) (*frame, error) {
	h := keeper.holder
	own := s.layout.places[keeper.item.Index].own
	if n := len(h.spare); n > 0 {
		old := h.spare[n-1]
		h.spare = h.spare[:n-1]
		f := s.newFrame(own, keeper.frame, old.id)
		f.inherit(old)
		return f, nil
	}
	id, err := record.NewInstanceID(h.made+1, s.env.Random)
	if err != nil {
		return nil, err
	}
	h.made++
	return s.newFrame(own, keeper.frame, id), nil
}

// inherit lets the instances of a frame have the IDs that they had in another one.
func (f *frame) inherit(old *frame) {
	for at := range f.cells {
		if h, was := f.cells[at].holder, old.cells[at].holder; h != nil {
			h.made, h.spare = was.made, slices.Clone(was.spare)
			for _, instance := range slices.Backward(was.live) {
				h.spare = append(h.spare, instance)
			}
		}
	}
}

// remember notes that the act made an instance.
func (s *Session) remember(f *frame) {
	f.made = true
	s.act.made = append(s.act.made, f)
}

// attach puts an instance at the end of the tree's.
func (s *Session) attach(keeper *cell, f *frame) {
	keeper.holder.live = append(keeper.holder.live, f)
	f.live = true
	s.rejoin(keeper)
	s.reveal(&f.cells[0], keeper.group().relevant)
}

// detach takes the last instance out of the tree: aside when somebody typed something into it or into one after it, else for good.
func (s *Session) detach(keeper *cell) {
	h := keeper.holder
	f := h.live[len(h.live)-1]
	if len(h.aside) == 0 && !s.hasTyped(f) {
		s.remove(keeper, f)
		h.spare = append(h.spare, f)
		return
	}
	h.live = h.live[:len(h.live)-1]
	h.aside = slices.Insert(h.aside, 0, f)
	s.rejoin(keeper)
	f.live = false
	s.reveal(&f.cells[0], false)
	s.fold(f)
	f.everything(s.forget)
}

// fold takes the counted instances below one set aside out as well: what counts them is calculated again when it comes back. Where the enumerator walks, she would have
// to come by again.
func (s *Session) fold(f *frame) {
	if s.env.Walked {
		return
	}
	for at := range f.cells {
		c := &f.cells[at]
		if c.holder == nil {
			continue
		}
		for c.item.RepeatCount != nil && len(c.holder.live) > 0 {
			s.detach(c)
		}
		for _, instance := range c.holder.live {
			s.fold(instance)
		}
	}
}

// forget drops what was calculated in an instance set aside: it is calculated again when the instance comes back. What was calculated once stays.
func (s *Session) forget(c *cell) {
	if c.item.Calculation != nil && !c.typed && !c.value.IsZero() && !s.layout.places[c.item.Index].passing {
		s.touch(c)
		c.put(record.Value{})
	}
}

// remove takes an instance out for good.
func (s *Session) remove(keeper *cell, f *frame) {
	h := keeper.holder
	f.gone = true
	s.act.gone = append(s.act.gone, f)
	if f.live {
		h.live = slices.DeleteFunc(h.live, func(other *frame) bool { return other == f })
		f.live = false
		s.rejoin(keeper)
		s.reveal(&f.cells[0], false)
		s.pushDependents(keeper, s.form.DependentsBelow(keeper.item))
		return
	}
	h.aside = slices.DeleteFunc(h.aside, func(other *frame) bool { return other == f })
}

// recount makes a repeat have as many instances as its count says. What is no number counts as none. A count may follow from answers in the
// repeat ("is there another?") and so be evaluated again after each new instance; one that finds no rest is left as it is, and is a problem.
func (s *Session) recount(e *xpath.Expr, keeper *cell) {
	// As in a converted form, where the count is calculated beside the repeat: an absolute path into the repeat means all its instances.
	keeper.node.Name = "_count"
	v, err := s.eval(e, keeper)
	keeper.node.Name = keeper.item.Name
	if h := keeper.holder; h.act != s.acts {
		h.act, h.turns = s.acts, 0
	}
	if keeper.holder.turns++; keeper.holder.turns > maxInstances+1 {
		s.note(keeper, form.RepeatCount, errors.New("each number of instances asks for another"))
		return
	}
	s.note(keeper, form.RepeatCount, err)
	n := 0.0
	if err == nil {
		n = math.Trunc(v.Number())
	}
	if math.IsNaN(n) || n < 0 {
		n = 0
	}
	keeper.holder.asked = n
	if want := int(min(n, maxInstances)); !s.env.Walked || want < len(keeper.holder.live) {
		s.resize(keeper, want)
	}
}

// resize gives a repeat a number of instances.
func (s *Session) resize(keeper *cell, want int) {
	h := keeper.holder
	if want == len(h.live) {
		return
	}
	for len(h.live) > want {
		s.detach(keeper)
	}
	for len(h.live) < want {
		if !s.regrow(keeper) {
			break
		}
	}
	s.pushDependents(keeper, s.form.DependentsBelow(keeper.item))
}

// regrow takes an instance back from aside, or makes a new one.
func (s *Session) regrow(keeper *cell) bool {
	h := keeper.holder
	if len(h.aside) > 0 {
		f := h.aside[0]
		h.aside = h.aside[1:]
		s.attach(keeper, f)
		s.pushAll(f)
		return true
	}
	_, err := s.grow(keeper)
	s.note(keeper, form.RepeatCount, err)
	return err == nil
}

// hasTyped reports whether a person gave an answer in a frame or an instance below it, took back one that a new instance begins with, or added or removed an
// instance there.
func (s *Session) hasTyped(f *frame) bool {
	for at := range f.cells {
		c := &f.cells[at]
		if !c.value.IsZero() && !c.chosen && !c.derived() || c.value.IsZero() && c.item.DefaultText != "" && f.texts == nil {
			return true
		}
		if c.holder == nil {
			continue
		}
		if c.item.RepeatCount == nil && len(c.holder.live) != s.begins(c, nil) {
			return true
		}
		if slices.ContainsFunc(c.holder.live, s.hasTyped) || slices.ContainsFunc(c.holder.aside, s.hasTyped) {
			return true
		}
	}
	return false
}

// ordinal reads the ordinal of an instance's ID; 0 when it has none.
func ordinal(id string) int {
	n, err := strconv.Atoi(id[:min(4, len(id))])
	if err != nil {
		return 0
	}
	return n
}
