package form

import "vereda/survey/xpath"

// Property says which property of an item a rule decides.
type Property uint8

// The properties that rules decide. Constraints are no rules: they are checked when asked for.
const (
	Calculate    Property = iota + 1 // the answer itself
	Relevant                         // whether the item, and all below it, is asked
	Required                         // whether an answer is needed
	ReadOnly                         // whether it may be changed
	ChoiceFilter                     // which choices are offered
	RepeatCount                      // how many instances a repeat has
	Texts                            // label, hint, guidance or labels of choices that show answers
)

func (p Property) String() string {
	return [...]string{"", "calculation", "relevant", "required", "read_only", "choice_filter", "repeat_count", "label"}[p]
}

// Rule is one property of one item that depends on an expression. Rules belong to the form and are never changed.
type Rule struct {
	Item     *Item
	Property Property
	Rank     int         // the rule's index in Form.Rules
	Expr     *xpath.Expr // nil for Texts, which may hold several
}

// Dependent is a rule that reads an item, and how far a change of one node of that item reaches.
//
// Take a changed node N of the item. When Within is a repeat, walk up from N to the instance of Within that N lies
// in: only the nodes of Rule.Item in that instance read N. When Within is nil, every node of Rule.Item may read it.
type Dependent struct {
	Rule   *Rule
	Within *Item // a Repeat that is or holds the item, and Rule.Item, or nil
}

// Graph says what follows from a change: on generic paths, so once per form and whatever the number of instances.
//
// How a session uses it. The order of Form.Rules is such that a rule that can change the value, the relevance or the number of
// instances of an item (Calculate, Relevant, RepeatCount) comes before every rule that reads the item. So a change is
// carried through by a queue ordered by rank: take the lowest rule, evaluate it on its node, compare with
// what was; where it really differs, put in
//
//   - after a new value at a node of item i: Dependents(i);
//   - after a change of relevance of a node of item i, and after an instance of repeat i was added or removed: DependentsBelow(i);
//     a new instance's own rules (RulesOf each item below it) are to be evaluated as well.
//
// A rule is then evaluated at most once on each node, with two exceptions. Answers that a ChoiceFilter drops are changes of their
// own, to be carried through after the queue has run empty (two questions may well filter each other). And where a repeat's
// count follows from answers in the repeat ("is there another?"), a rule that reads them may come before the RepeatCount and
// is then evaluated again after it; whoever grows a repeat bounds how far. A rule never stands among its own item's dependents for what it decides itself, but Required, ReadOnly, ChoiceFilter and Texts may read
// their own item.
type Graph struct {
	rules []*Rule
	of    [][]*Rule     // by Item.Index: the item's own rules
	reads [][]Dependent // by Item.Index: who reads the item itself
	below [][]Dependent // by Item.Index: who reads the item or anything below it
	edges int           // how many readings have been noted

	growing  bool           // there is a repeat whose count follows from answers in it
	counting map[*Rule]bool // counts that follow from how many instances there are, and from answers in them
}

// Rules returns all rules, ordered by rank: evaluated once in this order from scratch, the form is consistent. The slice belongs
// to the form, as those of the following methods do.
func (f *Form) Rules() []*Rule { return f.graph.rules }

// RulesOf returns the rules of an item itself, ordered by rank.
func (f *Form) RulesOf(i *Item) []*Rule { return f.graph.of[i.Index] }

// Dependents returns the rules that read an item directly, ordered by rank; for a repeat those that read the
// number or the positions of its instances.
func (f *Form) Dependents(i *Item) []Dependent { return f.graph.reads[i.Index] }

// DependentsBelow returns the rules that read an item or anything below it, ordered by rank, each once, with the widest reach.
func (f *Form) DependentsBelow(i *Item) []Dependent { return f.graph.below[i.Index] }
