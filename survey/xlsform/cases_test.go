package xlsform_test

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"vereda/survey/form"
	"vereda/survey/interview"
	"vereda/survey/record"
	"vereda/survey/xlsform"
)

// Each file of testdata/cases is about one feature: a form as tables, what is read of it, and what comes of an enumerator's acts. Commands:
//
//	form              the tables; answers what is said of the workbook, then what the form has
//	file name=towns.csv   a file that comes with the form
//	acts              acts, one a line, on the form above; answers what follows from each
//
// Acts: answer PATH VALUE, add REPEAT, remove INSTANCE, language NAME, choices PATH, label PATH, hint PATH, guidance PATH, asked, problems, name, finish, again (a new
// interview, after the one at hand was saved). Instances are counted from 1: roster[2]/age. With -rewrite the answers are written anew.
func TestCases(t *testing.T) {
	datadriven.Walk(t, "testdata/cases", func(t *testing.T, path string) {
		c := &caseRun{files: map[string][]byte{}}
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			switch d.Cmd {
			case "form":
				f, problems := xlsform.Read("form.md", []byte(d.Input))
				c.form, c.files = f, map[string][]byte{}
				return said(problems) + outline(f)
			case "file":
				var name string
				d.ScanArgs(t, "name", &name)
				c.files[name] = []byte(d.Input)
				return ""
			case "acts":
				if c.form == nil {
					t.Fatalf("%s: there is no form to act on", d.Pos)
				}
				return c.play(t, d.Input)
			}
			t.Fatalf("%s: there is no command %s", d.Pos, d.Cmd)
			return ""
		})
	})
}

// said writes problems, one a line.
func said(problems []form.Problem) string {
	var b strings.Builder
	for _, p := range problems {
		fmt.Fprintln(&b, p)
	}
	return b.String()
}

// outline writes what a form has: an item a line, with what is known of it below.
func outline(f *form.Form) string {
	if f == nil {
		return "no form\n"
	}
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(f.Settings)) {
		fmt.Fprintf(&b, "setting %s = %s\n", name, f.Settings[name])
	}
	if len(f.Settings) > 0 {
		fmt.Fprintf(&b, "form %s %s %q, root %s\n", f.ID, f.Version, f.Title, f.Root.Name)
	}
	for _, i := range f.Items()[1:] {
		depth := strings.Repeat("  ", strings.Count(string(i.Path), "/"))
		word := i.Kind.String()
		if i.Kind == form.Question {
			word = string(i.Type)
		}
		fmt.Fprintf(&b, "%s%s %s", depth, word, i.Name)
		for _, property := range properties(f, i) {
			fmt.Fprintf(&b, "\n%s    %s", depth, property)
		}
		b.WriteByte('\n')
	}
	for _, a := range f.Actions {
		fmt.Fprintln(&b, describe(a))
	}
	for _, e := range f.Entities {
		fmt.Fprintf(&b, "entity %s %v\n", e.List, e.Columns)
	}
	if files := f.Files(); len(files) > 0 {
		fmt.Fprintf(&b, "files %v\n", files)
	}
	return b.String()
}

