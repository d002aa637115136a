package change

import (
	"maps"
	"slices"
	"strings"

	"vereda/survey/form"
)

// listPair is a list of choices before and after, and the questions that offer it.
type listPair struct {
	old, new *form.List
	asked    []*form.Item // new items
}

// listPairs returns the lists that questions of both forms offer, in the order of the new form.
func (c *comparer) listPairs() []*listPair {
	var list []*listPair
	for _, n := range c.new.Items() {
		o := c.pairs.from[n]
		if o == nil || !listed(o) || !listed(n) {
			continue
		}
		k := slices.IndexFunc(list, func(p *listPair) bool { return p.old == o.List && p.new == n.List })
		if k < 0 {
			k, list = len(list), append(list, &listPair{old: o.List, new: n.List})
		}
		list[k].asked = append(list[k].asked, n)
	}
	return list
}

// lists compares the choices that questions offer.
func (c *comparer) lists() {
	for _, p := range c.listPairs() {
		c.list(p)
	}
}

func (c *comparer) list(p *listPair) {
	m := c.matchChoices(p.old, p.new)
	say := func(change Change) {
		change.List, change.Questions = p.new.Name, paths(p.asked)
		c.report(change)
	}
	for _, o := range m.gone {
		say(Change{Kind: ChoiceRemoved, Verdict: NotComparable, Choice: o.Name, Before: c.label(c.old, o),
			Why: "Who would have answered this answers something else now."})
	}
	for _, pair := range m.recoded {
		say(Change{Kind: ChoiceRecoded, Verdict: WithCare, Choice: pair.old.Name, Before: pair.old.Name, After: pair.new.Name, Guess: true,
			Why: "The choice has another name in the data: bring both under one name before comparing."})
	}
	for _, n := range m.come {
		say(Change{Kind: ChoiceAdded, Verdict: WithCare, Choice: n.Name, After: c.label(c.new, n),
			Why: "Some who give this answer would have chosen another one before."})
	}
	for _, pair := range m.reused {
		say(Change{Kind: ChoiceReused, Verdict: NotComparable, Choice: pair.old.Name, Before: c.label(c.old, pair.old), After: c.label(c.new, pair.new),
			Why: "The same name in the data stands for another choice."})
	}
	for _, pair := range m.kept {
		c.choice(p, pair, say)
	}
	if !slices.IsSorted(m.order) {
		say(Change{Kind: ChoiceOrder, Verdict: WithCare, Before: order(p.old), After: order(p.new), Why: "Choices are in another order; the first ones are chosen more easily."})
	}
}

func order(l *form.List) string {
	names := make([]string, len(l.Choices))
	for n, c := range l.Choices {
		names[n] = c.Name
	}
	return strings.Join(names, " ")
}

// label returns a choice's label in the form's default language, or its name.
func (c *comparer) label(f *form.Form, choice form.Choice) string {
	if s := choice.Label.Plain(f.DefaultLanguage, f.DefaultLanguage); s != "" {
		return s
	}
	return choice.Name
}

// choicePair is one choice before and after.
type choicePair struct{ old, new form.Choice }

// choiceMatch is what became of the choices of a list.
type choiceMatch struct {
	gone, come            []form.Choice
	kept, reused, recoded []choicePair
	order                 []int // places in the old list of those that are in both, in the new order
}

func (c *comparer) matchChoices(old, new *form.List) choiceMatch {
	var m choiceMatch
	taken := map[int]bool{}
	var come []form.Choice
	for _, n := range new.Choices {
		k := c.sameName(old, n, taken)
		if k < 0 {
			come = append(come, n)
			continue
		}
		taken[k] = true
		m.order = append(m.order, k)
		if pair := (choicePair{old.Choices[k], n}); c.reused(old, pair) {
			m.reused = append(m.reused, pair)
		} else {
			m.kept = append(m.kept, pair)
		}
	}
	for _, n := range come {
		k := -1
		for i, o := range old.Choices {
			if !taken[i] && k < 0 && !o.Label.IsZero() && c.sameLabel(o, n) {
				k = i
			}
		}
		if k < 0 {
			m.come = append(m.come, n)
			continue
		}
		taken[k] = true
		m.recoded = append(m.recoded, choicePair{old.Choices[k], n})
	}
	for k, o := range old.Choices {
		if !taken[k] {
			m.gone = append(m.gone, o)
		}
	}
	return m
}

