package change

import (
	"slices"
	"sort"
	"strings"

	"vereda/survey/form"
	"vereda/survey/record"
	"vereda/survey/xpath"
)

func at(f *form.Form, path string) *form.Item {
	i, _ := f.Item(record.Path(path))
	return i
}

// items compares all items.
func (c *comparer) items() {
	for _, o := range c.old.Items()[1:] {
		if c.pairs.to[o] == nil {
			c.removed(o)
		}
	}
	moved := c.moved()
	for _, n := range c.new.Items()[1:] {
		o := c.pairs.from[n]
		if o == nil {
			c.added(n)
			continue
		}
		c.place(o, n, moved[n])
		c.pair(o, n)
	}
	c.expressions(c.old.Root, c.new.Root)
}

func (c *comparer) added(n *form.Item) {
	why := "There are no earlier answers to it."
	verdict := Comparable
	switch {
	case n.Kind != form.Question:
		why = "Its questions say whether their answers can be compared."
	case required(n.Required):
		verdict, why = WithCare, "There are no earlier answers to it, and interviews that are still open lack an answer that it requires."
	}
	c.report(Change{Kind: Added, Verdict: verdict, New: n.Path, After: describe(n), Why: why})
}

func (c *comparer) removed(o *form.Item) {
	why, verdict := "There are no later answers to it; those collected stay in the export.", NotComparable
	if o.Kind != form.Question {
		verdict, why = Comparable, "Its questions say whether their answers can be compared."
	} else if o.Type == form.TypeNote || o.Type.Metadata() {
		verdict, why = Comparable, "Nobody answered it."
	}
	c.report(Change{Kind: Removed, Verdict: verdict, Old: o.Path, Before: describe(o), Why: why})
}

// describe says what an item is: "integer", "select_one yes_no", "repeat".
func describe(i *form.Item) string {
	if i.Kind != form.Question {
		return i.Kind.String()
	}
	if i.List != nil {
		return string(i.Type) + " " + i.List.Name
	}
	return string(i.Type)
}

// moved returns the new items that changed places with their siblings: those outside a longest row of siblings that kept their order.
func (c *comparer) moved() map[*form.Item]bool {
	list := map[*form.Item]bool{}
	for _, parent := range c.new.Items() {
		if parent.Kind == form.Question {
			continue
		}
		var kept []*form.Item
		var places []int
		for _, n := range parent.Children {
			if o := c.pairs.from[n]; o != nil && c.pairs.to[o.Parent] == parent {
				kept, places = append(kept, n), append(places, o.Index)
			}
		}
		for n, stays := range increasing(places) {
			if !stays {
				list[kept[n]] = true
			}
		}
	}
	return list
}

// increasing marks a longest increasing subsequence.
func increasing(list []int) []bool {
	var tails []int // index of the last element of the best subsequence of each length
	before := make([]int, len(list))
	for n, v := range list {
		k := sort.Search(len(tails), func(k int) bool { return list[tails[k]] >= v })
		before[n] = -1
		if k > 0 {
			before[n] = tails[k-1]
		}
		tails = append(tails[:k:k], append([]int{n}, tails[min(k+1, len(tails)):]...)...)
	}
	marks := make([]bool, len(list))
	if len(tails) == 0 {
		return marks
	}
	for n := tails[len(tails)-1]; n >= 0; n = before[n] {
		marks[n] = true
	}
	return marks
}

// place reports a new name and a new place.
func (c *comparer) place(o, n *form.Item, moved bool) {
	if o.Name != n.Name {
		why := "It reads alike: most likely it is the same question; the column of an export has the new name."
		if o.Kind != form.Question {
			why = "Most of its questions are the same; paths in the data have the new name."
		}
		c.report(Change{Kind: Renamed, Verdict: WithCare, Old: o.Path, New: n.Path, Before: o.Name, After: n.Name, Guess: true, Why: why})
	}
	switch sameParent := c.pairs.to[o.Parent] == n.Parent; {
	case !c.sameRepeats(o, n):
		c.report(Change{Kind: Moved, Verdict: NotComparable, Old: o.Path, New: n.Path, Before: section(o), After: section(n),
			Why: "It is asked for each of something else now: " + each(o) + " before, " + each(n) + " now."})
	case !sameParent:
		change := Change{Kind: Moved, Verdict: WithCare, Old: o.Path, New: n.Path, Before: section(o), After: section(n),
			Why: "It is asked after other questions, which may change answers."}
		if c.asked(o, c.old, c.oldNames) != c.asked(n, c.new, c.newNames) {
			change.Verdict, change.Why = NotComparable, "Its new section is asked of others."
		}
		c.report(change)
	case moved:
		c.report(Change{Kind: Moved, Verdict: WithCare, Old: o.Path, New: n.Path, Why: "It is asked after other questions, which may change answers."})
	}
}

// section names the section that an item stands in.
func section(i *form.Item) string {
	if i.Parent.Path == "" {
		return "the form"
	}
	return string(i.Parent.Path)
}

// each says what a question is asked for.
func each(i *form.Item) string {
	if r := i.Repeat(); r != nil {
		return "each instance of " + r.Name
	}
	return "each interview"
}

