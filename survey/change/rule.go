package change

import (
	"slices"
	"strings"

	"vereda/survey/form"
	"vereda/survey/record"
	"vereda/survey/xpath"
)

// rule is an expression of an item, before and after.
type rule struct {
	kind     Kind
	old, new *xpath.Expr
}

// expressions compares the rules of two items.
func (c *comparer) expressions(o, n *form.Item) {
	for _, r := range []rule{
		{Relevant, o.Relevant, n.Relevant}, {Constraint, o.Constraint, n.Constraint}, {Required, o.Required, n.Required}, {ReadOnly, o.ReadOnly, n.ReadOnly},
		{Calculation, o.Calculation, n.Calculation}, {Default, o.Default, n.Default}, {RepeatCount, o.RepeatCount, n.RepeatCount},
		{Filter, o.ChoiceFilter, n.ChoiceFilter},
	} {
		c.rule(o, n, r)
	}
	if before, after := c.actions(c.old, c.oldNames, o), c.actions(c.new, c.newNames, n); before != after {
		c.report(Change{Kind: Calculation, Verdict: NotComparable, Old: o.Path, New: n.Path, Before: before, After: after, Why: "Its value is set otherwise."})
	}
}

func (c *comparer) rule(o, n *form.Item, r rule) {
	before, after := canonical(c.old, c.oldNames, o, r.old), canonical(c.new, c.newNames, n, r.new)
	if before == after || nothing(o, n, r.kind, before, after) {
		return
	}
	change := Change{Kind: r.kind, Old: o.Path, New: n.Path, Before: source(c.old, o, r.old), After: source(c.new, n, r.new)}
	change.Verdict, change.Why = c.judge(o, n, r)
	switch {
	case r.kind == Relevant && n.Kind != form.Question:
		change.Questions = below(n)
	case r.kind == Calculation:
		if change.Questions = c.decided(n); len(change.Questions) > 0 {
			change.Why += " It decides what else is asked, too: of the questions named here, compare only those that both versions would ask."
		}
	}
	c.report(change)
}

// decided returns the questions that an item, directly or through others that are calculated from it, decides whether they are asked.
func (c *comparer) decided(i *form.Item) []record.Path {
	var list []record.Path
	seen := map[*form.Item]bool{}
	var follow func(i *form.Item)
	follow = func(i *form.Item) {
		if seen[i] {
			return
		}
		seen[i] = true
		for _, d := range c.new.Dependents(i) {
			switch item := d.Rule.Item; {
			case d.Rule.Property == form.Calculate:
				follow(item)
			case d.Rule.Property == form.Relevant && item.Kind == form.Question:
				list = append(list, item.Path)
			case d.Rule.Property == form.Relevant:
				list = append(list, below(item)...)
			}
		}
	}
	follow(i)
	slices.Sort(list)
	return slices.Compact(list)
}

// nothing reports whether two ways of writing a rule come to the same.
func nothing(o, n *form.Item, kind Kind, before, after string) bool {
	always := func(s string) bool { return s == "" || s == "true()" }
	switch kind {
	case Required:
		return none(before) && none(after)
	case ReadOnly:
		return none(before) && none(after) || o.KindOf() == 0 && n.KindOf() == 0
	case Filter, Relevant:
		return always(before) && always(after)
	}
	return false
}

func none(s string) bool { return s == "" || s == "false()" }

// source writes an expression as its author would: with ${name} for questions.
func source(f *form.Form, i *form.Item, e *xpath.Expr) string {
	if e == nil {
		return ""
	}
	return tree(i, e).Write(func(path xpath.Tree) string {
		if item := find(f, path.Path); item != nil && item != i && item.Parent != nil {
			return "${" + item.Name + "}"
		}
		return ""
	})
}

