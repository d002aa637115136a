package interview

import (
	"slices"
	"strings"

	"vereda/survey/form"
	"vereda/survey/record"
	"vereda/survey/xpath"
)

// cell is what the session knows of one question, group, repeat or repeat instance.
type cell struct {
	node     xpath.Node
	item     *form.Item
	frame    *frame
	at       int         // in the frame
	path     record.Path // "" until asked for
	value    record.Value
	own      bool // what its own relevant says
	relevant bool // that, and all it lies in
	required bool
	readOnly bool
	chosen   bool // the answer stands as a default and nobody confirmed it
	typed    bool // a calculated question that a person answered otherwise
	kept     bool // resumed, not to be calculated again
	offered  []form.Choice
	known    bool  // offered is up to date
	queued   uint8 // by property: waits in the queue
	touched  int   // 1 + index in act.touched; 0: not touched
	redraw   bool
	holder   *holder
}

// holder keeps the instances of a repeat.
type holder struct {
	live  []*frame // in the tree
	aside []*frame // beyond repeat_count: kept, in case the count grows again
	made  int      // highest ordinal given so far
	spare []*frame // instances that repeat_count took away and nobody had typed into; the last is the first to come back
	asked float64  // what repeat_count asked for, even when that is more than a session makes
	act   int      // the act that turns are counted in
	turns int      // how often the act evaluated repeat_count
}

// frame holds the cells of the whole form outside of repeats, or of one repeat instance.
type frame struct {
	scope *scope
	outer *frame // nil: the root's
	id    string // of the instance
	path  record.Path
	live  bool                   // in the tree, if all outer frames are
	made  bool                   // by the act under way
	gone  bool                   // removed for good
	texts map[record.Path]string // static answers that the form gives this very instance; nil: those of its questions
	cells []cell
}

// attached reports whether a frame is in the tree.
func (f *frame) attached() bool {
	for ; f != nil; f = f.outer {
		if !f.live {
			return false
		}
	}
	return true
}

// keeper is the cell of the repeat that the frame is an instance of.
func (f *frame) keeper() *cell { return &f.outer.cells[f.scope.at] }

// newFrame makes a frame with its nodes joined to each other, not to the tree.
func (s *Session) newFrame(sc *scope, outer *frame, id string) *frame {
	f := &frame{scope: sc, outer: outer, id: id, cells: make([]cell, len(sc.items))}
	for at, item := range sc.items {
		c := &f.cells[at]
		c.item, c.frame, c.at, c.own = item, f, at, true
		c.node.Name, c.node.Data, c.node.Hidden, c.node.Numeric = item.Name, c, true, item.Numeric || numeric(item.KindOf())
		c.node.Boolean = item.Boolean
		if at > 0 {
			c.node.Parent = &f.cells[sc.parents[at]].node
		}
		if at > 0 && item.Kind == form.Repeat {
			c.holder = &holder{}
		}
	}
	if outer != nil {
		keeper := f.keeper()
		f.path = keeper.where().Join(id)
		f.cells[0].node.Parent = keeper.node.Parent
	}
	for at, item := range sc.items {
		if item.Kind != form.Question && f.cells[at].holder == nil {
			f.join(at, s.layout)
		}
	}
	return f
}

// join writes the children of a group's node anew, in form order, each repeat's live instances at its place.
func (f *frame) join(at int, l *layout) {
	group := &f.cells[at]
	children := slices.Grow(group.node.Children[:0], len(group.item.Children))
	for _, item := range group.item.Children {
		c := &f.cells[l.places[item.Index].at]
		if c.holder == nil {
			children = append(children, &c.node)
			continue
		}
		for _, instance := range c.holder.live {
			children = append(children, &instance.cells[0].node)
		}
	}
	group.node.Children = children
}

// rejoin follows a change of a repeat's live instances.
func (s *Session) rejoin(keeper *cell) {
	keeper.frame.join(keeper.frame.scope.parents[keeper.at], s.layout)
}

// where returns the cell's path.
func (c *cell) where() record.Path {
	if c.path == "" {
		c.path = c.frame.path
		if tail := c.frame.scope.tails[c.at]; tail != "" {
			c.path = c.path.Join(tail)
		}
	}
	return c.path
}

// group is the cell of the group, or instance, that the cell lies in; nil for the root.
func (c *cell) group() *cell {
	switch {
	case c.at > 0:
		return &c.frame.cells[c.frame.scope.parents[c.at]]
	case c.frame.outer == nil:
		return nil
	}
	return c.frame.keeper().group()
}

// locked reports whether the cell, or a group it lies in, is read-only.
func (c *cell) locked() bool {
	for ; c != nil; c = c.group() {
		if c.readOnly {
			return true
		}
	}
	return false
}

// put writes an answer into cell and node, and tells nobody.
func (c *cell) put(v record.Value) { c.value, c.node.Value = v, v.String() }

// isDefault reports whether the answer is the question's static default.
func (c *cell) isDefault() bool {
	return c.item.DefaultText != "" && c.value == parsed(c.item.KindOf(), c.item.DefaultText)
}

// derived reports whether the form or the device gave the cell's answer.
func (c *cell) derived() bool {
	return c.item.Type.Metadata() || (c.item.Calculation != nil && !c.typed)
}

// order tells which of two cells comes first in form order: negative when a does.
func order(a, b *cell) int {
	x, y := a, b
	for x.frame.scope.depth() > y.frame.scope.depth() {
		x = x.frame.keeper()
	}
	for y.frame.scope.depth() > x.frame.scope.depth() {
		y = y.frame.keeper()
	}
	for x.frame != y.frame {
		kx, ky := x.frame.keeper(), y.frame.keeper()
		if kx == ky { // instances stand in the order of their IDs
			return strings.Compare(x.frame.id, y.frame.id)
		}
		x, y = kx, ky
	}
	if x.at != y.at {
		return x.at - y.at
	}
	return a.frame.scope.depth() - b.frame.scope.depth()
}

// rank is an instance's place among all those of its repeat.
func (h *holder) rank(f *frame) int {
	if i := slices.Index(h.live, f); i >= 0 {
		return i
	}
	return len(h.live) + slices.Index(h.aside, f)
}

// everything is walk with the instances set aside.
func (f *frame) everything(visit func(*cell)) {
	for at := range f.cells {
		c := &f.cells[at]
		visit(c)
		if c.holder != nil {
			for _, instance := range c.holder.live {
				instance.everything(visit)
			}
			for _, instance := range c.holder.aside {
				instance.everything(visit)
			}
		}
	}
}

// walk calls a function for each cell in the tree, in form order; a repeat's own cell stands before its instances.
func (f *frame) walk(visit func(*cell)) {
	for at := range f.cells {
		c := &f.cells[at]
		visit(c)
		if c.holder != nil {
			for _, instance := range c.holder.live {
				instance.walk(visit)
			}
		}
	}
}