// sameRepeats reports whether two items lie in the same repeats.
func (c *comparer) sameRepeats(o, n *form.Item) bool {
	a, b := o.Repeat(), n.Repeat()
	for a != nil && b != nil {
		if c.pairs.to[a] != b || b.Kind != form.Repeat {
			return false
		}
		a, b = a.Repeat(), b.Repeat()
	}
	return a == nil && b == nil
}

// asked says when the sections around an item are asked.
func (c *comparer) asked(i *form.Item, f *form.Form, names map[*form.Item]string) string {
	var all []string
	for p := i.Parent; p != nil; p = p.Parent {
		if p.Relevant != nil {
			all = append(all, canonical(f, names, p, p.Relevant))
		}
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), " and ")
}

// pair compares an item with what it has become.
func (c *comparer) pair(o, n *form.Item) {
	c.kinds(o, n)
	c.texts(o, n)
	c.expressions(o, n)
	c.plains(o, n)
	if o.List != nil && n.List != nil && listed(o) != listed(n) || o.OrOther != n.OrOther {
		c.report(Change{Kind: Choices, Verdict: WithCare, Old: o.Path, New: n.Path, Before: describe(o), After: describe(n), Why: "It offers other choices."})
	}
}

// kinds compares what items are.
func (c *comparer) kinds(o, n *form.Item) {
	if o.Kind != n.Kind {
		c.report(Change{Kind: TypeChanged, Verdict: NotComparable, Old: o.Path, New: n.Path, Before: o.Kind.String(), After: n.Kind.String(), Questions: below(n),
			Why: "What lies in it is asked another number of times."})
		return
	}
	if o.Kind == form.Question && (o.Type != n.Type || o.KindOf() != n.KindOf()) {
		_, verdict, why := conversion(o, n)
		c.report(Change{Kind: TypeChanged, Verdict: verdict, Old: o.Path, New: n.Path, Before: describe(o), After: describe(n), Why: why})
	}
}

// below returns the paths of the questions in a section that somebody answers.
func below(i *form.Item) []record.Path {
	var list []record.Path
	for _, child := range i.Children {
		if child.Kind == form.Question && child.Type != form.TypeNote {
			list = append(list, child.Path)
		}
		list = append(list, below(child)...)
	}
	return list
}

// plains compares what is written without language or expression.
func (c *comparer) plains(o, n *form.Item) {
	say := func(kind Kind, verdict Verdict, before, after, why string) {
		if before != after {
			c.report(Change{Kind: kind, Verdict: verdict, Old: o.Path, New: n.Path, Before: before, After: after, Why: why})
		}
	}
	say(Appearance, Comparable, strings.Join(o.Appearance, " "), strings.Join(n.Appearance, " "), "It looks otherwise on the screen.")
	if n.Calculation == nil || n.Type.Shown() {
		say(Default, WithCare, o.DefaultText, n.DefaultText, "An answer that is there from the beginning is often left as it is.")
	}
	if before, after := canonical(c.old, c.oldNames, o, o.Seed), canonical(c.new, c.newNames, n, n.Seed); before != after {
		c.report(Change{Kind: Parameter, Name: "seed", Verdict: WithCare, Old: o.Path, New: n.Path, Before: source(c.old, o, o.Seed), After: source(c.new, n, n.Seed),
			Why: "Choices come in another order."})
	}
	say(Choices, WithCare, tags(o), tags(n), "Other things are asked of what is on the map.")
	c.named(o, n, Parameter, o.Parameters, n.Parameters, WithCare, "It is asked or shown otherwise.")
	c.named(o, n, Column, o.Columns, n.Columns, Comparable, "It has no effect on what is asked.")
}

// tags names what is asked of a thing on the map.
func tags(i *form.Item) string {
	if i.Tags == nil {
		return ""
	}
	return order(i.Tags)
}

func (c *comparer) named(o, n *form.Item, kind Kind, before, after map[string]string, verdict Verdict, why string) {
	for _, name := range keys(before, after) {
		if before[name] != after[name] {
			c.report(Change{Kind: kind, Verdict: verdict, Old: o.Path, New: n.Path, Name: name, Before: before[name], After: after[name], Why: why})
		}
	}
}

// required reports whether an answer is always required.
func required(e *xpath.Expr) bool { return constantly(e, "true") }

// constantly reports whether an expression is true() or false(), as want says.
func constantly(e *xpath.Expr, want string) bool {
	if e == nil {
		return false
	}
	t := e.Tree("", "")
	return t.Kind == xpath.CallTree && t.Text == want && len(t.Args) == 0
}

// sort puts the changes in the order of the form: those of the form first, what was removed behind what stood before it.
func (c *comparer) sort() {
	place := func(change Change) int {
		if i := at(c.new, string(change.New)); i != nil && change.New != "" {
			return 2 * i.Index
		}
		for i := at(c.old, string(change.Old)); i != nil && change.Old != "" && i.Index > 0; i = c.old.Items()[i.Index-1] {
			if partner := c.pairs.to[i]; partner != nil {
				return 2*partner.Index + 1
			}
		}
		if change.List != "" {
			return 2 * len(c.new.Items())
		}
		return -1
	}
	slices.SortStableFunc(c.changes, func(a, b Change) int { return place(a) - place(b) })
}