// sameName finds the old choice of the name; of several (as a filter may tell apart) the one that reads and is filtered alike, or else the first.
func (c *comparer) sameName(old *form.List, n form.Choice, taken map[int]bool) int {
	first := -1
	for k, o := range old.Choices {
		if o.Name != n.Name || taken[k] {
			continue
		}
		if same(o.Columns, n.Columns) {
			return k
		}
		if first < 0 {
			first = k
		}
	}
	return first
}

func same(a, b map[string]string) bool {
	for k, v := range a {
		if b[k] != v {
			return false
		}
	}
	for k, v := range b {
		if a[k] != v {
			return false
		}
	}
	return true
}

// sameLabel reports whether two choices read alike in every language that both have, and in one at least.
func (c *comparer) sameLabel(o, n form.Choice) bool {
	any := false
	for _, language := range c.languages(o.Label, n.Label) {
		a, b := o.Label.Plain(language, language), n.Label.Plain(language, language)
		if !o.Label.Has(language) || !n.Label.Has(language) {
			continue
		}
		if normal(a) != normal(b) {
			return false
		}
		any = true
	}
	return any
}

// another is how unlike the labels of a choice are, in all languages, when its name stands for something else.
const another = 0.5

// reused reports whether the name of a choice stands for something else now: it reads unlike before in every language, or as another choice did.
func (c *comparer) reused(old *form.List, p choicePair) bool {
	both := false
	for _, language := range c.languages(p.old.Label, p.new.Label) {
		if !p.old.Label.Has(language) || !p.new.Label.Has(language) {
			continue
		}
		a, b := p.old.Label.Plain(language, language), p.new.Label.Plain(language, language)
		if normal(a) == normal(b) && (normal(a) != "" || a == b) || similarity(a, b) >= another && !c.taken(old, p, language, b) {
			return false
		}
		both = true
	}
	return both
}

// taken reports whether another choice of the old list has the label.
func (c *comparer) taken(old *form.List, p choicePair, language, label string) bool {
	for _, o := range old.Choices {
		if o.Name != p.old.Name && o.Label.Has(language) && normal(o.Label.Plain(language, language)) == normal(label) {
			return true
		}
	}
	return false
}

// choice compares a choice that stayed.
func (c *comparer) choice(p *listPair, pair choicePair, say func(Change)) {
	question := c.pairs.from[p.asked[0]]
	for _, language := range c.languages(pair.old.Label, pair.new.Label) {
		before := written(c.old, c.oldNames, question, pair.old.Label, language)
		after := written(c.new, c.newNames, p.asked[0], pair.new.Label, language)
		if before == after || c.comeOrGone(language, before, after) {
			continue
		}
		verdict, why := reworded(Label, before, after)
		if verdict == WithCare && before != "" && after != "" {
			why = "The choice is put in other words."
		}
		say(Change{Kind: ChoiceLabel, Verdict: verdict, Choice: pair.old.Name, Language: language, Before: before, After: after, Why: why})
	}
	c.choiceMedia(question, p.asked[0], pair, say)
	if question.Itemset != nil || p.asked[0].Itemset != nil { // XForms keep the columns with the table that they are read from
		return
	}
	for _, name := range keys(pair.old.Columns, pair.new.Columns) {
		before, after := pair.old.Columns[name], pair.new.Columns[name]
		if before != after {
			say(Change{Kind: ChoiceColumn, Verdict: WithCare, Choice: pair.old.Name, Name: name, Before: before, After: after,
				Why: "A choice filter or calculation may read it, and offer or find something else."})
		}
	}
}

// choiceMedia compares the pictures and sounds of a choice that stayed.
func (c *comparer) choiceMedia(o, n *form.Item, pair choicePair, say func(Change)) {
	for _, kind := range keys(pair.old.Media, pair.new.Media) {
		a, b := pair.old.Media[kind], pair.new.Media[kind]
		for _, language := range c.languages(a, b) {
			before, after := written(c.old, c.oldNames, o, a, language), written(c.new, c.newNames, n, b, language)
			if before != after && !c.comeOrGone(language, before, after) {
				say(Change{Kind: ChoiceMedia, Verdict: WithCare, Choice: pair.old.Name, Name: kind, Language: language, Before: before, After: after,
					Why: "Another picture or sound goes with the choice."})
			}
		}
	}
}

// keys returns the keys of two maps, sorted, each once.
func keys[V any](a, b map[string]V) []string {
	all := slices.AppendSeq(slices.Collect(maps.Keys(a)), maps.Keys(b))
	slices.Sort(all)
	return slices.Compact(all)
}
