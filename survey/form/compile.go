package form

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"vereda/survey/record"
)

// Compile checks the items against each other, finds which rule depends on which, and orders them. It must be called once,
// after the tree is built and before the form is used. All problems are returned at once; where one is an Error, the form
// is not to be used.
//
// A problem's Cell.Column is the XLSForm name of the column ("relevant"), and its Text the expression as compiled: a reader that has the
// workbook puts the heading and the text of the cell instead.
func (f *Form) Compile() []Problem {
	c := compiler{form: f}
	f.order, f.items = nil, map[record.Path][]*Item{}
	c.place(f.Root)
	c.checkNames()
	c.checkLists()
	c.checkItems()
	c.checkActions()
	c.buildGraph()
	slices.SortStableFunc(c.problems, func(a, b Problem) int { return a.Cell.Row - b.Cell.Row })
	return c.problems
}

type compiler struct {
	form     *Form
	problems []Problem
}

func (c *compiler) report(s Severity, code string, at Cell, column, text, message, hint string) {
	at.Column = column
	c.problems = append(c.problems, Problem{s, code, at, text, message, hint})
}

// place numbers the items in form order and indexes them by path.
func (c *compiler) place(i *Item) {
	f := c.form
	i.Index = len(f.order)
	f.order = append(f.order, i)
	f.items[i.Path] = append(f.items[i.Path], i)
	for _, child := range i.Children {
		c.place(child)
	}
}

// ValidName reports whether s can name a question, a group or a repeat: a letter or "_", then letters, digits, "_", "-", ".".
func ValidName(s string) bool {
	for n, r := range s {
		switch {
		case unicode.IsLetter(r), r == '_':
		case n > 0 && (unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) || r == '-' || r == '.'):
		default:
			return false
		}
	}
	return s != ""
}

func (c *compiler) checkNames() {
	for _, i := range c.form.order {
		if !ValidName(i.Name) {
			c.report(Error, "bad-name", i.Source, "name", i.Name, fmt.Sprintf("%q cannot be a name.", i.Name),
				"Write a letter or _ first, then letters, digits, _, - or .; no blanks.")
		}
		if first := c.form.items[i.Path][0]; first != i {
			c.report(Error, "duplicate-name", i.Source, "name", i.Name,
				fmt.Sprintf("There is already a %s named %s in the same group, in row %d.", first.Kind, i.Name, first.Source.Row),
				"Give each a name of its own.")
		}
	}
	if len(c.form.order) == 1 {
		c.report(Error, "empty-form", c.form.Root.Source, "", "", "The form asks nothing.", "Write at least one question.")
	}
}

func (c *compiler) checkLists() {
	multiple := map[*List]string{} // the code of the problem
	for _, i := range c.form.order {
		switch {
		case i.Type == TypeSelectMultiple:
			multiple[i.List] = "choice-with-blank"
		case i.Type == TypeRank && multiple[i.List] == "":
			multiple[i.List] = "rank-with-blank"
		}
	}
	for _, name := range sortedKeys(c.form.Lists) {
		list := c.form.Lists[name]
		list.Choices = c.once(list)
		for _, choice := range list.Choices {
			if code := multiple[list]; code != "" && strings.ContainsFunc(choice.Name, unicode.IsSpace) {
				c.report(Error, code, choice.Source, "name", choice.Name,
					fmt.Sprintf("A choice of list %s has a blank in its name; answers that name several are separated by blanks.", name),
					"Write "+strings.Join(strings.Fields(choice.Name), "_")+" instead.")
			}
		}
	}
}

