package change

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"vereda/survey/record"
)

// Text writes the report for a terminal, in English: a summary, then the changes in the form's order.
func (r Report) Text(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", r.Summary())
	last := record.Path("\x00")
	for _, c := range r.Changes {
		if where := c.Where(); where != last {
			fmt.Fprintf(&b, "\n%s\n", where)
			last = where
		}
		fmt.Fprintf(&b, "  %-14s  %s\n", c.Verdict, c.What())
		for _, side := range []struct{ mark, text string }{{"-", c.Before}, {"+", c.After}} {
			if side.text != "" && c.shown() {
				fmt.Fprintf(&b, "%18s%s %s\n", "", side.mark, strings.ReplaceAll(side.text, "\n", "⏎"))
			}
		}
		fmt.Fprintf(&b, "%18s%s\n", "", c.Why)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Summary says in one line what was compared and what was found.
func (r Report) Summary() string {
	same := ""
	if len(r.Changes) == 0 {
		same = ": nothing changed"
	} else {
		same = fmt.Sprintf(": %s; %d comparable, %d with care, %d not comparable",
			plural(len(r.Changes), "change"), r.Count(Comparable), r.Count(WithCare), r.Count(NotComparable))
	}
	return fmt.Sprintf("%s → %s%s", r.Old, r.New, same)
}

func (v Version) String() string {
	if v.Version == "" {
		return v.Form
	}
	return v.Form + " " + v.Version
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// Where returns what the change is about: the path in the new form, else in the old one; "list NAME" for choices; "the form" for the rest.
func (c Change) Where() record.Path {
	switch {
	case c.List != "":
		return record.Path("list " + c.List)
	case c.New != "":
		return c.New
	case c.Old != "":
		return c.Old
	}
	return "the form"
}

// shown reports whether what was before and after stands below the change, rather than in it.
func (c Change) shown() bool {
	return c.Kind != Renamed && c.Kind != Added && c.Kind != Removed && c.Kind != ChoiceRecoded && c.Kind != SameVersion && c.Kind != LanguageAdded && c.Kind != LanguageGone
}

// What says in a few words what changed.
func (c Change) What() string {
	s := string(c.Kind)
	switch c.Kind {
	case Added, Removed:
		return s + " (" + c.Before + c.After + ")"
	case Renamed:
		return "renamed from " + c.Before + " (a guess)"
	case ChoiceRecoded:
		return "choice " + c.Before + " is " + c.After + " now" + c.touching()
	case Moved:
		if c.Before == c.After {
			return "moved"
		}
		return "moved to another section"
	case LanguageAdded, LanguageGone:
		return s + " " + c.Language
	case Label, ShortLabel, Hint, Guidance:
		return s + in(c.Language)
	case Message, Media:
		return c.Name + in(c.Language)
	case Parameter, Column, SettingChanged, Externals:
		return s + " " + c.Name
	case SameVersion:
		return "the version is still " + c.After
	}
	if c.Choice != "" {
		s += " " + c.Choice
	}
	if c.Name != "" {
		s += ", column " + c.Name
	}
	return s + in(c.Language) + c.touching()
}

func in(language string) string {
	if language == "" || language == "default" {
		return ""
	}
	return " in " + language
}

// touching names the questions that a change of a list or section touches: three at most, and how many more.
func (c Change) touching() string {
	if len(c.Questions) == 0 {
		return ""
	}
	var names []string
	for n, q := range c.Questions {
		if n == 3 {
			names = append(names, fmt.Sprintf("%d more", len(c.Questions)-n))
			break
		}
		names = append(names, q.Name())
	}
	return " (" + strings.Join(names, ", ") + ")"
}

//go:embed change.html
var pageText string

// HTML writes the report as one page without scripts, in English.
func (r Report) HTML(w io.Writer) error {
	t, err := template.New("change").Funcs(template.FuncMap{"groups": groups}).Parse(pageText)
	if err != nil {
		return fmt.Errorf("change: %w", err)
	}
	return t.Execute(w, r)
}

// group is the changes of one place, one after another.
type group struct {
	Where   record.Path
	Changes []shownChange
}

type shownChange struct {
	Change
	Shown bool
}

func groups(changes []Change) []group {
	var list []group
	for _, c := range changes {
		if n := len(list); n == 0 || list[n-1].Where != c.Where() {
			list = append(list, group{Where: c.Where()})
		}
		g := &list[len(list)-1]
		g.Changes = append(g.Changes, shownChange{c, c.shown()})
	}
	return list
}
