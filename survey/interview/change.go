package interview

import (
	"slices"

	"vereda/survey/record"
)

// Change is what an act did, as data, in form order.
type Change struct {
	Set      record.Answers       // answers set or calculated, to be kept
	Derived  map[record.Path]bool // which of Set the form calculated or the device recorded
	Unset    []record.Path        // answers or whole instances gone, to be forgotten
	Relevant map[record.Path]bool // questions, groups and repeats that appeared (true) or disappeared
	Redraw   []record.Path        // whose label, choices, required or read-only state may look different now
}

// act is what the act under way has done so far.
type act struct {
	touched []before
	redraw  []*cell
	made    []*frame // new instances
	gone    []*frame // instances removed for good
}

// before is a cell as it was before the act.
type before struct {
	cell     *cell
	value    record.Value
	relevant bool
}

// touch remembers how a cell was before the act changes it first.
func (s *Session) touch(c *cell) {
	if c.touched == 0 {
		s.act.touched = append(s.act.touched, before{c, c.value, c.relevant})
		c.touched = len(s.act.touched)
	}
}

// redraw says that a cell may look different.
func (s *Session) redraw(c *cell) {
	if !c.redraw {
		c.redraw = true
		s.act.redraw = append(s.act.redraw, c)
	}
}

// finish ends an act and tells what it did.
func (s *Session) finish() Change {
	var c Change
	var unset []*cell
	for _, b := range s.act.touched {
		b.cell.touched = 0
		if b.value != b.cell.value && !b.cell.frame.lost() {
			if b.cell.value.IsZero() {
				unset = append(unset, b.cell)
			} else {
				c.set(b.cell.where(), b.cell.value, b.cell.derived())
			}
		}
		if b.relevant != b.cell.relevant {
			if c.Relevant == nil {
				c.Relevant = map[record.Path]bool{}
			}
			c.Relevant[b.cell.where()] = b.cell.relevant
		}
	}
	for _, f := range s.act.gone {
		if !f.made {
			unset = append(unset, &f.cells[0])
		}
	}
	for _, f := range s.act.made {
		f.made = false
		if !f.lost() {
			c.set(f.path, record.Exists(), false)
		}
	}
	c.Unset = paths(unset)
	c.Redraw = s.redrawn()
	s.acts++
	s.act = act{touched: s.act.touched[:0], redraw: s.act.redraw[:0]}
	return c
}

// lost reports whether a frame was removed, or lies in one that was.
func (f *frame) lost() bool {
	for ; f != nil; f = f.outer {
		if f.gone {
			return true
		}
	}
	return false
}

func (c *Change) set(p record.Path, v record.Value, derived bool) {
	if c.Set == nil {
		c.Set = record.Answers{}
	}
	c.Set[p] = v
	if derived {
		if c.Derived == nil {
			c.Derived = map[record.Path]bool{}
		}
		c.Derived[p] = true
	}
}

// redrawn lists the cells to be drawn anew that are asked now.
func (s *Session) redrawn() []record.Path {
	var seen []*cell
	for _, c := range s.act.redraw {
		c.redraw = false
		if c.relevant {
			seen = append(seen, c)
		}
	}
	return paths(seen)
}

// paths returns the paths of cells in form order.
func paths(cells []*cell) []record.Path {
	if len(cells) == 0 {
		return nil
	}
	slices.SortFunc(cells, order)
	list := make([]record.Path, len(cells))
	for i, c := range cells {
		list[i] = c.where()
	}
	return list
}