// properties are what an item has, one a line.
func properties(f *form.Form, i *form.Item) []string {
	var list []string
	text := func(name string, t form.Text) {
		for _, l := range f.Languages {
			if t.Has(l.Name) {
				list = append(list, strings.TrimSpace(strings.ReplaceAll(name+"::"+l.Name, "::default", "")+" "+t.Plain(l.Name, l.Name)))
			}
		}
	}
	text("label", i.Label)
	text("hint", i.Hint)
	text("guidance", i.Guidance)
	for _, kind := range slices.Sorted(maps.Keys(i.Media)) {
		text(kind, i.Media[kind])
	}
	for _, e := range []struct {
		name string
		expr fmt.Stringer
		has  bool
	}{{"relevant", i.Relevant, i.Relevant != nil}, {"constraint", i.Constraint, i.Constraint != nil}, {"required", i.Required, i.Required != nil},
		{"read only", i.ReadOnly, i.ReadOnly != nil}, {"calculation", i.Calculation, i.Calculation != nil}, {"default", i.Default, i.Default != nil},
		{"count", i.RepeatCount, i.RepeatCount != nil}, {"filter", i.ChoiceFilter, i.ChoiceFilter != nil}, {"seed", i.Seed, i.Seed != nil}} {
		if e.has {
			list = append(list, e.name+" "+e.expr.String())
		}
	}
	text("constraint message", i.ConstraintMessage)
	text("required message", i.RequiredMessage)
	if i.DefaultText != "" {
		list = append(list, "default '"+i.DefaultText+"'")
	}
	if i.List != nil && len(i.List.Choices) > 0 {
		var names []string
		for _, c := range i.List.Choices {
			names = append(names, c.Name)
			for _, kind := range slices.Sorted(maps.Keys(c.Media)) {
				names = append(names, fmt.Sprintf("(%s %s)", kind, c.Media[kind].Plain(f.DefaultLanguage, f.DefaultLanguage)))
			}
		}
		list = append(list, "choices "+strings.Join(names, " "))
	}
	if i.Tags != nil {
		list = append(list, fmt.Sprintf("tags %d", len(i.Tags.Choices)))
	}
	if holds := i.Holds; holds != 0 {
		list = append(list, "holds "+holds.String())
	}
	if len(i.Appearance) > 0 {
		list = append(list, "appearance "+strings.Join(i.Appearance, " "))
	}
	for _, name := range slices.Sorted(maps.Keys(i.Parameters)) {
		list = append(list, name+" = "+i.Parameters[name])
	}
	for _, name := range slices.Sorted(maps.Keys(i.Columns)) {
		list = append(list, "["+name+"] "+i.Columns[name])
	}
	return list
}

func describe(a form.Action) string {
	what := []string{"set", "take the position for", "record sound for"}[a.Does]
	when := []string{"", "when an interview begins", "when an interview begins or goes on", "in a new instance", "when answered: "}[a.Event]
	if a.From != nil {
		when += a.From.Name
	}
	value := ""
	if a.Value != nil {
		value = " to " + a.Value.String()
	}
	return strings.TrimSpace(fmt.Sprintf("%s, %s %s%s %s", when, what, a.Target.Name, value, a.Quality))
}

// caseRun is a form with an enumerator at it.
type caseRun struct {
	form     *form.Form
	files    map[string][]byte
	session  *interview.Session
	language string
}

func (c *caseRun) begin(t *testing.T) {
	s, err := interview.Start(c.form, interview.Env{Now: func() time.Time { return time.Date(2026, 11, 23, 8, 30, 0, 0, time.UTC) },
		Random: rand.New(rand.NewSource(1)), Device: "tablet-7", Enumerator: "ana", Files: c.files})
	if err != nil {
		t.Fatal(err)
	}
	c.session, c.language = s, c.form.DefaultLanguage
}

// play does acts and writes what follows from each.
func (c *caseRun) play(t *testing.T, acts string) string {
	c.begin(t)
	var b strings.Builder
	b.WriteString(c.answers("", false))
	for act := range strings.Lines(acts) {
		if act = strings.TrimSpace(act); act != "" {
			fmt.Fprintf(&b, "> %s\n%s", act, c.do(t, act))
		}
	}
	return b.String()
}

func (c *caseRun) do(t *testing.T, act string) string {
	word, rest, _ := strings.Cut(act, " ")
	spoken, value, _ := strings.Cut(rest, " ")
	p := c.path(spoken)
	item, _ := c.form.Item(p.Generic())
	s := c.session
	switch word {
	case "answer":
		v, err := record.New(item.KindOf(), value)
		if err != nil {
			return fmt.Sprintf("  not taken: %v\n", err)
		}
		change, err := s.Set(p, v)
		if err != nil {
			return fmt.Sprintf("  not taken: %v\n", err)
		}
		return c.changed(change) + c.wrong(s.Check(p, c.language))
	case "add":
		_, change, err := s.AddInstance(p)
		if err != nil {
			return fmt.Sprintf("  not done: %v\n", err)
		}
		return c.changed(change)
	case "remove":
		change, err := s.RemoveInstance(p)
		if err != nil {
			return fmt.Sprintf("  not done: %v\n", err)
		}
		return c.changed(change)
	case "language":
		c.language = c.form.Language(rest)
		return c.changed(s.Speak(c.language))
	case "choices":
		var list []string
		for _, choice := range s.Choices(p) {
			list = append(list, fmt.Sprintf("%s (%s)", choice.Name, s.Text(choice.Label, p, c.language)))
		}
		return "  " + cmp.Or(strings.Join(list, ", "), "none") + "\n"
	case "label", "hint", "guidance":
		return "  " + s.Text(map[string]form.Text{"label": item.Label, "hint": item.Hint, "guidance": item.Guidance}[word], p, c.language) + "\n"
	case "asked":
		return c.asked()
	case "problems":
		return cmp.Or(c.wrong(s.Problems(c.language)), "  none\n")
	case "name":
		return "  " + s.Name() + "\n"
	case "finish":
		s.Touch()
		return c.answers("  ", true)
	case "again":
		answers, _ := s.Answers(true)
		c.files[form.LastSaved] = c.form.Saved(answers)
		c.begin(t)
		return c.answers("  ", false)
	}
	t.Fatalf("there is no act %q", word)
	return ""
}

