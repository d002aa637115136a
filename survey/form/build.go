package form

import (
	"container/heap"
	"fmt"
	"slices"
)

// buildGraph fills the form's graph and reports circles.
func (c *compiler) buildGraph() {
	f := c.form
	g := Graph{of: make([][]*Rule, len(f.order)), reads: make([][]Dependent, len(f.order)), below: make([][]Dependent, len(f.order))}
	for _, i := range f.order {
		g.of[i.Index] = rulesOf(i)
		g.rules = append(g.rules, g.of[i.Index]...)
	}
	for n, r := range g.rules {
		r.Rank = n // for now: rank is set by c.order
		if c.addReads(&g, r); g.edges > maxEdges {
			c.report(Error, "too-many-readings", r.Item.Source, r.Property.String(), "",
				fmt.Sprintf("The rules of the form up to here read more than %d questions in all.", maxEdges), "Read single questions instead of whole groups.")
			return
		}
	}
	for _, i := range f.order {
		g.reads[i.Index] = widest(g.reads[i.Index])
	}
	g.collectBelow(f.Root)
	c.order(&g)
	for n := range f.order {
		byRank := func(a, b Dependent) int { return a.Rule.Rank - b.Rule.Rank }
		slices.SortFunc(g.reads[n], byRank)
		slices.SortFunc(g.below[n], byRank)
		slices.SortFunc(g.of[n], func(a, b *Rule) int { return a.Rank - b.Rank })
	}
	f.graph = g
}

// maxEdges bounds the memory that the graph of a form may take. The largest real forms known have some 20,000 edges.
const maxEdges = 2_000_000

// rulesOf makes the rules of one item.
func rulesOf(i *Item) []*Rule {
	var list []*Rule
	for _, e := range i.expressions() {
		if p, ok := properties[e.column]; ok {
			list = append(list, &Rule{Item: i, Property: p, Expr: e.expr})
		}
	}
	if len(textExprs(i)) > 0 {
		list = append(list, &Rule{Item: i, Property: Texts})
	}
	return list
}

var properties = map[string]Property{"calculation": Calculate, "relevant": Relevant, "required": Required,
	"read_only": ReadOnly, "choice_filter": ChoiceFilter, "repeat_count": RepeatCount}

// textExprs returns the expressions of the texts that are on the screen with a question.
func textExprs(i *Item) []columnExpr {
	var list []columnExpr
	for _, t := range []Text{i.Label, i.Hint, i.Guidance} {
		for _, e := range t.Exprs() {
			list = append(list, columnExpr{"label", e})
		}
	}
	if i.List != nil && i.List.dynamic() {
		for _, choice := range i.List.Choices {
			for _, e := range choice.Label.Exprs() {
				list = append(list, columnExpr{"label", e})
			}
		}
	}
	return list
}

// addReads notes the rule at every item that it reads.
func (c *compiler) addReads(g *Graph, r *Rule) {
	exprs := []columnExpr{{r.Property.String(), r.Expr}}
	if r.Property == Texts {
		exprs = textExprs(r.Item)
	}
	base := markedPath(r.Item)
	for _, e := range exprs {
		for _, ref := range refs(r.Item, e, base) {
			got, bad := c.resolve(ref.Path)
			if bad != "" {
				continue // reported, or a column of a list
			}
			if ref.Self && ref.Position { // its own place among the instances
				if got = (reading{within: r.Item.Repeat()}); got.within == nil {
					continue
				}
				got.exact, got.items = got.within, []*Item{got.within}
			}
			g.addReading(r, got, ref.Position)
		}
	}
}

func (g *Graph) addReading(r *Rule, got reading, position bool) {
	g.edges += len(got.items)
	for _, i := range got.items {
		within := got.within
		if within == i && position { // the number of the repeat's instances is seen by all of them
			within = i.Repeat()
		}
		g.reads[i.Index] = append(g.reads[i.Index], Dependent{r, within})
	}
	if i := got.exact; i != nil && i.Kind != Question && !position {
		inside := below(i, true) // the text of a group is the texts of all below it
		g.edges += len(inside)
		for _, inner := range inside {
			g.reads[inner.Index] = append(g.reads[inner.Index], Dependent{r, got.within})
		}
	}
}

// widest keeps each rule once, with the widest reach that any entry gives it.
func widest(list []Dependent) []Dependent {
	if len(list) < 2 {
		return list
	}
	at := make(map[*Rule]int, len(list))
	kept := list[:0:0]
	for _, d := range list {
		n, seen := at[d.Rule]
		if !seen {
			at[d.Rule] = len(kept)
			kept = append(kept, d)
			continue
		}
		kept[n].Within = wider(kept[n].Within, d.Within)
	}
	return kept
}

