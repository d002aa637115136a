package diagram

import (
	"slices"

	"vereda/survey/form"
)

// Sizes of the drawing, in pixels.
const (
	nodeWidth  = 176
	nodeHeight = 26
	columnGap  = 74
	rowGap     = 8
	bandPad    = 20 // above a band's nodes, for its title
	margin     = 12
)

// spot is where a node stands: its upper left corner.
type spot struct {
	item *form.Item
	rank int
	x, y int
}

// band is the part of the drawing that holds the nodes of one outermost section, or a run of items outside any.
type band struct {
	section *form.Item // nil outside
	nodes   []*form.Item
	y, high int
}

// layout is a graph laid out: columns by how many steps of dependence stand before a node, bands by section, in form order.
type layout struct {
	spots      map[*form.Item]*spot
	bands      []*band
	wide, high int
}

func (g Graph) layout() layout {
	l := layout{spots: map[*form.Item]*spot{}}
	ranks := g.ranks()
	for _, i := range g.Nodes {
		s := outermost(i)
		if n := len(l.bands); n == 0 || l.bands[n-1].section != s {
			l.bands = append(l.bands, &band{section: s})
		}
		b := l.bands[len(l.bands)-1]
		b.nodes = append(b.nodes, i)
	}
	y := margin
	for _, b := range l.bands {
		b.y = y
		if b.section != nil {
			y += bandPad
		} else {
			y += rowGap / 2
		}
		used := map[int]int{}
		for _, i := range b.nodes {
			r := ranks[i]
			l.spots[i] = &spot{i, r, margin + r*(nodeWidth+columnGap), y + used[r]*(nodeHeight+rowGap)}
			used[r]++
			l.wide = max(l.wide, l.spots[i].x+nodeWidth)
			b.high = max(b.high, l.spots[i].y+nodeHeight+rowGap/2-b.y)
		}
		y = b.y + b.high + rowGap
	}
	l.wide, l.high = l.wide+margin+30, y+margin
	return l
}

// outermost returns the outermost section that an item is or lies in; nil for a question outside any.
func outermost(i *form.Item) *form.Item {
	for i.Parent.Parent != nil {
		i = i.Parent
	}
	if i.Kind == form.Question {
		return nil
	}
	return i
}

// ranks counts the steps before each node on the longest way to it. Edges that close a circle, as two constraints that read each other do, are passed over.
func (g Graph) ranks() map[*form.Item]int {
	before := map[*form.Item][]*form.Item{}
	for _, e := range g.Edges {
		if !slices.Contains(before[e.To], e.From) {
			before[e.To] = append(before[e.To], e.From)
		}
	}
	ranks := map[*form.Item]int{}
	open := map[*form.Item]bool{}
	type step struct {
		item *form.Item
		next int
	}
	for _, start := range g.Nodes { // depth first without recursion: a chain may be as long as the form
		stack := []step{{start, 0}}
		for len(stack) > 0 {
			s := &stack[len(stack)-1]
			if _, done := ranks[s.item]; done && s.next == 0 {
				stack = stack[:len(stack)-1]
				continue
			}
			open[s.item] = true
			if s.next < len(before[s.item]) {
				from := before[s.item][s.next]
				s.next++
				if _, done := ranks[from]; !done && !open[from] {
					stack = append(stack, step{from, 0})
				}
				continue
			}
			rank := 0
			for _, from := range before[s.item] {
				if r, done := ranks[from]; done {
					rank = max(rank, r+1)
				}
			}
			ranks[s.item], open[s.item] = rank, false
			stack = stack[:len(stack)-1]
		}
	}
	return ranks
}
