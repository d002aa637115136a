package form

import (
	"vereda/survey/record"
	"vereda/survey/xpath"
)

// ItemKind says what an Item is.
type ItemKind uint8

// The kinds of items.
const (
	Question ItemKind = iota + 1
	Group
	Repeat
)

func (k ItemKind) String() string { return [...]string{"", "question", "group", "repeat"}[k] }

// Item is a question, a group or a repeat.
type Item struct {
	Kind     ItemKind
	Type     Type        // questions only
	Name     string      // of the last segment
	Path     record.Path // generic: without instance IDs; "" for the root
	Parent   *Item
	Children []*Item
	Index    int // place in form order, the root 0

	Label, Hint, Guidance Text
	Short                 Text            // the label where there is little room
	Media                 map[string]Text // "image", "big-image", "audio", "video": file names

	Relevant, Constraint, Calculation  *xpath.Expr // nil: none
	Required                           *xpath.Expr // nil: never
	ReadOnly                           *xpath.Expr
	Default                            *xpath.Expr // dynamic default, evaluated on first load or when the instance is made
	DefaultText                        string      // static default, ODK text
	RepeatCount                        *xpath.Expr
	ChoiceFilter                       *xpath.Expr // evaluated on each choice of List as node, "name", "label" and columns its children, ".." not offered; current() is the question
	ConstraintMessage, RequiredMessage Text

	List       *List       // select questions
	Seed       *xpath.Expr // of the random order of the choices, where another answer is the seed; a number is in Parameters
	Tags       *List       // questions of type osm: what is asked of the thing on the map, if anything
	Itemset    *Itemset    // choices that are nodes: ChoiceFilter finds them; nil: those of List
	Begins     int         // repeats in a repeat of a form with Starts: instances that a new outer instance has
	Holds      record.Kind // what a question holds, where its type does not say it: a calculated number, say
	Numeric    bool        // choices that are numbers to expressions
	Boolean    bool        // "false" is false to expressions
	OrOther    bool
	Appearance []string // words
	Parameters map[string]string
	Columns    map[string]string // the workbook's other columns, e.g. "indicator"; those for other tools as XLSForm heads them: "bind::odk:length", "body::class", "instance::x"
	Attributes []Attribute       // of its element in the instance of an XForm
	Source     Cell              // where it stands in the workbook
}

// Add puts a child at the end of a group or repeat and gives it its place. Children are added from the top down:
// the item itself must have its place already.
func (i *Item) Add(child *Item) {
	child.Parent, child.Path = i, record.Path(child.Name)
	if i.Path != "" {
		child.Path = i.Path + "/" + child.Path
	}
	i.Children = append(i.Children, child)
}

// ElementPath returns the item's path in expressions: "/data/grp_c/roster".
func (i *Item) ElementPath() string {
	if i.Parent == nil {
		return "/" + i.Name
	}
	root := i.Parent
	for root.Parent != nil {
		root = root.Parent
	}
	return "/" + root.Name + "/" + string(i.Path)
}

// Repeat returns the innermost repeat that the item lies in; nil when it lies in none. A repeat does not lie in itself.
func (i *Item) Repeat() *Item {
	for p := i.Parent; p != nil; p = p.Parent {
		if p.Kind == Repeat {
			return p
		}
	}
	return nil
}

// in reports whether the item is other or lies below it.
func (i *Item) in(other *Item) bool {
	for p := i; p != nil; p = p.Parent {
		if p == other {
			return true
		}
	}
	return false
}

// HasAppearance reports whether a word stands in the item's appearance.
func (i *Item) HasAppearance(word string) bool {
	for _, w := range i.Appearance {
		if w == word {
			return true
		}
	}
	return false
}

// expressions returns the item's own expressions with the columns they are written in, those of its texts included; each base
// for resolving them is the item itself.
func (i *Item) expressions() []columnExpr {
	list := make([]columnExpr, 0, 4)
	add := func(column string, e *xpath.Expr) {
		if e != nil {
			list = append(list, columnExpr{column, e})
		}
	}
	add("relevant", i.Relevant)
	add("constraint", i.Constraint)
	add("calculation", i.Calculation)
	add("required", i.Required)
	add("read_only", i.ReadOnly)
	add("default", i.Default)
	add("repeat_count", i.RepeatCount)
	add("choice_filter", i.ChoiceFilter)
	add("parameters", i.Seed)
	for _, t := range []struct {
		column string
		text   Text
	}{{"label", i.Label}, {"hint", i.Hint}, {"guidance_hint", i.Guidance},
		{"constraint_message", i.ConstraintMessage}, {"required_message", i.RequiredMessage}} {
		for _, e := range t.text.Exprs() {
			add(t.column, e)
		}
	}
	return list
}

// columnExpr is an expression and the column it is written in.
type columnExpr struct {
	column string
	expr   *xpath.Expr
}
