package form

import (
	"fmt"
	"slices"
	"strings"
)

// reportCircles reports one circle for each knot: a set of rules each of which follows from each other one.
func (c *compiler) reportCircles(g *Graph) {
	k := knots{graph: g, low: make([]int, len(g.rules)), number: make([]int, len(g.rules)), onStack: make([]bool, len(g.rules))}
	for _, r := range g.rules {
		if k.number[r.Rank] == 0 {
			k.visit(r)
		}
	}
	for _, knot := range k.found {
		slices.SortFunc(knot, func(a, b *Rule) int { return a.Rank - b.Rank })
		circle := g.circleIn(knot)
		first := circle[0]
		text := ""
		if first.Expr != nil {
			text = first.Expr.String()
		}
		c.report(Error, "cycle", first.Item.Source, first.Property.String(), text, circleSentence(circle), "Take one of these references away.")
	}
}

// knots finds the strongly connected components of the rules (Tarjan 1972) that are circles.
type knots struct {
	graph       *Graph
	low, number []int // by rank; number 0: not visited
	onStack     []bool
	stack       []*Rule
	last        int
	found       [][]*Rule
}

func (k *knots) visit(r *Rule) {
	k.last++
	k.low[r.Rank], k.number[r.Rank] = k.last, k.last
	k.stack, k.onStack[r.Rank] = append(k.stack, r), true
	itself := false
	for _, d := range k.graph.changes(r) {
		next := d.Rule.Rank
		itself = itself || d.Rule == r
		if k.number[next] == 0 {
			k.visit(d.Rule)
			k.low[r.Rank] = min(k.low[r.Rank], k.low[next])
		} else if k.onStack[next] {
			k.low[r.Rank] = min(k.low[r.Rank], k.number[next])
		}
	}
	if k.low[r.Rank] != k.number[r.Rank] {
		return
	}
	from := slices.Index(k.stack, r)
	knot := slices.Clone(k.stack[from:])
	k.stack = k.stack[:from]
	for _, member := range knot {
		k.onStack[member.Rank] = false
	}
	if len(knot) > 1 || itself {
		k.found = append(k.found, knot)
	}
}

// circleIn returns a shortest way from the first rule of a knot back to itself, both ends included.
func (g *Graph) circleIn(knot []*Rule) []*Rule {
	start, from := knot[0], map[*Rule]*Rule{}
	for queue := []*Rule{start}; len(queue) > 0; queue = queue[1:] {
		r := queue[0]
		for _, d := range g.changes(r) {
			if d.Rule == start {
				way := []*Rule{start}
				for ; r != start; r = from[r] {
					way = append(way, r)
				}
				way = append(way, start)
				slices.Reverse(way)
				return way
			}
			if from[d.Rule] == nil {
				from[d.Rule] = r
				queue = append(queue, d.Rule)
			}
		}
	}
	return []*Rule{start, start} // not reached: every rule of a knot lies on a circle
}

// circleSentence says who waits for whom.
func circleSentence(circle []*Rule) string {
	if len(circle) == 2 {
		return fmt.Sprintf("The %s of %s depends on itself.", circle[0].Property, circle[0].Item.Name)
	}
	steps := make([]string, len(circle))
	for n, r := range circle {
		steps[len(circle)-1-n] = fmt.Sprintf("%s (%s)", r.Item.Name, r.Property)
	}
	return fmt.Sprintf("The rules go in a circle, each needing the next: %s.", strings.Join(steps, " → "))
}
