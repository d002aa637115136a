package interview

import (
	"vereda/survey/form"
	"vereda/survey/record"
)

// maxChain bounds how many actions one act sets off: two questions that set each other would never rest.
const maxChain = 1000

// pending is an action to be carried out, as seen from the cell whose answer it follows.
type pending struct {
	action *form.Action
	from   *cell
}

// begin carries out what follows the beginning of an interview, before anything is calculated, or its going on.
func (s *Session) begin(first bool) {
	for n := range s.form.Actions {
		if a := &s.form.Actions[n]; a.Event == form.Load || first && a.Event == form.FirstLoad {
			s.perform(a, s.root)
		}
	}
}

// welcome carries out what follows the making of an instance.
func (s *Session) welcome(keeper *cell, f *frame) {
	for n := range s.form.Actions {
		if a := &s.form.Actions[n]; a.Event == form.NewRepeat && a.From == keeper.item {
			s.perform(a, f)
		}
	}
}

// answered carries out what follows another answer of a question, and what follows that.
func (s *Session) answered(c *cell) {
	waiting := s.following(c, nil)
	for done := 0; len(waiting) > 0 && done < maxChain; done++ {
		next := waiting[0]
		waiting = waiting[1:]
		for _, changed := range s.perform(next.action, next.from.frame) {
			waiting = s.following(changed, waiting)
		}
		s.settle()
	}
}

// following adds the actions that follow another answer of a cell.
func (s *Session) following(c *cell, list []pending) []pending {
	for n := range s.form.Actions {
		if a := &s.form.Actions[n]; a.Event == form.ValueChanged && a.From == c.item {
			list = append(list, pending{a, c})
		}
	}
	return list
}

// perform sets the action's target as seen from a frame: where both lie in the same repeat, the one in the same instance; else in all instances.
// It returns what changed.
func (s *Session) perform(a *form.Action, from *frame) (changed []*cell) {
	if a.Does == form.RecordSound {
		return nil // that is the screen's part
	}
	if a.Which != nil {
		return s.performOn(a, from)
	}
	target := s.layout.places[a.Target.Index]
	f := from
	for f.outer != nil && (f.scope.depth() > target.scope.depth() || target.scope.chain[f.scope.depth()] != f.scope) {
		f = f.outer
	}
	var visit func(f *frame)
	visit = func(f *frame) {
		if f.scope == target.scope {
			if c := &f.cells[target.at]; s.assign(a, c) {
				changed = append(changed, c)
			}
			return
		}
		next := target.scope.chain[f.scope.depth()+1]
		for _, instance := range f.cells[next.at].holder.live {
			visit(instance)
		}
	}
	visit(f)
	return changed
}

// performOn sets the nodes that the action itself finds.
func (s *Session) performOn(a *form.Action, from *frame) (changed []*cell) {
	at := &from.cells[0]
	if a.From != nil && a.From.Kind == form.Question {
		at = &from.cells[s.layout.places[a.From.Index].at]
	}
	v, err := s.eval(a.Which, at)
	if err != nil || v.Type() != "nodeset" {
		return nil
	}
	for _, n := range v.Nodes() {
		if c, ok := n.Data.(*cell); ok && c.item == a.Target && s.assign(a, c) {
			changed = append(changed, c)
		}
	}
	return changed
}

// assign gives a cell the answer that an action has for it; false when it has that already. What cannot be evaluated, or is no answer to the question,
// is none.
func (s *Session) assign(a *form.Action, c *cell) bool {
	if a.Does == form.TakePosition {
		return s.locate(c)
	}
	v := parsed(c.item.KindOf(), a.Text)
	if a.Value != nil {
		v = record.Value{}
		if got, err := s.eval(a.Value, c); err == nil {
			v, _ = result(got, c.item.KindOf())
		}
	}
	return s.take(c, v)
}

// take gives a cell an answer that no person gave; false when it has that already.
func (s *Session) take(c *cell, v record.Value) bool {
	if v == c.value {
		return false
	}
	s.store(c, v)
	c.chosen = true
	return true
}