// asked writes what is on the screen now, page by page.
func (c *caseRun) asked() string {
	var pages []string
	for _, page := range c.session.Pages() {
		var names []string
		for _, p := range page.Items {
			names = append(names, c.spoken(p))
		}
		pages = append(pages, cmp.Or(strings.Join(names, " "), c.spoken(page.Path)+"…"))
	}
	return "  " + cmp.Or(strings.Join(pages, " | "), "nothing") + "\n"
}

func (c *caseRun) wrong(problems []interview.Problem) string {
	var b strings.Builder
	for _, p := range problems {
		fmt.Fprintf(&b, "  %s: %s %s\n", c.spoken(p.Path), p.Kind, p.Message)
	}
	return b.String()
}

// changed writes a change, in form order.
func (c *caseRun) changed(change interview.Change) string {
	var b strings.Builder
	for _, p := range slices.Sorted(maps.Keys(change.Set)) {
		if !p.IsInstance() {
			fmt.Fprintf(&b, "  %s = %s\n", c.spoken(p), change.Set[p])
		}
	}
	for _, p := range change.Unset {
		fmt.Fprintf(&b, "  %s is gone\n", c.spoken(p))
	}
	for _, p := range slices.Sorted(maps.Keys(change.Relevant)) {
		word := "is asked"
		if !change.Relevant[p] {
			word = "is asked no more"
		}
		fmt.Fprintf(&b, "  %s %s\n", c.spoken(p), word)
	}
	return b.String()
}

// answers writes all answers.
func (c *caseRun) answers(indent string, final bool) string {
	var b strings.Builder
	all, _ := c.session.Answers(final)
	for _, p := range slices.Sorted(maps.Keys(all)) {
		if !p.IsInstance() {
			fmt.Fprintf(&b, "%s%s = %s\n", indent, c.spoken(p), all[p])
		}
	}
	return b.String()
}

// path reads a spoken path: "roster[2]/age".
func (c *caseRun) path(spoken string) record.Path {
	var p record.Path
	for part := range strings.SplitSeq(spoken, "/") {
		name, place, _ := strings.Cut(strings.TrimSuffix(part, "]"), "[")
		if p == "" {
			p = record.Path(name)
		} else {
			p = p.Join(name)
		}
		n := 0
		if _, err := fmt.Sscan(place, &n); err == nil {
			if instances := c.session.Instances(p); n >= 1 && n <= len(instances) {
				p = instances[n-1]
			}
		}
	}
	return p
}

// spoken writes a path with instances counted from 1; those that are gone keep their IDs.
func (c *caseRun) spoken(p record.Path) string {
	parts := strings.Split(string(p), "/")
	at, words := record.Path(""), []string{}
	for _, part := range parts {
		parent := at
		if at = record.Path(part); parent != "" {
			at = parent.Join(part)
		}
		n := -1
		if at.IsInstance() {
			n = slices.Index(c.session.Instances(parent), at)
		}
		if n >= 0 {
			words[len(words)-1] += fmt.Sprintf("[%d]", n+1)
		} else if at.IsInstance() {
			words[len(words)-1] += "[?]"
		} else {
			words = append(words, part)
		}
	}
	return strings.Join(words, "/")
}