// wider returns the outer of two repeats, one of which lies in the other; nil is widest.
func wider(a, b *Item) *Item {
	if a == nil || b == nil {
		return nil
	}
	if len(a.Path) < len(b.Path) {
		return a
	}
	return b
}

// collectBelow fills g.below for an item and all below it. A reading that stays in the instance of a repeat below the item
// stays in it whatever happens above, so the reach is that of the reading, but a change of the item as a whole is a change of all those instances:
// the reach is then the innermost repeat that holds the item.
func (g *Graph) collectBelow(i *Item) []Dependent {
	all := slices.Clone(g.reads[i.Index])
	for _, child := range i.Children {
		all = append(all, g.collectBelow(child)...)
	}
	for n, d := range all {
		all[n].Within = reachFrom(i, d.Within)
	}
	g.below[i.Index] = widest(all)
	return slices.Clone(g.below[i.Index])
}

// reachFrom returns the innermost repeat that is, or holds, both i and the repeat within; nil when there is none.
func reachFrom(i, within *Item) *Item {
	for w := within; w != nil; w = w.Repeat() {
		if i.in(w) {
			return w
		}
	}
	return nil
}

// changes returns the rules that are to come after a rule: those that may have to be evaluated after it gave something new. With
// g.growing, those that read answers inside a repeat need not come after the repeat's own count.
func (g *Graph) changes(r *Rule) []Dependent {
	switch {
	case g.counting[r]:
		return nil
	case r.Property == Calculate, r.Property == RepeatCount && g.growing:
		return g.reads[r.Item.Index]
	case r.Property == Relevant, r.Property == RepeatCount:
		return g.below[r.Item.Index]
	}
	return nil
}

// order gives the rules their ranks, or reports circles. A repeat whose count follows from answers in it ("is there another?") is
// no circle: a new instance has no answers yet.
func (c *compiler) order(g *Graph) {
	sorted := g.sorted()
	if len(sorted) < len(g.rules) {
		g.growing = true
		sorted = g.sorted()
	}
	if len(sorted) < len(g.rules) {
		g.counting = g.askedFor()
		sorted = g.sorted()
	}
	if len(sorted) < len(g.rules) {
		c.reportCircles(g)
		return
	}
	g.rules = sorted
	for n, r := range sorted {
		r.Rank = n
	}
}

// askedFor returns the repeat counts that follow from how many instances there are and from answers in them: "one more than there
// are, if the last says so". (Without the answers there would be no end.)
func (g *Graph) askedFor() map[*Rule]bool {
	counts := map[*Rule]bool{}
	for _, r := range g.rules {
		if r.Property != RepeatCount {
			continue
		}
		seen := map[*Rule]bool{}
		var reach func(list []Dependent)
		reach = func(list []Dependent) {
			for _, d := range list {
				if !seen[d.Rule] {
					seen[d.Rule] = true
					reach(g.changes(d.Rule))
				}
			}
		}
		for _, i := range below(r.Item, true) {
			if i.Kind == Question {
				reach(g.reads[i.Index])
			}
		}
		if seen[r] {
			counts[r] = true
		}
	}
	return counts
}

// sorted returns the rules so that each comes after those it reads the results of (Kahn), otherwise in form order, without those on
// circles and behind them.
func (g *Graph) sorted() []*Rule {
	waits := make([]int, len(g.rules))
	for _, r := range g.rules {
		for _, d := range g.changes(r) {
			waits[d.Rule.Rank]++
		}
	}
	var free intHeap
	for n, w := range waits {
		if w == 0 {
			free = append(free, n)
		}
	}
	heap.Init(&free)
	sorted := make([]*Rule, 0, len(g.rules))
	for len(free) > 0 {
		r := g.rules[heap.Pop(&free).(int)]
		sorted = append(sorted, r)
		for _, d := range g.changes(r) {
			if waits[d.Rule.Rank]--; waits[d.Rule.Rank] == 0 {
				heap.Push(&free, d.Rule.Rank)
			}
		}
	}
	return sorted
}

// intHeap is a heap of small numbers, the lowest on top.
type intHeap []int

func (h intHeap) Len() int           { return len(h) }
func (h intHeap) Less(a, b int) bool { return h[a] < h[b] }
func (h intHeap) Swap(a, b int)      { h[a], h[b] = h[b], h[a] }
func (h *intHeap) Push(x any)        { *h = append(*h, x.(int)) }
func (h *intHeap) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}
