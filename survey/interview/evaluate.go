package interview

import (
	"vereda/survey/form"
	"vereda/survey/record"
	"vereda/survey/xpath"
)

// settle carries through all that follows from a change: afterwards every rule holds.
func (s *Session) settle() {
	for s.drain(); s.dropUnoffered(); s.drain() {
	}
}

// drain evaluates the rules that wait.
func (s *Session) drain() {
	for {
		rule, c, ok := s.queue.pop()
		if !ok {
			return
		}
		if c.frame.attached() {
			s.apply(rule, c)
		}
	}
}

// apply evaluates a rule on a cell and puts in what follows where the result is new.
func (s *Session) apply(r *form.Rule, c *cell) {
	switch r.Property {
	case form.Calculate:
		if !c.kept {
			s.calculate(r.Expr, c)
		}
	case form.Relevant:
		if own := s.holds(r, c, true); own != c.own {
			c.own = own
			s.refresh(c)
		}
	case form.Required:
		s.flag(&c.required, s.holds(r, c, false), c)
	case form.ReadOnly:
		s.flag(&c.readOnly, s.holds(r, c, false), c)
	case form.ChoiceFilter:
		c.known = false
		s.redraw(c)
		s.doubt(c)
	case form.RepeatCount:
		s.recount(r.Expr, c)
	case form.Texts:
		c.known = false
		s.redraw(c)
	}
}

// flag sets a property that shows on the screen.
func (s *Session) flag(property *bool, now bool, c *cell) {
	if *property != now {
		*property = now
		s.redrawBelow(c)
	}
}

// redrawBelow says that a cell and all below it may look different.
func (s *Session) redrawBelow(c *cell) {
	s.redraw(c)
	s.below(c, s.redrawBelow)
}

// eval evaluates an expression on a cell's node.
func (s *Session) eval(e *xpath.Expr, c *cell) (xpath.Value, error) {
	s.at = xpath.Context{Node: &c.node, Env: s.world}
	return e.Eval(&s.at)
}

// holds evaluates a condition. One that fails to evaluate is as if the form had none.
func (s *Session) holds(r *form.Rule, c *cell, none bool) bool {
	s.at = xpath.Context{Node: &c.node, Env: s.world}
	yes, err := r.Expr.Bool(&s.at)
	s.note(c, r.Property, err)
	if err != nil {
		return none
	}
	return yes
}

// trouble is a rule that could not be evaluated on a cell.
type trouble struct {
	cell     *cell
	property form.Property
}

// note remembers that a rule could not be evaluated, or could again.
func (s *Session) note(c *cell, p form.Property, err error) {
	switch {
	case err != nil:
		s.troubles[trouble{c, p}] = err
	case len(s.troubles) > 0:
		delete(s.troubles, trouble{c, p})
	}
}

// calculate evaluates a calculation. The node is seen by it even when it is not relevant: once() must find what it holds.
func (s *Session) calculate(e *xpath.Expr, c *cell) {
	hidden := c.node.Hidden
	c.node.Hidden = false
	v, err := s.eval(e, c)
	c.node.Hidden = hidden
	var answer record.Value
	if err == nil {
		answer, err = result(v, c.item.KindOf())
		c.node.Numeric = numberLike(v, c, answer)
	}
	s.note(c, form.Calculate, err)
	s.store(c, answer)
	c.typed = false
}

// numberLike reports whether the answer of a calculation is read as a number. once() gives back the text it finds: what that was stays.
func numberLike(v xpath.Value, c *cell, answer record.Value) bool {
	switch v.Type() {
	case "number", "boolean":
		return true
	}
	return numeric(c.item.KindOf()) || (answer == c.value && c.node.Numeric)
}

// store gives a cell an answer, and puts in what follows when it is another one.
func (s *Session) store(c *cell, v record.Value) {
	if c.value == v {
		return
	}
	s.touch(c)
	c.put(v)
	c.chosen = false
	s.pushDependents(c, s.form.Dependents(c.item))
}

// show sets the relevance of a cell and all below it from scratch, before anything was evaluated.
func (s *Session) show(c *cell, outer bool) {
	c.relevant = outer && c.own && c.frame.attached()
	c.node.Hidden = !c.relevant
	s.below(c, func(child *cell) { s.show(child, c.relevant) })
}

// refresh follows a change of a cell's own relevance, or of what it lies in.
func (s *Session) refresh(c *cell) {
	group := c.group()
	if s.reveal(c, group == nil || group.relevant) {
		s.pushDependents(c, s.form.DependentsBelow(c.item))
	}
}

// reveal sets the relevance of a cell and all below it; false when nothing changed.
func (s *Session) reveal(c *cell, outer bool) bool {
	relevant := outer && c.own && c.frame.attached()
	if relevant == c.relevant {
		return false
	}
	s.touch(c)
	c.relevant, c.node.Hidden = relevant, !relevant
	if relevant && c.item.ChoiceFilter != nil {
		s.doubt(c)
	}
	s.below(c, func(child *cell) { s.reveal(child, relevant) })
	return true
}

// below calls a function for each cell right below a group or an instance: questions, groups, the holders of repeats and their instances.
func (s *Session) below(c *cell, visit func(*cell)) {
	if c.item.Kind == form.Question || c.holder != nil {
		return
	}
	for _, item := range c.item.Children {
		child := &c.frame.cells[s.layout.places[item.Index].at]
		visit(child)
		if child.holder != nil {
			for _, instance := range child.holder.live {
				visit(&instance.cells[0])
			}
		}
	}
}

// doubt has a cell looked at when the queue has run empty: is its answer still offered?
func (s *Session) doubt(c *cell) {
	if !c.value.IsZero() {
		s.doubts = append(s.doubts, c)
	}
}

// dropUnoffered takes chosen choices away that are offered no longer; false when there was nothing to take. A question that is not
// relevant keeps its answer: it is looked at when it is asked again.
func (s *Session) dropUnoffered() bool {
	dropped := false
	doubts := s.doubts
	s.doubts = nil
	if s.env.Walked {
		return false
	}
	for _, c := range doubts {
		if s.drop(c) {
			dropped = true
		}
	}
	return dropped
}
