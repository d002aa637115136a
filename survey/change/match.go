package change

import (
	"strings"

	"vereda/survey/form"
)

// pairs says which item of the new form an item of the old one has become, and the other way round.
type pairs struct {
	to, from map[*form.Item]*form.Item
	guessed  map[*form.Item]bool // old items that were found by likeness only
}

func (p pairs) add(old, new *form.Item) { p.to[old], p.from[new] = new, old }

// match finds the pairs: items of one path; then those of a name that is left once in each form; then sections whose questions
// found each other; then questions that read alike.
func match(old, new *form.Form) pairs {
	p := pairs{map[*form.Item]*form.Item{}, map[*form.Item]*form.Item{}, map[*form.Item]bool{}}
	p.add(old.Root, new.Root)
	for _, o := range old.Items()[1:] {
		if n, ok := new.Item(o.Path); ok && (o.Kind == form.Question) == (n.Kind == form.Question) {
			p.add(o, n)
		}
	}
	p.byName(old, new)
	p.byContent(old)
	p.byLabel(old, new)
	p.byLikeness(old, new)
	p.byContent(old)
	return p
}

// left returns the items without a partner.
func left(f *form.Form, partner map[*form.Item]*form.Item) []*form.Item {
	var list []*form.Item
	for _, i := range f.Items() {
		if partner[i] == nil {
			list = append(list, i)
		}
	}
	return list
}

func (p pairs) byName(old, new *form.Form) {
	key := func(i *form.Item) string {
		if i.Kind == form.Question {
			return "question " + i.Name
		}
		return "section " + i.Name
	}
	found := map[string][]*form.Item{}
	for _, n := range left(new, p.from) {
		found[key(n)] = append(found[key(n)], n)
	}
	times := map[string]int{}
	rest := left(old, p.to)
	for _, o := range rest {
		times[key(o)]++
	}
	for _, o := range rest {
		if list := found[key(o)]; len(list) == 1 && times[key(o)] == 1 {
			p.add(o, list[0])
		}
	}
}

// byContent pairs sections that have no partner with the section that most of their children went to.
func (p pairs) byContent(old *form.Form) {
	items := old.Items()
	for n := len(items) - 1; n > 0; n-- {
		o := items[n]
		if o.Kind == form.Question || p.to[o] != nil {
			continue
		}
		votes := map[*form.Item]int{}
		for _, child := range o.Children {
			if partner := p.to[child]; partner != nil {
				votes[partner.Parent]++
			}
		}
		for _, child := range o.Children { // in form order, so that the outcome is always the same
			partner := p.to[child]
			if partner == nil || p.from[partner.Parent] != nil || 2*votes[partner.Parent] <= len(o.Children) {
				continue
			}
			p.add(o, partner.Parent)
			p.guessed[o] = true
			break
		}
	}
}

// byLabel pairs questions that have no partner and whose labels, in all languages, are there once in each form.
func (p pairs) byLabel(old, new *form.Form) {
	key := func(i *form.Item) string {
		s := i.KindOf().String()
		for _, language := range i.Label.Languages() {
			s += "\n" + normal(i.Label.Plain(language, ""))
		}
		return s
	}
	found := map[string][]*form.Item{}
	for _, n := range questions(left(new, p.from)) {
		found[key(n)] = append(found[key(n)], n)
	}
	rest := questions(left(old, p.to))
	times := map[string]int{}
	for _, o := range rest {
		times[key(o)]++
	}
	for _, o := range rest {
		if list := found[key(o)]; len(list) == 1 && times[key(o)] == 1 {
			p.add(o, list[0])
			p.guessed[o] = true
		}
	}
}

// Bounds of the search for questions that read alike.
const (
	maxCandidates = 300 // left in each form
	alike         = 0.7 // of 1
)

// byLikeness pairs questions that have no partner and read alike, the likest first.
func (p pairs) byLikeness(old, new *form.Form) {
	os, ns := questions(left(old, p.to)), questions(left(new, p.from))
	if len(os) > maxCandidates || len(ns) > maxCandidates {
		return
	}
	for {
		var bestOld, bestNew *form.Item
		best := alike
		for _, o := range os {
			for _, n := range ns {
				if p.to[o] != nil || p.from[n] != nil || o.KindOf() != n.KindOf() {
					continue
				}
				if like := likeness(o, n); like > best {
					best, bestOld, bestNew = like, o, n
				}
			}
		}
		if bestOld == nil {
			return
		}
		p.add(bestOld, bestNew)
		p.guessed[bestOld] = true
	}
}

func questions(list []*form.Item) []*form.Item {
	kept := list[:0:0]
	for _, i := range list {
		if i.Kind == form.Question && !i.Label.IsZero() {
			kept = append(kept, i)
		}
	}
	return kept
}

// likeness says how much the labels of two questions have in common, in the language where they have most: 0 to 1. It grows a little where
// their sections are the same.
func likeness(o, n *form.Item) float64 {
	best := 0.0
	for _, language := range o.Label.Languages() {
		if n.Label.Has(language) {
			best = max(best, common(o.Label.Plain(language, ""), n.Label.Plain(language, "")))
		}
	}
	if best > 0 && o.Parent.Path == n.Parent.Path {
		best += 0.05
	}
	return best
}

// common is the share of words that two texts have in common (Dice's coefficient).
func common(a, b string) float64 {
	x, y := bag(a), bag(b)
	size, both := 0, 0
	for w, n := range x {
		size += n
		both += min(n, y[w])
	}
	for _, n := range y {
		size += n
	}
	if size == 0 {
		return 0
	}
	return 2 * float64(both) / float64(size)
}

func bag(s string) map[string]int {
	words := map[string]int{}
	for _, w := range strings.Fields(normal(s)) {
		words[w]++
	}
	return words
}