// once returns the choices of a list without those written twice. Choices that share a name and differ in a column may be
// offered at different times by a filter; those that differ in the label alone cannot be told apart in an answer.
func (c *compiler) once(list *List) []Choice {
	switch strings.ToLower(c.form.Settings["allow_choice_duplicates"]) {
	case "yes", "true", "true()":
		return list.Choices
	}
	seen := make(map[string]*Choice, len(list.Choices))
	kept, warned := list.Choices[:0:0], false
	for n := range list.Choices {
		choice := &list.Choices[n]
		first, twice := seen[choice.Name]
		if !twice {
			seen[choice.Name] = choice
			kept = append(kept, *choice)
			continue
		}
		there := fmt.Sprintf("List %s has the choice %s already, in row %d", list.Name, choice.Name, first.Source.Row)
		switch sameColumns := maps.Equal(choice.Columns, first.Columns); {
		case sameColumns && reflect.DeepEqual(choice.Label, first.Label):
			c.report(Warning, "duplicate-choice", choice.Source, "name", choice.Name, there+"; this row is left out.", "Take one of the rows out.")
			continue
		case sameColumns:
			c.report(Error, "duplicate-choice", choice.Source, "name", choice.Name, there+".", "Give each choice of a list a name of its own.")
		case !warned:
			warned = true
			c.report(Warning, "duplicate-choice", choice.Source, "name", choice.Name, there+", in other columns different.",
				"Let choice_filter offer one of them at a time, or write the setting allow_choice_duplicates=yes.")
		}
		kept = append(kept, *choice)
	}
	return kept
}

// checkItems looks at each item by itself, and at the paths its expressions read.
func (c *compiler) checkItems() {
	for _, i := range c.form.order {
		switch {
		case i.Kind == Question && kinds[i.Type] == 0 && i.Type != TypeNote:
			c.report(Error, "unknown-type", i.Source, "type", string(i.Type), fmt.Sprintf("%q is no type of question.", i.Type), "")
		case i.Kind == Question && i.Type.Select() && i.List == nil:
			c.report(Error, "no-list", i.Source, "type", string(i.Type), "The question has no list of choices.", "")
		case i.Kind == Repeat && len(i.Children) == 0:
			c.report(Error, "empty-repeat", i.Source, "name", i.Name, fmt.Sprintf("Repeat %s holds no question.", i.Name), "")
		case i.Kind != Repeat && i.RepeatCount != nil:
			c.report(Error, "repeat-count", i.Source, "repeat_count", i.RepeatCount.String(),
				fmt.Sprintf("repeat_count stands at a %s; only a repeat has instances to count.", i.Kind), "Write it in the row of a begin repeat.")
		}
		c.checkPaths(i)
	}
	if f := c.form; f.InstanceName != nil {
		for _, ref := range f.InstanceName.Refs(f.Root.ElementPath()) {
			if _, bad := c.resolve(ref.Path); bad != "" {
				c.report(Error, "unknown-path", Cell{Sheet: "settings", Row: 2}, "instance_name", f.InstanceName.String(), bad, "")
			}
		}
	}
}

func (c *compiler) checkPaths(i *Item) {
	base := i.ElementPath()
	for _, e := range i.expressions() {
		for _, ref := range refs(i, e, base) {
			if e.column == "choice_filter" && i.List != nil && i.Itemset == nil && strings.HasPrefix(ref.Path, choicePath(i.List)) {
				c.checkListColumn(i, strings.TrimPrefix(ref.Path[len(choicePath(i.List)):], "/"), e)
				continue
			}
			if _, bad := c.resolve(ref.Path); bad != "" {
				c.report(Error, "unknown-path", i.Source, e.column, e.expr.String(), bad, "")
				break
			}
		}
	}
}

// checkListColumn checks a name that a choice filter reads of each choice.
func (c *compiler) checkListColumn(i *Item, name string, e columnExpr) {
	if len(i.List.Choices) == 0 || name == "" || name == "*" || name == "name" || name == "label" || slices.Contains(i.List.Columns, name) {
		return
	}
	c.report(Warning, "unknown-column", i.Source, e.column, e.expr.String(),
		fmt.Sprintf("The choices of list %s have no column %s; it is empty here, as in other tools.", i.List.Name, name),
		fmt.Sprintf("Write the column %s on sheet choices, or one of: %s.", name, strings.Join(append([]string{"name", "label"}, i.List.Columns...), ", ")))
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
