package interview

import (
	"slices"

	"vereda/survey/form"
)

// queue holds rules waiting to be evaluated, lowest rank first, and in the order they came among equals. A rule waits at most once for each
// cell.
type queue struct {
	heap []waiting
	came uint32
}

// waiting is a rule to be evaluated on a cell. Its key is the rule's rank above the order of coming.
type waiting struct {
	key  uint64
	rule *form.Rule
	cell *cell
}

func (q *queue) push(r *form.Rule, c *cell) {
	bit := uint8(1) << r.Property
	if c.queued&bit != 0 {
		return
	}
	c.queued |= bit
	w := waiting{uint64(r.Rank)<<32 | uint64(q.came), r, c}
	q.came++
	q.heap = append(q.heap, w)
	i := len(q.heap) - 1
	for i > 0 {
		parent := (i - 1) / 2
		if q.heap[parent].key <= w.key {
			break
		}
		q.heap[i], i = q.heap[parent], parent
	}
	q.heap[i] = w
}

// pop takes the first; false when none waits.
func (q *queue) pop() (*form.Rule, *cell, bool) {
	if len(q.heap) == 0 {
		q.came = 0
		return nil, nil, false
	}
	first, end := q.heap[0], len(q.heap)-1
	last := q.heap[end]
	q.heap[end] = waiting{}
	q.heap = q.heap[:end]
	if end > 0 {
		q.sink(last)
	}
	first.cell.queued &^= 1 << first.rule.Property
	return first.rule, first.cell, true
}

// sink puts w into the place that the first left.
func (q *queue) sink(w waiting) {
	i := 0
	for {
		child := 2*i + 1
		if child >= len(q.heap) {
			break
		}
		if child+1 < len(q.heap) && q.heap[child+1].key < q.heap[child].key {
			child++
		}
		if q.heap[child].key >= w.key {
			break
		}
		q.heap[i], i = q.heap[child], child
	}
	q.heap[i] = w
}

// pushDependents puts in what follows from a change of a cell. Rules that stay within one instance have nothing to do with how many there
// are: a change of a repeat's holder passes them over.
func (s *Session) pushDependents(c *cell, dependents []form.Dependent) {
	for _, d := range dependents {
		if c.holder != nil && d.Within == c.item {
			continue
		}
		f := c.frame
		for d.Within != nil && f.scope.repeat != d.Within && f.outer != nil {
			f = f.outer
		}
		if d.Within == nil {
			f = s.root
		}
		s.pushBelow(f, d.Rule)
	}
}

// pushBelow puts in a rule for each of its cells in a frame and the live instances below it.
func (s *Session) pushBelow(f *frame, r *form.Rule) {
	p := s.layout.places[r.Item.Index]
	if p.own != nil && f.scope == p.own {
		if r.Property == form.RepeatCount {
			s.queue.push(r, f.keeper())
		} else {
			s.queue.push(r, &f.cells[0])
		}
		return
	}
	if p.scope == f.scope {
		c := &f.cells[p.at]
		s.queue.push(r, c)
		if c.holder != nil && r.Property != form.RepeatCount {
			for _, instance := range c.holder.live {
				s.queue.push(r, &instance.cells[0])
			}
		}
		return
	}
	next := p.scope.chain[f.scope.depth()+1]
	for _, instance := range f.cells[next.at].holder.live {
		s.pushBelow(instance, r)
	}
}

// pushAll puts in all rules of all cells of a frame and of the live instances below it.
func (s *Session) pushAll(f *frame) {
	s.queue.heap = slices.Grow(s.queue.heap, len(f.cells))
	f.walk(func(c *cell) {
		for _, r := range s.form.RulesOf(c.item) {
			if r.Property == form.RepeatCount && c.holder == nil {
				continue
			}
			if r.Property == form.Calculate && c.kept {
				continue
			}
			s.queue.push(r, c)
		}
	})
}