// judge says what a changed rule means for the answers.
func (c *comparer) judge(o, n *form.Item, r rule) (Verdict, string) {
	switch r.kind {
	case Relevant:
		switch {
		case n.Kind == form.Question && n.Type == form.TypeNote:
			return Comparable, "Nobody answers it."
		case r.old == nil:
			return NotComparable, "It was asked of all and is now asked of some: compare only those whom both versions would ask."
		case r.new == nil:
			return NotComparable, "It was asked of some and is now asked of all: compare only those whom both versions would ask."
		}
		return NotComparable, "It is asked of others: compare only those whom both versions would ask."
	case Constraint:
		return narrower(o, n)
	case Required:
		switch {
		case required(r.new):
			return WithCare, "An answer is always required now: fewer will be missing."
		case r.new == nil || constantly(r.new, "false"):
			return WithCare, "An answer is not required any more: more will be missing."
		}
		return WithCare, "An answer is required in other cases: other ones will be missing."
	case ReadOnly:
		return WithCare, "It can be changed in other cases."
	case Calculation:
		if r.old == nil || r.new == nil {
			return NotComparable, "It was asked and is calculated now, or the other way round."
		}
		return NotComparable, "It is calculated otherwise: calculate it anew for the earlier interviews before comparing."
	case Default:
		return WithCare, "An answer that is there from the beginning is often left as it is."
	case RepeatCount:
		return WithCare, "It is asked another number of times."
	}
	return WithCare, "It offers other choices in some cases."
}

// bounds are the numbers that a constraint allows.
type bounds struct {
	low, high         float64
	lowOpen, highOpen bool
	hasLow, hasHigh   bool
}

// limits reads a constraint that is nothing but bounds: ". >= 0 and . <= 120".
func limits(i *form.Item) (bounds, bool) {
	var b bounds
	if i.Constraint == nil {
		return b, true
	}
	t := i.Constraint.Tree(i.ElementPath(), i.ElementPath())
	parts := []xpath.Tree{t}
	if t.Kind == xpath.OperatorTree && t.Text == "and" {
		parts = t.Args
	}
	for _, p := range parts {
		if !b.limit(i, p) {
			return b, false
		}
	}
	return b, true
}

// limit takes one comparison in.
func (b *bounds) limit(i *form.Item, p xpath.Tree) bool {
	if p.Kind != xpath.OperatorTree || len(p.Args) != 2 || p.Args[0].Path != i.ElementPath() {
		return false
	}
	number := p.Args[1]
	sign := 1.0
	if number.Kind == xpath.OperatorTree && number.Text == "-" && len(number.Args) == 1 {
		number, sign = number.Args[0], -1
	}
	if number.Kind != xpath.NumberTree {
		return false
	}
	switch v := sign * number.Number; p.Text {
	case ">", ">=":
		b.low, b.lowOpen, b.hasLow = v, p.Text == ">", true
	case "<", "<=":
		b.high, b.highOpen, b.hasHigh = v, p.Text == "<", true
	default:
		return false
	}
	return true
}

// holds reports whether all that other allows is allowed.
func (b bounds) holds(other bounds) bool {
	low := !b.hasLow || other.hasLow && (other.low > b.low || other.low == b.low && (!b.lowOpen || other.lowOpen))
	high := !b.hasHigh || other.hasHigh && (other.high < b.high || other.high == b.high && (!b.highOpen || other.highOpen))
	return low && high
}

// narrower says whether a constraint allows less than before.
func narrower(o, n *form.Item) (Verdict, string) {
	before, known := limits(o)
	after, knownToo := limits(n)
	if !known || !knownToo {
		return WithCare, "Other answers are accepted: some of the earlier ones may not be today, or some of the later ones would not have been."
	}
	switch {
	case before.holds(after):
		return WithCare, "Fewer answers are accepted: some of the earlier ones may lie outside."
	case after.holds(before):
		return Comparable, "More answers are accepted; all earlier ones still are. Extreme values may have been mended or left out before."
	}
	return WithCare, "Other answers are accepted: some of the earlier ones may lie outside."
}

// actions says what sets an item's answer.
func (c *comparer) actions(f *form.Form, names map[*form.Item]string, i *form.Item) string {
	var list []string
	for _, a := range f.Actions {
		if a.Target != i {
			continue
		}
		from, value := "", "'"+a.Text+"'"
		switch a.Does {
		case form.TakePosition:
			value = "the position of the device"
		case form.RecordSound:
			value = strings.TrimSpace("a recording " + a.Quality)
		}
		if a.From != nil {
			from = names[a.From]
		}
		if a.Value != nil {
			value = canonical(f, names, i, a.Value)
		}
		event := map[form.Event]string{form.FirstLoad: "when the interview begins", form.Load: "when the interview is opened",
			form.NewRepeat: "when an instance is made", form.ValueChanged: "when answered"}[a.Event]
		list = append(list, strings.TrimSpace(event+" "+from)+": "+value)
	}
	return strings.Join(list, "; ")
}
