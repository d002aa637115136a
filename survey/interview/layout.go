package interview

import (
	"runtime"
	"slices"
	"sync"
	"weak"

	"vereda/survey/form"
	"vereda/survey/xpath"
)

// layout is what sessions need to know of a form beyond what it says itself: where the cells of each item lie in their frames, and lists
// of choices as expressions see them. It depends on the form alone, is never changed, and is shared by all sessions.
type layout struct {
	root    *scope
	places  []place // by Item.Index
	choices map[*form.List][]*xpath.Node
	lists   map[string]*xpath.Node // for instance('name'); nil when no expression asks
}

// layouts keeps the layout of each form in use. A layout reaches the form's items, never the form, so that the form can be let go.
var layouts sync.Map // weak.Pointer[form.Form] -> *layout

// layoutOf returns a form's layout, made once.
func layoutOf(f *form.Form) *layout {
	key := weak.Make(f)
	if found, ok := layouts.Load(key); ok {
		return found.(*layout)
	}
	found, loaded := layouts.LoadOrStore(key, newLayout(f))
	if !loaded {
		runtime.AddCleanup(f, func(key weak.Pointer[form.Form]) { layouts.Delete(key) }, key)
	}
	return found.(*layout)
}

// place is where an item's cell lies: in the frames of a scope, at an index. A repeat's place is that of its holder, the cell that
// stands for all its instances; the instances' own cells are the first of their frames.
type place struct {
	scope   *scope
	at      int
	own     *scope // repeats: the scope of their instances
	passing bool   // calculations that ask the clock or chance: another value each time
}

// scope is the part of a form that exists as often as an innermost repeat does: the whole form but its repeats, or a
// repeat but those nested in it.
type scope struct {
	repeat  *form.Item // nil: the root's
	at      int        // where the repeat's holder lies in the outer scope
	chain   []*scope   // from the root's down to this one
	items   []*form.Item
	parents []int          // by index: where the item's group has its cell
	tails   []string       // by index: path below the frame's path
	index   map[string]int // by tail
}

func newLayout(f *form.Form) *layout {
	l := &layout{places: make([]place, len(f.Items())), choices: map[*form.List][]*xpath.Node{}}
	l.root = l.newScope(nil, f.Root, nil, 0)
	for _, i := range f.Items() {
		l.places[i.Index].passing = i.Calculation != nil && passing(i.Calculation)
		if i.List != nil && i.Itemset == nil && (i.ChoiceFilter != nil || shuffles(i)) && l.choices[i.List] == nil {
			l.choices[i.List] = choiceNodes(f, i.List)
		}
	}
	if asksLists(f) {
		l.lists = make(map[string]*xpath.Node, len(f.Lists))
		for name, list := range f.Lists {
			l.lists[name] = &xpath.Node{Name: "root", Children: choiceNodes(f, list)}
			for _, item := range l.lists[name].Children {
				item.Parent = l.lists[name]
			}
		}
	}
	for id, root := range f.Instances {
		if l.lists == nil {
			l.lists = map[string]*xpath.Node{}
		}
		l.lists[id] = root
	}
	return l
}

func (l *layout) newScope(repeat, first *form.Item, outer *scope, at int) *scope {
	sc := &scope{repeat: repeat, at: at, index: map[string]int{}}
	if outer != nil {
		sc.chain = append(slices.Clone(outer.chain), sc)
	} else {
		sc.chain = []*scope{sc}
	}
	sc.add(first, 0, "")
	if repeat == nil {
		l.places[first.Index] = place{scope: sc}
	}
	l.addChildren(sc, first, 0, "")
	return sc
}

// addChildren gives all items below a group of the scope their places, in form order.
func (l *layout) addChildren(sc *scope, group *form.Item, at int, tail string) {
	for _, child := range group.Children {
		childTail := child.Name
		if tail != "" {
			childTail = tail + "/" + child.Name
		}
		here := sc.add(child, at, childTail)
		l.places[child.Index] = place{scope: sc, at: here}
		switch child.Kind {
		case form.Group:
			l.addChildren(sc, child, here, childTail)
		case form.Repeat:
			l.places[child.Index].own = l.newScope(child, child, sc, here)
		}
	}
}

// passing reports whether an expression asks the clock or chance, or keeps what it once gave.
func passing(e *xpath.Expr) bool {
	for _, name := range e.Functions() {
		switch name {
		case "once", "random", "randomize", "uuid", "now", "today":
			return true
		}
	}
	return false
}

func (sc *scope) add(i *form.Item, parent int, tail string) int {
	sc.items, sc.parents, sc.tails = append(sc.items, i), append(sc.parents, parent), append(sc.tails, tail)
	sc.index[tail] = len(sc.items) - 1
	return len(sc.items) - 1
}

// depth is how many repeats a scope lies in.
func (sc *scope) depth() int { return len(sc.chain) - 1 }
